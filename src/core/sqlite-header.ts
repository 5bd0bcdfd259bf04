// Whether a file begins as SQLite files do.
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

const SQLITE_HEADER = Buffer.from('SQLite format 3\0', 'latin1')

/** False also for a file that may not be read: opening it says why. */
export async function beginsAsSqlite(path: string): Promise<boolean> {
  try {
    // Not to wait for ever, should the file have become a named pipe meanwhile.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      if (!(await file.stat()).isFile()) return false
      const { bytesRead, buffer } = await file.read(Buffer.alloc(SQLITE_HEADER.length), 0, SQLITE_HEADER.length, 0)
      return bytesRead === SQLITE_HEADER.length && buffer.equals(SQLITE_HEADER)
    } finally {
      await file.close()
    }
  } catch {
    return false
  }
}
