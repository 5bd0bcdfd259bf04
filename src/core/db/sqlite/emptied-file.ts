// A file of 0 bytes is a database without tables, unless a log beside it says that it was emptied by accident.
import { closeSync, openSync, readSync, statSync } from 'node:fs'

/** What a journal begins with while its transaction can still be rolled back. */
const MAGIC = 'd9d505f920a163d7'
/** Where a journal tells how many pages the file had before. */
const PAGES = 16

/**
 * The log that may be all that is left of the rows; null where there is none. SQLite takes it for the remnant of another file and
 * deletes it. A journal of the first transaction of all, of a program that ended or is at it, holds no rows.
 */
export function emptiedBeside(file: string): string | null {
  const log = `${file}-wal`
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > 0) return log
  const journal = `${file}-journal`
  const header = beginningOf(journal)
  const isHot = header.toString('hex').startsWith(MAGIC) && header.length >= PAGES + 4
  return isHot && header.readUInt32BE(PAGES) > 0 ? journal : null
}

/** Changes that are not in the file yet, or are to be taken back out of it. */
export const hasLog = (file: string): boolean =>
  [`${file}-wal`, `${file}-journal`].some((log) => (statSync(log, { throwIfNoEntry: false })?.size ?? 0) > 0)

/** Empty where there is no such file, or it may not be read. */
function beginningOf(file: string): Buffer {
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, 'r')
    const beginning = Buffer.alloc(PAGES + 4)
    return beginning.subarray(0, readSync(descriptor, beginning, 0, beginning.length, 0))
  } catch {
    return Buffer.alloc(0)
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}
