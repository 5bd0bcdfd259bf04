// Rows of a table by their keys or by their emails, a few hundred in a statement.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import { columnOf, toStatement } from '../db/query.ts'
import { storedText } from './sense.ts'
import type { Side } from './side.ts'

/** Values in one statement: engines limit them. */
const AT_ONCE = 400

/** The same stored values have the same text, and no others have it. */
const keyText = (key: readonly Cell[]) => JSON.stringify(key.map((cell) => [typeof cell, storedText(cell)]))

function query({ dialect, shape }: Side, columns: readonly string[]): Knex.QueryBuilder {
  const wanted = [...shape.key, ...columns].map((name) => dialect.stored(columnOf(shape, name)))
  return dialect.knex(dialect.table(shape.name)).select(wanted)
}

/** `columns` of each row, in the order of `keys`; null where there is no such row (any more). */
export async function rowsByKey(
  side: Side,
  keys: readonly (readonly Cell[])[],
  columns: readonly string[],
  signal: AbortSignal,
): Promise<(Cell[] | null)[]> {
  const { dialect, shape, database } = side
  const width = shape.key.length
  const found = new Map<string, Cell[]>()
  for (const part of parts(keys, Math.max(1, Math.floor(AT_ONCE / width)))) {
    const asked = query(side, columns).where((where) => {
      for (const key of part) {
        void where.orWhere((one) => {
          shape.key.forEach((name, index) => {
            const column = columnOf(shape, name)
            void one.where(dialect.knex.raw('?? = ?', [column.name, dialect.value(column, key[index] ?? null)]))
          })
        })
      }
    })
    const { rows } = await database.read(toStatement(asked), signal)
    for (const row of rows) found.set(keyText(row.slice(0, width)), row.slice(width))
  }
  return keys.map((key) => found.get(keyText(key)) ?? null)
}

export interface FoundUser {
  key: Cell[]
  email: string
  cells: Cell[]
}

/** Rows whose email is equal to one of these as the column compares: of other letters too, where its collation says so. */
export async function rowsByEmail(
  side: Side,
  emails: readonly string[],
  columns: readonly string[],
  signal: AbortSignal,
): Promise<FoundUser[]> {
  const { dialect, shape, database, user } = side
  const email = columnOf(shape, user.email)
  const width = shape.key.length
  const found: FoundUser[] = []
  // What the column cannot hold is not there, and asking for it may be an error.
  const asked = emails.filter((each) => dialect.whyNotAsked(email, each) === null)
  for (const part of parts(asked, AT_ONCE)) {
    const marks = part.map(() => '?').join(', ')
    const values = part.map((each) => dialect.asked(email, each))
    const condition = dialect.knex.raw(`?? in (${marks})`, [email.name, ...values] as Knex.RawBinding[])
    const { rows } = await database.read(toStatement(query(side, [user.email, ...columns]).where(condition)), signal)
    for (const row of rows) {
      found.push({ key: row.slice(0, width), email: storedText(row[width] ?? ''), cells: row.slice(width + 1) })
    }
  }
  return found
}

/** Stored hashes of the rows with the highest keys; NULLs left out. */
export async function newestHashes(side: Side, column: string, signal: AbortSignal): Promise<string[]> {
  const { shape, database } = side
  const asked = query(side, [column]).whereNotNull(columnOf(shape, column).name).limit(AT_ONCE)
  for (const name of shape.key) void asked.orderBy(columnOf(shape, name).name, 'desc')
  const { rows } = await database.read(toStatement(asked), signal)
  return rows.map((row) => row.at(-1)).filter((cell) => typeof cell === 'string' && cell !== '') as string[]
}

function parts<T>(all: readonly T[], size: number): T[][] {
  const found: T[][] = []
  for (let from = 0; from < all.length; from += size) found.push(all.slice(from, from + size))
  return found
}
