// Runs or undoes steps through knex's migrator, and says what happens as it happens.
import type { MigrationAction, MigrationEvent } from '../../shared/migrations.ts'
import type { Database } from '../db/database.ts'
import { noteSchemaWork } from '../db/schema-work.ts'
import { streamEvents } from '../event-queue.ts'
import { Refusal } from '../refusal.ts'
import { apply, freeLock, type Progress } from './apply.ts'
import type { Step } from './builtin.ts'
import { commitsAtOnce, planOf, readState, type SchemaState } from './old-state.ts'

export interface Run {
  database: Database
  steps: readonly Step[]
  action: MigrationAction
  signal: AbortSignal
}

type Finished = Extract<MigrationEvent, { kind: 'finished' }>
type Ending = Pick<Finished, 'outcome' | 'failedStep' | 'message'>

/** Characters of one SQL statement in the log. */
const SQL_LIMIT = 300
/** Milliseconds for reading the ledger back after a run that was cancelled or failed. */
const LOOK_LIMIT = 15_000
/** Milliseconds for finding out about a COMMIT whose answer was lost. */
const OUTCOME_LIMIT = 35_000
/** Milliseconds before the ledger is read a second time. */
const LOOK_AGAIN = 250

/**
 * The last event is `finished`, whatever happened once the plan was made; what cannot even be read is thrown as a Refusal.
 * Aborting ends the work in the database, which rolls back all of it where it can (`SchemaState.note` says where not).
 */
export function runMigrations({ database, steps, action, signal }: Run): AsyncGenerator<MigrationEvent, void> {
  return streamEvents<MigrationEvent>(signal, async (push, signal) => {
    const began = performance.now()
    const since = () => Math.round(performance.now() - began)
    const ending = await work({ database, steps, action, signal }, push, since)
    push({ kind: 'finished', ...ending, ms: since() })
  })
}

async function work(run: Run, push: (event: MigrationEvent) => void, since: () => number): Promise<Ending> {
  const { database, steps, action, signal } = run
  const before = await readState(database, steps, signal)
  if (before.blocked !== null) return { outcome: 'failed', failedStep: null, message: before.blocked }
  const plan = planOf(action, before)
  const isUp = action !== 'rollback'
  push({ kind: 'planned', direction: isUp ? 'up' : 'down', steps: plan })
  if (before.note !== null) push({ kind: 'log', at: since(), text: before.note })
  if (plan.length === 0) {
    const message = isUp ? 'Every step is applied already.' : 'No batch is applied, so there is nothing to roll back.'
    return { outcome: 'nothing-to-do', failedStep: null, message }
  }
  const missing = plan.find((name) => !steps.some((step) => step.name === name))
  if (missing !== undefined) {
    const message = `The last batch holds ${missing}, whose file is not among the steps that Roster has, so it cannot be undone. Nothing was changed.`
    return { outcome: 'failed', failedStep: missing, message }
  }

  let failure: Failure | null = null
  let lastSql = ''
  const progress: Progress = { holdsLock: false, mark: null }
  const watched = steps.map((step) =>
    watch(step, push, (name, error) => (failure ??= { step: name, error, sql: lastSql })),
  )
  try {
    const onSql = (sql: string) => {
      // The ROLLBACK comes after what failed, and before the error gets here.
      if (!/^rollback\b/i.test(sql)) lastSql = sql
      push({ kind: 'log', at: since(), text: shorten(sql) })
    }
    const schema = await database.schema(signal, onSql)
    try {
      await apply({ knex: schema.knex, dialect: database.dialect, steps: watched, action, before }, progress)
    } finally {
      noteSchemaWork(database)
      await schema.close()
    }
  } catch (error) {
    if (!signal.aborted && (await wasCommitted(run, progress))) return readBack(run, plan)
    // The step's own error says more than what came of it: undoing may fail as well, and knex then throws that.
    return whatWasKept(run, plan, before.note, progress, failure ?? { step: null, error, sql: lastSql })
  }
  return readBack(run, plan)
}

interface Failure {
  step: string | null
  error: unknown
  /** The statement that was sent last. */
  sql: string
}

/** The same step, telling when it begins, ends and fails; knex itself tells only what went well. */
function watch(
  step: Step,
  push: (event: MigrationEvent) => void,
  onFailure: (name: string, error: unknown) => void,
): Step {
  async function timed(work: () => Promise<void>) {
    const began = performance.now()
    const tell = (state: 'running' | 'done' | 'failed') =>
      push({ kind: 'step', name: step.name, state, ms: Math.round(performance.now() - began) })
    tell('running')
    try {
      await work()
    } catch (error) {
      onFailure(step.name, error)
      tell('failed')
      throw error
    }
    tell('done')
  }
  return { ...step, up: (knex) => timed(() => step.up(knex)), down: (knex) => timed(() => step.down(knex)) }
}

/** All steps were done, and then the answer to COMMIT was lost or is doubted: the server is asked, once it is there again. */
async function wasCommitted({ database }: Run, { mark }: Progress): Promise<boolean> {
  if (mark === null) return false
  const outcome = await database.outcomeOf(mark, AbortSignal.timeout(OUTCOME_LIMIT)).catch(() => 'unknown' as const)
  return outcome === 'committed'
}

/** A run is done when the ledger says so, not when a promise resolved. */
async function readBack({ database, steps, action }: Run, plan: string[]): Promise<Ending> {
  const after = await readState(database, steps, AbortSignal.timeout(LOOK_LIMIT))
  const differing = plan.find((name) => isApplied(after, name) !== (action !== 'rollback'))
  if (differing !== undefined) {
    const message = `The database reported success, but its ledger does not show it for ${differing}. Look at the list again before running anything.`
    return { outcome: 'failed', failedStep: differing, message }
  }
  const count = `${plan.length} ${plan.length === 1 ? 'step' : 'steps'}`
  const batch = after.steps.find(({ name }) => name === plan[0])?.batch
  const message =
    action === 'rollback' ? `The last batch is undone: ${count}.` : `${count} applied as batch ${batch ?? 0}.`
  return { outcome: 'done', failedStep: null, message }
}

/** After an error or a cancel: looks into the ledger instead of guessing. */
async function whatWasKept(
  run: Run,
  plan: string[],
  note: string | null,
  progress: Progress,
  failure: Failure,
): Promise<Ending> {
  const isCancelled = run.signal.aborted
  const failedStep = isCancelled ? null : failure.step
  const what = isCancelled
    ? 'Cancelled.'
    : `${failure.step ?? 'The run'} failed: ${ownWords(failure)}${rightsHint(failure)}`
  const outcome = isCancelled ? 'cancelled' : 'failed'
  try {
    // A COMMIT that is still under way would make the ledger tell another story in a moment.
    await wasCommitted(run, progress)
    const after = await lookAgain(run)
    const changed = plan.filter((name) => isApplied(after, name) === (run.action !== 'rollback'))
    const kept = note === null ? keptWhole(run, changed) : keptInPart(run, changed, note, failure.step)
    return { outcome, failedStep, message: `${what} ${kept}${await lockWords(run, progress)}` }
  } catch (error) {
    return { outcome, failedStep, message: `${what} What was kept could not be read: ${words(error)}` }
  }
}

const done = ({ action }: Run) => (action === 'rollback' ? 'undone' : 'applied')

function keptWhole(run: Run, changed: readonly string[]): string {
  if (changed.length === 0) return 'The whole run was rolled back: nothing of it was kept.'
  return `According to the ledger ${changed.join(', ')} ${changed.length === 1 ? 'was' : 'were'} ${done(run)} all the same.`
}

function keptInPart(run: Run, changed: readonly string[], note: string, step: string | null): string {
  const inLedger =
    changed.length === 0
      ? `According to the ledger no step was ${done(run)}.`
      : `According to the ledger ${changed.join(', ')} ${changed.length === 1 ? 'was' : 'were'} ${done(run)}.`
  const half = step === null || changed.includes(step) ? '' : ` What ${step} had done before it ended is still there.`
  return `${note} ${inLedger}${half}`
}

/** A session that ended in the middle leaves knex's lock behind, where it is no part of a transaction. */
async function lockWords({ database }: Run, { holdsLock }: Progress): Promise<string> {
  if (!commitsAtOnce(database) || !holdsLock) return ''
  try {
    await freeLock(database, AbortSignal.timeout(LOOK_LIMIT))
    return ''
  } catch (error) {
    return ` knex_migrations_lock is still locked, because the run's session could not be seen to end: ${words(error)}`
  }
}

/** Twice if need be: what ended the run may have ended the connection that looks as well. */
async function lookAgain({ database, steps }: Run): Promise<SchemaState> {
  const signal = AbortSignal.timeout(LOOK_LIMIT)
  try {
    return await readState(database, steps, signal)
  } catch {
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN))
    return readState(database, steps, signal)
  }
}

function isApplied(state: SchemaState, name: string): boolean {
  return state.steps.some((step) => step.name === name && step.state === 'applied')
}

/** The database's words without the statement that knex puts before them: the log has it. */
function ownWords({ error, sql }: Failure): string {
  const text = words(error)
  return sql !== '' && text.startsWith(`${sql} - `) ? text.slice(sql.length + 3) : text
}

/** PostgreSQL's code, and MySQL's for a table, a database and a right. */
const NO_RIGHT: ReadonlySet<unknown> = new Set([
  '42501',
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_SPECIFIC_ACCESS_DENIED_ERROR',
])

function rightsHint({ error }: Failure): string {
  const { code } = Object(error) as { code?: unknown }
  if (!NO_RIGHT.has(code)) return ''
  return ' Migrations need a user that may change the schema; the profile can name another login for them.'
}

function words(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const hint = error instanceof Refusal ? hintOf(error.data) : ''
  return `${/[.!?]$/.test(message) ? message : `${message}.`}${hint}`
}

function hintOf(data: unknown): string {
  const hint = typeof data === 'object' && data !== null && 'hint' in data ? data.hint : null
  return typeof hint === 'string' ? ` ${hint}` : ''
}

function shorten(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim()
  return line.length <= SQL_LIMIT ? line : `${line.slice(0, SQL_LIMIT - 1)}…`
}
