// The tables of a database with their rows and sizes, as InnoDB estimates them. information_schema has the same numbers and
// opens every table for them: 4 s for 10,000 tables, again and again, as the server keeps 2,000 open.
import type { TableEntry } from '../../../shared/table-structure.ts'
import type { Cell } from '../../../shared/cell.ts'
import type { Read } from '../server/server-dialect.ts'
import { ifAllowed } from './if-allowed.ts'
import { TABLES } from './introspect.ts'

/** Tables up to which information_schema is asked where the server's own statistics may not be read. */
const FEW = 1_000

interface Size {
  rows: number | null
  bytes: number | null
  isParted: boolean
}

export async function readTree(read: Read): Promise<TableEntry[]> {
  const { rows } = await read({
    sql: `SELECT TABLE_NAME, TABLE_TYPE
          FROM information_schema.TABLES WHERE ${TABLES} ORDER BY TABLE_NAME, BINARY TABLE_NAME`,
    values: [],
  })
  const sizes = (await ownStatistics(read)) ?? (rows.length <= FEW ? await estimates(read) : new Map<string, Size>())
  return rows.map(([name, type]) => {
    const { rows: count = null, bytes = null, isParted = false } = sizes.get(String(name)) ?? {}
    return {
      name: String(name),
      kind: type === 'VIEW' ? 'view' : 'table',
      what: whatIs(String(type), isParted),
      partOf: null,
      schema: null,
      rows: count,
      bytes,
    }
  })
}

function whatIs(type: string, isParted: boolean): string {
  if (type === 'VIEW') return 'view'
  if (type === 'SYSTEM VERSIONED') return 'system-versioned table'
  return isParted ? 'partitioned table' : 'table'
}

/** The server keeps them in two tables of its own, which few logins may read: null then. Partitions are counted together. */
async function ownStatistics(read: Read): Promise<Map<string, Size> | null> {
  const rows = await ifAllowed(read, {
    sql: `SELECT SUBSTRING_INDEX(table_name, '#P#', 1), SUM(n_rows),
                 SUM(clustered_index_size + sum_of_other_index_sizes) * @@innodb_page_size, MAX(table_name LIKE '%#P#%')
          FROM mysql.innodb_table_stats WHERE database_name = DATABASE() GROUP BY 1`,
    values: [],
  })
  return rows && sizesOf(rows)
}

/** Of views there are none, and none of a table that cannot be opened. */
async function estimates(read: Read): Promise<Map<string, Size>> {
  const { rows } = await read({
    sql: `SELECT TABLE_NAME, TABLE_ROWS, DATA_LENGTH + INDEX_LENGTH, CREATE_OPTIONS LIKE '%partitioned%'
          FROM information_schema.TABLES
          WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE <> 'VIEW'`,
    values: [],
  })
  return sizesOf(rows)
}

const sizesOf = (rows: readonly Cell[][]) =>
  new Map(
    rows.map(([name, count, bytes, isParted]): [string, Size] => [
      String(name),
      { rows: numberOrNull(count), bytes: numberOrNull(bytes), isParted: isParted === 1n },
    ]),
  )

const numberOrNull = (cell: Cell | undefined) => (cell == null ? null : Number(cell))
