// Alembic's own table: the revisions that its next run starts from. Nobody else writes there.
import type { ShapeColumn } from '../db/database.ts'

export const VERSION_TABLE_READ_ONLY =
  'Alembic keeps here which revisions the schema is at, and trusts it: after another value its next run would leave steps out or repeat them. Use alembic stamp.'

/** It may have any name, and several rows. Its one column has the same name everywhere. */
export function isVersionTable({
  kind,
  columns,
}: {
  kind: 'table' | 'view'
  columns: readonly Pick<ShapeColumn, 'name' | 'kind'>[]
}): boolean {
  const [column, ...more] = columns
  return kind === 'table' && more.length === 0 && column?.name === 'version_num' && column.kind === 'text'
}

/** The shape as it may be written: not at all where it is Alembic's. */
export function heldByOwner<T extends Parameters<typeof isVersionTable>[0] & { readOnly: string | null }>(shape: T): T {
  return isVersionTable(shape) ? { ...shape, readOnly: shape.readOnly ?? VERSION_TABLE_READ_ONLY } : shape
}
