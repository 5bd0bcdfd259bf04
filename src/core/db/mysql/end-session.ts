// Ends a session from outside: a server finishes the statement of a client that has gone before it looks whether it is there.
import type { Login } from '../server/link.ts'
import { outcomeOf, stopSession } from './sessions.ts'
import { openLink } from './open-link.ts'

/** Milliseconds for reaching the server and telling it. */
const LIMIT = 3000

/** Never rejects: when the server cannot be told, the session ends with its statement. */
export async function endSession(login: Login, { session, place }: { session: string; place: string }): Promise<void> {
  try {
    const signal = AbortSignal.timeout(LIMIT)
    const link = await openLink(login, { signal, onPhase: () => undefined, limit: LIMIT })
    try {
      // After a restart of the server the number may be somebody else's.
      const isThere = (await outcomeOf((statement) => link.query(statement), `${session} ${place}`)) === 'in-progress'
      if (isThere) await link.run(stopSession(session))
    } finally {
      link.destroy()
    }
  } catch {
    // Nobody is left to be told.
  }
}
