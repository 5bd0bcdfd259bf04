// What Roster sent to a database: every statement, for people who want to know what was done in their name.
import { z } from 'zod'
import { progress } from './procedure.ts'

export const activityEntry = z.object({
  /** Counts up by one for each profile. */
  number: z.number(),
  /** When it was sent, milliseconds since 1970. */
  at: z.number(),
  /** Milliseconds until the answer; null while it is under way. */
  duration: z.number().nullable(),
  role: z.enum(['read', 'write', 'schema']),
  /** With placeholders; passwords that are known are masked. At most 4,000 characters. */
  sql: z.string(),
  /** The bound values as text, each at most 100 characters; those of secret columns are masked. At most 20. */
  values: z.array(z.string()),
  /** Rows read or changed; null while it is under way, and after a failure. */
  rows: z.number().nullable(),
  /** How often the same statement was sent in a row with other values (a save of many rows). */
  times: z.number(),
  /** The database's words when it failed; "cancelled" when a person moved on. */
  error: z.string().nullable(),
})
export type ActivityEntry = z.infer<typeof activityEntry>

export const activityContract = {
  /** The last 500 entries, then those that are new or have changed, at most ten times a second. */
  watch: progress(z.array(activityEntry)).input(z.object({ profileId: z.string() })),
}
