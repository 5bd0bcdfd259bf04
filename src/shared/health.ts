// The health of a users table: numbers that the database computes in one pass, and what they are drawn as.
import { z } from 'zod'
import { filter } from './filters.ts'
import { progress } from './procedure.ts'

export const healthFact = z.object({
  id: z.enum([
    'inactive',
    'never-confirmed',
    'no-password',
    'weak-scheme',
    'duplicate-email',
    'invalid-email',
    'no-uniquifier',
    'foreign-encoding',
    'deleted',
    'impossible-date',
  ]),
  /** "Inactive", "Foreign encoding in active". */
  title: z.string(),
  /** What it means to the application: a sentence. */
  words: z.string(),
  rows: z.number(),
  /** The number is final as of `asOf`. */
  isDone: z.boolean(),
  /** The rows as the grid finds them; null when they are none, or cannot be asked for. */
  filter: filter.nullable(),
  /** Set when the filter finds fewer than `rows`: how many, and why. */
  filterNote: z.string().nullable(),
})
export type HealthFact = z.infer<typeof healthFact>

const bar = z.object({ label: z.string(), rows: z.number() })

export const health = z.object({
  /** Rows passed so far, and how many there are by what is known; null when nothing is. */
  read: z.number(),
  of: z.number().nullable(),
  isDone: z.boolean(),
  /** When it began, milliseconds since 1970. */
  asOf: z.number(),
  facts: z.array(healthFact),
  charts: z.object({
    /** Confirmations by month, "2024-01", in order; without those months that have none. */
    confirmed: z.array(bar),
    active: z.object({ active: z.number(), inactive: z.number(), unknown: z.number() }).nullable(),
    schemes: z.array(bar.extend({ isWeak: z.boolean() })),
    /** The commonest at most 20; `others` are the rows of all other domains. */
    domains: z.array(bar),
    others: z.number(),
  }),
})
export type Health = z.infer<typeof health>

export const healthCalls = {
  /** Computed by the database, part by part along the key; ending the stream stops it there. */
  health: progress(health)
    .errors({
      TABLE_NOT_FOUND: { data: z.object({ table: z.string() }) },
      /** The table holds no users that are known as such. */
      NO_USERS: { data: z.object({ table: z.string() }) },
    })
    .input(z.object({ profileId: z.string(), table: z.string() })),
}
