// Inside the child: opens a SQLite file without changing it, or says in words for a person why it cannot be opened.
import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { DAMAGED_HINT } from './errors.ts'
import { emptiedBeside, hasLog } from './emptied-file.ts'
import { sizeTold } from './file-header.ts'
import { explainOpening, isTooShort, notWritable } from './open-failure.ts'
import { ChildFailure, IN_MEMORY, type OpenFacts, type OpenRequest } from './protocol.ts'

const SAMPLE = 65_536

export interface OpenedFile {
  database: Sqlite.Database
  facts: OpenFacts
  /** True when the path leads to another file (or none) than the one that is open. */
  hasMoved: () => boolean
}

export function openFile(request: OpenRequest): OpenedFile {
  const { file, role } = request
  if (file === IN_MEMORY) {
    const database = connect(request, false)
    return { database, facts: factsOf(database, null), hasMoved: () => false }
  }
  // Looked at before SQLite opens the file, never after: closing any descriptor of a file drops every POSIX lock that
  // this process holds on it, SQLite's own among them.
  const before = look(request)
  const why = role === 'reader' ? null : request.readOnly ? notWritable.profile : whyNotWritable(file, before.isNew)
  let database: Sqlite.Database | undefined
  try {
    database = connect(request, role === 'reader' || why !== null)
    if (before.isNew) database.pragma('journal_mode = WAL')
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    let readOnly = why
    if (role !== 'reader' && !why) readOnly = tryWriting(database, request)
    if (readOnly && !why) {
      database.close()
      database = connect(request, true)
    }
    return { database, facts: factsOf(database, readOnly), hasMoved: watchPlace(file) }
  } catch (error) {
    database?.close()
    if (error instanceof ChildFailure) throw error
    throw new ChildFailure(explainOpening(error, file, before))
  }
}

function connect({ file, role, create, busyTimeout }: OpenRequest, readonly: boolean): Sqlite.Database {
  const database = new Sqlite(file, { readonly, fileMustExist: readonly || !create, timeout: busyTimeout })
  database.defaultSafeIntegers(role !== 'schema')
  // A file is data, not code: its views and triggers may not call functions with side effects.
  database.pragma('trusted_schema = OFF')
  database.pragma('cell_size_check = ON')
  // An acknowledged save survives a power cut, in WAL files too.
  database.pragma('synchronous = FULL')
  // SQLite keeps no such setting in the file, and its own default ignores the foreign keys that the file declares. Roster
  // holds what is declared: a delete that would leave orphans is refused. Schema work has them off, as a table that is
  // rebuilt would otherwise empty the tables that point to it, and checks before COMMIT instead.
  database.pragma(`foreign_keys = ${role === 'schema' ? 'OFF' : 'ON'}`)
  // SQLite's default, which a trigger that updates its own table relies on.
  database.pragma('recursive_triggers = OFF')
  if (role === 'reader') database.pragma('query_only = ON')
  return database
}

export interface Look {
  /** It is missing or empty, and Roster's own to make. */
  isNew: boolean
  size: number
  /** Up to 64 kB from the beginning. */
  sample: Uint8Array
}

function look({ file, create, role }: OpenRequest): Look {
  // The driver trims file names, and would open (or make) another file.
  if (file !== file.trim()) {
    refuse('not-readable', `${file} has a name that begins or ends with a blank.`, 'Rename the file and try again.')
  }
  const stat = statSync(file, { throwIfNoEntry: false })
  if (!stat) {
    if (create) return { isNew: true, size: 0, sample: new Uint8Array() }
    return refuse(
      'missing',
      `${file} does not exist.`,
      'Check whether it was moved, renamed or deleted, or whether its disk is connected.',
    )
  }
  if (stat.isDirectory())
    return refuse('not-a-database', `${file} is a folder, not a database file.`, 'Choose the file inside it.')
  if (!stat.isFile())
    return refuse('not-a-database', `${file} is not a regular file.`, 'Choose a SQLite database file.')
  const log = stat.size === 0 && role === 'writer' ? emptiedBeside(file) : null
  if (log !== null) {
    const hint = `Restore ${file} from a backup. To open it as an empty database, move ${log} to another folder first.`
    refuse('damaged', `${file} is empty (0 bytes), and ${log} beside it is not: opening it would delete that.`, hint)
  }
  const seen = { isNew: create && stat.size === 0, size: stat.size, sample: readSample(file) }
  if (isTooShort(seen)) {
    throw new ChildFailure(explainOpening({ code: 'SQLITE_NOTADB', message: 'it is too short' }, file, seen))
  }
  const told = role === 'writer' ? sizeTold(seen.sample) : null
  // What stands in a log beside it may make it whole again.
  if (told !== null && stat.size < told && !hasLog(file)) {
    const [there, whole] = [stat.size, told].map((bytes) => bytes.toLocaleString('en-US'))
    const words = `${file} is damaged: it was cut off after ${there ?? ''} of its ${whole ?? ''} bytes.`
    refuse('damaged', words, `If it was copied or downloaded, do so again. ${DAMAGED_HINT}`)
  }
  return seen
}

function readSample(file: string): Uint8Array {
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, 'r')
    const sample = Buffer.alloc(SAMPLE)
    return sample.subarray(0, readSync(descriptor, sample, 0, SAMPLE, 0))
  } catch (error) {
    throw new ChildFailure(explainOpening(error, file, { isNew: false, size: 0, sample: new Uint8Array() }))
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

function refuse(
  reason: 'missing' | 'not-a-database' | 'not-readable' | 'damaged',
  message: string,
  hint: string,
): never {
  throw new ChildFailure({ code: '', message, unavailable: { reason, hint } })
}

function whyNotWritable(file: string, isNew: boolean): string | null {
  if (!isNew) {
    const problem = denied(file)
    if (problem) return notWritable.file(problem)
  }
  const problem = denied(dirname(file))
  return problem && notWritable.folder(dirname(file), problem)
}

function denied(path: string): string | null {
  try {
    accessSync(path, constants.W_OK)
    return null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'EACCES'
  }
}

/** Takes the write lock and gives it back at once; nothing is written. A lock that another program holds is no answer. */
function tryWriting(database: Sqlite.Database, { busyTimeout }: OpenRequest): string | null {
  database.pragma('busy_timeout = 0')
  try {
    database.exec('BEGIN IMMEDIATE; ROLLBACK')
    return null
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string }
    if (/^SQLITE_(READONLY|CANTOPEN|PERM)/.test(code)) return notWritable.refused(message)
    if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return null
    throw error
  } finally {
    database.pragma(`busy_timeout = ${busyTimeout}`)
  }
}

function factsOf(database: Sqlite.Database, readOnly: string | null): OpenFacts {
  const version = database.prepare('SELECT sqlite_version()').pluck().get() as string
  return {
    version: `SQLite ${version}`,
    readOnly,
    journalMode: database.pragma('journal_mode', { simple: true }) as string,
    pageSize: Number(database.pragma('page_size', { simple: true })),
    encoding: database.pragma('encoding', { simple: true }) as string,
  }
}

/** SQLite goes on reading and writing a file that was deleted or replaced; what is saved there is lost. */
function watchPlace(file: string): () => boolean {
  const place = () => {
    const stat = statSync(file, { throwIfNoEntry: false, bigint: true })
    return stat && `${stat.dev}:${stat.ino}`
  }
  const opened = place()
  return () => place() !== opened
}
