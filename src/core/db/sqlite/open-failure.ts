// Why a file could not be opened, in words for a person, from SQLite's code and the beginning of the file.
import { hasMagic, looksLikeHeader } from './file-header.ts'
import type { Look } from './open-file.ts'
import { DAMAGED_HINT, LOCKED_HINT } from './errors.ts'
import type { Failure } from './protocol.ts'

/** No page is smaller. */
const LEAST = 512

const denials: Record<string, string> = {
  EACCES: 'permission is denied',
  EPERM: 'the system does not permit it',
  EROFS: 'the disk is read-only',
}

const inWords = (code: string) => denials[code] ?? `the system says ${code}`

export const notWritable = {
  profile: 'The profile is read-only, so the file is opened read-only.',
  file: (code: string) => `The file cannot be written: ${inWords(code)}.`,
  folder: (folder: string, code: string) =>
    `Changes need a journal file beside the database, and the folder ${folder} cannot be written: ${inWords(code)}.`,
  refused: (message: string) => `SQLite cannot write to the file: ${message}.`,
}

export function explainOpening(error: unknown, file: string, { sample, size }: Look): Failure {
  const { code = '', message } = error as { code?: string; message: string }
  const failed = (reason: NonNullable<Failure['unavailable']>['reason'], text: string, hint: string): Failure => ({
    code,
    message: text,
    unavailable: { reason, hint },
  })

  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return failed('locked', `${file} is in use by another program, which holds it locked.`, LOCKED_HINT)
  }
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    if (hasMagic(sample) || code !== 'SQLITE_NOTADB') {
      return failed('damaged', `${file} is damaged: ${message}.`, DAMAGED_HINT)
    }
    if (looksEncrypted(sample, size)) {
      return failed(
        'encrypted',
        `${file} looks encrypted (SQLCipher or similar).`,
        'Roster cannot open encrypted files. Decrypt a copy with the program that made it.',
      )
    }
    if (looksLikeHeader(sample)) {
      const words = `${file} is damaged: its first 16 bytes are none of SQLite's, and what follows them is.`
      return failed('damaged', words, DAMAGED_HINT)
    }
    return failed('not-a-database', `${file} is not a SQLite database.`, 'Choose another file.')
  }
  if (message === 'unsupported file format') {
    const words = `${file} is damaged, or was made by a later SQLite: its header names a format that is not known here.`
    return failed('damaged', words, DAMAGED_HINT)
  }
  if (/^SQLITE_READONLY_(ROLLBACK|RECOVERY|CANTLOCK|CANTINIT)/.test(code)) {
    return failed(
      'not-readable',
      `${file} was not closed properly by the program that wrote it, and recovering it needs permission to write.`,
      'Open it once with an account that may write to the file and its folder.',
    )
  }
  if (/^SQLITE_(CANTOPEN|READONLY)/.test(code) && isWal(sample)) {
    return failed(
      'not-readable',
      `${file} uses write-ahead logging, for which two files beside it must be written, and that is not permitted here.`,
      'Copy the file, and those beside it that begin with the same name, to a folder that can be written.',
    )
  }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') {
    return failed(
      'disk-full',
      `The disk that holds ${file} is full, or a quota is reached.`,
      'Free some space and try again.',
    )
  }
  if (code === 'ENOENT' || code === 'ENOTDIR' || message.includes('directory does not exist')) {
    return failed(
      'missing',
      `${file} does not exist.`,
      'Check whether it was moved, renamed or deleted, or whether its disk is connected.',
    )
  }
  if (/^(EACCES|EPERM|SQLITE_(CANTOPEN|PERM|AUTH|READONLY))/.test(code)) {
    const why = denials[code] ?? message
    return failed(
      'not-readable',
      `${file} cannot be read: ${why}.`,
      'Check the permissions of the file and of its folder.',
    )
  }
  return failed('other', `${file} could not be opened: ${message}${code && ` (${code})`}.`, 'The log has the details.')
}

/** SQLite takes a file of a few bytes for an empty database, and would write over them. */
export function isTooShort({ size }: Look): boolean {
  return size > 0 && size < LEAST
}

/** Bytes 18 and 19 of the header are 2 for a file in WAL mode. */
const isWal = (sample: Uint8Array) => sample[18] === 2 || sample[19] === 2

/** Encrypted pages look like noise, and whole pages are a multiple of 512 bytes; a text or a picture is neither. */
export function looksEncrypted(sample: Uint8Array, size: number): boolean {
  if (size < LEAST || size % LEAST !== 0) return false
  const counts = new Array<number>(256).fill(0)
  for (const byte of sample) counts[byte] = (counts[byte] ?? 0) + 1
  const bits = counts.reduce(
    (sum, count) => (count ? sum - (count / sample.length) * Math.log2(count / sample.length) : sum),
    0,
  )
  // 512 random bytes have about 7.6 bits each, 4,096 about 7.95; archives come close, but rarely in whole pages.
  return bits > 7.4
}
