// Rows in a foreign encoding: found by the database along the key, put into groups, and what repairs them. Nothing is written.
import type { Cell } from '../../../shared/cell.ts'
import { isForeign, isNative } from '../../../shared/codecs.ts'
import { where } from '../../../shared/filters.ts'
import type { ForeignGroup, ForeignRows } from '../../../shared/foreign-rows.ts'
import { MOST_CHANGES } from '../../../shared/tables.ts'
import type { Database, TableShape } from '../../db/database.ts'
import { columnOf, toStatement } from '../../db/query.ts'
import type { SqlDialect } from '../../db/sql-dialect.ts'
import type { Encodings } from '../../encodings/encodings.ts'
import { filterOf, joined } from '../../filters/filter-sql.ts'
import type { Owner } from '../../../shared/owners.ts'
import { foreignKind, type ForeignColumn } from './foreign-kind.ts'

/** Foreign rows that one statement brings. */
const PAGE = 500
/** Milliseconds between two states. */
const EVERY = 150

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

const undecided = ({ shape, encodings }: ForeignScope): string[] =>
  shape.columns.flatMap(({ name }) => {
    const found = encodings.get(name)
    return found?.encoding && !found.codec && found.encoding.basis !== 'chosen' ? [name] : []
  })

interface ForeignRow {
  key: Cell[]
  /** In the order of the columns that are looked at. */
  cells: Cell[]
}

/** Only rows in which at least one cell is foreign; the database finds them along the key. */
async function* foreignPages(
  { database, dialect, shape }: ForeignScope,
  columns: readonly ForeignColumn[],
  signal: AbortSignal,
): AsyncGenerator<ForeignRow[], void> {
  const key = shape.key.map((name) => columnOf(shape, name))
  const asking = { dialect, shape, isAlongOrder: true }
  const conditions = columns.map(({ column, codec }) =>
    filterOf(asking, where(column.name, { test: 'foreign', to: codec })),
  )
  const wanted = [...shape.key, ...columns.map(({ column }) => column.name)]
  let after: readonly Cell[] | null = null
  for (;;) {
    const query = dialect
      .knex(dialect.table(shape.name))
      .select(wanted.map((name) => dialect.stored(columnOf(shape, name))))
      .where(joined(dialect, 'or', conditions))
    for (const { name } of key) void query.orderBy(name)
    const place: readonly Cell[] | null = after
    // Row comparisons are written out: (a, b) > (1, 2) is a > 1 or a = 1 and b > 2.
    if (place)
      void query.where((either) => {
        key.forEach((column, index) => {
          void either.orWhere((all) => {
            key.slice(0, index).forEach((before, at) => {
              void all.where(dialect.knex.raw('?? = ?', [before.name, dialect.value(before, place[at] ?? null)]))
            })
            void all.where(dialect.knex.raw('?? > ?', [column.name, dialect.value(column, place[index] ?? null)]))
          })
        })
      })
    // Without a key there is no going on behind a row: what one statement brings is all that is told.
    const limit = key.length === 0 ? MOST_CHANGES : PAGE
    const { rows } = await database.read(toStatement(query.limit(limit)), signal, { isLong: true })
    if (rows.length > 0) yield rows.map((row) => ({ key: row.slice(0, key.length), cells: row.slice(key.length) }))
    const last = rows.at(-1)
    if (!last || rows.length < limit || key.length === 0 || last.slice(0, key.length).includes(null)) return
    after = last.slice(0, key.length)
  }
}

/** Pushes what is known so far, a few times a second, and at the end everything. */
export async function findForeign(
  scope: ForeignScope,
  push: (state: ForeignRows) => void,
  signal: AbortSignal,
): Promise<void> {
  const columns = columnsOf(scope)
  const asOf = Date.now()
  const groups = new Map<string, ForeignGroup>()
  let [read, told] = [0, 0]
  const tell = (isDone: boolean) => {
    told = Date.now()
    const found = [...groups.values()].sort((a, b) => b.rows - a.rows)
    push({ read, of: null, isDone, asOf, groups: found, undecided: undecided(scope) })
  }
  tell(columns.length === 0)
  if (columns.length === 0) return
  for await (const rows of foreignPages(scope, columns, signal)) {
    read += rows.length
    for (const { column, kind, cell } of foreignCells(columns, rows)) {
      const address = `${column.column.name} ${kind.id}`
      const group = groups.get(address)
      if (group) group.rows += 1
      else groups.set(address, { ...kind, column: column.column.name, example: cell, rows: 1 })
    }
    if (Date.now() - told > EVERY) tell(false)
  }
  tell(true)
}

function* foreignCells(columns: readonly ForeignColumn[], rows: readonly ForeignRow[]) {
  for (const { key, cells } of rows) {
    for (const [index, column] of columns.entries()) {
      const cell = cells[index] ?? null
      if (cell === null || !isForeign(cell, column.codec)) continue
      yield { key, column, cell, kind: foreignKind(cell, column) }
    }
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

/** The cells that repair the chosen groups, of at most MOST_CHANGES rows; `left` rows are still to be repaired after them. */
export async function repairsOf(
  scope: ForeignScope,
  repairs: readonly Repairing[],
  signal: AbortSignal,
): Promise<{ cells: RepairedCell[]; left: number }> {
  const asked = new Map(repairs.map(({ column, id, to }) => [`${column} ${id}`, to]))
  const columns = columnsOf(scope).filter(({ column }) => repairs.some((repair) => repair.column === column.name))
  const cells: RepairedCell[] = []
  // A row that has no key, or NULL in it, cannot be named.
  if (columns.length === 0 || scope.shape.key.length === 0) return { cells, left: 0 }
  let [rowCount, left] = [0, 0]
  for await (const rows of foreignPages(scope, columns, signal)) {
    for (const row of rows) {
      if (row.key.includes(null)) continue
      const own: RepairedCell[] = []
      for (const { key, column, cell, kind } of foreignCells(columns, [row])) {
        const to = asked.get(`${column.column.name} ${kind.id}`)
        const repair = kind.repairs.find((each) => each.to === to)
        if (repair) own.push({ key, column: column.column.name, original: cell, value: repair.value })
      }
      if (own.length === 0) continue
      if (rowCount < MOST_CHANGES) {
        cells.push(...own)
        rowCount += 1
      } else left += 1
    }
  }
  return { cells, left }
}
