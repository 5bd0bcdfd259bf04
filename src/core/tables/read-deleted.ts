// Whole rows just before they are deleted, password hashes included: they stay in core, for taking the delete back.
import type { Cell } from '../../shared/cell.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { Session, Statement, TableShape } from '../db/database.ts'
import { columnOf, toStatement } from '../db/query.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { readRows, rowsByKeys, type ReadOptions } from './read-rows.ts'
import type { Step } from './save-steps.ts'

/** Bytes of the rows of one save at most. */
export const KEPT_BYTES = 20 * 1024 * 1024
const AT_ONCE = 100

interface Scope {
  name: Dialect
  dialect: SqlDialect
  shape: TableShape
}

/** False when the rows are too large to be kept. */
export async function mayKeep(scope: Scope, session: Session, steps: readonly Step[]): Promise<boolean> {
  if (steps.length === 0 || !mayBeLarge(scope.shape, steps.length)) return true
  const read = (statement: Statement) => session.query(statement)
  const keys = steps.map(({ key }) => key)
  return (await bytesOf(scope, read, keys)) <= KEPT_BYTES
}

/**
 * By change, in the order of the shape's columns. On a server the rows are locked, so that nobody changes them before they are
 * deleted. Not for PostgreSQL, which asks for a right to update before it locks: there the delete itself answers with its row.
 */
export async function readDeleted(
  { name, dialect, shape }: Scope,
  session: Session,
  steps: readonly Step[],
): Promise<Map<string, Cell[]>> {
  const read = (statement: Statement) => session.query(statement)
  const keys = steps.map(({ key }) => key)
  const columns = shape.columns.map((column) => column.name)
  const options: ReadOptions = name === 'mysql' ? { also: (query) => query.forUpdate() } : { ahead: Infinity }
  const rows = await readRows(read, dialect, shape, keys, columns, options)
  return new Map(steps.flatMap(({ change }, index) => (rows[index] ? [[change.id, rows[index]] as const] : [])))
}

/** Numbers and dates are short; a text may be as long as its type allows, of four bytes each. */
function mayBeLarge(shape: TableShape, rows: number): boolean {
  const longest = shape.columns.reduce((sum, { kind, maxLength }) => {
    const isShort = !['text', 'binary', 'other'].includes(kind)
    return sum + (isShort ? 64 : maxLength === null ? Infinity : maxLength * 4)
  }, 0)
  return longest * rows > KEPT_BYTES
}

async function bytesOf(
  { dialect, shape }: Scope,
  read: (statement: Statement) => ReturnType<Session['query']>,
  keys: readonly (readonly Cell[])[],
): Promise<number> {
  const { knex } = dialect
  const long = shape.columns.filter(({ kind }) => ['text', 'binary', 'other'].includes(kind))
  const lengths = long.map(({ name }) => dialect.length(columnOf(shape, name)))
  const sum = knex.raw(`sum(${lengths.map(() => 'coalesce(?, 0)').join(' + ')})`, lengths as never)
  let bytes = 0
  for (let start = 0; start < keys.length && bytes <= KEPT_BYTES; start += AT_ONCE) {
    const query = rowsByKeys(dialect, shape, keys.slice(start, start + AT_ONCE))
    const { rows } = await read(toStatement(query.select(sum)))
    bytes += Number(rows[0]?.[0] ?? 0)
  }
  return bytes
}
