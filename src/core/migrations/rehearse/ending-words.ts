// How a rehearsal ended, in words, and the look at the database after one that did not end by itself.
import { differences } from './diff.ts'
import { counted, wordsOf, type Rehearsal } from './rehearsal.ts'
import type { Course } from './run-steps.ts'
import { readSnapshot, type Snapshot } from './snapshot.ts'

/** Milliseconds for the look after a rehearsal that was cancelled. */
const LOOK_LIMIT = 30_000

export function endingWords({ steps, direction }: Rehearsal, { done, problem }: Course): string[] {
  const way = direction === 'up' ? '' : ' backwards'
  if (problem === null) return [`${counted(done.length, 'step')} rehearsed${way}.`]
  const left = steps.length - done.length - 1
  return [
    problem.message,
    done.length > 0 ? `Before it, ${counted(done.length, 'step')} went well${way}.` : '',
    left > 0 ? `The ${left === 1 ? 'step' : `${left} steps`} after it ${left === 1 ? 'was' : 'were'} left out.` : '',
  ]
}

/** The session is gone, and the database rolls back what it had open; a new one looks whether that is so. */
export async function lookAgain(rehearsal: Rehearsal, before: Snapshot | null): Promise<string> {
  if (before === null) return 'Nothing was changed.'
  try {
    const session = await rehearsal.open(AbortSignal.timeout(LOOK_LIMIT))
    try {
      const { changed } = differences(before, await readSnapshot(session))
      if (changed.length === 0) return 'Everything was rolled back, and the schema is as before.'
      const names = changed.map(({ name }) => name).join(', ')
      return `The schema is not as it was: ${names} differ. Another program has changed it meanwhile.`
    } finally {
      await session.close()
    }
  } catch (error) {
    return `The database rolls back what was open; that could not be looked at: ${wordsOf(error)}`
  }
}
