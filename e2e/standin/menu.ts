// Menu: the native menu as data that a test can read and click.
import type Electron from 'electron'
import { StandinWindow } from './browser-window.ts'
import { checkOptions, modelled, NotModelled, Strict } from './not-modelled.ts'
import { record } from './record.ts'

type Template = Electron.MenuItemConstructorOptions

export interface MenuEntry {
  id: string
  label: string
  role: string | null
  type: string
  accelerator: string | null
  registerAccelerator: boolean
  enabled: boolean
  visible: boolean
  checked: boolean
  items: MenuEntry[]
}

const KNOWN = [
  ...['id', 'label', 'role', 'type', 'accelerator', 'registerAccelerator', 'enabled', 'visible', 'checked', 'click'],
  ...['submenu', 'toolTip', 'sublabel'],
]
/** Roles that are menus of their own; what they hold is the platform's business. */
const MENU_ROLES = ['appmenu', 'filemenu', 'editmenu', 'viewmenu', 'windowmenu', 'help', 'services', 'sharemenu']

class StandinItem extends Strict {
  readonly id: string
  label: string
  readonly role: string | null
  readonly type: string
  readonly accelerator: string | null
  readonly registerAccelerator: boolean
  enabled: boolean
  visible: boolean
  checked: boolean
  readonly submenu: StandinMenu | null
  readonly clicked: Template['click']

  constructor(template: Template) {
    super('MenuItem')
    checkOptions('MenuItem', template, KNOWN)
    this.id = template.id ?? ''
    this.role = template.role?.toLowerCase() ?? null
    this.label = template.label ?? template.role ?? ''
    this.type = template.type ?? (template.submenu || MENU_ROLES.includes(this.role ?? '') ? 'submenu' : 'normal')
    this.accelerator = template.accelerator ?? null
    this.registerAccelerator = template.registerAccelerator ?? true
    this.enabled = template.enabled ?? true
    this.visible = template.visible ?? true
    this.checked = template.checked ?? false
    const { submenu } = template
    this.submenu = submenu ? (Array.isArray(submenu) ? buildMenu(submenu) : (submenu as unknown as StandinMenu)) : null
    this.clicked = template.click
  }

  click(): void {
    if (!this.enabled) throw new Error(`The menu item ${this.label} is disabled.`)
    if (this.type === 'checkbox') this.checked = !this.checked
    const window = StandinWindow.getFocusedWindow() ?? StandinWindow.getAllWindows()[0]
    if (this.clicked) {
      const event = { triggeredByAccelerator: false } as Electron.KeyboardEvent
      return this.clicked(this as unknown as Electron.MenuItem, window?.asElectron(), event)
    }
    if (this.role) act(this.role, window)
  }
}

/** Roles that matter to the shell; editing roles act inside Chromium and are not played. */
function act(role: string, window: StandinWindow | undefined): void {
  record('role', { role })
  if (role === 'reload' || role === 'forcereload') window?.reload()
  else if (role === 'close') window?.close()
  else if (role === 'quit') quit.call?.()
  else if (role === 'minimize') window?.minimize()
  else if (role === 'togglefullscreen') window?.setFullScreen(!window.isFullScreen())
  else if (role === 'resetzoom') window?.contents.setZoomLevel(0)
  else if (role === 'zoomin') window?.contents.setZoomLevel(window.contents.getZoomLevel() + 0.5)
  else if (role === 'zoomout') window?.contents.setZoomLevel(window.contents.getZoomLevel() - 0.5)
  else if (role === 'toggledevtools') window?.contents.openDevTools()
  else if (role !== 'about') throw new NotModelled(`clicking the menu role ${role}`)
}

export const quit: { call: (() => void) | null } = { call: null }

export class StandinMenu extends Strict {
  readonly items: StandinItem[]
  constructor(items: StandinItem[] = []) {
    super('Menu')
    this.items = items
  }
  getMenuItemById(id: string): StandinItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }
  list(): MenuEntry[] {
    return this.items.map((item) => {
      const { id, label, role, type, accelerator, registerAccelerator, enabled, visible, checked, submenu } = item
      const items = submenu?.list() ?? []
      return { id, label, role, type, accelerator, registerAccelerator, enabled, visible, checked, items }
    })
  }
  all(): StandinItem[] {
    return this.items.flatMap((item) => [item, ...(item.submenu?.all() ?? [])])
  }
}

function buildMenu(template: Template[]): StandinMenu {
  return new StandinMenu(template.map((one) => new StandinItem(one)))
}

let present: StandinMenu | null = null
export function applicationMenu(): StandinMenu | null {
  return present
}

/** electron.d.ts, class Menu: what is static of it. */
export const Menu = modelled('Menu', {
  buildFromTemplate: (template: Template[]) => buildMenu(template) as unknown as Electron.Menu,
  setApplicationMenu: (menu: Electron.Menu | null) => void (present = menu as unknown as StandinMenu | null),
  getApplicationMenu: () => present as unknown as Electron.Menu | null,
} satisfies Pick<typeof Electron.Menu, 'buildFromTemplate' | 'setApplicationMenu' | 'getApplicationMenu'>)
