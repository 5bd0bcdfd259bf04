// What has to stand before the first step: the lock, the tables, and an end for whatever earlier runs have left.
import type { Project } from '../project.ts'
import { prepareLedger } from './ledger-rows.ts'
import { runningOn, LOCK_LIMIT, runningInFile, takeLock, waitFor, type RunLock } from './lock.ts'
import { isLockTimeout } from './step-errors.ts'
import type { SchemaSession } from './schema-session.ts'
import { settleOpen } from './settle.ts'
import type { Settled } from './open-entries.ts'

export interface PrepareOptions {
  project: Pick<Project, 'journal' | 'database' | 'person'>
  signal: AbortSignal
  run: string
  readonly onWaiting: (message: string) => void
  /** Milliseconds to wait for whoever has the lock; 60 s unless told. */
  limit?: number
  adjust?: (found: Settled) => Settled['entry']
  /** As `LockOptions.previous`. */
  previous?: string | null
}

/** Rejects with LOCK_HELD when somebody else keeps at it, and with what the database says. */
export async function prepared(
  session: SchemaSession,
  { project, signal, run, onWaiting, adjust, limit = LOCK_LIMIT, previous = null }: PrepareOptions,
): Promise<{ lock: RunLock; left: Settled[] }> {
  const { journal, person } = project
  const lock = await takeLock(session, { journal, signal, onWaiting, limit, person, previous })
  let left: Settled[] = []
  await waitFor({ signal, onWaiting }, limit, async () => {
    try {
      await journal.prepare(session)
      await prepareLedger(session)
      if (session.dialect === 'sqlite') {
        const others = (await runningOn(session, journal)).filter((entry) => entry.run !== run)
        const running = runningInFile(others)
        if (running) return running.message
      }
      left = await settleOpen(session, project, adjust)
      return null
    } catch (error) {
      if (!isLockTimeout(error)) throw error
      return session.dialect === 'sqlite'
        ? 'Another program is writing to the file.'
        : 'Another program holds a lock on the tables of the ledger.'
    }
  })
  return { lock, left }
}
