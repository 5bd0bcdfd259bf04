// Changes that take a save back, made ready for the table as it is now.
import type { Change } from '../../../shared/tables.ts'
import type { Database, TableShape } from '../../db/database.ts'
import { quoteTable } from '../../db/postgres/names.ts'
import { Refusal } from '../../refusal.ts'

/**
 * What can be written of it: columns that the database computes are left out of rows that come back; `given` are automatic
 * ones that take their old value all the same. Throws READ_ONLY, or VALUE_REFUSED when a column is gone.
 */
export async function readyToRestore(
  database: Database,
  shape: TableShape,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<{ changes: Change[]; given: string[] }> {
  const why = (await database.facts()).readOnly ?? shape.readOnly
  if (why) throw new Refusal('READ_ONLY', why, { why })
  const columns = new Map(shape.columns.map((column) => [column.name, column]))
  const isBack = changes.some(({ kind }) => kind === 'insert')
  const given = isBack && database.dialect === 'postgres' ? await identityColumns(database, shape, signal) : []
  const isWritten = (name: string) => columns.get(name)?.isGenerated !== true || given.includes(name)
  const ready = changes.map((change): Change => {
    const names = [
      ...(change.kind === 'delete' ? [] : Object.keys(change.values)),
      ...(change.kind === 'insert' ? [] : Object.keys(change.original)),
    ]
    const missing = names.find((name) => !columns.has(name))
    if (missing !== undefined) {
      const words = `The save cannot be taken back: ${shape.name} has no column ${missing} any more.`
      throw new Refusal('VALUE_REFUSED', words, { changeId: change.id, column: missing })
    }
    if (change.kind !== 'insert') return change
    return { ...change, values: Object.fromEntries(Object.entries(change.values).filter(([name]) => isWritten(name))) }
  })
  return { changes: ready, given }
}

/** Columns that are GENERATED ALWAYS AS IDENTITY: a statement can insist on a value. */
async function identityColumns(database: Database, shape: TableShape, signal: AbortSignal): Promise<string[]> {
  const { rows } = await database.read(
    {
      sql: `select attname from pg_attribute
            where attrelid = to_regclass($1::text) and attidentity = 'a' and not attisdropped`,
      values: [quoteTable(shape.name)],
    },
    signal,
  )
  return rows.map(([name]) => String(name))
}
