// Many rows through few statements: one INSERT holds many of them, so that the way to the server is gone seldom.
import type { Cell } from '../../../shared/cell.ts'
import type { Statement } from '../database.ts'
import { quote, quoteTable } from './names.ts'

/** Values in one statement, of the 65,535 that the protocol can count: more were no faster. */
const VALUES = 5000

/** Answers with the number of rows changed; triggers and rules may make it another than was sent. */
export async function insertRows(
  send: (statement: Statement) => Promise<{ rowCount: number | null }>,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
): Promise<number> {
  const atOnce = Math.max(1, Math.floor(VALUES / columns.length))
  let changes = 0
  for (let start = 0; start < rows.length; start += atOnce) {
    const part = rows.slice(start, start + atOnce)
    const { rowCount } = await send({ sql: insertSql(table, columns, part.length), values: part.flat() })
    changes += rowCount ?? 0
  }
  return changes
}

function insertSql(table: string, columns: readonly string[], rows: number): string {
  const width = columns.length
  const tuple = (row: number) => `(${columns.map((_, index) => `$${row * width + index + 1}`).join(', ')})`
  const tuples = Array.from({ length: rows }, (_, row) => tuple(row)).join(', ')
  return `insert into ${quoteTable(table)} (${columns.map(quote).join(', ')}) values ${tuples}`
}
