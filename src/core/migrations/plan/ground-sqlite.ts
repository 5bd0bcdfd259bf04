// A SQLite file as the ground of a plan: its schema is copied into memory, where the statements really run. The file itself is
// read, and never written.
import type { Cell } from '../../../shared/cell.ts'
import type { Database, Rows } from '../../db/database.ts'
import { failureOf } from '../../db/failure-of.ts'
import { openSchemaSession, type SchemaSession } from '../run/schema-session.ts'
import type { SinkAnswer, StepStatement } from '../step.ts'
import { copySchema } from './copy-schema.ts'
import {
  asksWhatWasDone,
  READ_SECONDS,
  UNKNOWN,
  type Ground,
  type GroundAnswer,
  type Size,
  type PresentColumn,
} from './ground.ts'
import { limitedRead, withinLimit } from './limited-read.ts'
import { openOverlay } from './overlay.ts'
import { watchRebuilds } from './rebuilds.ts'
import { sqliteSize } from './sizes.ts'
import { tokensOf } from './tokens.ts'
import type { StatementReading } from './statement.ts'

/**
 * What may run in memory. All else could reach a file (ATTACH, VACUUM INTO) or means nothing there, and is withheld.
 */
const RUNS =
  /^(?:create|drop|alter|insert|replace|update|delete|with|savepoint|release|rollback|begin|commit|end|reindex|analyze)\b/
const PRAGMAS =
  /^(?:foreign_keys|defer_foreign_keys|user_version|application_id|legacy_alter_table|recursive_triggers|ignore_check_constraints)$/

export async function openSqliteGround(database: Database, signal: AbortSignal): Promise<Ground> {
  if (!database.scratch) throw new Error('This database has nothing to try statements on.')
  const read = (sql: string, values: readonly Cell[] = []) =>
    database.schemaLook(AbortSignal.any([signal, AbortSignal.timeout(READ_SECONDS * 1000)]), (look) =>
      look.read({ sql, values }),
    )
  const ask = async (sql: string, values: readonly unknown[] = []) => objectsOf(await read(sql, values as Cell[]))
  const session = await openSchemaSession({ ...database, schema: database.scratch.bind(database) }, signal)
  try {
    const notes = await copySchema(ask, session)
    return onMemory(session, read, notes, await tableNames(ask))
  } catch (error) {
    await session.close()
    throw error
  }
}

async function tableNames(ask: SchemaSession['ask']): Promise<Set<string>> {
  const rows = await ask(`select lower(name) as name from sqlite_master where type in ('table', 'view')`)
  return new Set(rows.map(({ name }) => String(name)))
}

function onMemory(
  session: SchemaSession,
  read: (sql: string, values?: readonly Cell[]) => Promise<Rows>,
  notes: readonly string[],
  inFile: ReadonlySet<string>,
): Ground {
  const overlay = openOverlay('sqlite')
  const there = new Set(inFile)
  const rebuilds = watchRebuilds()
  const ask = async (sql: string) => objectsOf(await read(sql))
  const sizes = new Map<string, Promise<Size>>()

  async function rows(statement: StepStatement, { tables }: StatementReading): Promise<GroundAnswer> {
    const own = asksWhatWasDone(statement.sql)
    const changed = tables.find((table) => overlay.isChanged(table))
    if (own || changed !== undefined) {
      const why =
        changed === undefined
          ? 'data: what earlier statements will have done'
          : `data: rows of ${changed}, which earlier statements would have changed`
      return { answer: { kind: 'withheld' }, dependsOn: 'data', why }
    }
    const { sql, bindings } = statement
    const found = await read(limitedRead(sql, 'sqlite', bindings) ?? sql, bindings as Cell[])
    return { ...withinLimit({ kind: 'response', response: objectsOf(found) }, tables), dependsOn: 'data' }
  }

  async function change(statement: StepStatement, reading: StatementReading): Promise<SinkAnswer> {
    if (!mayRun(statement.sql, reading)) return { kind: 'withheld' }
    const isOfRows = /^(?:insert|replace|update|delete|with)$/.test(reading.verb)
    try {
      const answer = await session.send(statement)
      return isOfRows ? { kind: 'withheld' } : answer
    } catch (error) {
      // There are no rows here that it could have met or missed.
      if (isOfRows && failureOf(error)?.kind === 'constraint') return { kind: 'withheld' }
      throw error
    }
  }

  return {
    dialect: 'sqlite',
    notes,
    async answer(statement, reading) {
      if (reading.isRead && !reading.isCatalogRead) return rows(statement, reading)
      const answer = reading.isRead ? await session.send(statement) : await change(statement, reading)
      overlay.note(reading, (table) => there.has(table.toLowerCase()))
      const rebuilt = rebuilds.note(reading)
      if (rebuilt !== null) overlay.restore(rebuilt)
      return { answer, dependsOn: 'nothing' }
    },
    async columns(table) {
      const found = await session.ask('select name, type, "notnull", dflt_value from pragma_table_xinfo(?)', [table])
      return found.length === 0 ? null : found.map(columnOf)
    },
    isThere(table) {
      const planned = overlay.table(table)
      return planned ? !planned.isGone : there.has(table.toLowerCase())
    },
    realName: (table) => overlay.realName(table),
    size(table) {
      const real = overlay.realName(table)
      if (real === null || !there.has(real.toLowerCase())) return Promise.resolve(UNKNOWN)
      const known = sizes.get(real) ?? sqliteSize(ask, real)
      sizes.set(real, known)
      return known
    },
    async hasRows(table) {
      const real = overlay.realName(table)
      if (real === null) return false
      const found = await ask(`select 1 as one from "${real.replaceAll('"', '""')}" limit 1`).catch(() => null)
      return found && found.length > 0
    },
    rebuildOf: (table) => rebuilds.copyOf(table),
    async beginStep(isAtomic) {
      if (isAtomic) await session.begin()
    },
    async endStep() {
      if (session.transaction === 'none') return
      // In memory, where nothing is kept.
      await session.ask('COMMIT').catch(() => session.ask('ROLLBACK').catch(() => undefined))
    },
    close: () => session.close(),
  }
}

function mayRun(sql: string, { verb }: StatementReading): boolean {
  if (verb !== 'pragma') return RUNS.test(verb)
  const [, name] = tokensOf(sql, 'sqlite').list
  return PRAGMAS.test(name?.text.toLowerCase() ?? '')
}

function columnOf({ name, type, notnull, dflt_value }: Record<string, unknown>): PresentColumn {
  const value = typeof dflt_value === 'string' ? dflt_value : null
  return { name: String(name), type: String(type), isNotNull: notnull === 1, default: value, extras: [] }
}

/** As better-sqlite3 gives them to knex: plain numbers, Node's bytes, the last of two columns of one name. */
function objectsOf({ columns, rows }: Rows): Record<string, unknown>[] {
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, plain(row[index] ?? null)])))
}

function plain(cell: Cell): unknown {
  if (typeof cell === 'bigint') return Number(cell)
  return cell instanceof Uint8Array ? Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength) : cell
}
