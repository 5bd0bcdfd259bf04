// Text that is not valid in the file's encoding. It is told as its bytes, and as a place in an order by half characters, which no
// text has: a BLOB of the same bytes sorts behind every text.
import { isUtf8 } from 'node:buffer'

/** The driver decodes broken bytes as U+FFFD, and SQLite turns broken UTF-16 into other characters beyond U+FFFF. */
export function isSuspicious(text: string, encoding: string): boolean {
  return encoding === 'UTF-8' ? text.includes('\uFFFD') : /[\uD800-\uDFFF\uFFFD]/.test(text)
}

/**
 * The encodings of a file (as `pragma encoding` spells them) in which a text of these bytes is told as bytes, because the driver
 * would bend it. Empty for bytes that can only be a BLOB.
 */
export function encodingsWithout(bytes: Uint8Array): string[] {
  const own = Buffer.from(bytes)
  const isBent = (utf16: Buffer) => utf16.length % 2 === 1 || isSuspicious(utf16.toString('utf16le'), 'UTF-16le')
  return [
    ...(isUtf8(bytes) ? [] : ['UTF-8']),
    ...(isBent(own) ? ['UTF-16le'] : []),
    ...(own.length % 2 === 1 || isBent(own.swap16()) ? ['UTF-16be'] : []),
  ]
}

const HALF = 0xdc00

/** One half character for each byte. */
export const placeOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => String.fromCharCode(HALF + byte)).join('')

/** The bytes of what `placeOf` made; null for any other text. */
export function bytesOfPlace(text: string): Uint8Array | null {
  return /^[\uDC00-\uDCFF]+$/.test(text) ? Uint8Array.from(text, (half) => half.charCodeAt(0) - HALF) : null
}
