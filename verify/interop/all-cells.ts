// Every cell of a table by the raw driver, its type and bytes as text: what was not touched must be the same before and after.
import type { Opened } from '../../src/core/tables/engines.test-setup.ts'
import type { Dialect } from '../../src/shared/profiles.ts'

/** By key in the database's own text, then by column. NULL is null. */
export type AllCells = Map<string, Record<string, string | null>>

const EXACT: Record<Dialect, (quoted: string) => string> = {
  sqlite: (name) => `typeof(${name}) || ':' || hex(cast(${name} as blob))`,
  postgres: (name) => `encode(convert_to(${name}::text, 'UTF8'), 'hex')`,
  mysql: (name) => `hex(cast(${name} as binary))`,
}

export async function allCells(
  opened: Opened,
  dialect: Dialect,
  table: string,
  key: string,
  columns: readonly string[],
): Promise<AllCells> {
  const quote = (name: string) => (dialect === 'mysql' ? `\`${name}\`` : `"${name}"`)
  const wanted = columns.map((name) =>
    dialect === 'sqlite'
      ? `case when ${quote(name)} is null then null else ${EXACT.sqlite(quote(name))} end`
      : EXACT[dialect](quote(name)),
  )
  const text = dialect === 'mysql' ? `cast(${quote(key)} as char)` : `cast(${quote(key)} as text)`
  const rows = await opened.sql(`select ${text}, ${wanted.join(', ')} from ${quote(table)}`)
  return new Map(
    rows.map(([id, ...cells]) => [
      String(id),
      Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? null])),
    ]),
  )
}
