// The journal in a file on this machine, a line of JSON for each note: for databases that must not get tables of Roster's.
import { closeSync, fsyncSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { direction } from '../../../shared/migration-steps.ts'
import type { Journal, JournalEntry, JournalOptions, JournalStatement } from './journal.ts'

const entryLine = z.object({
  id: z.string(),
  run: z.string(),
  step: z.string(),
  direction,
  outcome: z.enum([
    'running',
    'done',
    'failed',
    'cancelled',
    'half',
    'resolved',
    'adopted',
    'marked-applied',
    'marked-not-applied',
    'renamed',
    'lock-repaired',
  ]),
  batch: z.number().nullable(),
  checksum: z.string(),
  source: z.string().nullable(),
  isAtomic: z.boolean(),
  statementsDone: z.number(),
  person: z.string(),
  databaseUser: z.string(),
  session: z.string(),
  startedAt: z.string(),
  ms: z.number().nullable(),
  error: z.string().nullable(),
})
const statementLine = z.object({
  number: z.number(),
  sql: z.string(),
  fingerprint: z.string(),
  state: z.enum(['sent', 'done', 'failed']),
  isRead: z.boolean(),
})
const line = z.union([z.object({ entry: entryLine }), z.object({ of: z.string(), statement: statementLine })])

interface Notes {
  /** By id, in the order in which they came first. */
  entries: Map<string, JournalEntry>
  /** By entry, then by number. */
  statements: Map<string, Map<number, JournalStatement>>
}

/** Each note is on disk before `save` resolves. Nothing of it is in the database's transactions: the ledger tells after a crash. */
export function fileJournal({ folder, profileId }: JournalOptions): Journal {
  const file = join(folder, `${encodeURIComponent(profileId)}.jsonl`)
  const read = reader(file)
  const entries = () => [...read().entries.values()]
  return {
    where: 'file',
    entries: () => settledWith(entries),
    running: () => settledWith(() => entries().filter(({ outcome }) => outcome === 'running')),
    statements: (_look, entry) =>
      settledWith(() => [...(read().statements.get(entry)?.values() ?? [])].sort((a, b) => a.number - b.number)),
    prepare: () => Promise.resolve(void mkdirSync(folder, { recursive: true, mode: 0o700 })),
    save: (_session, entry) => written(file, folder, { entry }),
    saveStatement: (_session, of, statement) => written(file, folder, { of, statement }),
  }
}

function written(file: string, folder: string, note: z.infer<typeof line>): Promise<void> {
  return settledWith(() => append(file, folder, `${JSON.stringify(note)}\n`))
}

function settledWith<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()))
}

function append(file: string, folder: string, text: string): void {
  const descriptor = openSync(file, 'a+', 0o600)
  try {
    const { size } = fstatSync(descriptor)
    // What a crash has torn ends where it ends; the next note begins on a line of its own.
    const bytes = Buffer.from(endsTorn(descriptor, size) ? `\n${text}` : text)
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at)
    fsyncSync(descriptor)
    if (size === 0) syncFolder(folder)
  } finally {
    closeSync(descriptor)
  }
}

function endsTorn(descriptor: number, size: number): boolean {
  if (size === 0) return false
  const last = Buffer.alloc(1)
  return readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a
}

/** So that the file itself is there after a power cut; Windows opens no folders. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Lines are only ever added: what was read before is not read again. */
function reader(file: string): () => Notes {
  let notes: Notes = { entries: new Map(), statements: new Map() }
  let at = 0
  return () => {
    const bytes = bytesFrom(file, at)
    if (bytes === null) {
      // It is gone, or shorter than it was: somebody else's hand.
      notes = { entries: new Map(), statements: new Map() }
      at = 0
      const all = bytesFrom(file, 0)
      if (all === null) return notes
      at = take(all, notes)
      return notes
    }
    at += take(bytes, notes)
    return notes
  }
}

/** Answers with how many bytes were whole lines. */
function take(bytes: Buffer, notes: Notes): number {
  const end = bytes.lastIndexOf(0x0a) + 1
  for (const text of bytes.toString('utf8', 0, end).split('\n')) {
    const note = parsed(text)
    if (!note) continue
    if ('entry' in note) notes.entries.set(note.entry.id, note.entry)
    else {
      const of = notes.statements.get(note.of) ?? new Map<number, JournalStatement>()
      notes.statements.set(note.of, of.set(note.statement.number, note.statement))
    }
  }
  return end
}

/** Null where there is no file, or one that ends before `from`. */
function bytesFrom(file: string, from: number): Buffer | null {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  try {
    const { size } = fstatSync(descriptor)
    if (size < from) return null
    const bytes = Buffer.alloc(size - from)
    for (let read = 0; read < bytes.length;) {
      const count = readSync(descriptor, bytes, read, bytes.length - read, from + read)
      if (count === 0) return bytes.subarray(0, read)
      read += count
    }
    return bytes
  } finally {
    closeSync(descriptor)
  }
}

/** Null for a line that was torn by a crash, or written by a newer Roster. */
function parsed(text: string): z.infer<typeof line> | null {
  try {
    const { data } = line.safeParse(JSON.parse(text))
    return data ?? null
  } catch {
    return null
  }
}
