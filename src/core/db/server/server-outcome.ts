// What became of a COMMIT that was not answered: asked until the database can tell, or for 30 s.
import type { Log } from '../../log.ts'
import type { Database } from '../database.ts'
import { decide } from '../decide.ts'
import type { Failure } from '../failure.ts'
import { sleep } from '../waiting.ts'
import type { Read, ServerDialect } from './server-dialect.ts'

/** Milliseconds. */
const LIMIT = 30_000
const AGAIN = 200

export interface OutcomeParts {
  dialect: ServerDialect
  reading: <T>(use: string, signal: AbortSignal, work: (read: Read) => Promise<T>) => Promise<T>
  classify: (error: unknown) => Failure | null
  log: Log
}

/** Until the session has ended, the rows would not tell. */
export function serverOutcome({ dialect, reading, classify, log }: OutcomeParts): Database['outcomeOf'] {
  return async (mark, signal) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT)])
    while (!limit.aborted) {
      try {
        const found = await reading('checking what was saved', limit, async (read) =>
          mark === null ? 'ended' : dialect.outcomeOf(read, mark),
        )
        if (found !== 'in-progress') return found === 'ended' ? 'look' : found
      } catch (error) {
        const failure = classify(error)
        if (!limit.aborted && (!failure || !decide(failure, 'connecting').startsWith('wait'))) {
          log('warn', 'What became of a transaction could not be asked.', error)
          return 'unknown'
        }
      }
      await sleep(AGAIN, limit).catch(() => undefined)
    }
    signal.throwIfAborted()
    return 'unknown'
  }
}
