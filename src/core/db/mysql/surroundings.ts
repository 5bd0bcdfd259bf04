// What to know of a table of MySQL or MariaDB before it is edited, and where its foreign keys lead.
import type { Cell } from '../../../shared/cell.ts'
import type { Surroundings } from '../database.ts'
import type { Read } from '../server/server-dialect.ts'
import { triggerNotes } from '../surroundings.ts'
import { quote } from './literal.ts'
import { readReferences } from './references.ts'

export async function readSurroundings(read: Read, table: string): Promise<Surroundings> {
  const references = await readReferences(read, table)
  const triggers = await readTriggers(read, table)
  return {
    references: references.map(({ columns, table: target, pointsTo, onDelete }) => ({
      columns,
      table: target,
      pointsTo,
      onDelete,
    })),
    notes: [...triggerNotes(triggers.map(({ name }) => name)), ...(await otherNotes(read, table))],
  }
}

async function otherNotes(read: Read, table: string): Promise<string[]> {
  const { rows } = await read({
    sql: `SELECT TABLE_TYPE, CURRENT_USER(),
                 (SELECT MAX(CONCAT(PARTITION_METHOD, ' (', PARTITION_EXPRESSION, ')')) FROM information_schema.PARTITIONS
                  WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND PARTITION_METHOD <> 'SYSTEM_TIME'),
                 (SELECT GROUP_CONCAT(DISTINCT PRIVILEGES) FROM information_schema.COLUMNS
                  WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?)
          FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?`,
    values: [table, table, table],
  })
  const [type, user, partedBy, rights] = (rows[0] ?? []).map(text)
  if (type === undefined || type === 'VIEW') return []
  const lacks = (['insert', 'update'] as const).filter((right) => !rights?.split(',').includes(right))
  return [
    ...(type === 'SYSTEM VERSIONED'
      ? [
          'System-versioned: the server keeps what a row held before each change, also of deleted rows. Only what is valid now is shown.',
        ]
      : []),
    ...(partedBy
      ? [
          `Partitioned by ${partedBy}: a changed value may move the row to another partition, and one that fits none is refused.`,
        ]
      : []),
    // Without both the table is read-only, which says it.
    ...(lacks.length === 1
      ? [`The user ${user} has no right to ${lacks[0] === 'insert' ? 'add' : 'change'} rows here.`]
      : []),
  ]
}

/** In the order in which they run. The text is put together: that of the server names who made it. */
export async function readTriggers(read: Read, table: string): Promise<{ name: string; definition: string }[]> {
  const { rows } = await read({
    sql: `SELECT TRIGGER_NAME, ACTION_TIMING, EVENT_MANIPULATION, ACTION_STATEMENT FROM information_schema.TRIGGERS
          WHERE EVENT_OBJECT_SCHEMA = DATABASE() AND EVENT_OBJECT_TABLE = ?
          ORDER BY EVENT_MANIPULATION, ACTION_TIMING DESC, ACTION_ORDER`,
    values: [table],
  })
  return rows.map((row) => {
    const [name = '', timing = '', event = '', statement = ''] = row.map(text)
    const head = `CREATE TRIGGER ${quote(name)} ${timing} ${event} ON ${quote(table)} FOR EACH ROW`
    return { name, definition: `${head} ${statement}` }
  })
}

function text(cell: Cell): string {
  if (cell === null) return ''
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('utf8') : String(cell)
}
