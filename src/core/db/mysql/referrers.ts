// Which foreign keys point to a table, from information_schema.
import type { Referrer } from '../database.ts'
import type { Read } from '../server/server-dialect.ts'
import { quote } from './literal.ts'

/** InnoDB has no SET DEFAULT; it refuses. */
const ACTIONS: Record<string, Referrer['onDelete']> = { CASCADE: 'delete', 'SET NULL': 'set-null' }

/** A table of another database is named with it, in quotes: `` `other`.`orders` `` (see `table` in `sql.ts`). */
export async function listReferrers(read: Read, table: string): Promise<Referrer[]> {
  const { rows } = await read({
    sql: `SELECT IF(k.TABLE_SCHEMA = DATABASE(), '', k.TABLE_SCHEMA), k.TABLE_NAME,
                 k.CONSTRAINT_NAME, k.COLUMN_NAME, k.REFERENCED_COLUMN_NAME, r.DELETE_RULE, k.REFERENCED_TABLE_NAME
          FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r
            ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
               AND r.TABLE_NAME = k.TABLE_NAME
          WHERE k.REFERENCED_TABLE_SCHEMA = DATABASE() AND k.REFERENCED_TABLE_NAME = ?
          ORDER BY 1, 2, 3, k.ORDINAL_POSITION`,
    values: [table],
  })
  const found = new Map<string, Referrer>()
  for (const [schema, own, name, column, pointsTo, rule] of rows) {
    const from = schema === '' ? String(own) : `${quote(String(schema))}.${quote(String(own))}`
    const address = JSON.stringify([from, name])
    const referrer = found.get(address) ?? {
      table: from,
      columns: [],
      pointsTo: [],
      onDelete: ACTIONS[String(rule)] ?? 'refuse',
      rule: String(rule),
    }
    referrer.columns.push(String(column))
    referrer.pointsTo.push(String(pointsTo))
    found.set(address, referrer)
  }
  return [...found.values()]
}
