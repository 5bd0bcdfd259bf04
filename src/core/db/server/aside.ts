// Short-lived connections beside the pool, for what must not wait in line: cancelling, and looking whether a peer lives.
import type { Place } from '../../../shared/reaching.ts'
import { connectLink } from './connect-link.ts'
import { withFailure } from '../failure-of.ts'
import type { Link, Login } from './link.ts'
import type { Read, ServerDialect } from './server-dialect.ts'
import { settlesWithin } from '../waiting.ts'

/** Whose login: sessions of one user are often not seen, nor ended, by another. */
export type Role = 'runtime' | 'schema'

export interface Aside {
  /**
   * Connects, runs `work` and ends the connection; `limit` in milliseconds for all of it. `link` tells its own number.
   * `node`: of a cluster the one whose sessions it is about.
   * Rejects with the driver's error, or with one whose `failureOf` is `no-answer` when the limit has passed.
   */
  ask<T>(
    role: Role,
    limit: number,
    work: (read: Read, link: Pick<Link, 'session' | 'isPooled' | 'galera'>) => Promise<T>,
    node?: Place,
  ): Promise<T>
  /** Ends those that are open now, and lets no more begin. Resolves when their sockets have ended. */
  close(): Promise<void>
}

export function openAside(dialect: ServerDialect, login: (role: Role) => Promise<Login>): Aside {
  const closing = new AbortController()
  const open = new Set<Promise<unknown>>()

  async function run<T>(
    role: Role,
    limit: number,
    work: (read: Read, link: Pick<Link, 'session' | 'isPooled' | 'galera'>) => Promise<T>,
    node?: Place,
  ): Promise<T> {
    const since = Date.now()
    const { signal } = closing
    const link = await connectLink(dialect, await login(role), signal, { limit, ...(node && { node }) })
    const stop = () => link.destroy()
    signal.addEventListener('abort', stop, { once: true })
    const working = work((statement) => link.query(statement), link)
    try {
      if (await settlesWithin(working, Math.max(1, since + limit - Date.now()))) return await working
      working.catch(() => undefined)
      link.destroy()
      const message = `No answer within ${limit / 1000} s.`
      throw withFailure(new Error(message), { kind: 'no-answer', code: '', message })
    } finally {
      signal.removeEventListener('abort', stop)
      track(link.end().catch(() => link.destroy()))
    }
  }

  function track(promise: Promise<unknown>): void {
    open.add(promise)
    const gone = () => open.delete(promise)
    promise.then(gone, gone)
  }

  return {
    ask(role, limit, work, node) {
      const running = run(role, limit, work, node)
      track(running)
      return running
    },
    async close() {
      closing.abort(new Error('The database was closed.'))
      while (open.size > 0) await Promise.allSettled(open)
    },
  }
}
