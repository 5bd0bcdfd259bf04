// Copies the schema of a SQLite file, without a row, into a database in memory.
import type { SchemaSession } from '../run/schema-session.ts'

type Ask = SchemaSession['ask']

/** Tables before what stands on them; virtual ones after those whose rows they may show. */
const ORDER = `case when type = 'table' then (sql like 'create virtual %') when type = 'index' then 2 when type = 'view' then 3 else 4 end`

/** Answers with what could not be copied, in words. */
export async function copySchema(file: Ask, memory: Pick<SchemaSession, 'send'>): Promise<string[]> {
  const shadows = await file("select name from pragma_table_list where schema = 'main' and type = 'shadow'")
  const made = new Set(shadows.map(({ name }) => String(name)))
  const parts = await file(
    `select type, name, tbl_name, sql from sqlite_master where sql is not null and name not like 'sqlite\\_%' escape '\\' order by ${ORDER}, rowid`,
  )
  const failed: string[] = []
  for (const { name, tbl_name: table, sql } of parts) {
    // A virtual table makes its own tables beside it.
    if (made.has(String(table))) continue
    await memory.send({ sql: String(sql), bindings: [] }).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error)
      failed.push(`${String(name)} is left out of the plan, as it could not be copied: ${why}`)
    })
  }
  for (const pragma of ['user_version', 'application_id']) {
    const [row] = await file(`pragma ${pragma}`)
    await memory.send({ sql: `pragma ${pragma} = ${Number(row?.[pragma] ?? 0)}`, bindings: [] })
  }
  return failed
}
