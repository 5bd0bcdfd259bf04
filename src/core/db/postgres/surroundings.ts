// What to know of a PostgreSQL table before it is edited, and where its foreign keys lead.
import type { Surroundings } from '../database.ts'
import type { Read } from '../server/server-dialect.ts'
import { EDITING, notesOf, type Editing } from './editing.ts'
import { FOUND } from './introspect.ts'
import { parseName } from './names.ts'
import { parseReferences, REFERENCES } from './references.ts'

export async function readSurroundings(read: Read, table: string): Promise<Surroundings> {
  const wanted = parseName(table)
  const { rows } = await read({
    sql: `select ${REFERENCES}, ${EDITING} from ${FOUND}`,
    values: [wanted?.table ?? '', wanted?.schema ?? null],
  })
  const [references, editing] = rows[0] ?? []
  if (references === undefined) return { references: [], notes: [] }
  return {
    references: parseReferences(String(references)),
    notes: notesOf(JSON.parse(String(editing)) as Editing),
  }
}
