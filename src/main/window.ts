// The window: one page of our own, which can go nowhere else and may ask the system for nothing.
import { BrowserWindow, session } from 'electron'
import { builtFiles } from './built-files.ts'
import { mayNavigate, START } from './rules.ts'

let window: BrowserWindow | null = null

export function mainWindow(): BrowserWindow | null {
  return window
}

export function openWindow(): BrowserWindow {
  denyPermissions()
  const opened = new BrowserWindow({
    width: 1360,
    height: 860,
    minWidth: 720,
    minHeight: 480,
    show: false,
    webPreferences: {
      preload: builtFiles(import.meta.url).preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  })
  window = opened
  opened.once('ready-to-show', () => opened.show())
  opened.on('closed', () => (window = null))
  confine(opened)
  void opened.loadURL(START)
  return opened
}

function confine({ webContents }: BrowserWindow): void {
  webContents.on('will-navigate', (event) => {
    if (!mayNavigate(event.url)) event.preventDefault()
  })
  webContents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault()
  })
  webContents.on('will-redirect', (event) => event.preventDefault())
  webContents.on('will-attach-webview', (event) => event.preventDefault())
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

/** Electron grants everything unless it is told otherwise. Writing to the clipboard on a click needs no permission. */
function denyPermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.defaultSession.setPermissionCheckHandler(() => false)
  session.defaultSession.setDevicePermissionHandler(() => false)
}
