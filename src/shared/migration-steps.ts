// What is known of the steps of one database, before anything is run.
import { z } from 'zod'

/**
 * `changed`: applied, and its file is another now. `renamed`: applied under another name with the same content.
 * `missing`: the ledger has it, the folder has not. `out-of-order`: pending, though a later step is applied.
 * `half`: a run of it ended in the middle, and a person has to decide what becomes of it.
 */
export const stepState = z.enum(['pending', 'out-of-order', 'applied', 'changed', 'renamed', 'missing', 'half'])
export type StepState = z.infer<typeof stepState>

export const direction = z.enum(['up', 'down'])
export type Direction = z.infer<typeof direction>

/** Who wrote the ledger's row. `elsewhere`: the knex command line or another program; Roster has no record of it. */
export const appliedBy = z.enum(['run', 'adopted', 'marked', 'renamed', 'elsewhere'])

export const migrationStep = z.object({
  /** The file's name as it is in the folder; for `missing` the ledger's. Names are the same when they differ by extension only. */
  name: z.string(),
  /** The name in the ledger, where that is another. */
  ledgerName: z.string().nullable(),
  /** Null for a missing file. */
  kind: z.enum(['module', 'sql']).nullable(),
  state: stepState,
  batch: z.number().nullable(),
  /** The ledger's own time, ISO 8601 in UTC where it can be told; null for a step that is not applied. */
  appliedAt: z.string().nullable(),
  appliedBy: appliedBy.nullable(),
  /** Who ran it, "name@machine"; null when Roster has no record. */
  person: z.string().nullable(),
  /** How long it took, in milliseconds. */
  ms: z.number().nullable(),
  /** What the step does, in one sentence: its file's opening comment. Empty when it has none. */
  summary: z.string(),
  /** What is out of the ordinary with it and what to do, in words; null when nothing is. */
  problem: z.string().nullable(),
})
export type MigrationStep = z.infer<typeof migrationStep>

/** `built-in` needs no trust. `new`: never trusted. `changed`: files differ from what was trusted. */
export const folderTrust = z.enum(['built-in', 'trusted', 'new', 'changed'])

export const migrationsFolder = z.object({
  /** The real path; null for the steps that Roster ships. */
  path: z.string().nullable(),
  trust: folderTrust,
  /** Of all that trusting it would allow to run; to be sent back with `trust`, so that what was seen is what is trusted. */
  content: z.string(),
  /** Files that were added, removed or changed since it was trusted; all of them when it is new. */
  files: z.array(z.object({ name: z.string(), change: z.enum(['new', 'changed', 'removed', 'same']) })),
  /** Why the folder cannot be read, or what in it is not understood; null when all is well. */
  problem: z.string().nullable(),
})
export type MigrationsFolder = z.infer<typeof migrationsFolder>

/** The ledger of another tool, read only. */
export const otherTool = z.object({
  /** "Alembic" */
  tool: z.string(),
  /** The table, or the file beside the database. */
  where: z.string(),
  /** Its last lines as they are, newest first, at most 20. */
  lines: z.array(z.string()),
  /** How many there are in all. */
  count: z.number(),
})
export type OtherTool = z.infer<typeof otherTool>

/** Why nothing can be run just now: somebody else is at it, or a lock was left behind. */
export const migrationLock = z.object({
  /** `run`: a run of Roster is under way. `knex`: knex's lock table is locked. `broken`: that table has not exactly one row. */
  kind: z.enum(['run', 'knex', 'broken']),
  /** Who holds it and since when, as far as it is known, and what to do; in words. */
  message: z.string(),
  /** True when it is sure, or likely, that nobody holds it: `repairLock` frees it, after consent. */
  canRepair: z.boolean(),
})
export type MigrationLock = z.infer<typeof migrationLock>

/** A step whose run ended in the middle. */
export const halfStep = z.object({
  name: z.string(),
  direction,
  /** ISO 8601 in UTC. */
  startedAt: z.string(),
  /** "name@machine" */
  person: z.string(),
  error: z.string().nullable(),
  /** In the order in which they were sent. `under-way`: sent, its answer never came, so that it is done or not. */
  statements: z.array(z.object({ sql: z.string(), state: z.enum(['done', 'under-way', 'failed']) })),
  /** What is in the database now, in words; nothing is claimed that the engine did not do. */
  message: z.string(),
  /** Each choice: null when it can be taken, otherwise why not. */
  choices: z.object({
    /** Run it again, without the statements that are done. */
    resume: z.string().nullable(),
    /** Run the other direction for what was done. */
    undo: z.string().nullable(),
    markApplied: z.string().nullable(),
    markNotApplied: z.string().nullable(),
  }),
  /** The first statement a resumed run would send: 0-based, the number done. One more where the one under way is taken as done. */
  resumeFrom: z.number(),
})
export type HalfStep = z.infer<typeof halfStep>

export const migrationList = z.object({
  folder: migrationsFolder,
  steps: z.array(migrationStep),
  /** Names in the last batch, in the order a rollback undoes them. */
  lastBatch: z.array(z.string()),
  /** Every step of the folder is applied, and none is half done. */
  isAtHead: z.boolean(),
  /** Null when steps can be run; otherwise why not. Trust and the lock have fields of their own. */
  blocked: z.string().nullable(),
  /** What to know before a run, in words; null where nothing is. */
  note: z.string().nullable(),
  lock: migrationLock.nullable(),
  half: halfStep.nullable(),
  otherTools: z.array(otherTool),
  /** Steps that make a table which is there already: they can be adopted instead of run (see `adoption`). */
  adoptable: z.array(z.string()),
})
export type MigrationList = z.infer<typeof migrationList>

/** What was done with the steps of a database, the newest first. */
export const historyEntry = z.object({
  id: z.string(),
  name: z.string(),
  direction,
  outcome: z.enum([
    'done',
    'failed',
    'cancelled',
    'half',
    'running',
    'adopted',
    'marked-applied',
    'marked-not-applied',
    'renamed',
    'lock-repaired',
  ]),
  /** ISO 8601 in UTC. */
  startedAt: z.string(),
  /** Null while it runs, and when it never ended. */
  ms: z.number().nullable(),
  /** "name@machine", and the database's user; a file has none (empty). */
  person: z.string(),
  databaseUser: z.string(),
  batch: z.number().nullable(),
  statements: z.number(),
  error: z.string().nullable(),
})
export type HistoryEntry = z.infer<typeof historyEntry>

/** An existing table compared with what a step would make. */
export const adoption = z.object({
  name: z.string(),
  table: z.string(),
  /** True when every standard column is there in an encoding that Roster can write. */
  isCompatible: z.boolean(),
  findings: z.array(
    z.object({
      /** A column, or an index's columns. */
      what: z.string(),
      /** `same`; `compatible`: differs, and nothing stands in the way; `missing` and `incompatible` do. */
      verdict: z.enum(['same', 'compatible', 'missing', 'incompatible']),
      text: z.string(),
    }),
  ),
  /** The tool that owns the table, as far as it can be told. */
  owner: z.string().nullable(),
  /** The text of a migration that would close the differences; null where there is none, or another tool owns the table. */
  closing: z.string().nullable(),
})
export type Adoption = z.infer<typeof adoption>
