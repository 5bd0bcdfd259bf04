// What a plan has to say on a Galera cluster: a change of the schema stops all of its nodes (total order isolation), tables
// without a primary key are not safe, and large transactions go to every node as one piece.
import { CLUSTER_WARNS_AT } from '../../../shared/cluster.ts'
import { clusterNotes } from './cluster-notes.ts'
import type { GaleraSession } from '../run/galera-session.ts'
import type { Ground, Size } from './ground.ts'
import { isCatalog } from './is-read.ts'
import type { StatementReading } from './statement.ts'

export interface ClusterGround {
  /** Of the whole cluster, as it is now. */
  readonly notes: readonly string[]
  /** To be told each statement before it is answered. What everybody waits for because of it, in words; null for nothing. */
  stops(reading: StatementReading, sql: string, ground: Ground): Promise<string | null>
  /** What was found in the statements since it was last asked. */
  takeNotes(): string[]
}

type Ask = (sql: string) => Promise<Record<string, unknown>[]>

export const NOT_ON_CLUSTER =
  'A rehearsal makes a scratch schema, and on a Galera cluster each of its statements would stop all nodes as the real one does. It is not rehearsed here: rehearse it on a copy of the database.'

/** Takes a second, in which it is counted what goes on. */
export async function openClusterGround(galera: GaleraSession, ask: Ask, signal: AbortSignal): Promise<ClusterGround> {
  const notes = await clusterNotes(galera, signal)
  const withoutKey = new Set((await ask(WITHOUT_KEY)).map(({ name }) => String(name)))
  const found = new Set<string>()
  /** Tables that the plan has made. */
  const made = new Set<string>()

  function noteKeys({ creates, tables, newColumns }: StatementReading, sql: string, ground: Ground): void {
    const table = creates.find(({ kind }) => kind === 'table')?.name
    const [, source] = tables
    if (table !== undefined && !/\btemporary\b/i.test(sql)) {
      // CREATE TABLE … LIKE takes the keys along.
      const isCopy = newColumns === null && source !== undefined && /\blike\b/i.test(sql)
      const hasKey = isCopy ? !withoutKey.has(source) && !made.has(source) : PRIMARY_KEY.test(sql)
      if (!hasKey && !ground.isThere(table)) made.add(table)
      return
    }
    const touched = tables.filter((name) => !isCatalog(name))
    if (PRIMARY_KEY.test(sql)) for (const name of touched) made.delete(name)
    for (const name of touched) {
      const real = ground.realName(name)
      if (real !== null && ground.isThere(name) && withoutKey.has(real)) found.add(noKey(name))
    }
  }

  async function noteRows(
    { verb, tables, hasCondition }: StatementReading,
    sql: string,
    ground: Ground,
  ): Promise<void> {
    const isWhole = /^(?:update|delete)$/.test(verb) || (/^(?:insert|replace)$/.test(verb) && /\bselect\b/i.test(sql))
    if (!isWhole || hasCondition) return
    const sizes = await Promise.all(tables.map((name) => ground.size(name)))
    const rows = Math.max(0, ...sizes.map((size) => size.rows ?? 0))
    if (rows >= CLUSTER_WARNS_AT) found.add(manyRows(tables[0] ?? '', rows))
  }

  return {
    notes,
    async stops(reading, sql, ground) {
      if (reading.isRead || reading.isSession) {
        if (SETS_RSU.test(sql)) found.add(OF_ONE_NODE)
        return null
      }
      noteKeys(reading, sql, ground)
      await noteRows(reading, sql, ground)
      if (!reading.isSchemaChange || /\btemporary\b/.test(reading.verb)) return null
      const [name] = reading.tables.filter((one) => ground.isThere(one) && ground.realName(one) !== null)
      return name === undefined ? STOPS : `${STOPS} ${name} has ${sizeWords(await ground.size(name))}.`
    },
    takeNotes() {
      const taken = [...found, ...[...made].map(madeWithout)]
      found.clear()
      made.clear()
      return taken
    },
  }
}

const STOPS = 'The whole cluster stops while this runs (total order isolation).'

const PRIMARY_KEY = /\bprimary\s+key\b/i

const SETS_RSU = /\bwsrep_osu_method\b/i
const OF_ONE_NODE =
  'The step sets wsrep_OSU_method. With RSU a change of the schema is made on this node alone, and the ledger would tell it of all of them: it has to be made on each other node by hand.'

const DANGER =
  'On a Galera cluster that is not safe: DELETE without a primary key is not supported, and its rows may differ from node to node.'
const noKey = (table: string) => `${table} has no primary key. ${DANGER}`
const madeWithout = (table: string) => `${table} is made without a primary key. ${DANGER}`

const manyRows = (table: string, rows: number) =>
  `About ${rows.toLocaleString('en')} rows of ${table} are changed in one transaction: on a cluster they go to every node as one piece, and all of them wait while it is applied.`

const WITHOUT_KEY = `select t.TABLE_NAME as name from information_schema.TABLES t
  where t.TABLE_SCHEMA = database() and t.TABLE_TYPE = 'BASE TABLE' and not exists (select 1 from information_schema.STATISTICS s
    where s.TABLE_SCHEMA = t.TABLE_SCHEMA and s.TABLE_NAME = t.TABLE_NAME and s.INDEX_NAME = 'PRIMARY')`

/** "about 12,000 rows (3.4 MB) by the server's statistics" */
function sizeWords({ rows, bytes }: Size): string {
  const count = rows === null ? 'a number of rows that is not known' : `about ${rows.toLocaleString('en')} rows`
  const size = bytes === null ? '' : ` (${inUnits(bytes)})`
  return `${count}${size} by the server’s statistics`
}

function inUnits(bytes: number): string {
  for (const [unit, size] of [
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const) {
    if (bytes >= size) return `${(bytes / size).toFixed(bytes >= 10 * size ? 0 : 1)} ${unit}`
  }
  return `${bytes} bytes`
}
