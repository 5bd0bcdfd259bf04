// What holds for every page there could ever be in Roster, also one that nobody meant to open: it stays where it is, opens
// nothing, and gets nothing from the system.
import { app, session, type WebContents } from 'electron'
import { mayNavigate } from './rules.ts'

/** To be called before the first window is made. */
export function confinePages(): void {
  app.on('web-contents-created', (_event, contents) => confine(contents))
  // Electron grants everything unless it is told otherwise. Writing to the clipboard on a click needs no permission.
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.defaultSession.setPermissionCheckHandler(() => false)
  session.defaultSession.setDevicePermissionHandler(() => false)
}

function confine(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!mayNavigate(event.url)) event.preventDefault()
  })
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}
