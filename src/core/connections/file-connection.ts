// The connection of a SQLite profile: opened by its first use, so that it is closed, open, or has failed, and never waits.
import { unavailableReason } from '../../shared/procedure.ts'
import type { ConnectCause, ConnectionState } from '../../shared/connections.ts'
import type { Database } from '../db/database.ts'
import { Refusal } from '../refusal.ts'
import type { Connection } from './connection.ts'

/** `openFile` reads nothing yet. */
export function fileConnection(openFile: () => Database, onChange: () => void): Connection {
  let state: ConnectionState = { state: 'closed' }
  let database: Database | null = null

  function set(next: ConnectionState): void {
    if (next.state === state.state && next.state !== 'failed') return
    state = next
    onChange()
  }

  function opened(): Database {
    if (database) return database
    const file = openFile()
    // Whoever asks what the file is finds out whether it can be opened.
    const noted: Database = {
      ...file,
      async facts() {
        try {
          const facts = await file.facts()
          if (database === noted) set({ state: 'open', since: Date.now() })
          return facts
        } catch (error) {
          if (database === noted) set({ state: 'failed', why: 'open', cause: causeIn(error), history: [] })
          throw error
        }
      },
    }
    database = noted
    return noted
  }

  const open = () => {
    // Why it cannot be opened is in the state.
    opened()
      .facts()
      .catch(() => undefined)
  }

  return {
    get state() {
      return state
    },
    database: opened,
    present: () => null,
    open,
    retryNow: open,
    cancel: () => undefined,
    distrust: () => undefined,
    async close() {
      const old = database
      database = null
      set({ state: 'closed' })
      await old?.close()
    },
  }
}

function causeIn(error: unknown): ConnectCause {
  const message = error instanceof Error ? error.message : String(error)
  const { reason, hint } = (error instanceof Refusal ? error.data : {}) as { reason?: unknown; hint?: unknown }
  return {
    reason: unavailableReason.safeParse(reason).data ?? 'other',
    message,
    hint: typeof hint === 'string' ? hint : '',
    detail: '',
    isTemporary: false,
  }
}
