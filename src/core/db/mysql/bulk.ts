// Many rows in few statements, each well below what the server takes at once.
import type { Cell } from '../../../shared/cell.ts'
import { literal, quote } from './literal.ts'

/** Characters of one statement: more saves no time. */
const AT_ONCE = 500_000

/** Answers with the number of rows that the server counted. `maxPacket` is the server's limit, in bytes. */
export async function bulk(
  run: (sql: string) => Promise<number>,
  maxPacket: number,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
): Promise<number> {
  const start = `INSERT INTO ${quote(table)} (${columns.map(quote).join()}) VALUES `
  // A character is at most four bytes, of which a character of a JavaScript string is never more than three.
  const limit = Math.min(AT_ONCE, Math.floor(maxPacket / 4))
  let changed = 0
  let batch: string[] = []
  let length = 0
  for (const row of rows) {
    const values = `(${row.map(literal).join()})`
    if (batch.length > 0 && length + values.length > limit) {
      changed += await run(start + batch.join())
      batch = []
      length = 0
    }
    batch.push(values)
    length += values.length + 1
  }
  if (batch.length > 0) changed += await run(start + batch.join())
  return changed
}
