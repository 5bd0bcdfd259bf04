// Text that is not valid in the encoding of its SQLite file: Roster tells it as bytes, and can replace it. It cannot be written
// again as text, so a save that replaced one is not taken back: bytes would stand where text was.
import type { Cell } from '../../shared/cell.ts'
import type { Session, TableShape } from '../db/database.ts'
import { columnOf, toStatement } from '../db/query.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { encodingsWithout } from '../db/sqlite/text-bytes.ts'
import { rowByKey } from './save-sql.ts'
import type { Step } from './save-steps.ts'

/** True for bytes that may stand for a text: in a column of bytes they do not. */
function mayBeText(shape: TableShape, name: string, cell: Cell): boolean {
  if (!(cell instanceof Uint8Array) || columnOf(shape, name).kind === 'binary') return false
  return encodingsWithout(cell).length > 0
}

/** Asked before anything is written; of rows that hold no such bytes nothing is asked. */
export async function replacesBrokenText(
  { dialect, shape }: { dialect: SqlDialect; shape: TableShape },
  session: Session,
  steps: readonly Step[],
): Promise<boolean> {
  for (const { key, guard } of steps) {
    const names = Object.entries(guard).flatMap(([name, cell]) => (mayBeText(shape, name, cell) ? [name] : []))
    if (names.length === 0) continue
    const classes = names.map((name) => dialect.knex.raw('typeof(??)', [columnOf(shape, name).name]))
    const { rows } = await session.query(toStatement(rowByKey(dialect, shape, key).select(classes)))
    if (rows.some((row) => row.includes('text'))) return true
  }
  return false
}

/** Of rows that were deleted: bytes that no guard has compared, because the page had only their beginning. */
export function mayHaveHeldBrokenText(shape: TableShape, step: Step, row: readonly Cell[]): boolean {
  return shape.columns.some(({ name }, index) => !(name in step.guard) && mayBeText(shape, name, row[index] ?? null))
}
