// The pool of a step's knex: one connection. Statements share it, as the sink takes them one at a time; a transaction has it
// alone.

/** knex notes on it which transaction holds it. */
export interface FakeConnection {
  __knexUid: string
  __knexTxId?: string
}

export interface OnePlace {
  /** For a statement: waits while a transaction holds the connection. */
  acquire(): { promise: Promise<FakeConnection> }
  release(): boolean
  destroy(): Promise<void>
  /** For a transaction: waits until nothing else holds it. */
  acquireAlone(): Promise<FakeConnection>
  releaseAlone(): void
  /** How many wait for it. */
  waiting(): number
}

interface Waiter {
  isAlone: boolean
  take: (connection: FakeConnection) => void
  fail: (error: Error) => void
}

const WORDS =
  'The step sends a statement outside of its own transaction while that is open, and waits for it: there is one connection. Use the transaction for the statement, or .transacting(trx).'

export interface OnePlaceOptions {
  /**
   * A statement takes it alone as well, as on SQLite, where knex puts a transaction around several statements that hold the
   * connection already. Elsewhere some of knex's own statements ask for it a second time.
   */
  isAlwaysAlone: boolean
  /** The time of the last statement or answer, in milliseconds; null while one is under way. */
  lastSent: () => number | null
  /** Milliseconds in which nothing was sent, after which whoever waits fails instead of waiting for ever. */
  limit: number
}

export function onePlace({ isAlwaysAlone, lastSent, limit }: OnePlaceOptions): OnePlace {
  const connection: FakeConnection = { __knexUid: 'step' }
  const waiters: Waiter[] = []
  let sharing = 0
  let isAlone = false
  let timer: NodeJS.Timeout | null = null

  const mayTake = (alone: boolean) => !isAlone && (!alone || sharing === 0)

  function note(alone: boolean) {
    if (alone) isAlone = true
    else sharing++
  }

  function take(alone: boolean): Promise<FakeConnection> {
    if (mayTake(alone) && !(alone && waiters.length > 0)) {
      note(alone)
      return Promise.resolve(connection)
    }
    const promise = new Promise<FakeConnection>((take, fail) => waiters.push({ isAlone: alone, take, fail }))
    watch()
    return promise
  }

  function handOn() {
    for (let first = waiters[0]; first && mayTake(first.isAlone); first = waiters[0]) {
      waiters.shift()
      note(first.isAlone)
      first.take(connection)
    }
    watch()
  }

  function look() {
    const since = lastSent()
    if (since !== null && Date.now() - since >= limit) waiters.shift()?.fail(new Error(WORDS))
    watch()
  }

  function watch() {
    if (timer) clearTimeout(timer)
    timer = waiters.length > 0 ? setTimeout(look, Math.max(20, limit / 10)) : null
  }

  function releaseAlone() {
    isAlone = false
    handOn()
  }

  return {
    acquire: () => ({ promise: take(isAlwaysAlone) }),
    release() {
      if (isAlwaysAlone) releaseAlone()
      else {
        sharing--
        handOn()
      }
      return true
    },
    // A step that destroys its knex would take it away from what is still under way.
    destroy: () => Promise.resolve(),
    acquireAlone: () => take(true),
    releaseAlone,
    waiting: () => waiters.length,
  }
}
