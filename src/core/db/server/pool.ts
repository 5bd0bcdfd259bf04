// The connections of one profile: given out one caller at a time, tested before use where that is in doubt, ended in time.
//
// It is not tarn, which knex brings: tarn cannot take in a connection that was made outside, nor change its limit, tells a
// failed connect to one waiting caller after the other (200 ms apart, trying again by itself), and its end waits for
// connections in use without a limit.
import type { PoolHolder } from '../../../shared/connections.ts'
import { busy } from './pool-holders.ts'
import { pooledLink, type PooledLink, type TestResult } from './pooled-link.ts'
import type { Failure } from '../failure.ts'
import type { Link } from './link.ts'
import { openSlots } from './slots.ts'
import { untilAborted } from '../waiting.ts'

export interface PoolTimes {
  /** How long a caller waits in line while every connection is in use. */
  acquire: number
  /** Idle for longer than this, a connection is pinged before it is used. */
  trusted: number
  /** How long the answer to that ping may take. */
  ping: number
  /** Idle for longer than this, it is ended. */
  idle: number
  /** Older than this, it is not given out again; up to a tenth less, so that not all end at once. */
  lifetime: number
  /** After the server had no free connection: how long one has to do. */
  shrunk: number
}

/** In milliseconds. */
export const POOL_TIMES: PoolTimes = {
  acquire: 5_000,
  trusted: 500,
  ping: 2_000,
  idle: 300_000,
  lifetime: 1_800_000,
  shrunk: 15_000,
}

export interface PoolOptions {
  limit: number
  /** Must end by itself in limited time; is not told when its caller gives up, and the connection goes to the next. */
  connect(): Promise<Link>
  /** Null for an error that no engine gave (no password is known, say): it is its caller's alone. */
  classify(error: unknown): Failure | null
  /** Holders that have a place without a connection of the pool (schema work). */
  otherHolders(): PoolHolder[]
  onChange(): void
  /** A statement began or ended. */
  onRun(): void
  /** A new connection could not be made, and the pool has no other to go on with. */
  onRefused(failure: Failure): void
  /** A connection turned out to be gone without Roster having ended it. */
  onGone(): void
  times?: Partial<PoolTimes>
}

export interface Pool {
  readonly limit: number
  readonly used: number
  readonly idle: number
  readonly waiting: number
  readonly isShrunk: boolean
  holders(): PoolHolder[]
  members(): Iterable<PooledLink>
  /**
   * A tested connection; a new one where `isFresh`, after others were lost. Rejects with a Refusal (`busy`), what `connect`
   * rejected with, or the signal's reason.
   */
  acquire(use: string, signal: AbortSignal, isFresh?: boolean): Promise<PooledLink>
  /** Gives it back; a dead or old one is ended. */
  release(member: PooledLink): void
  /** Takes a place alone, for a connection that is not of this pool; idle ones make room. Answers with how to leave it. */
  takePlace(signal: AbortSignal): Promise<() => void>
  /** Takes in a connection that was made outside; one too many is ended. */
  add(link: Link): void
  /** Every connection is tested before it is used again. */
  distrust(): void
  /** Ends the idle ones that must not be used any more. */
  sweep(): void
  /** One connection at a time, because the server has no more to give. */
  shrink(): void
  /** No more is given out, who waits is rejected with `error`, idle ones are ended. Those in use are the caller's matter. */
  close(error: Error): Promise<void>
}

export function openPool(options: PoolOptions): Pool {
  const times = { ...POOL_TIMES, ...options.times }
  const slots = openSlots(options.limit, () => options.onChange())
  /** The latest given back is last, and is given out first. */
  let idle: PooledLink[] = []
  const inUse = new Set<PooledLink>()
  const ending = new Set<Promise<void>>()
  let connecting = 0
  let first: Promise<PooledLink> | null = null
  let closedWith: Error | null = null
  let reaper: NodeJS.Timeout | null = null
  let growing: NodeJS.Timeout | null = null

  const isClosed = () => closedWith !== null
  const throwIfClosed = () => {
    if (closedWith) throw closedWith
  }
  const holders = () => [
    ...[...inUse].flatMap(({ holder, link }) => (holder ? [{ session: link.session, ...holder }] : [])),
    ...options.otherHolders(),
  ]
  const roomFor = (more: number) => slots.used + idle.length + more <= slots.limit

  /** Ends the oldest idle ones that are too many beside the places that are taken. */
  function makeRoom(): void {
    while (idle[0] && !roomFor(0)) end(idle[0])
  }

  function end(member: PooledLink): void {
    idle = idle.filter((other) => other !== member)
    const ended = member.end()
    ending.add(ended)
    void ended.finally(() => ending.delete(ended))
  }

  /** A lost connection puts every other one that was made before this moment in doubt. */
  function found(lost: PooledLink): void {
    idle = idle.filter((other) => other !== lost)
    for (const other of [...idle, ...inUse]) other.isSuspect = true
    options.onChange()
  }

  function member(link: Link): PooledLink {
    const made = pooledLink(link, times.lifetime * (1 - Math.random() / 10), () => options.onRun())
    link.onEnd(() => {
      if (made.isEndedByUs || !(idle.includes(made) || inUse.has(made))) return
      found(made)
      options.onGone()
    })
    return made
  }

  /** `more`: 0 where the connection is still counted by a place. */
  function putIdle(made: PooledLink, more: 0 | 1 = 1): void {
    if (closedWith || made.isGone || made.expiresAt <= Date.now() || !roomFor(more)) end(made)
    else {
      made.idleSince = Date.now()
      idle.push(made)
      reap()
    }
    options.onChange()
  }

  function reap(): void {
    reaper ??= setTimeout(
      () => {
        reaper = null
        const now = Date.now()
        for (const each of [...idle]) {
          if (!each.test && (each.idleSince + times.idle <= now || each.expiresAt <= now)) end(each)
        }
        options.onChange()
        if (idle.length > 0 && !closedWith) reap()
      },
      Math.min(times.idle, 5_000),
    ).unref()
  }

  function test(doubtful: PooledLink): Promise<TestResult> {
    doubtful.test ??= doubtful.check(times.ping).then((result) => {
      doubtful.test = null
      if (result === 'ok') return result
      const isWanted = inUse.has(doubtful)
      doubtful.lose(new Error('The connection did not pass its test.'))
      found(doubtful)
      // Whoever wanted it makes another one, and finds out about the server.
      if (!isWanted) options.onGone()
      return result
    })
    return doubtful.test
  }

  const isInDoubt = (each: PooledLink) =>
    each.test !== null || each.isSuspect || Date.now() - each.idleSince > times.trusted

  /** The first connection is made alone, so that a refused password is tried once and not by every caller. */
  async function connect(signal: AbortSignal): Promise<PooledLink> {
    while (first && inUse.size + idle.length === 0) {
      await untilAborted(first, signal)
    }
    throwIfClosed()
    connecting += 1
    const made = options
      .connect()
      .then(member)
      .finally(() => {
        connecting -= 1
        if (first === made) first = null
      })
    first ??= made
    try {
      return await untilAborted(made, signal)
    } catch (error) {
      // Who gave up leaves it to the next caller.
      const leave = (late: PooledLink) => putIdle(late)
      if (signal.aborted) made.then(leave, () => undefined)
      throw error
    }
  }

  async function acquireOne(signal: AbortSignal, isFresh: boolean): Promise<PooledLink | 'in-line'> {
    // After one that did not answer at all, a new connection tells sooner than the next old one.
    let isNewWanted = isFresh
    for (;;) {
      signal.throwIfAborted()
      throwIfClosed()
      const old = isNewWanted ? undefined : idle.pop()
      if (old) {
        if (old.isGone || old.expiresAt <= Date.now()) {
          end(old)
          continue
        }
        if (!isInDoubt(old)) return old
        inUse.add(old)
        try {
          const result = await untilAborted(test(old), signal)
          if (result === 'ok') return old
          isNewWanted = result === 'silent'
        } catch (error) {
          // The test goes on without its caller; whoever takes it next waits for the same one.
          putIdle(old, 0)
          throw error
        } finally {
          inUse.delete(old)
        }
        continue
      }
      makeRoom()
      try {
        return await connect(signal)
      } catch (error) {
        if (signal.aborted || closedWith) throw error
        const failure = options.classify(error)
        if (!failure) throw error
        if (failure.kind === 'too-many-connections') {
          self.shrink()
          if (inUse.size + idle.length > 0) return 'in-line'
        }
        options.onRefused(failure)
        slots.failAll(error as Error)
        throw error
      }
    }
  }

  const late = () => (connecting > 0 ? null : busy(holders(), slots.limit, growing !== null))

  const self: Pool = {
    get limit() {
      return slots.limit
    },
    get used() {
      return slots.used
    },
    get idle() {
      return idle.length
    },
    get waiting() {
      return slots.waiting
    },
    get isShrunk() {
      return growing !== null
    },
    holders,
    members: () => inUse,
    async acquire(use, signal, isFresh = false) {
      const since = Date.now()
      for (;;) {
        throwIfClosed()
        await slots.take(signal, Math.max(0, since + times.acquire - Date.now()), late)
        try {
          const given = await acquireOne(signal, isFresh)
          if (given !== 'in-line') {
            if (isClosed()) end(given)
            throwIfClosed()
            given.holder = { use, since: Date.now(), sql: null }
            inUse.add(given)
            options.onChange()
            return given
          }
        } catch (error) {
          slots.free()
          throw error
        }
        slots.free()
      }
    },
    release(given) {
      inUse.delete(given)
      given.holder = null
      putIdle(given, 0)
      slots.free()
    },
    async takePlace(signal) {
      throwIfClosed()
      await slots.take(signal, times.acquire, late)
      makeRoom()
      return () => slots.free()
    },
    add(link) {
      putIdle(member(link))
    },
    distrust() {
      for (const each of inUse) each.isSuspect = true
      for (const each of [...idle]) {
        each.isSuspect = true
        void test(each)
      }
    },
    sweep() {
      for (const each of [...idle]) if (each.isGone) end(each)
      options.onChange()
    },
    shrink() {
      slots.setLimit(1)
      makeRoom()
      if (growing) clearTimeout(growing)
      growing = setTimeout(() => {
        growing = null
        slots.setLimit(options.limit)
      }, times.shrunk).unref()
    },
    async close(error) {
      closedWith = error
      if (reaper) clearTimeout(reaper)
      if (growing) clearTimeout(growing)
      slots.failAll(error)
      for (const each of [...idle]) end(each)
      await Promise.all(ending)
    },
  }
  return self
}
