// What the window may do, as plain decisions: where it may go, who gets the port, what may be opened outside.

export const SCHEME = 'app'
export const ORIGIN = 'app://roster'
export const START = `${ORIGIN}/`

/** The window stays on its one document; loading it again is all that is allowed. */
export function mayNavigate(url: string): boolean {
  const address = URL.parse(url)
  return address !== null && isOurs(address) && (address.pathname === '/' || address.pathname === '/index.html')
}

/** `URL.origin` is "null" for schemes that Node does not know, so the parts are compared. */
function isOurs(address: URL): boolean {
  return (
    address.protocol === `${SCHEME}:` && address.host === 'roster' && address.username === '' && address.password === ''
  )
}

/** The path of a file of the page; null for anything that is not a plain read of our own origin. */
export function fileAsked(request: { method: string; url: string }): string | null {
  const address = URL.parse(request.url)
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  return isRead && address !== null && isOurs(address) ? address.pathname : null
}

export interface Frame {
  readonly url: string
  readonly origin: string
  /** Electron's own number for the place of a frame, the same for as long as the window lives. */
  readonly frameTreeNodeId: number
}

/** Only the window's main frame, showing our own document, is handed a port. `sender` is null once its frame is gone. */
export function mayHavePort(sender: Frame | null, mainFrame: Frame | null): boolean {
  if (sender === null || sender.frameTreeNodeId !== mainFrame?.frameTreeNodeId) return false
  return sender.origin === ORIGIN && mayNavigate(sender.url)
}

/** Links leave the app only as https, and without a name and password in them. */
export function mayOpenOutside(url: string): boolean {
  const address = URL.parse(url)
  return address?.protocol === 'https:' && address.username === '' && address.password === ''
}

/**
 * The page may put text on the clipboard, which Electron asks about too (electronjs.org/docs/api/session,
 * `clipboard-sanitized-write`) and Chromium allows only on a click. It gets nothing else of the system, and cannot read it.
 */
export function mayHave(permission: string, from: string, isMainFrame: boolean): boolean {
  const address = URL.parse(from)
  return permission === 'clipboard-sanitized-write' && isMainFrame && address !== null && isOurs(address)
}
