// The native menu of each platform. What concerns the page travels to it as an event of the contract.
import type { MenuItemConstructorOptions } from 'electron'
import type { PageCommand } from '../shared/app.ts'

export interface MenuActs {
  page(command: PageCommand): void
  zoom(change: 'in' | 'out' | 'reset'): void
  showLog(): void
}

interface Command {
  label: string
  accelerator?: string
  /** The page hears these keys itself; on macOS a key that the page has used does not reach the menu. */
  isOfPage?: boolean
  act: (acts: MenuActs) => void
}

/** Every command of Roster's own; the others are roles that Electron carries out. */
const commands = {
  open: { label: 'Open a SQLite File…', accelerator: 'CmdOrCtrl+O', act: (acts) => acts.page('open-file') },
  save: {
    label: 'Save Staged Edits',
    accelerator: 'CmdOrCtrl+S',
    isOfPage: true,
    act: (acts) => acts.page('save'),
  },
  undo: { label: 'Undo Staged Edit', act: (acts) => acts.page('undo') },
  redo: { label: 'Redo Staged Edit', act: (acts) => acts.page('redo') },
  reload: { label: 'Reload Table', accelerator: 'F5', isOfPage: true, act: (acts) => acts.page('reload') },
  zoomIn: { label: 'Zoom In', accelerator: 'CmdOrCtrl+Plus', act: (acts) => acts.zoom('in') },
  zoomOut: { label: 'Zoom Out', accelerator: 'CmdOrCtrl+-', act: (acts) => acts.zoom('out') },
  zoomReset: { label: 'Actual Size', accelerator: 'CmdOrCtrl+0', act: (acts) => acts.zoom('reset') },
  showLog: { label: 'Show Log File', act: (acts) => acts.showLog() },
} satisfies Record<string, Command>

export interface MenuPlace {
  platform: NodeJS.Platform
  /** Developer tools are offered only while Roster is not packed. */
  isDevelopment: boolean
}

export function menuTemplate({ platform, isDevelopment }: MenuPlace, acts: MenuActs): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin'
  const line: MenuItemConstructorOptions = { type: 'separator' }
  const item = (id: keyof typeof commands): MenuItemConstructorOptions => {
    const { label, accelerator, isOfPage, act }: Command = commands[id]
    return {
      id,
      label,
      click: () => act(acts),
      ...(accelerator !== undefined && { accelerator }),
      ...(isOfPage && { registerAccelerator: false }),
    }
  }
  return [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        item('open'),
        item('save'),
        line,
        { role: 'close' },
        ...(isMac ? [] : [line, { role: 'quit' as const }]),
      ],
    },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        line,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'delete' },
        { role: 'selectAll' },
        line,
        item('undo'),
        item('redo'),
      ],
    },
    {
      label: '&View',
      submenu: [
        item('reload'),
        line,
        item('zoomIn'),
        item('zoomOut'),
        item('zoomReset'),
        line,
        { role: 'togglefullscreen' },
        ...(isDevelopment ? [line, { role: 'toggleDevTools' as const }] : []),
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [item('showLog'), ...(isMac ? [] : [line, { role: 'about' as const }])],
    },
  ]
}
