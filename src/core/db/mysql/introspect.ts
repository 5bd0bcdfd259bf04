// What tables there are and what they look like, from information_schema.
import type { Cell } from '../../../shared/cell.ts'
import type { TableShape } from '../database.ts'
import type { Read } from '../server/server-dialect.ts'
import { charsetIn } from '../charset.ts'
import { viewReason } from '../surroundings.ts'
import { kindOf, nameOf } from './column-kind.ts'
import { defaultText, isMariadb, jsonColumns, unusedIndex } from './flavour.ts'
import { quote } from './literal.ts'

/** Sequences of MariaDB are left out; tables with system versioning are tables. */
export const TABLES = "TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW')"

export async function listTables(read: Read): Promise<{ name: string; kind: 'table' | 'view' }[]> {
  const { rows } = await read({
    sql: `SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE ${TABLES} ORDER BY TABLE_NAME, BINARY TABLE_NAME`,
    values: [],
  })
  return rows.map(([name, type]) => ({ name: text(name), kind: type === 'VIEW' ? 'view' : 'table' }))
}

/** Null when there is no such table. Upper and lower case are the same only where the server keeps names that way. */
export async function describeTable(read: Read, table: string): Promise<TableShape | null> {
  const found = await read({
    sql: `SELECT TABLE_NAME, TABLE_TYPE, ENGINE, VERSION(), @@lower_case_table_names,
                 (SELECT TRANSACTIONS FROM information_schema.ENGINES e WHERE e.ENGINE = t.ENGINE), CURRENT_USER()
          FROM information_schema.TABLES t WHERE ${TABLES} AND TABLE_NAME = ?`,
    values: [table],
  })
  const first = found.rows.find(([name]) => name === table) ?? found.rows.find((row) => row[4] !== 0n)
  if (!first) return null
  const name = text(first[0])
  const isView = first[1] === 'VIEW'
  const isMaria = isMariadb(text(first[3]))
  const info = await read({
    sql: `SELECT COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA, GENERATION_EXPRESSION,
                 CHARACTER_MAXIMUM_LENGTH, PRIVILEGES, CHARACTER_SET_NAME
          FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`,
    values: [name],
  })
  // MariaDB adds the end of a row's time to each unique index of a versioned table, of which only rows of now are shown.
  const end = text(info.rows.find((row) => row[5] === 'ROW END')?.[0] ?? null)
  const indexes = (await readIndexes(read, name, isMaria)).map((index) => ({
    ...index,
    columns: index.isUnique ? index.columns.filter((column) => column !== end) : index.columns,
  }))
  const json = await readJsonColumns(read, name, isMaria)
  const primary = indexes.find((index) => index.name === 'PRIMARY')?.columns ?? []
  const firstOfIndex = new Set(indexes.filter((index) => index.isOrdered).map((index) => index.columns[0]))

  // What the login may do with each, whichever grant or role gives it. A column that it may not read is left out: naming one
  // would make every statement fail.
  const rights = (row: Cell[]) => text(row[7]).split(',')
  const readable = info.rows.filter((row) => rights(row).includes('select'))
  const mayChange = readable.some((row) => rights(row).some((right) => right === 'insert' || right === 'update'))
  const user = text(first[6])
  const columns = readable.map((row) => {
    const [column, told, isNullable, byDefault, extra, expression, length, , charset] = row
    const type = json.has(text(column)) ? 'json' : text(told)
    const isGenerated = text(expression) !== ''
    return {
      name: text(column),
      type,
      kind: kindOf(type),
      isNullable: isNullable === 'YES',
      default: isGenerated
        ? null
        : defaultText(isMaria, byDefault === null ? null : text(byDefault), text(extra), type),
      keyPosition: primary.indexOf(text(column)) + 1,
      isAutomatic: isGenerated || /auto_increment/i.test(text(extra)),
      isGenerated,
      ...(!rights(row).includes('update') && { isBarred: true as const }),
      // Of the TEXT types the limit is in bytes, and the server holds it.
      maxLength: /^(var)?char$/.test(nameOf(type)) ? Number(length) : null,
      isIndexed: firstOfIndex.has(text(column)),
      ...charsetIn('mysql', text(charset)),
    }
  })
  const isReadable = (column: string) => columns.some((one) => one.name === column)
  const isNeverNull = (column: string) => columns.some((one) => one.name === column && !one.isNullable)
  const unique = uniqueSets(indexes, primary)
  return {
    name,
    kind: isView ? 'view' : 'table',
    columns,
    key:
      primary.length > 0 && primary.every(isReadable) ? primary : (unique.find((set) => set.every(isNeverNull)) ?? []),
    unique,
    // InnoDB's other indexes hold the key as well, and the server sorts by both over them; not so over unique ones.
    sortsAlone: indexes.flatMap(({ isUnique, isOrdered, columns: [column = '', ...others] }) =>
      isUnique && isOrdered && others.length === 0 && column !== '' ? [column] : [],
    ),
    readOnly:
      readable.length === 0
        ? `The user ${user} may not read this table. Grant SELECT on it, or open it with another user.`
        : isView
          ? await whyView(read, name)
          : (readOnlyEngine(text(first[2]), text(first[5])) ??
            (mayChange ? null : `The user ${user} may read this table and not change it.`)),
  }
}

async function whyView(read: Read, name: string): Promise<string> {
  const { rows } = await read({
    sql: 'SELECT IS_UPDATABLE FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?',
    values: [name],
  })
  return viewReason(rows[0]?.[0] === 'YES' ? 'The server would pass changes on' : null)
}

function readOnlyEngine(engine: string, transactions: string): string | null {
  if (engine === '') return 'The server cannot open this table. CHECK TABLE may say why.'
  if (transactions === 'YES') return null
  return `A table of the engine ${engine}, which has no transactions: a save that fails halfway could not be undone. ALTER TABLE … ENGINE=InnoDB changes that.`
}

interface Index {
  name: string
  isUnique: boolean
  /** A tree over whole columns, which the server uses: it gives an order. */
  isOrdered: boolean
  /** All of its parts are whole columns. */
  isWhole: boolean
  columns: string[]
}

async function readIndexes(read: Read, table: string, isMaria: boolean): Promise<Index[]> {
  const { rows } = await read({
    sql: `SELECT INDEX_NAME, NON_UNIQUE, COLUMN_NAME, SUB_PART, INDEX_TYPE, ${unusedIndex(isMaria)}
          FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?
          ORDER BY INDEX_NAME, SEQ_IN_INDEX`,
    values: [table],
  })
  const indexes = new Map<Cell, Index>()
  for (const [name = null, nonUnique, column, prefix, type, isUnused] of rows) {
    const isPart = column === null || prefix !== null
    const index = indexes.get(name) ?? {
      name: text(name),
      isUnique: nonUnique === 0n,
      isOrdered: type === 'BTREE' && !isPart && isUnused !== 'YES',
      isWhole: true,
      columns: [],
    }
    if (isPart) index.isWhole = false
    index.columns.push(text(column))
    indexes.set(name, index)
  }
  return [...indexes.values()]
}

/** Sets of columns that must be unique, each once and the primary key left out. */
function uniqueSets(indexes: readonly Index[], primary: readonly string[]): string[][] {
  const sign = (columns: readonly string[]) => JSON.stringify([...columns].sort())
  const seen = new Set([sign(primary)])
  const sets: string[][] = []
  for (const { isUnique, isWhole, columns } of indexes) {
    if (!isUnique || !isWhole || seen.has(sign(columns))) continue
    seen.add(sign(columns))
    sets.push(columns)
  }
  return sets
}

async function readJsonColumns(read: Read, table: string, isMaria: boolean): Promise<Set<string>> {
  const sql = jsonColumns(isMaria)
  if (!sql) return new Set()
  const { rows } = await read({ sql, values: [table] })
  return new Set(
    rows.filter(([name, clause]) => clause === `json_valid(${quote(text(name))})`).map(([name]) => text(name)),
  )
}

/** Catalogue text. Numbers come as numbers, and NULL is nothing. */
function text(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return ''
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('utf8') : String(cell)
}
