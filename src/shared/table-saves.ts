// Before and after a save: what the database would refuse, the SQL of a batch, and taking a save back.
import { z } from 'zod'
import { cellSchema, type ShownCell } from './cell.ts'
// First of all, for the setting it makes: object schemas follow.
import './procedure.ts'

/** What would keep one change from being saved, found by asking the database. */
export const problem = z.object({
  changeId: z.string(),
  /** The cell it is shown at; null when the database names none. */
  column: z.string().nullable(),
  kind: z.enum(['unique', 'not-null', 'length', 'foreign-key', 'type']),
  /** A sentence for people. */
  words: z.string(),
  /** For `unique`: the stored row that has the value, or null when it is another staged change (`otherId`). */
  holder: z.object({ key: z.array(cellSchema).min(1), label: z.string() }).nullable(),
  otherId: z.string().nullable(),
})
export type Problem = z.infer<typeof problem>

/** One save that was done from here, the newest first. */
export const savedBatch = z.object({
  id: z.string(),
  table: z.string(),
  /** Milliseconds since 1970. */
  at: z.number(),
  updates: z.number(),
  inserts: z.number(),
  deletes: z.number(),
  /** Null when it can be taken back; otherwise why not (it was taken back already, it is no longer kept, …). */
  refusal: z.string().nullable(),
  /** What taking it back does not bring back (rows of other tables that went with deleted ones): a sentence, where there is such. */
  note: z.string().optional(),
  /** It is itself the taking back of another save. */
  reverts: z.string().nullable(),
})
export type SavedBatch = z.infer<typeof savedBatch>

/** What one save did to one row. */
export interface RowSave {
  id: string
  /** Milliseconds since 1970. */
  at: number
  kind: 'update' | 'insert' | 'delete'
  /** Columns it changed: what they held before and after. */
  cells: { column: string; from: ShownCell; to: ShownCell }[]
  /** As of the whole save. */
  refusal: string | null
  reverts: string | null
}

/** A statement as it is run, with its values written in, secrets masked; for people to read and copy. */
export const statementText = z.object({
  /** The change it belongs to; several when one value makes room for another. */
  changeId: z.string(),
  sql: z.string(),
})
export type StatementText = z.infer<typeof statementText>
