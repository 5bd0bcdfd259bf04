// What tables there are and what they look like, from SQLite's own catalogue.
import type { Cell } from '../../../shared/cell.ts'
import type { Rows, Statement, TableShape } from '../database.ts'
import { few, viewReason } from '../surroundings.ts'
import { kindOf, maxLengthOf } from './column-kind.ts'

type Read = (statement: Statement) => Promise<Rows>

/** An identifier quoted for SQL text; any name is possible, also with quotes inside. */
export const quote = (identifier: string) => `"${identifier.replaceAll('"', '""')}"`

export async function listTables(read: Read): Promise<{ name: string; kind: 'table' | 'view' }[]> {
  const { rows } = await read({
    sql: `SELECT name, type = 'view' FROM pragma_table_list
          WHERE schema = 'main' AND type <> 'shadow' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
          ORDER BY name COLLATE NOCASE, name`,
    values: [],
  })
  return rows.map(([name, isView]) => ({ name: text(name), kind: isView ? 'view' : 'table' }))
}

interface Index {
  isUnique: boolean
  origin: string
  isFull: boolean
  /** Null for the row id or an expression. */
  columns: (string | null)[]
}

/** Null when there is no such table. Upper and lower case are the same to SQLite. */
export async function describeTable(read: Read, table: string): Promise<TableShape | null> {
  const found = await read({
    sql: `SELECT name, type, wr, (SELECT sql FROM sqlite_schema s WHERE s.type = 'table' AND s.name = l.name)
          FROM pragma_table_list l
          WHERE schema = 'main' AND name = ? COLLATE NOCASE AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
    values: [table],
  })
  const first = found.rows[0]
  if (!first) return null
  const [name, type, withoutRowid] = [text(first[0]), text(first[1]), Boolean(first[2])]
  const [info, indexes] = [
    await read({
      sql: 'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid',
      values: [name],
    }),
    await readIndexes(read, name),
  ]
  const primary = info.rows.filter((row) => Number(row[4]) > 0).sort((a, b) => Number(a[4]) - Number(b[4]))
  // Only the exact word makes the column another name of the row id; then no index of its own stands behind the key.
  const rowid =
    type === 'table' &&
    !withoutRowid &&
    primary.length === 1 &&
    text(primary[0]?.[1]).toUpperCase() === 'INTEGER' &&
    !indexes.some((index) => index.origin === 'pk')
      ? text(primary[0]?.[0])
      : null
  const firstOfIndex = new Set(indexes.filter((index) => index.isFull).map((index) => index.columns[0]))

  const columns = info.rows.map(([column, declared, notNull, byDefault, keyPosition, hidden]) => {
    const isGenerated = Number(hidden) >= 2
    const isRowid = text(column) === rowid
    return {
      name: text(column),
      type: text(declared),
      kind: kindOf(text(declared)),
      isNullable: !notNull && !isRowid,
      default: byDefault === null || byDefault === undefined ? null : text(byDefault),
      keyPosition: Number(keyPosition),
      isAutomatic: isRowid || isGenerated,
      isGenerated,
      maxLength: maxLengthOf(text(declared)),
      isIndexed: isRowid || firstOfIndex.has(text(column)),
    }
  })

  const primaryKey = primary.map((row) => text(row[0]))
  const unique = uniqueSets(indexes, primaryKey)
  const isNeverNull = (column: string) => columns.some((one) => one.name === column && !one.isNullable)
  return {
    name,
    kind: type === 'view' ? 'view' : 'table',
    columns,
    key: primaryKey.length ? primaryKey : (unique.find((set) => set.every(isNeverNull)) ?? []),
    unique,
    readOnly: type === 'view' ? await whyView(read, name) : (READ_ONLY[type] ?? whyReplacing(text(first[3]))),
  }
}

/** Columns that are NOT NULL ON CONFLICT REPLACE only take their default. */
const REPLACING = /(?<!\bnot\s+null\s+)\bon\s+conflict\s+replace\b/i

/** SQLite would delete a row that nobody has seen to make room for the one that is saved, and count one row. */
function whyReplacing(sql: string): string | null {
  const words = sql.replace(/'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
  if (!REPLACING.test(words)) return null
  return 'It is declared with ON CONFLICT REPLACE: saving a value that another row has would delete that row without a word.'
}

async function whyView(read: Read, name: string): Promise<string> {
  const { rows } = await read({
    sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE ORDER BY rowid",
    values: [name],
  })
  const triggers = few(rows.map((row) => text(row[0])))
  return viewReason(triggers === '' ? null : `Its triggers (${triggers}) would take changes`)
}

const READ_ONLY: Record<string, string> = {
  virtual: 'A virtual table: its rows are kept by an extension of SQLite.',
  shadow: 'A table in which a virtual table keeps its data.',
}

async function readIndexes(read: Read, table: string): Promise<Index[]> {
  const { rows } = await read({
    sql: `SELECT list.seq, list."unique", list.origin, list.partial, info.cid, info.name
          FROM pragma_index_list(?) AS list JOIN pragma_index_xinfo(list.name) AS info
          WHERE info.key ORDER BY list.seq, info.seqno`,
    values: [table],
  })
  const indexes = new Map<Cell, Index>()
  for (const [seq = null, isUnique, origin, isPartial, cid, column] of rows) {
    const index = indexes.get(seq) ?? {
      isUnique: Boolean(isUnique),
      origin: text(origin),
      isFull: !isPartial,
      columns: [],
    }
    index.columns.push(Number(cid) >= 0 ? text(column) : null)
    indexes.set(seq, index)
  }
  return [...indexes.values()]
}

/** Sets of columns that must be unique, each once and the primary key left out, in the order they were declared. */
function uniqueSets(indexes: readonly Index[], primaryKey: readonly string[]): string[][] {
  const sign = (columns: readonly string[]) => JSON.stringify([...columns].sort())
  const seen = new Set([sign(primaryKey)])
  const sets: string[][] = []
  // SQLite lists the newest index first.
  for (const { isUnique, isFull, origin, columns } of [...indexes].reverse()) {
    if (!isUnique || !isFull || origin === 'pk') continue
    const named = columns.filter((column) => column !== null)
    if (named.length !== columns.length || seen.has(sign(named))) continue
    seen.add(sign(named))
    sets.push(named)
  }
  return sets
}

/** Catalogue text. A name that is not valid text comes as bytes and cannot be used in SQL text. */
function text(cell: Cell | undefined): string {
  if (typeof cell === 'string') return cell
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('utf8') : ''
}
