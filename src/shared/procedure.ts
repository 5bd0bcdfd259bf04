// The base of every call in the contract: the errors any call can meet, and how long it may take.
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'

// The page's content policy forbids making code from text, which zod does (and tests for) unless told. Every feature's file
// imports this one, so that this comes before any object schema.
z.config({ jitless: true })

/** Facts about a call that both ends can read. */
export interface CallMeta {
  /** Milliseconds after which the call is aborted, down to the database, and fails with DEADLINE. */
  deadline: number
}

/** Why a database cannot be used just now, in a word the interface can act on. */
export const unavailableReason = z.enum([
  'missing',
  'locked',
  'not-readable',
  'encrypted',
  'damaged',
  'not-a-database',
  'process-ended',
  'disk-full',
  // Servers. `not-open`: nobody opened the profile, or it waits for the server; `busy`: every connection is in use.
  'not-open',
  'busy',
  'needs-password',
  'cancelled',
  'refused',
  'no-answer',
  'unreachable',
  'name-unknown',
  'starting',
  'lost',
  'too-many-connections',
  'authentication',
  'no-database',
  'not-migrated',
  'no-privilege',
  'host-blocked',
  'tls',
  'tunnel',
  'host-key',
  'protocol',
  'unsafe',
  'local',
  'other',
])
export type UnavailableReason = z.infer<typeof unavailableReason>

/** Errors any call can meet. Their messages are shown to a person as they are. */
export const commonErrors = {
  /** The call took longer than its deadline and was stopped. */
  DEADLINE: { data: z.object({ milliseconds: z.number() }) },
  PROFILE_NOT_FOUND: { data: z.object({ profileId: z.string() }) },
  /** The database cannot be opened or was lost; `hint` says what a person can do. */
  DATABASE_UNAVAILABLE: { data: z.object({ reason: unavailableReason, hint: z.string() }) },
  /** The database answered with an error that is not ours; the text is the database's own. */
  QUERY_FAILED: { data: z.object({ code: z.string() }) },
  READ_ONLY: { data: z.object({ why: z.string() }) },
  /** A write on a production database: the person types the profile's name first, and it is sent as `confirmation`. */
  CONFIRMATION_NEEDED: { data: z.object({ profileName: z.string() }) },
} as const

const DEFAULT_DEADLINE = 30_000

const base = oc.$meta<CallMeta>({ deadline: DEFAULT_DEADLINE }).errors(commonErrors)

/** What a person typed to confirm a write on a production database (see CONFIRMATION_NEEDED). */
export const confirmation = z.string().max(200).optional()

/** A call with the common errors. `deadline` in milliseconds; 30 s unless told. */
export function call(deadline: number = DEFAULT_DEADLINE) {
  return base.meta({ deadline })
}

/** A long task that reports its state as it changes, at most 10 times a second; never used for rows. */
export function progress<T extends z.ZodType>(state: T) {
  return base.meta({ deadline: 6 * 60 * 60_000 }).output(eventIterator(state))
}
