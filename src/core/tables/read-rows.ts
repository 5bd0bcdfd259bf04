// Reads many rows by their keys with few statements.
import type { Cell } from '../../shared/cell.ts'
import type { Rows, Statement, TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { rowByKey } from './save-sql.ts'
import { columnOf, toStatement } from '../db/query.ts'

/** Keys in one statement: engines limit the number of values and of parts. */
const KEYS_AT_ONCE = 100

/** The stored values of `columns` of each row, in the order of `keys`; null where there is no such row, or no key. */
export async function readRows(
  read: (statement: Statement) => Promise<Rows>,
  dialect: SqlDialect,
  shape: TableShape,
  keys: readonly (readonly Cell[] | null)[],
  columns: readonly string[],
): Promise<(Cell[] | null)[]> {
  const found: (Cell[] | null)[] = keys.map(() => null)
  const asked = keys.flatMap((key, index) => (key === null ? [] : [{ key, index }]))
  for (let start = 0; start < asked.length; start += KEYS_AT_ONCE) {
    const parts = asked.slice(start, start + KEYS_AT_ONCE).map(({ key, index }) =>
      // The number is no binding: a row tells by it which key it answers.
      rowByKey(dialect, shape, key).select([
        dialect.knex.raw(String(index)),
        ...columns.map((name) => dialect.stored(columnOf(shape, name))),
      ]),
    )
    const [first, ...rest] = parts
    if (!first) continue
    const { rows } = await read(toStatement(rest.length === 0 ? first : first.unionAll(rest)))
    for (const [index, ...cells] of rows) found[Number(index)] = cells
  }
  return found
}
