// Runs, undoes and resumes steps under the run's lock, and says what happens as it happens.
import { randomUUID } from 'node:crypto'
import type { MigrationList, MigrationStep } from '../../../shared/migration-steps.ts'
import type { MigrationAction, MigrationEvent } from '../../../shared/migration-runs.ts'
import { isApplied } from '../../../shared/migration-order.ts'
import { noteSchemaWork } from '../../db/schema-work.ts'
import { streamEvents } from '../../event-queue.ts'
import { Refusal } from '../../refusal.ts'
import { stepsOf } from '../action-steps.ts'
import { keyOf } from '../folder/step-name.ts'
import type { Project } from '../project.ts'
import { readState } from '../state.ts'
import { activeRun } from './active-runs.ts'
import { afterLoss } from './after-loss.ts'
import type { OnBoundary } from './boundary.ts'
import { isSameLedger } from './claim.ts'
import { KnexLocked } from './knex-lock.ts'
import { ledgerNames, nextBatch } from './ledger-rows.ts'
import { untilFit } from './node-fit.ts'
import { prepared } from './prepared.ts'
import { planned, type PlannedStep } from './planned-steps.ts'
import type { RunContext } from './run-context.ts'
import { runStep, type StepEnd } from './run-step.ts'
import { BaseChanged, isNotBegun, isRefusedResume } from './step-errors.ts'
import { aliveWords, lostWords } from './kept-now.ts'
import { counted, failureWords, someOf, wordsOf } from './run-words.ts'
import { openSchemaSession } from './schema-session.ts'
import { statementEvents } from './statement-events.ts'

export interface RunOptions {
  project: Project
  action: MigrationAction
  signal: AbortSignal
  /** For tests that end the process at a point. */
  onBoundary?: OnBoundary
}

type Finished = Extract<MigrationEvent, { kind: 'finished' }>
type Ending = Pick<Finished, 'outcome' | 'failedStep' | 'message'>

/**
 * The last event is `finished`, whatever happened once the plan was made; what cannot even be planned is thrown as a Refusal
 * (STEP_REFUSED, NOT_TRUSTED). Aborting ends the work in the database: a step that is one transaction leaves nothing, of any
 * other the journal and the last event say what is kept.
 */
export function runMigrations(options: RunOptions): AsyncGenerator<MigrationEvent, void> {
  return streamEvents<MigrationEvent>(options.signal, async (push, signal) => {
    const began = performance.now()
    const since = () => Math.round(performance.now() - began)
    const ending = await plannedRun({ ...options, signal }, push, since)
    push({ kind: 'finished', ...ending, ms: since() })
  })
}

const failed = (message: string, failedStep: string | null = null): Ending => ({
  outcome: 'failed',
  failedStep,
  message,
})

interface Running extends RunOptions {
  list: MigrationList
  steps: readonly PlannedStep[]
  readonly push: (event: MigrationEvent) => void
  readonly since: () => number
}

async function plannedRun(
  options: RunOptions,
  push: (event: MigrationEvent) => void,
  since: () => number,
): Promise<Ending> {
  const { project, action, signal } = options
  const list = await readState(project, signal)
  if (list.blocked !== null) return failed(list.blocked)
  if (list.lock && list.lock.kind !== 'run') return failed(list.lock.message)
  const { direction, names } = stepsOf(action, list)
  push({ kind: 'planned', direction, steps: names })
  const log = (text: string) => push({ kind: 'log', at: since(), text })
  if (list.note !== null) log(list.note)
  for (const text of oddities(list, names)) log(text)
  if (names.length === 0) {
    const message =
      direction === 'up' ? 'Every step is applied already.' : 'No batch is applied, so there is nothing to roll back.'
    return { outcome: 'nothing-to-do', failedStep: null, message }
  }
  const programs = project.openPrograms()
  try {
    const steps = await planned(project, programs, { action, direction, names, list }, signal)
    return await lockedRun({ ...options, list, steps, push, since })
  } finally {
    await programs.close()
  }
}

/** What is out of the ordinary with steps that are run all the same. */
function oddities({ steps }: MigrationList, names: readonly string[]): string[] {
  const texts: Partial<Record<MigrationStep['state'], (name: string) => string>> = {
    'out-of-order': (name) =>
      `${name} is run after steps that come later by name: it was not there, or was left out, when they were run.`,
    changed: (name) => `The file of ${name} has changed since it was applied: it is undone as the file says now.`,
    renamed: (name) => `${name} has another name in the ledger; it is undone under that one.`,
  }
  return steps
    .filter(({ name }) => names.includes(name))
    .flatMap(({ name, state }) => {
      const text = texts[state]?.(name)
      return text === undefined ? [] : [text]
    })
}

/** Names in the ledger as a person was shown them, but for the step that ended in the middle. */
function shownLedger({ steps }: MigrationList): string[] {
  return steps.filter(isApplied).map(({ name, ledgerName }) => ledgerName ?? name)
}

async function lockedRun(running: Running): Promise<Ending> {
  const { project, signal, push, since, onBoundary = () => undefined } = running
  const run = randomUUID()
  const over = activeRun(run)
  try {
    const session = await openSchemaSession(project.database, signal)
    try {
      await onBoundary('before lock')
      const onWaiting = (message: string) => push({ kind: 'waiting', at: since(), message })
      await untilFit(session, { signal, onWaiting })
      const { lock, left } = await prepared(session, { project, signal, run, onWaiting })
      await onBoundary('after lock')
      const statements = statementEvents(push, since)
      const context: RunContext = {
        project,
        run,
        session,
        lock,
        signal,
        statements,
        push,
        since,
        boundary: onBoundary,
        over,
      }
      const half = left.find(({ entry }) => entry.outcome === 'half')
      // What a person was shown as half, and decided about, is no news.
      if (half && keyOf(half.entry.step) !== halfKeyOf(running)) return failed(foundHalf(half.entry.step))
      push({ kind: 'log', at: since(), text: lock.words })
      const ending = await allSteps(context, running)
      if (signal.aborted) return ending
      await onBoundary('before unlock')
      // Of a session that is gone the server has freed it.
      await lock.release().catch(() => undefined)
      await onBoundary('after unlock')
      return ending
    } finally {
      noteSchemaWork(project.database)
      await session.close()
    }
  } catch (error) {
    if (signal.aborted) return { outcome: 'cancelled', failedStep: null, message: 'Cancelled. Nothing was changed.' }
    if (error instanceof KnexLocked || error instanceof BaseChanged) return failed(error.message)
    if (error instanceof Refusal && error.code === 'LOCK_HELD') return failed(error.message)
    return failed(`The run failed: ${wordsOf(error)}`)
  } finally {
    over()
  }
}

/** The step that this run is to settle; null for a run of other steps. */
function halfKeyOf({ action, list }: Running): string | null {
  const settles = action.kind === 'resume' || action.kind === 'undo'
  return settles && list.half ? keyOf(list.half.name) : null
}

const foundHalf = (step: string) =>
  `${step} ended in the middle in an earlier run. Decide first what becomes of it; nothing was run.`

/** Everything from the first step to the last, or to the one that fails. */
async function allSteps(context: RunContext, running: Running): Promise<Ending> {
  const { session, push, since } = context
  const { list, steps } = running
  const now = await ledgerNames(session)
  const halfKey = list.half && keyOf(list.half.name)
  const isOther = (name: string) => keyOf(name) !== halfKey
  const names = now.map(({ name }) => name)
  if (!isSameLedger(names.filter(isOther), shownLedger(list).filter(isOther))) {
    return failed('Another program has run or undone steps meanwhile. Look at the list again. Nothing was run.')
  }
  const batch = await nextBatch(session)
  let expected = names
  const done: string[] = []
  for (const step of steps) {
    const { file, direction } = step
    if (context.signal.aborted) return cancelled(running, done)
    const began = since()
    push({ kind: 'step', name: step.name, state: 'running', ms: 0 })
    const isInLedger = expected.some((name) => name === step.ledgerName)
    const end = await runStep(context, {
      ...step,
      batch: step.batch ?? batch,
      expected,
      changesLedger: isInLedger !== (direction === 'up'),
    })
    context.statements.flush()
    const found = end.outcome === 'failed' && end.isLost ? await afterLoss(context, end) : null
    const isDone = end.outcome === 'done' || found?.outcome === 'done'
    push({ kind: 'step', name: step.name, state: isDone ? 'done' : 'failed', ms: since() - began })
    if (end.outcome === 'failed' && !isDone) return await failure(running, step, end, found, done, context)
    done.push(step.name)
    if (end.outcome === 'done' && end.doubt !== null) return failed(`${step.name}: ${wordsOf(end.doubt)}`, file.name)
    if (end.isLost && step !== steps.at(-1)) {
      if (context.signal.aborted) return cancelled(running, done)
      return failed(`${step.name} was committed, and then the connection was lost. ${lost(running, done)}`)
    }
    expected = expected.filter((name) => name !== step.ledgerName)
    if (direction === 'up') expected.push(step.ledgerName)
  }
  return finished(running, done, batch)
}

const lost = ({ steps }: Running, done: readonly string[]) =>
  `${counted(steps.length - done.length, 'step')} of the run ${steps.length - done.length === 1 ? 'was' : 'were'} not run.`

function cancelled(running: Running, done: readonly string[]): Ending {
  return {
    outcome: 'cancelled',
    failedStep: null,
    message: `Cancelled.${before(running, done)} ${lost(running, done)}`,
  }
}

function finished({ action, steps }: Running, done: readonly string[], batch: number): Ending {
  const count = counted(done.length, 'step')
  const [step] = steps
  const skipped = step?.skip.filter(({ isRead }) => !isRead).length ?? 0
  const words: Record<MigrationAction['kind'], string> = {
    all: `${count} applied as batch ${batch}.`,
    next: `${count} applied as batch ${batch}.`,
    'up-to': `${count} applied as batch ${batch}.`,
    rollback: `The last batch is undone: ${count}.`,
    'down-to': `${count} undone.`,
    resume: `${step?.name ?? ''} is ${step?.direction === 'down' ? 'undone' : 'applied'}. ${counted(skipped, 'statement')} that had been done before ${skipped === 1 ? 'was' : 'were'} not sent again.`,
    undo: `What was done of ${step?.name ?? ''} is ${step?.direction === 'down' ? 'undone' : 'done again'}: it is ${step?.direction === 'down' ? 'not applied' : 'applied'}.`,
  }
  return { outcome: 'done', failedStep: null, message: words[action.kind] }
}

/** What earlier steps of the run have left. */
function before({ steps }: Running, done: readonly string[]): string {
  if (done.length === 0) return ''
  const word = steps[0]?.direction === 'down' ? 'Undone' : 'Applied'
  return ` ${word} before it in this run, and kept: ${someOf(done)}.`
}

type Failed = Extract<StepEnd, { outcome: 'failed' }>

async function failure(
  running: Running,
  step: PlannedStep,
  end: Failed,
  found: Awaited<ReturnType<typeof afterLoss>> | null,
  done: readonly string[],
  { project, session }: RunContext,
): Promise<Ending> {
  const isCancelled = running.signal.aborted
  const what = isCancelled ? 'Cancelled.' : failureOfStep(step, end)
  const outcome = isCancelled ? 'cancelled' : 'failed'
  const failedStep = isCancelled || end.entry === null || isNotBegun(end.error) ? null : step.name
  const isAgain = step.settles !== null
  const where = found && session.galera ? ` The session was on the node ${session.galera.node}.` : ''
  const kept = found ? await lostWords(project, found, isAgain) : await aliveWords(project, end, isAgain)
  return { outcome, failedStep, message: `${what}${where} ${kept}${before(running, done)}`.trim() }
}

function failureOfStep(step: PlannedStep, { error, sending }: Failed): string {
  if (isNotBegun(error)) return error.message
  if (isRefusedResume(error)) return `${step.name} was not resumed. ${wordsOf(error)}`
  return failureWords(step.name, error, sending?.failed ?? null)
}
