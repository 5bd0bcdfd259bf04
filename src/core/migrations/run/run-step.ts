// Runs one step: its entry in the journal before, its statements, and its row in the ledger with the entry's end after.
import { randomUUID } from 'node:crypto'
import type { Direction } from '../../../shared/migration-steps.ts'
import type { StepFile, StepProgram } from '../step.ts'
import { claim, refuseIfChanged, takenInside } from './claim.ts'
import type { JournalEntry, JournalStatement } from './journal.ts'
import { keptOf, type Kept } from './kept-statements.ts'
import { freeKnexLock, tokenOf } from './knex-lock.ts'
import { addToLedger, readBack, removeFromLedger } from './ledger-rows.ts'
import { LockLost } from './lock-lost.ts'
import { SOURCE_LENGTH } from './open-journal.ts'
import { countOrphans, moreOrphans } from './orphans.ts'
import type { RunContext } from './run-context.ts'
import { counted } from './run-words.ts'
import { Differs, oneLine, sending, type Sending } from './sending.ts'
import { errorText } from './step-errors.ts'
import { acknowledged, together } from './together.ts'

export interface StepToRun {
  file: StepFile
  program: StepProgram
  direction: Direction
  /** The name in the ledger: of a step to be undone the one that is there. */
  ledgerName: string
  /** Of the run's own rows. */
  batch: number
  /** Written on success; false when the ledger is as it should be afterwards. */
  changesLedger: boolean
  isAtomic: boolean
  /** What an earlier run has done of it, and is not sent again. */
  skip: readonly JournalStatement[]
  /** The half step that this one ends, or takes over. */
  settles: JournalEntry | null
  /** Names in the ledger as they have to be before the step. */
  expected: readonly string[]
}

export type StepEnd =
  /** `doubt`: committed, and what was found afterwards is not as it should be. `isLost`: committed, and then the session ended. */
  | { outcome: 'done'; entry: JournalEntry; sending: Sending; doubt: unknown; isLost: boolean }
  | {
      outcome: 'failed'
      entry: JournalEntry | null
      sending: Sending | null
      error: unknown
      /** The session answers no more: what was kept has to be looked up on another. */
      isLost: boolean
      /** COMMIT was sent and not answered: what `Database.outcomeOf` takes. */
      mark: { value: string | null } | null
      kept: Kept | null
    }

/** Rejects with nothing of the step's own: what goes wrong in it is its end. Aborting ends the session, and so the step. */
export async function runStep(context: RunContext, step: StepToRun): Promise<StepEnd> {
  const { session, signal } = context
  const began = performance.now()
  const entry = entryOf(context, step)
  const sent = sending(context, {
    step: step.file.name,
    entry: entry.id,
    isAtomic: step.isAtomic,
    skip: step.skip,
  })
  let isClaimed = false
  let mark: { value: string | null } | null = null
  const end = (outcome: JournalEntry['outcome']): JournalEntry => ({
    ...entry,
    outcome,
    statementsDone: sent.statements.filter(({ state }) => state === 'done').length,
    ms: Math.round(performance.now() - began),
  })

  try {
    for (;;) {
      await claim(context, step, entry)
      isClaimed = true
      if (!step.isAtomic) break
      await session.begin()
      if (await takenInside(context, entry)) break
    }
    // In the same transaction, or on a session whose lock nobody else has: what is read now stays.
    await refuseIfChanged(context, step)
    await runProgram(context, step, sent)
    const done = end('done')
    await session.restore()
    if (!step.isAtomic) await session.begin()
    await writeEnd(context, step, done)
    mark = { value: await session.mark() }
    await context.boundary('before commit')
    signal.throwIfAborted()
    await acknowledged(session)
    mark = null
    const doubt = await afterCommit(context, step, done)
    const isLost = doubt !== null && (signal.aborted || !(await rolledBack(context)))
    return { outcome: 'done', entry: done, sending: sent, doubt: isLost ? null : doubt, isLost }
  } catch (error) {
    const first = sent.stopped ?? error
    const isAlive = !signal.aborted && (await rolledBack(context))
    // Another run may have settled the step meanwhile: what the journal says of it is that run's to write.
    if (isAlive && session.galera && first instanceof LockLost) {
      const entry = isClaimed ? end('running') : null
      return { outcome: 'failed', entry, sending: sent, error: first, isLost: false, mark: null, kept: null }
    }
    if (!isAlive) {
      return {
        outcome: 'failed',
        entry: end('running'),
        sending: sent,
        error: first,
        isLost: true,
        mark,
        kept: null,
      }
    }
    const failed = { outcome: 'failed' as const, sending: sent, error: first, mark: null }
    if (!isClaimed) return { ...failed, entry: null, isLost: false, kept: null }
    try {
      const { entry: last, kept } = await writeFailure(context, step, sent, end('failed'), first)
      return { ...failed, entry: last, isLost: false, kept }
    } catch (second) {
      context.project.log('warn', `What became of ${step.file.name} could not be written down.`, second)
      return { ...failed, entry: end('running'), isLost: true, kept: null }
    }
  }
}

function entryOf({ project, run, session }: RunContext, step: StepToRun): JournalEntry {
  const source = JSON.stringify(step.file.files)
  return {
    id: randomUUID(),
    run,
    step: step.ledgerName,
    direction: step.direction,
    outcome: 'running',
    batch: step.batch,
    checksum: step.file.checksum,
    source: source.length > SOURCE_LENGTH ? null : source,
    isAtomic: step.isAtomic,
    statementsDone: 0,
    person: project.person,
    databaseUser: session.user,
    session: session.id,
    startedAt: new Date().toISOString(),
    ms: null,
    error: null,
  }
}

async function runProgram(context: RunContext, step: StepToRun, sent: Sending): Promise<void> {
  const { session, signal, push, since } = context
  const onLog = (text: string) => push({ kind: 'log', at: since(), text: `${step.file.name} prints: ${text}` })
  const atBegin = step.isAtomic && session.dialect === 'postgres' ? await session.mark() : null
  // Inside of a transaction COMMIT looks; foreign keys are off in any case, so that nothing cascades.
  const before = !step.isAtomic && session.dialect === 'sqlite' ? await countOrphans(session) : null
  await step.program.run(step.direction, sent, { isInTransaction: step.isAtomic, signal, onLog })
  if (sent.stopped) throw sent.stopped
  if (sent.statements.length < step.skip.length) {
    const next = step.skip[sent.statements.length]
    throw new Differs(
      `The step sends ${counted(sent.statements.length, 'statement')} now, and the journal has ${step.skip.length} that are done; the first it leaves out is ${oneLine(next?.sql ?? '')}.`,
    )
  }
  if (session.transaction === 'failed' && sent.failed) {
    throw new Error(
      `The step went on after a statement that failed, and PostgreSQL keeps nothing of such a transaction.`,
    )
  }
  if (!step.isAtomic && session.transaction !== 'none') {
    throw new Error('The step left a transaction of its own open at its end. It has to commit it.')
  }
  const [lost] = before ? moreOrphans(before, await countOrphans(session)) : []
  if (lost) {
    throw new Error(
      `The step is through, and has left ${lost.rows} that point to rows of "${lost.parent}" which are not there any more.`,
    )
  }
  const isOther = atBegin !== null && (sent.brokeOut || (await session.mark()) !== atBegin)
  if (sent.brokeOut || isOther) throw new Error('The step ended the transaction that Roster keeps around it.')
}

/** In one transaction with what the step did where it is one, and in a transaction of their own otherwise. */
async function writeEnd(context: RunContext, step: StepToRun, done: JournalEntry): Promise<void> {
  const { session, project, lock, boundary } = context
  await lock.check()
  await boundary('before ledger')
  if (step.direction === 'down') await removeFromLedger(session, step.ledgerName)
  else if (step.changesLedger) await addToLedger(session, step.ledgerName, step.batch)
  await freeKnexLock(session, tokenOf(done))
  if (project.journal.where === 'table') await saveEnd(context, step, done)
  await boundary('after ledger')
}

async function saveEnd({ project, session }: RunContext, { settles }: StepToRun, last: JournalEntry): Promise<void> {
  await project.journal.save(session, last)
  if (settles) await project.journal.save(session, { ...settles, outcome: 'resolved' })
}

/** Null when all is as it should be; the step is done in any case. */
async function afterCommit(context: RunContext, step: StepToRun, done: JournalEntry): Promise<unknown> {
  const { project, session, boundary } = context
  try {
    await boundary('after commit')
    // A file cannot be part of the transaction: after a crash in between the ledger tells.
    if (project.journal.where === 'file') await saveEnd(context, step, done)
    await readBack(session, step.ledgerName, step.direction === 'up')
    return null
  } catch (error) {
    return error
  }
}

/** True when the session has answered: whatever was open is undone then. */
async function rolledBack({ session }: RunContext): Promise<boolean> {
  try {
    await session.rollback()
    return true
  } catch {
    return false
  }
}

async function writeFailure(
  context: RunContext,
  step: StepToRun,
  sent: Sending,
  last: JournalEntry,
  error: unknown,
): Promise<{ entry: JournalEntry; kept: Kept | null }> {
  const { session, project } = context
  await session.restore()
  if (!step.isAtomic) await sent.flush()
  const kept = step.isAtomic ? null : keptOf(sent.statements, session.dialect, project.journal.where)
  // A resumed step that was refused has changed nothing: the half step stands as it was.
  const isRefused = step.settles !== null && !sent.hasSent
  const isHalf = sent.brokeOut || (!isRefused && kept !== null && kept.isSomething)
  const entry: JournalEntry = {
    ...last,
    outcome: isHalf ? 'half' : 'failed',
    isAtomic: step.isAtomic && !sent.brokeOut,
    error: errorText(error),
  }
  await together(session, async () => {
    await project.journal.save(session, entry)
    if (isHalf && step.settles) await project.journal.save(session, { ...step.settles, outcome: 'resolved' })
    await freeKnexLock(session, tokenOf(entry))
  })
  return { entry, kept }
}
