// A server as the ground of a plan: its schema and rows are read in read-only transactions, and nothing else is sent.
import type { Database } from '../../db/database.ts'
import { openSchemaSession, type SchemaSession } from '../run/schema-session.ts'
import type { SinkAnswer, StepStatement } from '../step.ts'
import { catalogAnswer } from './catalog-answer.ts'
import { openClusterGround } from './cluster-ground.ts'
import { asksWhatWasDone, READ_SECONDS, UNKNOWN, type Ground, type GroundAnswer } from './ground.ts'
import { limitedRead, withinLimit } from './limited-read.ts'
import { openOverlay, plainName } from './overlay.ts'
import { readColumns } from './present-columns.ts'
import { readSizes } from './sizes.ts'

const WITHHELD: SinkAnswer = { kind: 'withheld' }

/** Takes the connection for schema work until it is closed. */
export async function openServerGround(database: Database, signal: AbortSignal): Promise<Ground> {
  const dialect = database.dialect
  if (dialect === 'sqlite') throw new Error('SQLite has a ground of its own.')
  const session = await openSchemaSession(database, signal)
  try {
    await setLimits(session)
    return await onSession(session, dialect, signal)
  } catch (error) {
    await session.close()
    throw error
  }
}

async function onSession(session: SchemaSession, dialect: 'postgres' | 'mysql', signal: AbortSignal): Promise<Ground> {
  const overlay = openOverlay(dialect)
  const send = (statement: StepStatement) => readOnly(session, statement)
  const ask = (sql: string, values?: readonly unknown[]) => inReadOnly(session, () => session.ask(sql, values))
  const sizes = await readSizes(ask, dialect)
  const cluster = session.galera && (await openClusterGround(session.galera, ask, signal))
  const reallyThere = (table: string) => sizes.has(plainName(table, dialect))

  async function rows(statement: StepStatement, tables: readonly string[]): Promise<GroundAnswer> {
    const own = asksWhatWasDone(statement.sql)
    const changed = tables.find((table) => overlay.isChanged(table))
    if (own || overlay.isVague || changed !== undefined) {
      const why =
        own || changed === undefined
          ? 'data: what earlier statements will have done'
          : `data: rows of ${changed}, which earlier statements would have changed`
      return { answer: WITHHELD, dependsOn: 'data', why }
    }
    const sql = limitedRead(statement.sql, dialect, statement.bindings)
    const answer = await send({ ...statement, sql: sql ?? statement.sql })
    return { ...withinLimit(answer, tables), dependsOn: 'data' }
  }

  return {
    dialect,
    notes: cluster?.notes ?? [],
    ...(cluster && { cluster }),
    async answer(statement, reading) {
      if (!reading.isRead) {
        overlay.note(reading, reallyThere)
        return { answer: WITHHELD, dependsOn: 'nothing' }
      }
      if (!reading.isCatalogRead) return rows(statement, reading.tables)
      return catalogAnswer(statement, { overlay, dialect, send })
    },
    async columns(table) {
      const planned = overlay.table(table)
      const real = overlay.realName(table)
      if (real === null) return null
      const present = await readColumns(ask, dialect, real)
      if (!planned) return present
      return present?.filter(({ name }) => !planned.dropped.has(name) && !planned.added.has(name)) ?? null
    },
    isThere(table) {
      const planned = overlay.table(table)
      return planned ? !planned.isGone : reallyThere(table)
    },
    realName: (table) => overlay.realName(table),
    size(table) {
      const real = overlay.realName(table)
      return Promise.resolve((real === null ? null : sizes.get(plainName(real, dialect))) ?? UNKNOWN)
    },
    async hasRows(table) {
      const real = overlay.realName(table)
      if (real === null) return false
      const [row] = await ask(`select 1 as one from ${quoted(real, dialect)} limit 1`).catch(() => [null])
      return row === null ? null : row !== undefined
    },
    rebuildOf: () => null,
    beginStep: () => Promise.resolve(),
    endStep: () => Promise.resolve(),
    close: () => session.close(),
  }
}

/** Whatever the statement is: the server refuses what would change something. */
function readOnly(session: SchemaSession, statement: StepStatement): Promise<SinkAnswer> {
  return inReadOnly(session, () => session.send(statement))
}

async function inReadOnly<T>(session: SchemaSession, work: () => Promise<T>): Promise<T> {
  await session.ask(session.dialect === 'postgres' ? 'BEGIN READ ONLY' : 'START TRANSACTION READ ONLY')
  try {
    if (session.dialect === 'postgres') await session.ask(`SET LOCAL statement_timeout = ${READ_SECONDS * 1000}`)
    return await work()
  } finally {
    await session.ask('ROLLBACK').catch(() => undefined)
  }
}

/** MySQL and MariaDB limit a session's reads, each in its own words; a lock on a table is waited for as long. */
async function setLimits(session: SchemaSession): Promise<void> {
  if (session.dialect !== 'mysql') return
  const [row] = await session.ask('select version() as version')
  const isMariadb = /mariadb/i.test(String(row?.version))
  await session.ask(
    isMariadb
      ? `set session max_statement_time = ${READ_SECONDS}`
      : `set session max_execution_time = ${READ_SECONDS * 1000}`,
  )
  await session.ask(`set session lock_wait_timeout = ${READ_SECONDS}`)
}

function quoted(name: string, dialect: 'postgres' | 'mysql'): string {
  const mark = dialect === 'postgres' ? '"' : '`'
  return name
    .split('.')
    .map((part) => mark + part.replaceAll(mark, mark + mark) + mark)
    .join('.')
}
