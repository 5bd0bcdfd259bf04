// What a table of MySQL or MariaDB is made of: information_schema, and the server's own CREATE statement.
import type { TableStructure } from '../../../shared/table-structure.ts'
import type { Cell } from '../../../shared/cell.ts'
import type { Read } from '../server/server-dialect.ts'
import { pointingHere } from '../surroundings.ts'
import { indexExpression, isMariadb } from './flavour.ts'
import { ifAllowed } from './if-allowed.ts'
import { describeTable } from './introspect.ts'
import { quote } from './literal.ts'
import { readReferences, type MysqlReference } from './references.ts'
import { listReferrers } from './referrers.ts'
import { readTriggers } from './surroundings.ts'

type Index = TableStructure['indexes'][number]
type Constraint = TableStructure['constraints'][number]

export async function readStructure(read: Read, table: string): Promise<TableStructure | null> {
  const shape = await describeTable(read, table)
  if (!shape) return null
  const { name, kind } = shape
  const version = text((await read({ sql: 'SELECT VERSION()', values: [] })).rows[0]?.[0])
  const isMaria = isMariadb(version)
  const indexes = kind === 'view' ? [] : await readIndexes(read, name, isMaria)
  const references = await readReferences(read, name)
  const triggers = await readTriggers(read, name)
  // A login that may not see it has no text of it.
  const own = await ifAllowed(read, { sql: `SHOW CREATE ${kind.toUpperCase()} ${quote(name)}`, values: [] })
  const statements = [text(own?.[0]?.[1]), ...triggers.map(({ definition }) => definition)]
  return {
    indexes,
    constraints: [
      ...indexes.flatMap(keyConstraint),
      ...references.map(foreignKey),
      ...(kind === 'view' ? [] : await readChecks(read, name, isMaria)),
    ],
    references: references.map(({ name: _name, onUpdate: _onUpdate, ...reference }) => reference),
    referrers: pointingHere(name, await listReferrers(read, name)),
    triggers,
    ddl: statements
      .filter((statement) => statement !== '')
      .map((statement) => `${statement};`)
      .join('\n\n'),
  }
}

async function readIndexes(read: Read, table: string, isMaria: boolean): Promise<Index[]> {
  const { rows } = await read({
    sql: `SELECT INDEX_NAME, NON_UNIQUE, COLUMN_NAME, SUB_PART, COLLATION, ${indexExpression(isMaria)}
          FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?
          ORDER BY INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX`,
    values: [table],
  })
  const sizes = await readSizes(read, table)
  const indexes = new Map<string, Index>()
  for (const [named = null, nonUnique, column, prefix, order, expression] of rows) {
    const name = text(named)
    const index = indexes.get(name) ?? {
      name,
      columns: [],
      isUnique: nonUnique === 0n,
      isPrimary: name === 'PRIMARY',
      where: null,
      bytes: sizes.get(name) ?? null,
    }
    const over = column === null ? `(${text(expression)})` : text(column)
    index.columns.push(`${over}${prefix === null ? '' : `(${text(prefix)})`}${order === 'D' ? ' DESC' : ''}`)
    indexes.set(name, index)
  }
  return [...indexes.values()]
}

/** Of the pages that InnoDB last counted; none for a login that may not read the tables of the server itself. */
async function readSizes(read: Read, table: string): Promise<Map<string, number>> {
  const rows = await ifAllowed(read, {
    sql: `SELECT index_name, SUM(stat_value) * @@innodb_page_size FROM mysql.innodb_index_stats
          WHERE stat_name = 'size' AND database_name = DATABASE() AND (table_name = ? OR table_name LIKE ?) GROUP BY index_name`,
    // The partitions of a table have names of their own.
    values: [table, `${table.replace(/[\\%_]/g, '\\$&')}#P#%`],
  })
  return new Map((rows ?? []).map(([name, bytes]) => [text(name), Number(bytes)]))
}

const list = (columns: readonly string[]) => `(${columns.map(quote).join(', ')})`

function keyConstraint({ name, columns, isPrimary, isUnique }: Index): Constraint[] {
  if (!isUnique) return []
  const kind = isPrimary ? 'primary-key' : 'unique'
  return [{ name, kind, definition: `${isPrimary ? 'PRIMARY KEY' : 'UNIQUE'} (${columns.join(', ')})` }]
}

function foreignKey({ name, columns, table, pointsTo, onDelete, onUpdate }: MysqlReference): Constraint {
  const target = table.startsWith('`') ? table : quote(table)
  const rules = `ON DELETE ${onDelete} ON UPDATE ${onUpdate}`
  const definition = `FOREIGN KEY ${list(columns)} REFERENCES ${target} ${list(pointsTo)} ${rules}`
  return { name, kind: 'foreign-key', definition }
}

async function readChecks(read: Read, table: string, isMaria: boolean): Promise<Constraint[]> {
  const { rows } = await read({
    // MySQL 8 does not say of a check which table it belongs to, but of a constraint; on MariaDB two tables may have the same.
    sql: `SELECT c.CONSTRAINT_NAME, c.CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS c
          ${isMaria ? '' : 'JOIN information_schema.TABLE_CONSTRAINTS t USING (CONSTRAINT_SCHEMA, CONSTRAINT_NAME)'}
          WHERE c.CONSTRAINT_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY c.CONSTRAINT_NAME`,
    values: [table],
  })
  return rows.map(([name, clause]) => ({ name: text(name), kind: 'check', definition: `CHECK (${text(clause)})` }))
}

function text(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return ''
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('utf8') : String(cell)
}
