// Takes the lock of a run, waits for the one who has it, and says who that is.
import type { MigrationLock } from '../../../shared/migration-steps.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import type { Database, SchemaLook } from '../../db/database.ts'
import { sleep } from '../../db/waiting.ts'
import { Refusal } from '../../refusal.ts'
import type { Project } from '../project.ts'
import type { Journal, JournalEntry } from './journal.ts'
import { BROKEN, isRosters, LOCKED, tokenOf } from './knex-lock.ts'
import { nodeOf } from './galera-session.ts'
import { galeraLock } from './lock-galera.ts'
import { LockLost } from './lock-lost.ts'
import { mysqlLock } from './lock-mysql.ts'
import { holderOf, ownerState } from './lock-owner.ts'
import { postgresLock } from './lock-postgres.ts'
import { LOCK_TABLE, readLockRow } from './lock-row.ts'
import { sqliteLock } from './lock-sqlite.ts'
import { processState, processWords } from './process-session.ts'
import { isActiveRun } from './active-runs.ts'
import { askOf, type Holder, type LockKind } from './run-lock.ts'
import type { SchemaSession } from './schema-session.ts'

const KINDS: Record<Dialect, LockKind> = { postgres: postgresLock, mysql: mysqlLock, sqlite: sqliteLock }

function kindOf(session: SchemaSession, { person = '', previous = null }: LockOptions): LockKind & { token?: string } {
  if (!session.galera) return KINDS[session.dialect]
  return galeraLock(session, session.galera, { person, previous })
}

/** Milliseconds: how long a lock is waited for, how often it is asked for, and how often a person is told. */
export const LOCK_LIMIT = 60_000
const AGAIN = 200
const TELL_AGAIN = 1_000
/** Milliseconds to find out which nodes there are. */
const CLUSTER_LIMIT = 5_000

export interface RunLock {
  readonly words: string
  /** Rejects with LockLost when it is not ours any more; nothing may be sent then. */
  check(): Promise<void>
  release(): Promise<void>
  /** Of a cluster: what its row knows the run by. */
  readonly token?: string
}

export interface LockOptions {
  journal: Journal
  signal: AbortSignal
  /** Told once a second as long as somebody else has it, in words. */
  readonly onWaiting: (message: string) => void
  /** Milliseconds; 60 s unless told. */
  limit?: number
  /** Who takes it, "name@machine", and the token of an earlier session of the same run that has ended: for a cluster's row. */
  person?: string
  previous?: string | null
}

/**
 * Waits for whoever has it. Rejects with LOCK_HELD when the limit has passed, when a pooler would make the lock worthless, and
 * with the signal's reason.
 */
export async function takeLock(session: SchemaSession, options: LockOptions): Promise<RunLock> {
  const kind = kindOf(session, options)
  if (session.unfit !== null) throw new Refusal('LOCK_HELD', session.unfit)
  const { limit = LOCK_LIMIT } = options
  await waitFor(options, limit, async () => {
    if (await kind.tryTake(session)) return null
    const holder = await kind.holder(session.ask)
    return runWords(holder, await runningOn(session, options.journal).catch(() => []))
  })
  return {
    words: kind.words,
    async check() {
      if (!(await kind.isOurs(session))) throw new LockLost()
    },
    release: () => kind.release(session),
    ...(kind.token !== undefined && { token: kind.token }),
  }
}

/** Asks until `blocker` answers null; its words are told, and thrown as LOCK_HELD when the limit has passed. */
export async function waitFor(
  { signal, onWaiting }: Pick<LockOptions, 'signal' | 'onWaiting'>,
  limit: number,
  blocker: () => Promise<string | null>,
): Promise<void> {
  const began = performance.now()
  let toldAt = -Infinity
  for (;;) {
    signal.throwIfAborted()
    const words = await blocker()
    if (words === null) return
    const now = performance.now()
    if (now - began >= limit) {
      throw new Refusal('LOCK_HELD', `${words} It was waited for ${Math.round(limit / 1000)} s. Nothing was run.`)
    }
    if (now - toldAt >= TELL_AGAIN) {
      toldAt = now
      onWaiting(words)
    }
    await sleep(Math.min(AGAIN, limit), signal)
  }
}

/** Rows that the journal's tables or file have, asked on the session of the run itself. */
export function lookOn(session: SchemaSession): SchemaLook {
  return {
    async read({ sql, values }) {
      const { response } = (await session.send({ sql, bindings: [...values] })) as { response: unknown }
      return tableOf(response)
    },
    async tables() {
      const rows = await session.ask(TABLES[session.dialect])
      return rows.map(({ name }) => ({ name: String(name), kind: 'table' as const }))
    },
  }
}

/** Those alone that the journal is in. */
const TABLES: Record<Dialect, string> = {
  postgres: `select relname as name from pg_class where oid in (to_regclass('roster_migrations'), to_regclass('roster_migration_statements'))`,
  mysql: `select table_name as name from information_schema.tables where table_schema = database() and table_name like 'roster%'`,
  sqlite: `select name from sqlite_master where type = 'table' and name like 'roster%'`,
}

type Cells = Awaited<ReturnType<SchemaLook['read']>>

/** The journal's own columns are texts and small numbers, which knex's decoding leaves as they are. */
function tableOf(response: unknown): Cells {
  const found = Array.isArray(response) ? (response as unknown[]) : (response as { rows: unknown[] }).rows
  const rows = (Array.isArray(found[0]) ? found[0] : found) as Record<string, Cells['rows'][number][number]>[]
  const fields = Array.isArray(response) ? (response as unknown[])[1] : (response as { fields?: unknown }).fields
  const columns = Array.isArray(fields)
    ? fields.map((field) => (field as { name: string }).name)
    : Object.keys(rows[0] ?? {})
  return { columns, rows: rows.map((row) => Object.values(row)) }
}

/** Runs that have not ended, as this session sees them. */
export async function runningOn(session: SchemaSession, journal: Journal): Promise<JournalEntry[]> {
  return journal.running(lookOn(session))
}

/** The journal as this session sees it. */
export async function entriesOn(session: SchemaSession, journal: Journal): Promise<JournalEntry[]> {
  return journal.entries(lookOn(session))
}

function runWords(holder: Holder | null, entries: readonly JournalEntry[]): string {
  const entry = holder && entries.findLast((one) => isOpen(one) && isSession(one.session, holder.session))
  const others = holder?.who ?? 'Another run is under way'
  const who = entry ? `${entry.person} is running ${entry.step}, since ${entry.startedAt}` : others
  return holder ? `${who} (${holder.words}).${holder.doubt ?? ''}` : `${who}.`
}

const isOpen = ({ outcome }: JournalEntry) => outcome === 'running'

/** What a server tells of a session may be less than the session told of itself. */
function isSession(known: string, told: string | null): boolean {
  return told !== null && known.split(' ')[0] === told.split(' ')[0]
}

/**
 * Why nothing can be run just now; null when something can. A lock that a run of Roster left behind is none: the next run
 * frees it by itself.
 */
export async function readLock(
  look: SchemaLook,
  { database, journal }: Pick<Project, 'database' | 'journal'>,
  known?: readonly JournalEntry[],
): Promise<MigrationLock | null> {
  const { dialect } = database
  const entries = known ?? (await journal.entries(look))
  const holder = await holderSeen(look, database)
  if (holder) return { kind: 'run', message: runWords(holder, entries), canRepair: holder.canRepair === true }
  const running = dialect === 'sqlite' ? runningInFile(entries) : null
  if (running) return running
  const tables = await look.tables()
  if (!tables.some(({ name }) => name.toLowerCase() === 'knex_migrations_lock')) return null
  const { rows } = await look.read({
    sql: `select ${database.quote('is_locked')} from ${database.quote('knex_migrations_lock')}`,
    values: [],
  })
  const locks = rows.map(([value]) => Number(value ?? 0))
  if (locks.length > 1) return { kind: 'broken', message: BROKEN(locks.length), canRepair: true }
  const [lock = 0] = locks
  if (lock === 0) return null
  if (!isRosters(lock)) return { kind: 'knex', message: LOCKED, canRepair: true }
  // On a server the run's own lock would be held. In a file the journal tells, if it knows the run.
  if (dialect !== 'sqlite' || entries.some((entry) => tokenOf(entry) === lock)) return null
  return { kind: 'knex', message: UNKNOWN_RUN, canRepair: true }
}

const UNKNOWN_RUN =
  'A run of Roster on another machine, or in another profile, has locked knex_migrations_lock, and it is not known whether it still works. When none is running, the lock can be repaired.'

/** An entry of a run that still works; null when none does. One of another machine may: it cannot be asked. */
export function runningInFile(entries: readonly JournalEntry[]): MigrationLock | null {
  const entry = entries.findLast((one) => isOpen(one) && mayWork(one))
  if (!entry) return null
  const { person, step, startedAt, session } = entry
  const isElsewhere = processState(session) === 'elsewhere'
  const doubt = isElsewhere
    ? ' That machine cannot be asked whether it still works. When none is running, the lock can be repaired.'
    : ''
  const message = `${person} is running ${step}, since ${startedAt} (${processWords(session)}).${doubt}`
  return { kind: 'run', message, canRepair: isElsewhere }
}

/** On a cluster a node may have to be asked, and one list asks twice who has the lock. */
const seen = new WeakMap<SchemaLook, Promise<Holder | null>>()

function holderSeen(look: SchemaLook, database: Database): Promise<Holder | null> {
  const known = seen.get(look) ?? holderOn(look, database)
  seen.set(look, known)
  return known
}

async function holderOn(look: SchemaLook, database: Database): Promise<Holder | null> {
  const ask = askOf(look)
  if (database.dialect !== 'mysql' || !(await nodeOf(ask))) return KINDS[database.dialect].holder(ask)
  if (!(await look.tables()).some(({ name }) => name === LOCK_TABLE)) return null
  const row = await readLockRow(ask)
  if (!row) return null
  const state = await ownerState(row, (await database.cluster?.(AbortSignal.timeout(CLUSTER_LIMIT))) ?? null)
  return state === 'gone' ? null : holderOf(row, state)
}

/** Which entries are of a run that still works: on a server the one that holds the lock, in a file one whose process lives. */
export async function liveEntries(look: SchemaLook, database: Database): Promise<(entry: JournalEntry) => boolean> {
  if (database.dialect === 'sqlite') return (entry) => isOpen(entry) && mayWork(entry)
  const holder = await holderSeen(look, database)
  return (entry) => isOpen(entry) && holder !== null && isSession(entry.session, holder.session)
}

/** In a file the process that made the entry tells; on a server the lock does, and nobody asks this. */
export function mayWork({ session, run }: Pick<JournalEntry, 'session' | 'run'>): boolean {
  const state = processState(session)
  return state === 'this' ? isActiveRun(run) : state !== 'gone'
}
