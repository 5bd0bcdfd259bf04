// What is in the database of a step that has failed, in words: told by its own session, or by another where that is gone.
import type { Project } from '../project.ts'
import type { AfterLoss } from './after-loss.ts'
import { LockLost } from './lock-lost.ts'
import type { StepEnd } from './run-step.ts'
import { keptWords, NOTHING_SENT, ROLLED_BACK, wordsOf } from './run-words.ts'
import { isNotBegun, isRefusedResume } from './step-errors.ts'

type Failed = Extract<StepEnd, { outcome: 'failed' }>

/** A half step was run again, forth or back, and what is in the database of it is what was there before. */
const AS_BEFORE = 'This time nothing was changed: the step is half done as it was before. Look at it in the list.'

const OF_OTHERS =
  'What it had done until then stands in the journal, and whoever has the lock now goes on from there. Look at the list again.'

/** `isAgain`: it was half done before. */
export async function aliveWords(
  project: Project,
  { entry, kept, error, sending }: Failed,
  isAgain: boolean,
): Promise<string> {
  if (entry === null || isNotBegun(error)) return ''
  if (error instanceof LockLost && kept === null && !entry.isAtomic) return OF_OTHERS
  if (isRefusedResume(error) && !sending?.hasSent) return NOTHING_SENT
  if (sending?.brokeOut) return 'What it had done until then is kept. Look at the tables, then undo it or mark it.'
  if (kept === null) return ROLLED_BACK
  if (isAgain && !kept.isSomething) return AS_BEFORE
  return keptWords(kept, await productOf(project), project.database.dialect === 'mysql')
}

export async function lostWords(project: Project, found: AfterLoss, isAgain: boolean): Promise<string> {
  switch (found.outcome) {
    case 'unknown':
      return `What was kept could not be read: ${wordsOf(found.error)} The next run finds out.`
    case 'rolled-back':
      return ROLLED_BACK
    case 'unrecorded':
      return 'What was written down of the step is gone, so that nobody knows what of it is kept. Look at the tables before anything else is run.'
    case 'nothing-begun':
    case 'done':
      return ''
    case 'kept':
      if (isAgain && !found.kept.isSomething) return AS_BEFORE
      return keptWords(found.kept, await productOf(project), project.database.dialect === 'mysql')
  }
}

/** "MariaDB" of "MariaDB 10.11.19" */
async function productOf({ database }: Project): Promise<string> {
  return database.facts().then(
    ({ version }) => version.split(' ')[0] ?? '',
    () => 'The server',
  )
}
