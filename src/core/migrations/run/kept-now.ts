// What is in the database of a step that has failed, in words: told by its own session, or by another where that is gone.
import type { Project } from '../project.ts'
import type { AfterLoss } from './after-loss.ts'
import type { StepEnd } from './run-step.ts'
import { keptWords, NOTHING_SENT, ROLLED_BACK, wordsOf } from './run-words.ts'
import { isNotBegun, isRefusedResume } from './step-errors.ts'

type Failed = Extract<StepEnd, { outcome: 'failed' }>

export async function aliveWords(project: Project, { entry, kept, error, sending }: Failed): Promise<string> {
  if (entry === null || isNotBegun(error)) return ''
  if (isRefusedResume(error) && !sending?.hasSent) return NOTHING_SENT
  if (sending?.brokeOut) return 'What it had done until then is kept. Look at the tables, then undo it or mark it.'
  if (kept === null) return ROLLED_BACK
  return keptWords(kept, await productOf(project), project.database.dialect === 'mysql')
}

export async function lostWords(project: Project, found: AfterLoss): Promise<string> {
  switch (found.outcome) {
    case 'unknown':
      return `What was kept could not be read: ${wordsOf(found.error)} The next run finds out.`
    case 'rolled-back':
      return ROLLED_BACK
    case 'nothing-begun':
    case 'done':
      return ''
    case 'kept':
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
