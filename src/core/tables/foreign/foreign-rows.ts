// Rows in a foreign encoding: put into groups, with what repairs them. Nothing is written.
import { isNative } from '../../../shared/codecs.ts'
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
import { foreignKinds } from './foreign-kinds.ts'
import { foreignPages, type ForeignRow } from './foreign-pages.ts'

/** Groups that are told apart. Beyond them all other values of a column are one. */
const MOST_GROUPS = 300
/** Kinds whose group is remembered: several may be of one group. */
const MOST_KINDS = 10_000

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
  const [groups, looks] = [new Groups(), looksAt(columns)]
  const state = { read: 0, of: columns.length > 0 ? await estimateOf(scope, signal) : null, rows: 0, isDone: false }
  const tell = () => push({ ...state, asOf, undecided, groups: groups.told() })
  const telling = coalesce(tell)
  try {
    telling.changed()
    if (columns.length > 0) {
      for await (const { rows, passed } of pagesOf(scope, columns, signal)) {
        state.read += passed
        for (const row of rows) state.rows += groups.take(foreignCells(looks, row)) ? 1 : 0
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
  groups.sort()
  tell()
}

class Groups {
  private readonly byAddress = new Map<string, ForeignGroup>()
  /** Nearly all values of a table are of kinds that were met before. */
  private readonly byKind = new Map<ForeignKind, ForeignGroup>()

  told = (): ForeignGroup[] => [...this.byAddress.values()].map((group) => ({ ...group }))

  /** True when something in the row is foreign. */
  take(cells: Iterable<ForeignCell>): boolean {
    let isFound = false
    for (const cell of cells) {
      isFound = true
      this.groupOf(cell).rows += 1
    }
    return isFound
  }

  /** The largest first. */
  sort(): void {
    const sorted = [...this.byAddress].sort(([, a], [, b]) => b.rows - a.rows)
    this.byAddress.clear()
    for (const [address, group] of sorted) this.byAddress.set(address, group)
  }

  private groupOf({ name, cell, kind }: ForeignCell): ForeignGroup {
    const before = this.byKind.get(kind)
    if (before?.column === name) return before
    const isFull = this.byAddress.size >= MOST_GROUPS && !this.byAddress.has(addressOf(name, kind))
    const of = isFull ? otherKinds : kind
    const address = addressOf(name, of)
    const group = this.byAddress.get(address) ?? { ...of, column: name, example: cell, rows: 0 }
    this.byAddress.set(address, group)
    if (this.byKind.size < MOST_KINDS) this.byKind.set(kind, group)
    return group
  }
}

const addressOf = (column: string, { id }: Pick<ForeignKind, 'id'>) => `${column} ${id}`

interface Look {
  of: ForeignColumn
  kindOf: ReturnType<typeof foreignKinds>
}

const looksAt = (columns: readonly ForeignColumn[]): Look[] => columns.map((of) => ({ of, kindOf: foreignKinds(of) }))

interface ForeignCell {
  name: string
  cell: Exclude<Cell, null>
  /** Of the first value that was like it: its repairs are of the same sort, their values are not. */
  kind: ForeignKind
  of: ForeignColumn
}

function* foreignCells(looks: readonly Look[], { cells }: ForeignRow): Generator<ForeignCell> {
  for (const [index, { of, kindOf }] of looks.entries()) {
    const { cell = null, isCut = false } = cells[index] ?? {}
    if (cell === null) continue
    const kind = kindOf(cell)
    if (kind) yield { name: of.column.name, cell, kind: isCut ? tooLong : kind, of }
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
  const looks = looksAt(columns)
  let [rowCount, left] = [0, 0]
  for await (const { rows } of pagesOf(scope, columns, signal)) {
    for (const row of rows) {
      const own: RepairedCell[] = []
      // A row with NULL in its key cannot be named.
      const isTaken = rowCount < MOST_CHANGES && !row.key.includes(null)
      let isRepaired = false
      for (const { name, cell, kind, of } of foreignCells(looks, row)) {
        const to = asked.get(addressOf(name, kind))
        if (!kind.repairs.some((each) => each.to === to)) continue
        isRepaired = true
        const repair = isTaken ? foreignKind(cell, of).repairs.find((each) => each.to === to) : undefined
        if (repair) own.push({ key: row.key, column: name, original: cell, value: repair.value })
      }
      if (!isRepaired) continue
      if (isTaken) {
        cells.push(...own)
        rowCount += 1
      } else left += 1
    }
  }
  return { cells, left }
}
