// Inside the child: which columns a broken constraint names. SQLite writes `table.a, table.b` without any quotes.
import type Sqlite from 'better-sqlite3'

const LIST = /^(?:(?:UNIQUE|NOT NULL) constraint failed: |cannot store .+? value in .+? column )(.+)$/s

/** Empty when the message names none. Names may hold dots and commas, so they are looked up in the catalogue. */
export function constraintColumns(database: Sqlite.Database, message: string): string[] {
  const list = LIST.exec(message)?.[1]
  if (list === undefined) return []
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[]
  const columnsOf = database.prepare('SELECT name FROM pragma_table_xinfo(?)').pluck()
  for (const table of tables) {
    if (!list.startsWith(`${table}.`)) continue
    const named = list.slice(table.length + 1).split(`, ${table}.`)
    const columns = new Set(columnsOf.all(table))
    if (named.every((column) => columns.has(column))) return named
  }
  return []
}
