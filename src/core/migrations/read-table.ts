// Reads tables that another program has made, whose shape is only expected: nothing here fails because a table is odd.
import type { Cell } from '../../shared/cell.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { Database, SchemaLook, Statement } from '../db/database.ts'
import { quoteTable } from '../db/postgres/names.ts'
import { Refusal } from '../refusal.ts'

export type Asking = Pick<Database, 'dialect' | 'quote'>

/** A table's name, as `SchemaLook.tables` gives it, for SQL text. */
export function quotedTable({ dialect, quote }: Asking, name: string): string {
  return dialect === 'postgres' ? quoteTable(name) : quote(name)
}

/** The name as it is stored: engines fold letters, and SQLite's quoted names are texts where no column has them. */
export async function columnsOf(asking: Asking, look: SchemaLook, table: string): Promise<string[]> {
  const { columns } = await look.read(plain(`select * from ${quotedTable(asking, table)} where 1 = 0`))
  return columns
}

/** The column that is meant, whatever its case; null when the table has none. */
export function columnNamed(columns: readonly string[], name: string): string | null {
  return columns.find((column) => column === name) ?? columns.find((column) => sameName(column, name)) ?? null
}

export const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

export const plain = (sql: string): Statement => ({ sql, values: [] })

/** As text; null for NULL. */
export function textOf(cell: Cell | undefined): string | null {
  if (cell === null || cell === undefined) return null
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('utf8') : String(cell)
}

/**
 * The database's own words where it refused the question, so that they can stand in a list. Anything else (a lost connection, a
 * cancelled call) is thrown again. Inside of a look servers give their errors as they are.
 */
export function refusalIn(error: unknown): string {
  if (error instanceof Refusal && error.code === 'QUERY_FAILED') return error.message
  if (error instanceof Error && isAboutStatement(error)) return error.message
  throw error
}

/** SQLSTATE of what is wrong with a statement, its values or the rights on what it names; and MySQL's own for a broken view. */
function isAboutStatement(error: Error): boolean {
  const { code, sqlState } = error as { code?: unknown; sqlState?: unknown }
  return (
    [code, sqlState].some((state) => typeof state === 'string' && /^(22|42)[0-9A-Z]{3}$/.test(state)) ||
    code === 'ER_VIEW_INVALID'
  )
}

/** As a statement that names the table would find it; views count. PostgreSQL alone tells upper from lower case. */
export function hasTable(dialect: Dialect, tables: readonly { name: string }[], name: string): boolean {
  return tables.some((table) => (dialect === 'postgres' ? table.name === name : sameName(table.name, name)))
}
