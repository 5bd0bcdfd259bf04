// What a SQLite table is made of: pragmas, and the CREATE statements that the file keeps word by word.
import type { TableStructure } from '../../../shared/table-structure.ts'
import type { Cell } from '../../../shared/cell.ts'
import type { Rows, Statement } from '../database.ts'
import { pointingHere } from '../surroundings.ts'
import { checksOf, indexParts, unquoted } from './ddl-parts.ts'
import { describeTable, quote } from './introspect.ts'
import { readReferences, type SqliteReference } from './references.ts'
import { listReferrers } from './referrers.ts'
import { readTriggers } from './surroundings.ts'

type Read = (statement: Statement) => Promise<Rows>
type Index = TableStructure['indexes'][number]
type Constraint = TableStructure['constraints'][number]

export async function readStructure(read: Read, table: string): Promise<TableStructure | null> {
  const shape = await describeTable(read, table)
  if (!shape) return null
  const { name } = shape
  const own = await read({
    // A rowid of sqlite_schema tells what was made after what; the table comes before what stands on it.
    sql: `SELECT type, sql FROM sqlite_schema WHERE tbl_name = ? COLLATE NOCASE AND sql IS NOT NULL
          ORDER BY type NOT IN ('table', 'view'), type = 'trigger', rowid`,
    values: [name],
  })
  const indexes = await readIndexes(read, name)
  const references = await readReferences(read, name)
  const triggers = await readTriggers(read, name)
  const statements = own.rows.map(([, sql]) => String(sql))
  const isTable = own.rows[0]?.[0] === 'table'
  const key = shape.columns
    .filter(({ keyPosition }) => keyPosition > 0)
    .sort((a, b) => a.keyPosition - b.keyPosition)
    .map((column) => column.name)
  return {
    indexes: indexes.map(({ origin: _origin, ...index }) => index),
    constraints: [
      ...keys(key, indexes),
      ...references.map(foreignKey),
      ...(isTable ? checksOf(statements[0] ?? '') : []).map((check) => ({ ...check, kind: 'check' as const })),
    ],
    references: references.map(({ onUpdate: _onUpdate, ...reference }) => reference),
    referrers: pointingHere(name, await listReferrers(read, name)),
    triggers: triggers.map((trigger) => ({ name: trigger.name, definition: trigger.definition })),
    ddl: statements.map((statement) => `${statement};`).join('\n\n'),
  }
}

const list = (columns: readonly string[]) => `(${columns.map(quote).join(', ')})`

function keys(key: readonly string[], indexes: readonly (Index & { origin: string })[]): Constraint[] {
  const primary = indexes.find(({ isPrimary }) => isPrimary)
  return [
    // Another name of the row id needs no index.
    ...(key.length > 0
      ? [{ name: primary?.name ?? '', kind: 'primary-key' as const, definition: `PRIMARY KEY ${list(key)}` }]
      : []),
    ...indexes
      .filter(({ origin }) => origin === 'u')
      .map(({ name, columns }) => ({ name, kind: 'unique' as const, definition: `UNIQUE ${list(columns)}` })),
  ]
}

function foreignKey({ columns, table, pointsTo, onDelete, onUpdate }: SqliteReference): Constraint {
  const target = pointsTo.length > 0 ? `${quote(table)} ${list(pointsTo)}` : quote(table)
  const rules = `${rule('DELETE', onDelete)}${rule('UPDATE', onUpdate)}`
  return {
    name: '',
    kind: 'foreign-key',
    definition: `FOREIGN KEY ${list(columns)} REFERENCES ${target}${rules}`,
  }
}

const rule = (when: string, action: string) => (action === 'NO ACTION' ? '' : ` ON ${when} ${action}`)

/** In the order in which they were made. */
async function readIndexes(read: Read, table: string): Promise<(Index & { origin: string })[]> {
  const { rows } = await read({
    sql: `SELECT list.name, list."unique", list.origin, s.sql, info.name
          FROM pragma_index_list(?) AS list JOIN pragma_index_xinfo(list.name) AS info
          LEFT JOIN sqlite_schema AS s ON s.type = 'index' AND s.name = list.name
          WHERE info.key ORDER BY list.seq DESC, info.seqno`,
    values: [table],
  })
  const indexes = new Map<Cell, Index & { origin: string }>()
  for (const [name = null, isUnique, origin, sql, column] of rows) {
    // The engine's own indexes have no text; they are over whole columns.
    const told = typeof sql === 'string' ? indexParts(sql) : null
    const index = indexes.get(name) ?? {
      name: String(name),
      columns: told?.columns ?? [],
      isUnique: Boolean(isUnique),
      isPrimary: origin === 'pk',
      where: told?.where ?? null,
      bytes: null,
      origin: String(origin),
    }
    if (!told) index.columns.push(String(column))
    else if (typeof column === 'string') index.columns = index.columns.map((part) => wholeColumn(part, column))
    indexes.set(name, index)
  }
  return [...indexes.values()]
}

/** A part of an index that is the column and nothing else is told by the column's own name, however the text spells it. */
function wholeColumn(part: string, column: string): string {
  return unquoted(part).toLowerCase() === column.toLowerCase() ? column : part
}
