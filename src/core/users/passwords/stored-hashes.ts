// The hashes that a table holds, for the host alone: which column they are in, the newest of them, and one of a row.
import type { Cell } from '../../../shared/cell.ts'
import type { Owner } from '../../../shared/owners.ts'
import type { Database, ShapeColumn, TableShape } from '../../db/database.ts'
import { columnOf, toStatement } from '../../db/query.ts'
import { sqlDialects } from '../../db/sql-dialects.ts'
import { isSecretColumn } from '../../password-schemes.ts'
import { Refusal } from '../../refusal.ts'
import { notHashed } from './hashing.ts'

/** Rows that are looked at for what a table uses. */
const NEWEST = 200

/** The column that the owner reads, or the one of such a name. Throws NOT_HASHED where there is none. */
export function passwordColumn(shape: TableShape, owner: Owner): ShapeColumn {
  const named = owner.user?.password ?? null
  const column =
    shape.columns.find(({ name }) => name === named && isSecretColumn(name)) ??
    shape.columns.find(({ name }) => isSecretColumn(name))
  if (!column) throw notHashed(`${shape.name} has no column that is known to hold password hashes.`)
  return column
}

/** The newest first; null where a row has none. */
export async function newestHashes(
  database: Database,
  shape: TableShape,
  name: string,
  signal: AbortSignal,
): Promise<(string | null)[]> {
  const dialect = sqlDialects[database.dialect]
  const query = dialect.knex(dialect.table(shape.name)).select(dialect.stored(columnOf(shape, name)))
  for (const key of shape.key) void query.orderBy(columnOf(shape, key).name, 'desc')
  const { rows } = await database.read(toStatement(query.limit(NEWEST)), signal)
  return rows.map(([cell]) => textOf(cell ?? null))
}

/** Null where the row has none. Throws ROW_GONE. */
export async function hashOf(
  database: Database,
  shape: TableShape,
  name: string,
  key: readonly Cell[],
  signal: AbortSignal,
): Promise<string | null> {
  const dialect = sqlDialects[database.dialect]
  const query = dialect.knex(dialect.table(shape.name)).select(dialect.stored(columnOf(shape, name)))
  shape.key.forEach((part, index) => {
    const [column, value] = [columnOf(shape, part), key[index] ?? null]
    // The plain comparison finds the row over the index.
    if (value !== null) void query.where(dialect.knex.raw('?? = ?', [column.name, dialect.asked(column, value)]))
    void query.where(dialect.same(column, value))
  })
  const { rows } = await database.read(toStatement(query.limit(2)), signal)
  const [row] = rows
  if (!row || rows.length > 1 || key.length !== shape.key.length || key.length === 0)
    throw new Refusal(
      'ROW_GONE',
      `The row is no longer in ${shape.name}, or its key names no single row. Reload the table.`,
    )
  return textOf(row[0] ?? null)
}

/** Bytes are UTF-8 where they are text at all: a BLOB column may hold hashes too. */
function textOf(cell: Cell): string | null {
  if (cell === null) return null
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('utf8') : String(cell)
}
