// The foreign keys of a table, from information_schema.
import type { Reference } from '../../../shared/table-structure.ts'
import type { Read } from '../server/server-dialect.ts'
import { quote } from './literal.ts'

export interface MysqlReference extends Reference {
  name: string
  onUpdate: string
}

/** A table of another database is named with it, in quotes: `` `other`.`orders` ``. */
export async function readReferences(read: Read, table: string): Promise<MysqlReference[]> {
  const { rows } = await read({
    sql: `SELECT k.CONSTRAINT_NAME, k.COLUMN_NAME, IF(k.REFERENCED_TABLE_SCHEMA = DATABASE(), '', k.REFERENCED_TABLE_SCHEMA),
                 k.REFERENCED_TABLE_NAME, k.REFERENCED_COLUMN_NAME, r.DELETE_RULE, r.UPDATE_RULE
          FROM information_schema.KEY_COLUMN_USAGE k JOIN information_schema.REFERENTIAL_CONSTRAINTS r
            ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME
               AND r.TABLE_NAME = k.TABLE_NAME
          WHERE k.TABLE_SCHEMA = DATABASE() AND k.TABLE_NAME = ? AND r.CONSTRAINT_SCHEMA = DATABASE() AND r.TABLE_NAME = ?
            AND k.REFERENCED_TABLE_NAME IS NOT NULL
          ORDER BY k.CONSTRAINT_NAME, k.ORDINAL_POSITION`,
    values: [table, table],
  })
  const found = new Map<unknown, MysqlReference>()
  for (const [name, column, schema, target, pointsTo, onDelete, onUpdate] of rows) {
    const reference = found.get(name) ?? {
      name: String(name),
      columns: [],
      table: schema === '' ? String(target) : `${quote(String(schema))}.${quote(String(target))}`,
      pointsTo: [],
      onDelete: String(onDelete),
      onUpdate: String(onUpdate),
    }
    reference.columns.push(String(column))
    reference.pointsTo.push(String(pointsTo))
    found.set(name, reference)
  }
  return [...found.values()]
}
