// The foreign keys of a table, from SQLite's catalogue.
import type { Reference } from '../../../shared/table-structure.ts'
import type { Rows, Statement } from '../database.ts'

export interface SqliteReference extends Reference {
  onUpdate: string
}

/** In the order in which they were declared. */
export async function readReferences(
  read: (statement: Statement) => Promise<Rows>,
  table: string,
): Promise<SqliteReference[]> {
  const { rows } = await read({
    // SQLite keeps the name as it was typed and finds the table whatever its case; "REFERENCES auth_user" alone points to the
    // primary key. Of a table that is not there neither is known.
    sql: `SELECT f.id, f."from", coalesce(t.name, f."table"),
                 coalesce((SELECT name FROM pragma_table_xinfo(t.name) WHERE name = f."to" COLLATE NOCASE), f."to",
                          (SELECT name FROM pragma_table_xinfo(t.name) WHERE pk = f.seq + 1)), f.on_delete, f.on_update,
                 (SELECT name FROM pragma_table_xinfo(?) WHERE name = f."from" COLLATE NOCASE)
          FROM pragma_foreign_key_list(?) AS f
          LEFT JOIN pragma_table_list AS t ON t.schema = 'main' AND t.name = f."table" COLLATE NOCASE
          ORDER BY f.id DESC, f.seq`,
    values: [table, table],
  })
  const found = new Map<unknown, SqliteReference>()
  for (const [id, typed, target, pointsTo, onDelete, onUpdate, column] of rows) {
    const reference = found.get(id) ?? {
      columns: [],
      table: String(target),
      pointsTo: [],
      onDelete: String(onDelete),
      onUpdate: String(onUpdate),
    }
    reference.columns.push(String(column ?? typed))
    if (pointsTo !== null) reference.pointsTo.push(String(pointsTo))
    found.set(id, reference)
  }
  return [...found.values()]
}
