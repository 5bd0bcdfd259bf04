// The one connection that schema work runs on, as the runner sees it: statements of steps, and questions of its own.
import type { Dialect } from '../../../shared/profiles.ts'
import type { Cluster } from '../../db/cluster.ts'
import type { Database } from '../../db/database.ts'
import type { FailureKind } from '../../db/failure.ts'
import { classify } from '../../db/mysql/errors.ts'
import { settlesWithin } from '../../db/waiting.ts'
import type { SinkAnswer, StepStatement } from '../step.ts'
import { galeraSession, nodeMark, restoreNode, waitsForCluster, type GaleraSession } from './galera-session.ts'
import { introduce } from './introduce.ts'
import { bentWords, isOutside, keepSession, type OwnTable } from './session-state.ts'
import { transactionEffect } from './transaction-effect.ts'

/** `failed`: PostgreSQL takes nothing but ROLLBACK, or ROLLBACK TO a savepoint, after a statement that failed. */
export type TransactionState = 'none' | 'open' | 'failed'

export interface SchemaSession {
  readonly dialect: Dialect
  /** As `Sink.send`: the driver's own response. */
  send(statement: StepStatement): Promise<SinkAnswer>
  /** A question or a write of the runner itself, with `?` for its values. Rows by column name, in knex's own decoding. */
  readonly ask: (sql: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>
  /** A write of the runner itself: how many rows it changed, or met where they were so already. */
  change(sql: string, values?: readonly unknown[]): Promise<number>
  /**
   * BEGIN as the engine should have it (SQLite: IMMEDIATE, foreign keys off). On MySQL and MariaDB for the runner's own rows
   * alone: they keep changes of the schema at once, and what was written before them as well.
   */
  begin(): Promise<void>
  /** Resolves only when the database has acknowledged it, its foreign keys checked on SQLite. */
  commit(): Promise<void>
  rollback(): Promise<void>
  /** As PostgreSQL tells after each statement; on the others as the statements' first words tell. */
  readonly transaction: TransactionState
  /** MySQL and MariaDB: what the last statement has done to the session that cannot be worked with, in words; null when nothing. */
  readonly bent: string | null
  /** MySQL and MariaDB: the last statement has committed the transaction it was in, though its text does not say so. */
  readonly hasCommitted: boolean
  /**
   * Sets back what steps may have set in the session: where names are looked for, who it works as, and how statements are
   * read. To be called outside of transactions; on PostgreSQL inside of one as well.
   */
  restore(): Promise<void>
  /** The schema (PostgreSQL) or database (MySQL, MariaDB) that it was opened in, wherever a step has gone since; null for none. */
  readonly home: string | null
  /** A table of the runner's own as statements name it: in its schema, wherever a step has gone since. */
  readonly own: (table: OwnTable) => string
  /** What `Database.outcomeOf` takes, on PostgreSQL asked inside of a transaction; null when the engine has nothing. */
  mark(): Promise<string | null>
  /** The database's own name of this session, as `JournalEntry.session` has it. */
  readonly id: string
  /** Its user; empty on SQLite. */
  readonly user: string
  /** PostgreSQL: why no lock of this session can be trusted (a pooler in between), in words; null when it can. */
  readonly unfit: string | null
  /** The node of a Galera cluster that it is on; null on any other server. */
  readonly galera: GaleraSession | null
  close(): Promise<void>
}

/** What of knex's client is used here; knex ships no types of it. */
interface Client {
  acquireConnection(): Promise<RawConnection>
  releaseConnection(connection: RawConnection): Promise<void>
  emit(event: 'query', query: object): void
  _query(connection: RawConnection, query: Query): Promise<Query>
}
interface Query {
  sql: string
  bindings: readonly unknown[]
  response?: unknown
  context?: unknown
}
interface RawConnection {
  /** Of pg: the process that the server named when the connection was made. */
  processID?: number | null
  /** Of pg: how the server says that the transaction stands. */
  getTransactionStatus?(): 'I' | 'T' | 'E' | null
}

/**
 * Statements go to the driver as they are: knex's own way would read a `?` in them as a place for a value, and put the
 * statement before the words of errors. Rejects as `Database.schema` does. Aborting ends what runs and the session with it.
 */
export async function openSchemaSession(
  database: Database,
  signal: AbortSignal,
  onSql?: (sql: string) => void,
): Promise<SchemaSession> {
  // Asked before, because it may need a connection of the pool.
  const cluster = (await database.cluster?.(signal)) ?? null
  const schema = await database.schema(signal, onSql)
  try {
    return await onConnection(database.dialect, schema, cluster)
  } catch (error) {
    await schema.close()
    throw error
  }
}

async function onConnection(
  dialect: Dialect,
  schema: Awaited<ReturnType<Database['schema']>>,
  cluster: Cluster | null,
): Promise<SchemaSession> {
  const { knex, at } = schema
  const closing = new AbortController()
  const client = knex.client as Client
  const connection = await client.acquireConnection()
  let told: TransactionState = 'none'
  let bent: string | null = null
  let hasCommitted = false

  async function query(sql: string, bindings: readonly unknown[]): Promise<Query> {
    // Whoever shows what runs on the connection listens to knex.
    client.emit('query', { sql, bindings })
    const answered = await client._query(connection, { sql, bindings }).catch(async (error: unknown) => {
      if (dialect === 'mysql') await afterMysqlError(error)
      throw error
    })
    const effect = transactionEffect(sql, dialect)
    if (effect) told = effect === 'begins' ? 'open' : 'none'
    hasCommitted = dialect === 'mysql' && effect === null && told === 'open' && isOutside(answered.response)
    if (hasCommitted) told = 'none'
    if (dialect === 'mysql') bent = bentWords(answered.response, told === 'open')
    return answered
  }

  /** After some errors the server has undone a transaction, and Roster's own client sends nothing before a ROLLBACK. */
  async function afterMysqlError(error: unknown): Promise<void> {
    if (told === 'open') {
      if (UNDONE.has(classify(error).kind)) told = 'failed'
    } else await client._query(connection, { sql: 'ROLLBACK', bindings: [] }).catch(() => undefined)
  }

  const state = (): TransactionState => {
    const status = connection.getTransactionStatus?.() ?? null
    if (status === null) return told
    return status === 'I' ? 'none' : status === 'T' ? 'open' : 'failed'
  }

  async function unlocked({ free }: GaleraSession): Promise<void> {
    if (told !== 'none') await query('ROLLBACK', [])
    await free?.()
  }

  async function ask(sql: string, values: readonly unknown[] = []) {
    return rowsOf((await query(placesFor(dialect, sql), values)).response)
  }

  // Who waits for another run must not be held up by its change of the schema before it can say so.
  if (cluster) await ask(waitsForCluster(false))
  const { id, user, unfit } = await introduce(dialect, connection, ask)
  const kept = await keepSession(dialect, ask)
  const galera = dialect === 'mysql' ? await galeraSession(ask, { cluster, closed: closing.signal }) : null
  if (galera) await restoreNode(ask)
  // Numbers of sessions are those of one node.
  const [number = '', ...place] = id.split(' ')
  const node = galera && `@${encodeURIComponent(galera.node)}`
  const mark = galera ? await nodeMark(galera, at ?? null, id) : id
  let isClosed = false
  return {
    dialect,
    id: node === null ? id : [number + node, ...place].join(' '),
    user,
    unfit,
    galera,
    async send({ sql, bindings }) {
      const { response, context } = await query(sql, bindings)
      return { kind: 'response', response, ...(context !== undefined && { context }) }
    },
    ask,
    home: kept.home,
    own: kept.own,
    async restore() {
      await kept.restore()
      if (galera) await restoreNode(ask)
    },
    get hasCommitted() {
      return hasCommitted
    },
    get bent() {
      return bent
    },
    async change(sql, values = []) {
      return changesOf((await query(placesFor(dialect, sql), values)).response)
    },
    async begin() {
      // A step may have switched them on; inside a transaction that cannot be changed any more.
      if (dialect === 'sqlite') await ask('PRAGMA foreign_keys = OFF')
      await query('BEGIN', [])
    },
    commit: async () => void (await query('COMMIT', [])),
    rollback: async () => void (await query('ROLLBACK', [])),
    get transaction() {
      return state()
    },
    async mark() {
      if (dialect !== 'postgres') return dialect === 'mysql' ? mark : null
      const [row] = await ask('select pg_current_xact_id()::text as mark')
      return String(row?.mark)
    },
    async close() {
      if (isClosed) return
      isClosed = true
      // Work that ended with an error has released nothing; where the connection is gone, others find that out.
      if (galera?.free) await settlesWithin(unlocked(galera), FREE_LIMIT)
      closing.abort(new Error('The session for schema work is closed.'))
      await client.releaseConnection(connection).catch(() => undefined)
      await schema.close()
    },
  }
}

/** Milliseconds. */
const FREE_LIMIT = 2_000

/** As `db/mysql/knex.ts` has them. */
const UNDONE: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'deadlock',
  'lock-timeout',
  'serialization',
  'not-in-cluster',
  'outcome-unknown',
])

/** The runner's own statements hold no `?` but for values. */
function placesFor(dialect: Dialect, sql: string): string {
  if (dialect !== 'postgres') return sql
  let count = 0
  return sql.replace(/\?/g, () => `$${++count}`)
}

type Row = Record<string, unknown>

/** pg answers with an object, mysql2 with rows and fields, better-sqlite3 with rows or with what changed. */
function rowsOf(response: unknown): Row[] {
  if (Array.isArray(response)) {
    const [first] = response as unknown[]
    return Array.isArray(first) ? (first as Row[]) : (response as unknown[]).filter(isRow)
  }
  const rows = (response as { rows?: unknown }).rows
  return Array.isArray(rows) ? (rows as Row[]) : []
}

/** mysql2's answer to a write is a header and not a row. */
const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !('affectedRows' in value && 'insertId' in value)

function changesOf(response: unknown): number {
  const header = Array.isArray(response) ? (response as unknown[])[0] : response
  const { rowCount, affectedRows, changes } = Object(header) as Record<string, unknown>
  return Number(rowCount ?? affectedRows ?? changes ?? 0)
}
