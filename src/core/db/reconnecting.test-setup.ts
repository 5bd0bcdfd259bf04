// A server database and what the waiting does with it: after a loss, connections are tried until one succeeds.
import { decide } from './decide.ts'
import { failureOf } from './failure-of.ts'
import { RECONNECTING, retry } from './retry.ts'
import type { ServerDatabase } from './server/server-database.ts'
import { untilAborted } from './waiting.ts'

export function reconnecting(open: (whenUsable: (signal: AbortSignal) => Promise<void>) => ServerDatabase) {
  let usable: Promise<void> = Promise.resolve()
  const losses: string[] = []
  const over = new AbortController()
  const database = open((signal) => untilAborted(usable, signal))
  database.onLost((failure) => {
    losses.push(failure.kind)
    usable = retry({
      schedule: RECONNECTING,
      signal: over.signal,
      attempt: (signal) => database.tryConnect({ signal, onPhase: () => undefined }),
      decide: (error) => {
        const found = failureOf(error)
        return found ? decide(found, 'connecting') : 'stop'
      },
    }).result
    usable.catch(() => undefined)
  })
  return {
    database,
    /** The kinds that `onLost` told, in order. */
    losses,
    close: async () => {
      over.abort(new Error('The test is over.'))
      await database.close()
    },
  }
}
