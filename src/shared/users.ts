// What is special about the users table, beyond its rows.
import { z } from 'zod'
import { cellSchema } from './cell.ts'
import { healthCalls } from './health.ts'
import { passwordCalls } from './passwords.ts'
import { call, confirmation, progress } from './procedure.ts'

export const demoCounts = [100, 10_000, 1_000_000] as const

/** State of adding demo users. Everything is one transaction, but on a cluster: until `done`, nothing is in the table. */
export const demoState = z.object({
  added: z.number(),
  /** On a Galera cluster, where they are added in several transactions: rows that are stored already, and stay. Else null. */
  stored: z.number().nullable(),
  total: z.number(),
  state: z.enum(['adding', 'committing', 'done']),
  ms: z.number(),
})
export type DemoState = z.infer<typeof demoState>

/** Another row that the application may take for the same user. */
export const alikeUser = z.object({
  key: z.array(cellSchema).min(1),
  email: z.string(),
  /** What is different: "upper and lower case", "blanks around it", "other code points that look the same". */
  words: z.string(),
})
export type AlikeUser = z.infer<typeof alikeUser>

export const usersContract = {
  ...passwordCalls,
  ...healthCalls,
  /**
   * Rows whose email is this one but for case, blanks or Unicode form, the row itself left out; at most 50. `isWhole` is false
   * when not all rows could be searched in 8 s: there may be others.
   */
  alike: call()
    .errors({ TABLE_NOT_FOUND: { data: z.object({ table: z.string() }) } })
    .input(
      z.object({ profileId: z.string(), table: z.string(), email: z.string(), key: z.array(cellSchema).nullable() }),
    )
    .output(z.object({ users: z.array(alikeUser), isWhole: z.boolean() })),
  /** Adds demo users to an empty `auth_user`. The same count always gives the same rows. Aborting adds nothing but what is `stored`. */
  addDemo: progress(demoState)
    .errors({
      NOT_EMPTY: { data: z.object({ table: z.string() }) },
      TABLE_NOT_FOUND: { data: z.object({ table: z.string() }) },
      /** `columns` are missing, or of another kind than the migrations make. */
      TABLE_DIFFERS: { data: z.object({ table: z.string(), columns: z.array(z.string()) }) },
    })
    .input(z.object({ profileId: z.string(), count: z.literal(demoCounts), confirmation })),
}
