// Two users tables side by side: schema, counts, rows by email; and users of one made ready to be saved in the other.
import { z } from 'zod'
import { cellSchema } from './cell.ts'
import { call, progress } from './procedure.ts'
import { change } from './tables.ts'

export const comparedTable = z.object({ profileId: z.string(), table: z.string() })
export type ComparedTable = z.infer<typeof comparedTable>

/** Rows of a table that are compared at most: their emails are held in memory. */
export const MOST_COMPARED = 2_000_000
/** Rows of each kind that are listed at most; all are counted. */
export const MOST_LISTED = 1000

export const columnPair = z.object({
  /** Null where the other side alone has it. */
  left: z.object({ name: z.string(), type: z.string(), words: z.string() }).nullable(),
  right: z.object({ name: z.string(), type: z.string(), words: z.string() }).nullable(),
  /** Paired by what they mean (password and password_hash) rather than by name. */
  isByMeaning: z.boolean(),
  /** What differs, in words: length, NULL allowed, encoding; empty when they hold the same values. */
  differences: z.array(z.string()),
  /** Why the values are neither compared nor copied (ids, what the application sets by itself); null where they are. */
  leftOut: z.string().nullable(),
})
export type ColumnPair = z.infer<typeof columnPair>

/** One user by email. `left` and `right`: the keys of the rows; null where there is none. */
export const userPair = z.object({
  email: z.string(),
  left: z.array(cellSchema).nullable(),
  right: z.array(cellSchema).nullable(),
  /** Columns (of the left) whose values mean something else on the right. Secret columns: other hashes. */
  differs: z.array(z.string()),
  /** Of a user of one side alone: an email of the other side that is the same but for case, blanks or Unicode form. */
  alike: z.string().nullable(),
})
export type UserPair = z.infer<typeof userPair>

export const comparison = z.object({
  read: z.object({ left: z.number(), right: z.number() }),
  of: z.object({ left: z.number().nullable(), right: z.number().nullable() }),
  isDone: z.boolean(),
  counts: z.object({ same: z.number(), differs: z.number(), onlyLeft: z.number(), onlyRight: z.number() }),
  /**
   * Rows without a partner for certain: without an email (NULL, and what is no text), without a whole key, and all rows of an
   * email that is there twice in one of the tables.
   */
  unpaired: z.object({ left: z.number(), right: z.number() }),
  /** Users of one side alone whose email is on the other but for case, blanks or Unicode form; known once it is done. */
  alike: z.object({ left: z.number(), right: z.number() }),
})
export type Comparison = z.infer<typeof comparison>

const sides = z.object({ left: comparedTable, right: comparedTable })
const errors = {
  TABLE_NOT_FOUND: { data: z.object({ table: z.string() }) },
  /** Its owner has no column that is an email, or a row of it cannot be named. */
  NO_USERS: { data: z.object({ table: z.string() }) },
  TOO_MANY_ROWS: { data: z.object({ table: z.string(), rows: z.number() }) },
}

export const compareContract = {
  schema: call()
    .errors(errors)
    .input(sides)
    .output(z.object({ columns: z.array(columnPair) })),
  /**
   * Reads both tables once. Emails are paired exactly as they are stored. The result is kept by the host, for `pairs`, as long as
   * the stream is open: it stays open once it is done.
   */
  rows: progress(comparison)
    .errors(errors)
    .input(sides.extend({ id: z.uuid() })),
  /** Users of one kind, in the order of their emails, from the comparison `id`. */
  pairs: call()
    .errors({ NOT_COMPARED: {} })
    .input(
      z.object({
        id: z.uuid(),
        kind: z.enum(['differs', 'onlyLeft', 'onlyRight']),
        from: z.number().int().min(0),
        limit: z.number().int().min(1).max(MOST_LISTED),
      }),
    )
    .output(z.object({ pairs: z.array(userPair) })),
  /**
   * The changes that make these users of `from` so in `to`, in the encodings of `to`: new rows, and updates of those that are
   * there, guarded by what they hold now. Reads only. Ids and uniquifiers are never copied; hashes are, by kept names, where
   * `withPasswords`. `left`: columns and rows that could not be translated, a sentence each.
   */
  copy: call(120_000)
    .errors(errors)
    .input(
      z.object({
        from: comparedTable,
        to: comparedTable,
        keys: z.array(z.array(cellSchema).min(1)).min(1).max(MOST_LISTED),
        columns: z.array(z.string()).nullable(),
        withPasswords: z.boolean(),
      }),
    )
    .output(z.object({ changes: z.array(change), left: z.array(z.string()) })),
}
