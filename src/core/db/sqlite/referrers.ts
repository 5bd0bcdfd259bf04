// Which foreign keys point to a table, from SQLite's catalogue.
import type { Referrer, Rows, Statement } from '../database.ts'

const ACTIONS: Record<string, Referrer['onDelete']> = {
  CASCADE: 'delete',
  'SET NULL': 'set-null',
  'SET DEFAULT': 'set-default',
}

export async function listReferrers(read: (statement: Statement) => Promise<Rows>, table: string): Promise<Referrer[]> {
  const { rows } = await read({
    // A foreign key without columns of its own points to the primary key ("REFERENCES auth_user"): "to" is NULL then.
    sql: `SELECT t.name, f.id, f."from",
                 coalesce(f."to", (SELECT name FROM pragma_table_xinfo(f."table") WHERE pk = f.seq + 1)), f.on_delete
          FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f
          WHERE t.schema = 'main' AND t.type = 'table' AND f."table" = ? COLLATE NOCASE
          ORDER BY t.name, f.id, f.seq`,
    values: [table],
  })
  const found = new Map<string, Referrer>()
  for (const [from, id, column, pointsTo, onDelete] of rows) {
    const address = `${String(id)} ${String(from)}`
    const referrer = found.get(address) ?? {
      table: String(from),
      columns: [],
      pointsTo: [],
      onDelete: ACTIONS[String(onDelete)] ?? 'refuse',
      rule: String(onDelete),
    }
    referrer.columns.push(String(column))
    referrer.pointsTo.push(String(pointsTo))
    found.set(address, referrer)
  }
  return [...found.values()]
}
