// The steps that Roster ships, in order. The imports are static so that a bundle holds them too.
import type { Knex } from 'knex'
import * as createAuthUser from '../../../migrations/001-create-auth-user.ts'
import * as indexActive from '../../../migrations/002-index-auth-user-active.ts'
import * as indexConfirmedAt from '../../../migrations/003-index-auth-user-confirmed-at.ts'

export interface Step {
  /** The file name with its extension: what the knex command line stores in the ledger. */
  name: string
  /** What the step does, in one sentence. */
  summary: string
  /** A table that the step makes; when another tool has made it already, nothing is run. */
  creates?: string
  up(knex: Knex): Promise<void>
  down(knex: Knex): Promise<void>
}

export const builtinSteps: readonly Step[] = [
  { name: '001-create-auth-user.ts', ...createAuthUser },
  { name: '002-index-auth-user-active.ts', ...indexActive },
  { name: '003-index-auth-user-confirmed-at.ts', ...indexConfirmedAt },
]
