// What can be done with steps, what is said before (plan, rehearsal), and what happens while they run.
import { z } from 'zod'
import { direction } from './migration-steps.ts'

export const migrationAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('next') }),
  /** Every pending step up to this one, and this one. */
  z.object({ kind: z.literal('up-to'), name: z.string() }),
  /** The last batch, and only that. */
  z.object({ kind: z.literal('rollback') }),
  /** Every step that was applied after this one, the newest first, and this one. */
  z.object({ kind: z.literal('down-to'), name: z.string() }),
  /** The half step again, from the statement with this number (0-based). */
  z.object({ kind: z.literal('resume'), name: z.string(), from: z.number().int().min(0) }),
  /** The half step the other way, for what of it was done. */
  z.object({ kind: z.literal('undo'), name: z.string() }),
])
export type MigrationAction = z.infer<typeof migrationAction>

/** What happens during a run, in order. The last event is `finished`. */
export const migrationEvent = z.discriminatedUnion('kind', [
  /** Another run holds the lock; sent again as long as it is waited for. */
  z.object({ kind: z.literal('waiting'), at: z.number(), message: z.string() }),
  z.object({ kind: z.literal('planned'), direction, steps: z.array(z.string()) }),
  z.object({ kind: z.literal('step'), name: z.string(), state: z.enum(['running', 'done', 'failed']), ms: z.number() }),
  /** `at` is milliseconds since the run began; `number` counts from 0 in each step. */
  z.object({
    kind: z.literal('statement'),
    at: z.number(),
    step: z.string(),
    number: z.number(),
    sql: z.string(),
    state: z.enum(['running', 'done', 'failed', 'skipped']),
    ms: z.number(),
  }),
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

/** A statement as it would be sent. */
export const plannedStatement = z.object({
  sql: z.string(),
  /** The values bound to it, as text; empty when there are none. */
  bindings: z.string(),
  /** Tables that it touches. Rows are an estimate, null where there is none; bytes null where the engine does not tell. */
  tables: z.array(z.object({ name: z.string(), rows: z.number().nullable(), bytes: z.number().nullable() })),
  /** What is lost by it, in words; null when nothing is. */
  destructive: z.string().nullable(),
  /** Kept at once on this engine, whatever comes after. */
  cannotBeUndone: z.boolean(),
  /** `data`: what is sent from here on depends on rows. `steps`: on what earlier steps will have made. */
  dependsOn: z.enum(['nothing', 'steps', 'data']),
  /** On a Galera cluster, of a change of the schema: that all nodes stop for it, and how large the table is, in words. */
  stops: z.string().optional(),
})
export type PlannedStatement = z.infer<typeof plannedStatement>

export const stepPlan = z.object({
  name: z.string(),
  direction,
  /** True when all of it is kept or nothing. */
  isAtomic: z.boolean(),
  statements: z.array(plannedStatement),
  /** Why it cannot be rehearsed, in words; null when it can. */
  notRehearsed: z.string().nullable(),
  notes: z.array(z.string()),
  /** Why the plan ends before the step does; null when it is whole. */
  problem: z.string().nullable(),
})
export type StepPlan = z.infer<typeof stepPlan>

export const planEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('step'), plan: stepPlan }),
  z.object({ kind: z.literal('finished'), outcome: z.enum(['done', 'failed', 'cancelled']), message: z.string() }),
])
export type PlanEvent = z.infer<typeof planEvent>

/** One table before and after; a table that is new or gone has no lines on the other side. */
export const tableChange = z.object({
  name: z.string(),
  /** Columns, indexes and constraints, one a line, as the engine tells them. */
  before: z.array(z.string()),
  after: z.array(z.string()),
  /** Exact counts where it was rehearsed on the rows themselves; null where no rows were there (scratch schema). */
  rowsBefore: z.number().nullable(),
  rowsAfter: z.number().nullable(),
})
export type TableChange = z.infer<typeof tableChange>

export const rehearsalEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('step'),
    name: z.string(),
    state: z.enum(['running', 'done', 'failed', 'left-out']),
    ms: z.number(),
  }),
  z.object({ kind: z.literal('log'), at: z.number(), text: z.string() }),
  z.object({
    kind: z.literal('finished'),
    outcome: z.enum(['done', 'failed', 'cancelled']),
    message: z.string(),
    /** Tables that differ; the others are counted. */
    changes: z.array(tableChange),
    unchanged: z.number(),
    ms: z.number(),
  }),
])
export type RehearsalEvent = z.infer<typeof rehearsalEvent>
