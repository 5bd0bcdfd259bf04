// Inside the child: text that is not valid in the file's encoding is delivered as its bytes, never with U+FFFD in it.
import type Sqlite from 'better-sqlite3'
import type { Cell } from '../../../shared/cell.ts'
import { PLACE } from '../place-column.ts'
import { ChildFailure } from './protocol.ts'
import { placeOf } from './text-bytes.ts'

/** `columns`: of the answer. */
export const placesAmong = (columns: readonly string[]): Set<number> =>
  new Set(columns.flatMap((name, index) => (name.startsWith(PLACE) ? [index] : [])))

/**
 * Reads the rows again beside the bytes of the suspicious columns, and puts the bytes in place of every text that does
 * not have exactly these bytes. Text that really holds U+FFFD stays text. In `places`, columns that tell where a row stands in an
 * order, what was text stays told apart from bytes (`placeOf`). Throws when the query cannot be read twice.
 */
export function exactRows(
  database: Sqlite.Database,
  { sql, values }: { sql: string; values: readonly unknown[] },
  suspicious: ReadonlySet<number>,
  encoding: string,
  places: ReadonlySet<number>,
): Cell[][] {
  const asked = [...suspicious]
  // One snapshot for both readings, unless a transaction is open already.
  const isOurs = !database.inTransaction
  if (isOurs) database.exec('BEGIN')
  try {
    const plain = database.prepare(sql).raw().all(values) as Cell[][]
    const width = plain[0]?.length ?? 0
    const beside = database
      .prepare(withBytes(sql, width, asked))
      .raw()
      .all(values) as Cell[][]
    if (plain.length !== beside.length) throw new Error('another number of rows')
    return plain.map((row, index) => {
      const second = beside[index] ?? []
      if (!row.every((cell, column) => isSame(cell, second[column]))) throw new Error('another order of rows')
      asked.forEach((column, place) => {
        const text = row[column]
        const bytes = second[width + place]
        if (typeof text === 'string' && bytes instanceof Uint8Array && !encode(text, encoding).equals(bytes)) {
          row[column] = places.has(column) ? placeOf(bytes) : bytes
        }
      })
      return row
    })
  } catch (error) {
    throw new ChildFailure({
      code: 'ROSTER_TEXT',
      message: `The answer holds text that may not be valid ${encoding}, and its bytes could not be read: ${String(error)}`,
    })
  } finally {
    if (isOurs) database.exec('ROLLBACK')
  }
}

function withBytes(sql: string, width: number, asked: readonly number[]): string {
  const names = Array.from({ length: width }, (_, index) => `c${index}`)
  const bytes = asked.map((column) => `CASE typeof(c${column}) WHEN 'text' THEN CAST(c${column} AS BLOB) END`)
  // The line ends keep a comment at the end of the query from swallowing the rest.
  return `WITH exact(${names.join()}) AS (\n${sql.replace(/[;\s]+$/, '')}\n) SELECT ${[...names, ...bytes].join()} FROM exact`
}

function isSame(a: unknown, b: unknown): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0
  return Object.is(a, b)
}

function encode(text: string, encoding: string): Buffer {
  if (encoding === 'UTF-8') return Buffer.from(text, 'utf8')
  const bytes = Buffer.from(text, 'utf16le')
  return encoding === 'UTF-16be' ? bytes.swap16() : bytes
}
