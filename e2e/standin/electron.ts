// The stand-in for the module `electron`, as the main process imports it.
import { app } from './app.ts'
import { StandinWindow } from './browser-window.ts'
import { listenForCommands } from './control.ts'
import { stop } from './record.ts'
import { modelled, nothingOf } from './not-modelled.ts'
import { standinSession } from './session.ts'

export { app }
export { StandinWindow as BrowserWindow }
export { dialog } from './dialog.ts'
export { crashReporter, nativeImage, nativeTheme, powerMonitor, screen } from './environment.ts'
export { ipcMain } from './ipc-main.ts'
export { Menu } from './menu.ts'
export { StandinChannel as MessageChannelMain } from './ports.ts'
export { protocol } from './protocol.ts'
export { safeStorage } from './safe-storage.ts'
export { shell } from './shell.ts'
export { utilityProcess } from './utility-process.ts'
export const session = modelled('session', { defaultSession: standinSession })

export const autoUpdater = nothingOf('autoUpdater')
export const BaseWindow = nothingOf('BaseWindow')
export const BrowserView = nothingOf('BrowserView')
export const clipboard = nothingOf('clipboard')
export const contentTracing = nothingOf('contentTracing')
export const desktopCapturer = nothingOf('desktopCapturer')
export const globalShortcut = nothingOf('globalShortcut')
export const MenuItem = nothingOf('MenuItem')
export const net = nothingOf('net')
export const netLog = nothingOf('netLog')
export const Notification = nothingOf('Notification')
export const powerSaveBlocker = nothingOf('powerSaveBlocker')
export const systemPreferences = nothingOf('systemPreferences')
export const Tray = nothingOf('Tray')
export const View = nothingOf('View')
export const webContents = nothingOf('webContents')
export const WebContentsView = nothingOf('WebContentsView')
export const webFrameMain = nothingOf('webFrameMain')

listenForCommands()
// After the app's own code has run once, as Electron's ready comes after it.
setImmediate(() => void app.begin().catch(stop))
