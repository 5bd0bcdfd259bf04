// The window: one page of our own, which can go nowhere else and may ask the system for nothing.
import { app, BrowserWindow, nativeTheme, screen } from 'electron'
import { builtFiles } from './built-files.ts'
import { confinePages } from './confine.ts'
import { START } from './rules.ts'
import type { WindowMemory } from './window-memory.ts'
import { placeOn, SMALLEST } from './window-place.ts'
import { zoom } from './zoom.ts'

let window: BrowserWindow | null = null

export function mainWindow(): BrowserWindow | null {
  return window
}

/** Opens the window where it was, as large as it was. Its page is loaded by `loadPage`. */
export function openWindow(memory: WindowMemory): BrowserWindow {
  confinePages()
  const kept = memory.recall()
  const opened = new BrowserWindow({
    ...placeOn(workAreas(), kept?.bounds ?? null),
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    show: false,
    backgroundColor: background(),
    webPreferences: {
      preload: builtFiles(import.meta.url).preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  })
  window = opened
  opened.once('ready-to-show', () => {
    if (kept?.isMaximized) opened.maximize()
    opened.show()
  })
  const follow = () => opened.setBackgroundColor(background())
  nativeTheme.on('updated', follow)
  opened.on('closed', () => {
    nativeTheme.off('updated', follow)
    window = null
  })
  opened.webContents.once('dom-ready', () => opened.webContents.setZoomLevel(kept?.zoom ?? 0))
  opened.webContents.on('zoom-changed', (_event, direction) => zoom(opened.webContents, direction))
  memory.follow(opened)
  return opened
}

export function loadPage(opened: BrowserWindow): void {
  // What fails here also comes as did-fail-load, and is logged there.
  opened.loadURL(START).catch(() => undefined)
}

/** Brings the window before the person, wherever it was. */
export function showWindow(): void {
  if (!window) return
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

function workAreas() {
  const primary = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id)
  return [primary, ...others].map(({ workArea }) => workArea)
}

/** `--roster-bg` of the page, so that nothing flashes before it is drawn. */
function background(): string {
  return nativeTheme.shouldUseDarkColors ? '#1b1c1f' : '#ffffff'
}
