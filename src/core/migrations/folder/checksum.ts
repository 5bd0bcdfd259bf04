// Tells by a number whether a text is still the same, wherever it was checked out.
import { createHash } from 'node:crypto'

/** SHA-256 in hexadecimal over texts; line ends count as LF, because version control may have turned them into CRLF. */
export function checksumOf(texts: readonly string[]): string {
  const hash = createHash('sha256')
  texts.forEach((text, index) => {
    if (index > 0) hash.update('\0')
    hash.update(text.replaceAll('\r\n', '\n'))
  })
  return hash.digest('hex')
}

/** One file that trust in a folder covers. */
export interface CoveredFile {
  /** Relative to the folder, with slashes: "001-a.ts", "../lib/tables.js". */
  name: string
  checksum: string
}

/** SHA-256 in hexadecimal over all names and checksums, whatever their order. */
export function contentOf(files: readonly CoveredFile[]): string {
  const lines = files.map(({ name, checksum }) => JSON.stringify([name, checksum])).sort()
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}
