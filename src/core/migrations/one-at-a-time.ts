// Keeps two pages of one host from working on the schema of one database at once. Other hosts and programs are kept out by the
// lock in the database.
import type { Database } from '../db/database.ts'
import { Refusal } from '../refusal.ts'

type Work = 'run' | 'rehearsal'

export interface OneAtATime {
  /** The same events; throws STEP_REFUSED before the first while another run or rehearsal there is under way. */
  during<T>(database: Database, work: Work, events: () => AsyncIterable<T>): AsyncGenerator<T, void>
  /** Throws STEP_REFUSED while a run or a rehearsal there is under way. `name`: the step that it is about. */
  refuseMeanwhile(database: Database, name: string): void
}

export function oneAtATime(): OneAtATime {
  const underWay = new WeakMap<Database, { work: Work; since: Date }>()

  function refuseMeanwhile(database: Database, name: string): void {
    const other = underWay.get(database)
    if (!other) return
    const since = other.since.toTimeString().slice(0, 8)
    const why = `A ${other.work} that was started here at ${since} is under way. Wait until it has ended, or cancel it where it was started.`
    throw new Refusal('STEP_REFUSED', why, { name })
  }

  return {
    refuseMeanwhile,
    async *during(database, work, events) {
      refuseMeanwhile(database, '')
      const own = { work, since: new Date() }
      underWay.set(database, own)
      try {
        yield* events()
      } finally {
        underWay.delete(database)
      }
    },
  }
}
