// Rows in a foreign encoding: values that the column's owner would not have written, what it makes of them, and their repair.
import { z } from 'zod'
import { cellSchema } from './cell.ts'
import { call, progress } from './procedure.ts'

/** Values of one column that are foreign in the same way: the same value, or dates of the same shape. */
export const foreignGroup = z.object({
  /** Names the group in `repair`. */
  id: z.string(),
  column: z.string(),
  /** How it is stored: "the text '1'", "text like 2024-01-15T10:20:30Z". */
  words: z.string(),
  example: cellSchema,
  rows: z.number(),
  /** What the owner makes of it today: "reads it as false", "every query that meets it fails". */
  readAs: z.string(),
  /** What it can be written as, in the column's own encoding, the safest first; empty when it can only be mended by hand. */
  repairs: z.array(
    z.object({
      /** `as-read`: changes nothing for the application. `as-meant`: what the text says. `null`: no value. */
      to: z.enum(['as-read', 'as-meant', 'null']),
      /** For people: "F, as PyDAL reads it today", "T, as it was probably meant". */
      words: z.string(),
      /** Of the example. */
      value: cellSchema,
      /** What the text says and the new value does not, for people: "the time zone"; null when nothing is lost. */
      loses: z.string().nullable(),
    }),
  ),
  /** What else a person should know before repairing, or why there is no repair: sentences; null when there is nothing to say. */
  note: z.string().nullable(),
})
export type ForeignGroup = z.infer<typeof foreignGroup>

export const foreignRows = z.object({
  /** Rows of the table that were looked at, and all of them by the database's statistics, null when it has none. */
  read: z.number(),
  of: z.number().nullable(),
  /** Rows among them that hold a foreign value. */
  rows: z.number(),
  isDone: z.boolean(),
  asOf: z.number(),
  groups: z.array(foreignGroup),
  /** Columns that are not looked at because nobody has chosen between several encodings yet. */
  undecided: z.array(z.string()),
})
export type ForeignRows = z.infer<typeof foreignRows>

const table = z.object({ profileId: z.string(), table: z.string() })
const errors = { TABLE_NOT_FOUND: { data: z.object({ table: z.string() }) } }

export const foreignCalls = {
  /** Reads the table once along its key; ending the stream stops it. */
  foreignRows: progress(foreignRows).errors(errors).input(table),
  /**
   * The cells that repair these groups, to be staged: at most MOST_CHANGES rows, `left` are then still to be repaired. Reads
   * only. `original` is what is stored now.
   */
  foreignRepair: call(10 * 60_000)
    .errors(errors)
    .input(
      table.extend({
        repairs: z.array(z.object({ id: z.string(), column: z.string(), to: z.enum(['as-read', 'as-meant', 'null']) })),
      }),
    )
    .output(
      z.object({
        cells: z.array(
          z.object({ key: z.array(cellSchema).min(1), column: z.string(), original: cellSchema, value: cellSchema }),
        ),
        left: z.number(),
      }),
    ),
}
