// How the text of a step is told from another one, on both sides of the process.
import { createHash } from 'node:crypto'

/** SHA-256 in hexadecimal, with CRLF read as LF. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')
}
