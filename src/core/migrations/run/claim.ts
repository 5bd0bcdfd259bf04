// Before the first statement of a step: its entry in the journal, knex's lock, and a look whether the ledger is still the one
// that a person was shown.
import type { JournalEntry } from './journal.ts'
import { freeKnexLock, takeKnexLock, tokenOf } from './knex-lock.ts'
import { ledgerNames } from './ledger-rows.ts'
import { runningOn, LOCK_LIMIT, runningInFile, waitFor } from './lock.ts'
import { untilFit } from './node-fit.ts'
import type { RunContext } from './run-context.ts'
import type { StepToRun } from './run-step.ts'
import { BaseChanged, isLockTimeout } from './step-errors.ts'
import { together } from './together.ts'

/** Committed before the first statement: from here on the step is known to run, whatever becomes of this process. */
export async function claim(context: RunContext, step: StepToRun, entry: JournalEntry): Promise<void> {
  const { session, project, signal, boundary } = context
  const onWaiting = (message: string) => context.push({ kind: 'waiting', at: context.since(), message })
  await untilFit(session, { signal, onWaiting })
  // What the step before has set is no setting of this one.
  await session.restore()
  await boundary('before journal')
  await waitFor({ signal, onWaiting }, LOCK_LIMIT, async () => {
    await context.lock.check()
    try {
      return await together(session, async () => {
        const others = session.dialect === 'sqlite' ? await othersAtWork(context, entry) : null
        if (others !== null) return others
        await refuseIfChanged(context, step)
        await takeKnexLock(session, tokenOf(entry))
        if (step.isAtomic) await freeKnexLock(session, tokenOf(entry))
        await project.journal.save(session, entry)
        for (const statement of step.skip) {
          if (!step.isAtomic) await project.journal.saveStatement(session, entry.id, { ...statement, state: 'done' })
        }
        return null
      })
    } catch (error) {
      if (!isLockTimeout(error)) throw error
      return 'Another program holds a lock on knex’s tables: the knex command line may be running migrations.'
    }
  })
  await boundary('after journal')
}

async function othersAtWork({ session, project, run }: RunContext, entry: JournalEntry): Promise<string | null> {
  const entries = await runningOn(session, project.journal)
  return runningInFile(entries.filter((one) => one.run !== run && one.id !== entry.id))?.message ?? null
}

/** knex's lock inside the step's own transaction, so that it cannot stay stuck. False: somebody has it just now; begin again. */
export async function takenInside({ session }: RunContext, entry: JournalEntry): Promise<boolean> {
  try {
    await takeKnexLock(session, tokenOf(entry))
    return true
  } catch (error) {
    if (!isLockTimeout(error)) throw error
    await session.rollback()
    return false
  }
}

export async function refuseIfChanged({ session }: RunContext, { expected, file }: StepToRun): Promise<void> {
  const now = (await ledgerNames(session)).map(({ name }) => name)
  if (isSameLedger(now, expected)) return
  throw new BaseChanged(
    `Another program has run or undone steps meanwhile, so ${file.name} was not run. Look at the list again.`,
  )
}

export function isSameLedger(now: readonly string[], expected: readonly string[]): boolean {
  return now.length === expected.length && [...now].sort().join('\n') === [...expected].sort().join('\n')
}
