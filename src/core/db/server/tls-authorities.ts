// Whose signature counts where a profile names no authority: Node's own list, and the system's, where an organisation's is.
import { getCACertificates, setDefaultCACertificates } from 'node:tls'

let isRead = false

/** Once for the process, because it takes some 40 ms on Linux; what is made the default is parsed for no connection again. */
export function trustSystem(): void {
  if (isRead) return
  isRead = true
  setDefaultCACertificates([...new Set([...getCACertificates('default'), ...getCACertificates('system')])])
}
