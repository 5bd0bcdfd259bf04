// What to know of a SQLite table before it is edited, and where its foreign keys lead.
import type { Rows, Statement, Surroundings } from '../database.ts'
import { triggerNotes } from '../surroundings.ts'
import { readReferences } from './references.ts'

type Read = (statement: Statement) => Promise<Rows>

export async function readSurroundings(read: Read, table: string): Promise<Surroundings> {
  const [references, triggers] = [await readReferences(read, table), await readTriggers(read, table)]
  return {
    references: references.map(({ columns, table: target, pointsTo, onDelete }) => ({
      columns,
      table: target,
      pointsTo,
      onDelete,
    })),
    // Those of a view are named in the reason why it is not edited.
    notes: triggerNotes(triggers.flatMap(({ name, isOfView }) => (isOfView ? [] : [name]))),
  }
}

export async function readTriggers(
  read: Read,
  table: string,
): Promise<{ name: string; definition: string; isOfView: boolean }[]> {
  const { rows } = await read({
    sql: `SELECT t.name, t.sql, (SELECT type = 'view' FROM sqlite_schema o WHERE o.name = t.tbl_name COLLATE NOCASE
                                 AND o.type IN ('table', 'view'))
          FROM sqlite_schema t WHERE t.type = 'trigger' AND t.tbl_name = ? COLLATE NOCASE ORDER BY t.rowid`,
    values: [table],
  })
  return rows.map(([name, definition, isOfView]) => ({
    name: String(name),
    definition: String(definition),
    isOfView: Boolean(isOfView),
  }))
}
