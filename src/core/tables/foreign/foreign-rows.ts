// Rows in a foreign encoding: put into groups, with what repairs them. Nothing is written.
import { isForeign, isNative } from '../../../shared/codecs.ts'
import type { Cell } from '../../../shared/cell.ts'
import type { ForeignGroup, ForeignRows } from '../../../shared/foreign-rows.ts'
import type { Owner } from '../../../shared/owners.ts'
import { MOST_CHANGES } from '../../../shared/tables.ts'
import { coalesce } from '../../coalesce.ts'
import type { Database, Statement, TableShape } from '../../db/database.ts'
import { planners } from '../../db/planners.ts'
import { toStatement } from '../../db/query.ts'
import type { SqlDialect } from '../../db/sql-dialect.ts'
import type { Encodings } from '../../encodings/encodings.ts'
import { Refusal } from '../../refusal.ts'
import { foreignKind, otherKinds, tooLong, type ForeignColumn, type ForeignKind } from './foreign-kind.ts'
import { foreignPages, type ForeignRow } from './foreign-pages.ts'

/** Groups that are told apart. Beyond them all other values of a column are one. */
const MOST_GROUPS = 300

export interface ForeignScope {
  database: Database
  dialect: SqlDialect
  shape: TableShape
  encodings: Encodings
  owner: Owner
}

/** Columns that are looked at: of one encoding, which a server's own type does not hold by itself. */
function columnsOf({ shape, encodings, owner, database }: ForeignScope): ForeignColumn[] {
  return shape.columns.flatMap((column) => {
    const codec = encodings.get(column.name)?.codec ?? null
    return codec === null || isNative(codec) ? [] : [{ column, codec, owner, dialect: database.dialect }]
  })
}

const undecidedOf = ({ shape, encodings }: ForeignScope): string[] =>
  shape.columns.flatMap(({ name }) => {
    const found = encodings.get(name)
    return found?.encoding && !found.codec && found.encoding.basis !== 'chosen' ? [name] : []
  })

const pagesOf = ({ database, dialect, shape }: ForeignScope, columns: readonly ForeignColumn[], signal: AbortSignal) =>
  foreignPages({
    ...{ dialect, shape, columns },
    read: (statement: Statement) => database.read(statement, signal, { isLong: true }),
  })

/** Pushes what is known so far, at most ten times a second, and at the end everything. */
export async function findForeign(
  scope: ForeignScope,
  push: (state: ForeignRows) => void,
  signal: AbortSignal,
): Promise<void> {
  const columns = columnsOf(scope)
  const [asOf, undecided] = [Date.now(), undecidedOf(scope)]
  const groups = new Map<string, ForeignGroup>()
  const state = { read: 0, of: columns.length > 0 ? await estimateOf(scope, signal) : null, rows: 0, isDone: false }
  const tell = () => push({ ...state, asOf, undecided, groups: [...groups.values()].map((group) => ({ ...group })) })
  const telling = coalesce(tell)
  try {
    telling.changed()
    if (columns.length > 0) {
      for await (const { rows, passed } of pagesOf(scope, columns, signal)) {
        state.read += passed
        for (const row of rows) state.rows += addTo(groups, columns, row) ? 1 : 0
        telling.changed()
      }
    }
  } catch (error) {
    // What was found until then is shown beside the reason.
    tell()
    throw error
  } finally {
    telling.end()
  }
  state.isDone = true
  // Not before: groups that change places cannot be chosen from.
  const sorted = [...groups].sort(([, a], [, b]) => b.rows - a.rows)
  groups.clear()
  for (const [address, group] of sorted) groups.set(address, group)
  tell()
}

/** True when something in the row is foreign. */
function addTo(groups: Map<string, ForeignGroup>, columns: readonly ForeignColumn[], row: ForeignRow): boolean {
  let isFound = false
  for (const { name, cell, kind } of foreignCells(columns, row)) {
    isFound = true
    const group = groups.get(addressOf(name, kind))
    if (group) group.rows += 1
    else if (groups.size < MOST_GROUPS) {
      groups.set(addressOf(name, kind), { ...kind, column: name, example: cell, rows: 1 })
    } else {
      const others = groups.get(addressOf(name, otherKinds))
      if (others) others.rows += 1
      else groups.set(addressOf(name, otherKinds), { ...otherKinds, column: name, example: cell, rows: 1 })
    }
  }
  return isFound
}

const addressOf = (column: string, { id }: Pick<ForeignKind, 'id'>) => `${column} ${id}`

function* foreignCells(columns: readonly ForeignColumn[], { cells }: ForeignRow) {
  for (const [index, of] of columns.entries()) {
    const { cell = null, isCut = false } = cells[index] ?? {}
    if (cell === null || !isForeign(cell, of.codec)) continue
    yield { name: of.column.name, cell, kind: isCut ? tooLong : foreignKind(cell, of) }
  }
}

/** Rows by the database's statistics; null when it has none, or the login may not see them. */
async function estimateOf({ database, dialect, shape }: ForeignScope, signal: AbortSignal): Promise<number | null> {
  const select = toStatement(dialect.knex(dialect.table(shape.name)).select(dialect.knex.raw('1')))
  try {
    const ask = (statement: Statement) => database.read(statement, signal)
    return await planners[database.dialect].rows(ask, shape.name, select, false)
  } catch {
    signal.throwIfAborted()
    return null
  }
}

export interface Repairing {
  id: string
  column: string
  to: 'as-read' | 'as-meant' | 'null'
}

export interface RepairedCell {
  key: Cell[]
  column: string
  original: Cell
  value: Cell
}

/**
 * The cells that repair the chosen groups, of at most MOST_CHANGES rows; `left` rows are still to be repaired after them. Throws
 * READ_ONLY where rows cannot be named.
 */
export async function repairsOf(
  scope: ForeignScope,
  repairs: readonly Repairing[],
  signal: AbortSignal,
): Promise<{ cells: RepairedCell[]; left: number }> {
  const { shape } = scope
  if (shape.key.length === 0) {
    const why = `${shape.name} has no key, so that no row of it can be named to be repaired.`
    throw new Refusal('READ_ONLY', why, { why })
  }
  const asked = new Map(repairs.map(({ column, id, to }) => [addressOf(column, { id }), to]))
  const columns = columnsOf(scope).filter(({ column }) => repairs.some((repair) => repair.column === column.name))
  const cells: RepairedCell[] = []
  if (columns.length === 0) return { cells, left: 0 }
  let [rowCount, left] = [0, 0]
  for await (const { rows } of pagesOf(scope, columns, signal)) {
    for (const row of rows) {
      const own: RepairedCell[] = []
      for (const { name, cell, kind } of foreignCells(columns, row)) {
        const to = asked.get(addressOf(name, kind))
        const repair = kind.repairs.find((each) => each.to === to)
        if (repair) own.push({ key: row.key, column: name, original: cell, value: repair.value })
      }
      if (own.length === 0) continue
      // A row with NULL in its key cannot be named.
      if (rowCount < MOST_CHANGES && !row.key.includes(null)) {
        cells.push(...own)
        rowCount += 1
      } else left += 1
    }
  }
  return { cells, left }
}
