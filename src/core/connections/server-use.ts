// The server's own limit of sessions and how many there are: asked for while somebody looks, once for all who do.
import type { ServerDatabase } from '../db/server/server-database.ts'

/** Milliseconds between two questions, and for one. */
const EVERY = 2_000
const LIMIT = 1_500

export type Use = { limit: number; used: number } | null

export interface ServerUse {
  /** What it said last; null before, and when it does not tell. */
  readonly last: Use
  /** Somebody looks, until the function that is returned is called. */
  look(): () => void
}

export function serverUse(databaseNow: () => ServerDatabase | null, onChange: () => void): ServerUse {
  let last: Use = null
  let lookers = 0
  let timer: ReturnType<typeof setTimeout> | null = null

  async function ask(): Promise<void> {
    const next =
      (await databaseNow()
        ?.serverUse(AbortSignal.timeout(LIMIT))
        .catch(() => last)) ?? null
    if (next?.used !== last?.used || next?.limit !== last?.limit) {
      last = next
      onChange()
    }
    timer = lookers > 0 ? setTimeout(() => void ask(), EVERY) : null
  }

  return {
    get last() {
      return last
    },
    look() {
      lookers += 1
      if (!timer && lookers === 1) void ask()
      return () => {
        lookers -= 1
        if (lookers > 0 || !timer) return
        clearTimeout(timer)
        timer = null
      }
    },
  }
}
