// The pool of a step's knex: one connection, handed out in turn, however long a statement takes.

/** knex notes on it which transaction holds it. */
export interface FakeConnection {
  __knexUid: string
  __knexTxId?: string
}

/** What knex wants of a pool. */
export interface OnePlace {
  acquire(): { promise: Promise<FakeConnection> }
  release(connection: FakeConnection): boolean
  destroy(): Promise<void>
  /** How many wait for it. */
  waiting(): number
}

interface Waiter {
  take(connection: FakeConnection): void
  fail(error: Error): void
}

const WORDS =
  'The step sends a statement outside of its own transaction while that is open, and waits for it: there is one connection. Use the transaction for the statement, or .transacting(trx).'

/**
 * Statements wait for each other without a limit. One that waits for a transaction which itself sends nothing any more would
 * wait for ever, so it fails after `limit` milliseconds in which nothing was sent; `lastSent` is the time of the last
 * statement or answer (milliseconds), null while one is under way.
 */
export function onePlace(lastSent: () => number | null, limit: number): OnePlace {
  const connection: FakeConnection = { __knexUid: 'step' }
  const waiters: Waiter[] = []
  let isTaken = false
  let timer: NodeJS.Timeout | null = null

  function look() {
    const since = lastSent()
    const isStuck = since !== null && Date.now() - since >= limit && connection.__knexTxId !== undefined
    if (isStuck) waiters.shift()?.fail(new Error(WORDS))
    watch()
  }

  function watch() {
    if (timer) clearTimeout(timer)
    timer = waiters.length > 0 ? setTimeout(look, Math.max(20, limit / 10)) : null
  }

  return {
    acquire() {
      if (!isTaken) {
        isTaken = true
        return { promise: Promise.resolve(connection) }
      }
      const promise = new Promise<FakeConnection>((take, fail) => waiters.push({ take, fail }))
      watch()
      return { promise }
    },
    release() {
      const next = waiters.shift()
      if (next) next.take(connection)
      else isTaken = false
      watch()
      return true
    },
    // A step that destroys its knex would take it away from what is still under way.
    destroy: () => Promise.resolve(),
    waiting: () => waiters.length,
  }
}
