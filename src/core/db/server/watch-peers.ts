// Notices within 15 s that a server is dead or frozen although its sockets are open: statements that take long are looked at
// from a second connection. One that is honestly working is left alone, however long it takes.
import type { Log } from '../../log.ts'
import { placeText, type Place } from '../../../shared/reaching.ts'
import type { Aside, Role } from './aside.ts'
import { withFailure } from '../failure-of.ts'
import type { Failure, FailureKind } from '../failure.ts'
import type { Link } from './link.ts'
import type { Read, ServerDialect } from './server-dialect.ts'

export interface Watched {
  /** The same object for the same connection. */
  key: object
  role: Role
  session: string
  /** Of a cluster the node that the session is on. */
  node?: Place | undefined
  /** Its name in the cluster: one address may lead to several nodes, and another one knows nothing of the session. */
  server?: string | undefined
  /** Milliseconds since 1970; null when nothing is running. */
  runningSince: number | null
  /** The server may be done with it while this side is not (schema work tells no end of a statement). */
  mayPause: boolean
  lose(error: Error): void
}

export interface WatchTimes {
  /** The age at which a statement is looked at. */
  first: number
  /** Between two looks. */
  next: number
  /** Between two looks after one that was not good, but may have been a moment's. */
  doubtful: number
  /** For one look, with its connection. */
  limit: number
  tick: number
}

/** In milliseconds: frozen right after a look, it is noticed after 8 + 1 + 4.5 s. */
export const WATCH_TIMES: WatchTimes = { first: 5_000, next: 8_000, doubtful: 2_000, limit: 4_500, tick: 1_000 }

export interface WatchOptions {
  dialect: ServerDialect
  aside: Aside
  watched(): Watched[]
  classify(error: unknown): Failure | null
  /** Nobody answers there any more. */
  onSilent(failure: Failure, node: Place | undefined): void
  log: Log
  times?: Partial<WatchTimes>
}

export interface Watch {
  /** A statement may have begun. */
  poke(): void
  /** Looks at everything that is running, now. */
  lookNow(): void
  close(): void
}

/** One such answer is enough. */
const silent: ReadonlySet<FailureKind> = new Set<FailureKind>(['no-answer', 'unreachable'])
/** It takes two: a server that is shutting down refuses new connections while it lets old ones finish. */
const doubtful: ReadonlySet<FailureKind> = new Set<FailureKind>(['refused', 'lost', 'starting'])
const STRIKES = 2

interface Seen {
  /** Of the statement that was looked at. */
  since: number
  at: number
  strikes: number
}

export function watchPeers(options: WatchOptions): Watch {
  const { dialect, aside, log } = options
  const times = { ...WATCH_TIMES, ...options.times }
  const seen = new WeakMap<object, Seen>()
  let timer: NodeJS.Timeout | null = null
  let isLooking = false
  let isClosed = false

  function isDue({ key, runningSince }: Watched): boolean {
    if (runningSince === null) return false
    const last = seen.get(key)
    if (last?.since !== runningSince) return Date.now() - runningSince >= times.first
    return Date.now() - last.at >= (last.strikes > 0 ? times.doubtful : times.next)
  }

  function tick(): void {
    timer = null
    if (isClosed) return
    const running = options.watched().filter(({ runningSince }) => runningSince !== null)
    if (running.length === 0) return
    void look(running.filter(isDue))
    poke()
  }

  function poke(): void {
    if (!isClosed) timer ??= setTimeout(tick, times.tick).unref()
  }

  async function look(due: Watched[]): Promise<void> {
    if (isLooking || due.length === 0) return
    isLooking = true
    const groups = Map.groupBy(due, ({ role, node }) => `${role} ${node ? placeText(node) : ''}`)
    await Promise.all([...groups.values()].map(lookAt)).finally(() => (isLooking = false))
  }

  async function lookAt(due: Watched[]): Promise<void> {
    const begun = Date.now()
    const [{ role, node }] = due as [Watched]
    const ask = async (read: Read, { session: own, galera }: Pick<Link, 'session' | 'galera'>) => {
      // Behind some proxies the numbers of sessions are not the server's own: then they tell nothing.
      if (!(await dialect.sessionState(read, own)).isThere) return due.forEach((each) => note(each, begun, false))
      for (const each of due) {
        if (each.server !== undefined && each.server !== galera?.node) {
          note(each, begun, false)
          continue
        }
        const { isThere, isRunning } = await dialect.sessionState(read, each.session)
        if (!isSame(each)) continue
        if (!isThere) lose(each, { kind: 'lost', code: '', message: 'The session is no longer on the server.' })
        else if (note(each, begun, !isRunning && !each.mayPause))
          lose(each, { kind: 'lost', code: '', message: 'The server has finished, but its answer did not arrive.' })
      }
    }
    try {
      await aside.ask(role, times.limit, ask, node)
    } catch (error) {
      const failure = options.classify(error)
      if (!failure || isClosed) return
      log('warn', `A long statement could not be looked at: ${failure.message}`)
      const dead = due.filter((each) => {
        if (!isSame(each)) return false
        return silent.has(failure.kind) || note(each, begun, doubtful.has(failure.kind))
      })
      if (dead.length === 0) return
      // First the word that it is lost, so that whoever runs again waits.
      options.onSilent(failure, node)
      for (const each of dead) lose(each, failure)
    }
  }

  /** Still the statement that was running when the look began. */
  function isSame({ key, runningSince }: Watched): boolean {
    return (
      runningSince !== null && options.watched().some((now) => now.key === key && now.runningSince === runningSince)
    )
  }

  /** True when it was not good for the second time. */
  function note({ key, runningSince }: Watched, at: number, isBad: boolean): boolean {
    const last = seen.get(key)
    const strikes = isBad ? (last?.since === runningSince ? last.strikes : 0) + 1 : 0
    seen.set(key, { since: runningSince as number, at, strikes })
    return strikes >= STRIKES
  }

  function lose(each: Watched, failure: Failure): void {
    each.lose(withFailure(new Error(failure.message), failure))
  }

  return {
    poke,
    lookNow() {
      if (!isClosed) void look(options.watched().filter(({ runningSince }) => runningSince !== null))
    },
    close() {
      isClosed = true
      if (timer) clearTimeout(timer)
    },
  }
}
