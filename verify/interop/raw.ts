// What a database holds, by the driver alone and none of Roster's code: each cell as the bytes of its text.
import BetterSqlite3 from 'better-sqlite3'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import type { Engine, Opened } from '../../src/core/tables/engines.test-setup.ts'
import type { Dialect } from '../../src/shared/profiles.ts'

/** The bytes of a stored value in hex, upper case; SQLite's storage class before them. NULL is null. */
export type RawCell = string | null
export interface RawRow {
  [column: string]: RawCell
}

export const quoted = (dialect: Dialect, name: string): string =>
  dialect === 'mysql' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`

/** `stored`: the bytes as they are stored. `text`: in UTF-8, whatever the column's character set is. */
export type RawForm = 'stored' | 'text'

/** How a column is asked for. Floats are told as doubles, whose digits are all there. */
const ASKED: Record<Dialect, (name: string, form: RawForm) => string> = {
  sqlite: (name) =>
    `case typeof(${name}) when 'null' then null when 'real' then 'real:' || printf('%!.17g', ${name}) when 'integer' then 'integer:' || ${name} else typeof(${name}) || ':' || hex(cast(${name} as blob)) end`,
  // As the server sends it to anybody; a cast to text would spell booleans out and cut the blanks of character(5).
  postgres: (name) => name,
  mysql: (name, form) => (form === 'stored' ? `hex(cast(${name} as binary))` : `hex(convert(${name} using utf8mb4))`),
}

/** Runs one SELECT on a connection of its own; cells as text. */
export async function rawQuery(engine: Engine, opened: Opened, sql: string): Promise<(string | null)[][]> {
  if (engine.dialect === 'sqlite') {
    const file = new BetterSqlite3(opened.name, { readonly: true })
    try {
      return file.prepare(sql).raw().all() as (string | null)[][]
    } finally {
      file.close()
    }
  }
  const server = engine.server?.()
  if (!server) throw new Error('There is no server.')
  const { host, port, user, password } = server
  const at = { host, port, user, password, database: opened.name }
  if (engine.dialect === 'postgres') {
    const client = new pg.Client({
      ...{ ...at, ssl: false },
      types: { getTypeParser: () => (text: unknown) => text },
    })
    await client.connect()
    try {
      // The zone of the session is the writer's own matter: both sides are asked in UTC.
      await client.query("set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set row_security = on")
      const { rows } = await client.query<(string | null)[]>({ text: sql, rowMode: 'array' })
      return rows
    } finally {
      await client.end()
    }
  }
  const connection = await createConnection({
    ...{ ...at, charset: 'utf8mb4', rowsAsArray: true },
    typeCast: (field: { string(): string | null }) => field.string(),
  })
  try {
    await connection.query("set time_zone = '+00:00'")
    const [rows] = await connection.query(sql)
    return rows as (string | null)[][]
  } finally {
    await connection.end()
  }
}

const hexOf = (text: string) => Buffer.from(text).toString('hex').toUpperCase()

interface RawTable {
  /** As SQL names it. */
  table: string
  columns: readonly { name: string; type: string }[]
  by: readonly string[]
}

/** All rows, in the order of the columns of `by`. */
export async function rawRows(
  engine: Engine,
  opened: Opened,
  { table, columns, by }: RawTable,
  form: RawForm = 'stored',
): Promise<RawRow[]> {
  const { dialect } = engine
  const cells = columns.map(({ name, type }) => {
    const plain = quoted(dialect, name)
    return ASKED[dialect](dialect === 'mysql' && /^float/.test(type) ? `cast(${plain} as double)` : plain, form)
  })
  const order = by.map((name) => quoted(dialect, name)).join(', ')
  const sql = `select ${cells.join(', ')} from ${table}${order === '' ? '' : ` order by ${order}`}`
  const rows = await rawQuery(engine, opened, sql)
  if (dialect === 'postgres') for (const row of rows) row.forEach((cell, index) => (row[index] = cell && hexOf(cell)))
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])))
}
