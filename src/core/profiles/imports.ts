// Passwords that were read with settings: they stay in the host, under an id, until a profile takes them.
import { randomUUID } from 'node:crypto'
import { hideSecret } from '../redact.ts'

export interface Imports {
  /** Keeps a password for half an hour, and answers with the id that `passwordOf` wants. */
  keep(password: string): string
  /** Undefined when it was forgotten or never there. */
  passwordOf(id: string): string | undefined
  forget(id: string): void
}

/** Milliseconds. */
const LIFETIME = 30 * 60_000
/** Looking at the same file again and again must not fill the memory. */
const MOST = 50

export function openImports(now: () => number = Date.now): Imports {
  const kept = new Map<string, { password: string; until: number }>()

  function sweep(): void {
    for (const [id, { until }] of kept) if (until <= now() || kept.size > MOST) kept.delete(id)
  }

  return {
    keep(password) {
      hideSecret(password)
      const id = randomUUID()
      kept.set(id, { password, until: now() + LIFETIME })
      sweep()
      return id
    },
    passwordOf(id) {
      sweep()
      return kept.get(id)?.password
    },
    forget: (id) => void kept.delete(id),
  }
}
