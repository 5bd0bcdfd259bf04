// Which foreign keys point to a table, from PostgreSQL's catalogue.
import type { Referrer } from '../database.ts'
import type { Read } from '../server-dialect.ts'

export function listReferrers(_read: Read, _table: string): Promise<Referrer[]> {
  return Promise.reject(new Error('not there yet'))
}
