// The tables of a file with their rows and sizes, as far as SQLite knows them without reading the tables.
import type { TableEntry } from '../../../shared/table-structure.ts'
import type { Cell } from '../../../shared/cell.ts'
import type { Rows, Statement } from '../database.ts'

type Read = (statement: Statement) => Promise<Rows>

/** Bytes of a file up to which its pages are looked at for the size of each table; they are all read then. */
const SMALL_FILE = 32 * 1024 * 1024

export async function readTree(read: Read): Promise<TableEntry[]> {
  const { rows } = await read({
    sql: `SELECT name, type, (SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'),
                 (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size),
                 (SELECT count(*) FROM pragma_module_list WHERE name = 'dbstat')
          FROM pragma_table_list
          WHERE schema = 'main' AND type <> 'shadow' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
          ORDER BY name COLLATE NOCASE, name`,
    values: [],
  })
  const [, , hasStatistics, fileSize, hasSizes] = rows[0] ?? []
  const counts = hasStatistics ? await statistics(read) : new Map<Cell, number>()
  const sizes = hasSizes && Number(fileSize) <= SMALL_FILE ? await pages(read) : new Map<Cell, number>()
  return rows.map(([name = null, type]) => ({
    name: text(name),
    kind: type === 'view' ? 'view' : 'table',
    what: type === 'virtual' ? 'virtual table' : text(type),
    partOf: null,
    schema: null,
    rows: counts.get(name) ?? null,
    bytes: sizes.get(name) ?? null,
  }))
}

/** Left by ANALYZE: of each index first the rows it holds. A partial index holds fewer than the table. */
async function statistics(read: Read): Promise<Map<Cell, number>> {
  const { rows } = await read({
    sql: 'SELECT tbl, max(CAST(stat AS INTEGER)) FROM sqlite_stat1 GROUP BY tbl',
    values: [],
  })
  return new Map(rows.map(([table = null, count]) => [table, Number(count)]))
}

/** Each b-tree once, in one walk: joined to the schema, SQLite would walk through all of them for each name. */
async function pages(read: Read): Promise<Map<Cell, number>> {
  const trees = await read({ sql: 'SELECT name, pgsize FROM dbstat WHERE aggregate = TRUE', values: [] })
  const names = await read({ sql: 'SELECT name, tbl_name FROM sqlite_schema WHERE rootpage > 0', values: [] })
  const tableOf = new Map(names.rows.map(([name = null, table = null]) => [name, table]))
  const sizes = new Map<Cell, number>()
  for (const [name = null, bytes] of trees.rows) {
    const table = tableOf.get(name)
    if (table !== undefined) sizes.set(table, (sizes.get(table) ?? 0) + Number(bytes))
  }
  return sizes
}

function text(cell: Cell | undefined): string {
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('utf8') : String(cell)
}
