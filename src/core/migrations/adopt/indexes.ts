// The indexes of one table, with their names, on the session that looks at migrations.
import type { Cell } from '../../../shared/cell.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import type { SchemaLook, Statement } from '../../db/database.ts'
import { quoteTable } from '../../db/postgres/names.ts'
import { sameName, textOf } from '../read-table.ts'

export interface Index {
  name: string
  isUnique: boolean
  /** Null for an expression, or a part of a column. */
  columns: (string | null)[]
}

export interface Indexes {
  /** Those that hold every row, the primary key among them. */
  all: Index[]
  /** The columns that every index holds behind its own, without being told. */
  behind: string[]
}

export async function readIndexes(dialect: Dialect, look: SchemaLook, table: string): Promise<Indexes> {
  const { rows } = await look.read(QUESTIONS[dialect](table))
  const found = new Map<string, Index & { isPrimary: boolean }>()
  for (const [name, isUnique, column, isPrimary] of rows) {
    const key = textOf(name) ?? ''
    const index = found.get(key) ?? { name: key, isUnique: isTrue(isUnique), isPrimary: isTrue(isPrimary), columns: [] }
    index.columns.push(textOf(column))
    found.set(key, index)
  }
  const all = [...found.values()]
  return { all, behind: await columnsBehind(dialect, look, table, all) }
}

/** Rows in this order come from an index that begins with these columns. */
export function beginningWith({ all, behind }: Indexes, columns: readonly string[]): Index | null {
  const begins = (index: Index) =>
    columns.every((column, place) => sameName([...index.columns, ...behind][place] ?? '', column))
  return all.find(begins) ?? null
}

const isTrue = (cell: Cell | undefined) => ['1', 't', 'true'].includes((textOf(cell) ?? '').toLowerCase())

/** InnoDB's indexes end with the primary key, SQLite's with the row id; PostgreSQL's with nothing. */
async function columnsBehind(
  dialect: Dialect,
  look: SchemaLook,
  table: string,
  all: readonly { isPrimary: boolean; columns: readonly (string | null)[] }[],
): Promise<string[]> {
  if (dialect === 'mysql') {
    const primary = all.find(({ isPrimary }) => isPrimary)?.columns ?? []
    return primary.filter((column) => column !== null)
  }
  if (dialect === 'postgres') return []
  const sql = 'select name, upper(type) from pragma_table_info(?) where pk > 0'
  const { rows } = await look.read({ sql, values: [table] })
  const [name, type] = rows[0] ?? []
  return rows.length === 1 && type === 'INTEGER' ? [textOf(name) ?? ''] : []
}

/** Each row: name, unique, column in order, primary. */
const QUESTIONS: Record<Dialect, (table: string) => Statement> = {
  sqlite: (table) => ({
    sql: `select list.name, list."unique", case when info.cid >= 0 then info.name end, list.origin = 'pk'
          from pragma_index_list(?) as list join pragma_index_xinfo(list.name) as info
          where info.key and not list.partial order by list.seq, info.seqno`,
    values: [table],
  }),
  postgres: (table) => ({
    sql: `select c.relname, i.indisunique, a.attname, i.indisprimary
          from pg_index i join pg_class c on c.oid = i.indexrelid
          cross join lateral unnest(i.indkey::int2[]) with ordinality k(number, place)
          left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number and k.number > 0
          where i.indrelid = to_regclass($1::text) and k.place <= i.indnkeyatts
            and i.indisvalid and i.indisready and i.indpred is null
          order by i.indexrelid, k.place`,
    values: [quoteTable(table)],
  }),
  mysql: (table) => ({
    sql: `select INDEX_NAME, NON_UNIQUE = 0, if(SUB_PART is null, COLUMN_NAME, null), INDEX_NAME = 'PRIMARY'
          from information_schema.STATISTICS where TABLE_SCHEMA = database() and TABLE_NAME = ?
            and INDEX_TYPE = 'BTREE' order by INDEX_NAME, SEQ_IN_INDEX`,
    values: [table],
  }),
}
