// A text that is the same for the same view of the same table, to keep things by.
import type { Filter } from '../../shared/filters.ts'
import type { Database } from '../db/database.ts'
import { schemaWork } from '../db/schema-work.ts'
import type { ViewSql } from './view-ranges.ts'

/** Values of a filter that JSON does not tell apart or does not know. */
function spelled(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { bigint: String(value) }
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') }
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { number: Object.is(value, -0) ? '-0' : String(value) }
  }
  return value
}

/** Another one as soon as the table's columns, its key or its indexes are others, or migrations have run. */
export function nameOf(database: Database, { shape, order, filter }: ViewSql): string {
  const columns = shape.columns.map(({ name, type, isIndexed }) => [name, type, isIndexed])
  return JSON.stringify([shape.name, order, filter, columns, shape.key, schemaWork(database)], spelled)
}

export const sameFilter = (a: Filter | null, b: Filter | null): boolean =>
  JSON.stringify(a, spelled) === JSON.stringify(b, spelled)
