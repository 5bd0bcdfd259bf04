// One connection of the pool: who has it, what it is running, and how everybody learns that it is gone.
import type { PoolHolder } from '../../../shared/connections.ts'
import { withFailure } from '../failure-of.ts'
import type { Link } from './link.ts'
import { settlesWithin } from '../waiting.ts'

/** Characters of SQL that a holder shows. */
const SQL_LENGTH = 2_000
/** Milliseconds for a goodbye, which a link keeps to by itself: a lock on top of it. */
const END_LIMIT = 1_500
/** Milliseconds in which a driver may still say with its own code why a connection ended. */
const OWN_WORDS = 100

export interface PooledLink {
  readonly link: Link
  /** Past this it is not given out again. */
  readonly expiresAt: number
  /** When it was last given back, or made. */
  idleSince: number
  /** Another connection was found lost, or the network changed: tested before it is used, however short it was idle. */
  isSuspect: boolean
  /** The test that is under way. */
  test: Promise<TestResult> | null
  holder: Pick<PoolHolder, 'use' | 'since' | 'sql'> | null
  /** Since when a statement has been running; null when none is. Milliseconds since 1970. */
  readonly runningSince: number | null
  /** True once it must not be used again. */
  readonly isGone: boolean
  readonly isEndedByUs: boolean
  /** Resolves when the running statement has really ended, either way; at once when none is. Never rejects. */
  ended(): Promise<void>
  /** Runs one statement, and rejects as soon as the connection is known to be gone. */
  run<T>(sql: string, start: () => Promise<T>): Promise<T>
  /** Pings it; `limit` in milliseconds. Never rejects. */
  check(limit: number): Promise<TestResult>
  /** Says goodbye where somebody may hear it; resolves when the socket has ended. */
  end(): Promise<void>
  /** Ends the socket now; whatever runs rejects with `error`. */
  lose(error: Error): void
}

/** `silent`: no answer in time; `failed`: an answer that says it is of no use. */
export type TestResult = 'ok' | 'failed' | 'silent'

/** `lifetime` in milliseconds; `onRun` is told when a statement begins or ends. */
export function pooledLink(link: Link, lifetime: number, onRun: () => void): PooledLink {
  const now = Date.now()
  /** Why it is gone; null as long as it is not. */
  let gone: Error | null = null
  /**
   * Rejects what is waited for now. A promise of the connection's whole life would keep the answer of every statement that was
   * raced with it, for as long.
   */
  let giveUp: ((error: Error) => void) | null = null
  const tellGone = (error: Error) => {
    gone ??= error
    giveUp?.(gone)
  }
  let running: { since: number; ended: Promise<void> } | null = null
  let isLost = false

  link.onEnd(() => {
    const ended = withFailure(new Error('The connection was closed.'), {
      kind: 'lost',
      code: '',
      message: 'The connection was closed.',
    })
    const timer = setTimeout(() => tellGone(ended), running ? OWN_WORDS : 0)
    timer.unref()
  })

  const self: PooledLink = {
    link,
    expiresAt: now + lifetime,
    idleSince: now,
    isSuspect: false,
    test: null,
    holder: null,
    get runningSince() {
      return running?.since ?? null
    },
    get isGone() {
      return isLost || link.isDead
    },
    get isEndedByUs() {
      return isLost
    },
    ended: () => running?.ended ?? Promise.resolve(),
    run<T>(sql: string, start: () => Promise<T>): Promise<T> {
      if (running) return Promise.reject(new Error('A connection runs one statement at a time.'))
      if (self.holder) self.holder.sql = sql.slice(0, SQL_LENGTH)
      const { promise, resolve, reject } = Promise.withResolvers<T>()
      // On a connection that is gone nothing goes on.
      if (!isLost) start().then(resolve, reject)
      giveUp = reject
      if (gone) reject(gone)
      // Free before whoever waits hears of it: the next statement is run in the same turn.
      const settled = promise.finally(() => {
        running = null
        giveUp = null
      })
      const mine = {
        since: Date.now(),
        ended: settled.then(
          () => {
            self.isSuspect = false
          },
          () => undefined,
        ),
      }
      running = mine
      void mine.ended.then(() => onRun())
      onRun()
      return settled
    },
    async check(limit) {
      const ping = self.run(self.holder?.sql ?? '', () => link.ping())
      if (!(await settlesWithin(ping, limit))) return 'silent'
      return ping.then(
        () => 'ok',
        () => 'failed',
      )
    },
    async end() {
      if (link.isDead || !(await settlesWithin(link.end(), END_LIMIT))) link.destroy()
    },
    lose(error) {
      isLost = true
      tellGone(error)
      link.destroy()
    },
  }
  return self
}
