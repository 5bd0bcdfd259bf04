// Schema work: which steps there are, which are applied, and running them.
import { z } from 'zod'
import { call, confirmation, progress } from './procedure.ts'

export const migrationStep = z.object({
  /** The ledger's name: the file name with its extension, as the knex command line stores it. */
  name: z.string(),
  /** `missing`: the ledger has it, the list of steps does not. */
  state: z.enum(['applied', 'pending', 'missing']),
  batch: z.number().nullable(),
  /** The ledger's own text; null for a pending step. */
  appliedAt: z.string().nullable(),
  /** What the step does, in one sentence. */
  summary: z.string(),
})
export type MigrationStep = z.infer<typeof migrationStep>

export const migrationAction = z.enum(['all', 'next', 'rollback'])
/** `rollback` undoes the last batch, and only that. */
export type MigrationAction = z.infer<typeof migrationAction>

/** What happens during a run, in order. The last event is `finished`. */
export const migrationEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('planned'), direction: z.enum(['up', 'down']), steps: z.array(z.string()) }),
  z.object({ kind: z.literal('step'), name: z.string(), state: z.enum(['running', 'done', 'failed']), ms: z.number() }),
  /** `at` is milliseconds since the run began. */
  z.object({ kind: z.literal('log'), at: z.number(), text: z.string() }),
  z.object({
    kind: z.literal('finished'),
    outcome: z.enum(['done', 'nothing-to-do', 'failed', 'cancelled']),
    failedStep: z.string().nullable(),
    message: z.string(),
    ms: z.number(),
  }),
])
export type MigrationEvent = z.infer<typeof migrationEvent>

export const migrationsContract = {
  list: call()
    .input(z.object({ profileId: z.string() }))
    .output(
      z.object({
        steps: z.array(migrationStep),
        /** Names in the last batch, in the order a rollback undoes them. */
        lastBatch: z.array(z.string()),
        /** Null when steps can be run; otherwise why not. */
        blocked: z.string().nullable(),
        /** What to know before a run: MySQL and MariaDB keep half of one that fails. Null where none is half. */
        note: z.string().nullable(),
      }),
    ),
  run: progress(migrationEvent).input(z.object({ profileId: z.string(), action: migrationAction, confirmation })),
}
