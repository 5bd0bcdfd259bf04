// The tables of a database with their rows and sizes, as the storage engine estimates them.
import type { TableEntry } from '../../../shared/table-structure.ts'
import type { Read } from '../server/server-dialect.ts'
import { TABLES } from './introspect.ts'

/** One query for all: the server opens each table for it, and keeps as many open as its cache holds. */
export async function readTree(read: Read): Promise<TableEntry[]> {
  const { rows } = await read({
    sql: `SELECT TABLE_NAME, TABLE_TYPE, TABLE_ROWS, DATA_LENGTH + INDEX_LENGTH, CREATE_OPTIONS LIKE '%partitioned%'
          FROM information_schema.TABLES WHERE ${TABLES} ORDER BY TABLE_NAME, BINARY TABLE_NAME`,
    values: [],
  })
  return rows.map(([name, type, count, bytes, isParted]) => {
    const isView = type === 'VIEW'
    return {
      name: String(name),
      kind: isView ? 'view' : 'table',
      what: isView
        ? 'view'
        : type === 'SYSTEM VERSIONED'
          ? 'system-versioned table'
          : isParted === 1n
            ? 'partitioned table'
            : 'table',
      partOf: null,
      schema: null,
      // A table that cannot be opened has neither.
      rows: isView || count == null ? null : Number(count),
      bytes: isView || bytes == null ? null : Number(bytes),
    }
  })
}
