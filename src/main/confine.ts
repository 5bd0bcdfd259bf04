// What holds for every page there could ever be in Roster, also one that nobody meant to open: it stays where it is, opens
// nothing, and gets nothing from the system but the clipboard to write to.
import { app, session, type WebContents } from 'electron'
import { mayHave, mayNavigate } from './rules.ts'

/** A proxy that cannot exist (RFC 6761), also for addresses of this machine. Updates are fetched through another session. */
const NOWHERE = { mode: 'fixed_servers', proxyRules: 'roster.invalid:9', proxyBypassRules: '<-loopback>' } as const

/** To be called before the first window is made. */
export function confinePages(): void {
  app.on('web-contents-created', (_event, contents) => confine(contents))
  // Electron grants everything unless it is told otherwise.
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer, details) =>
    answer(mayHave(permission, details.requestingUrl, details.isMainFrame)),
  )
  session.defaultSession.setPermissionCheckHandler((_contents, permission, origin, details) =>
    mayHave(permission, origin, details.isMainFrame),
  )
  session.defaultSession.setDevicePermissionHandler(() => false)
  // The content policy does not govern WebRTC and lookups of names. The page's own files come past every proxy.
  void session.defaultSession.setProxy(NOWHERE)
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
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}
