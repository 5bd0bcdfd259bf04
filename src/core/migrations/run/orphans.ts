// Rows of a SQLite file that point to a parent row which is not there: counted before a step and after it.
import { quote } from '../../db/sqlite/introspect.ts'
import { textIn } from './run-lock.ts'
import type { SchemaSession } from './schema-session.ts'

export type Orphans = Map<string, { table: string; parent: string; count: number }>

export async function countOrphans({ ask }: Pick<SchemaSession, 'ask'>): Promise<Orphans> {
  const found: Orphans = new Map()
  const tables = await ask(
    "select distinct m.name from sqlite_schema m, pragma_foreign_key_list(m.name) where m.type = 'table'",
  )
  for (const { name } of tables) {
    // A foreign key whose parent has no unique key cannot be checked, by SQLite itself neither.
    const rows = await ask(
      `select "table" as tbl, parent, count(*) as count from pragma_foreign_key_check(${literal(textIn(name))}) group by 1, 2`,
    ).catch(() => [])
    for (const row of rows) {
      const [table, parent] = [textIn(row.tbl), textIn(row.parent)]
      found.set(`${quote(table)} ${quote(parent)}`, { table, parent, count: Number(row.count) })
    }
  }
  return found
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

/** Those that came in between; `rows`: "2 rows of "post"". */
export function moreOrphans(before: Orphans, now: Orphans): { rows: string; parent: string }[] {
  return [...now].flatMap(([key, { table, parent, count }]) => {
    const added = count - (before.get(key)?.count ?? 0)
    return added > 0 ? [{ rows: `${added} ${added === 1 ? 'row' : 'rows'} of "${table}"`, parent }] : []
  })
}
