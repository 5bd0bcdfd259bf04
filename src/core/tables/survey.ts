// The survey of one view: it walks while somebody listens, rests when nobody does, and is renewed when it is off or old.
import type { Survey } from '../../shared/tables.ts'
import type { Database, Statement } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { sleep } from '../db/waiting.ts'
import { makeBell, type Bell } from './bell.ts'
import { estimateOf, isSorted } from './view-plan.ts'
import { hop, type Hopping } from './hop.ts'
import { scan } from './survey-scan.ts'
import { around, newWalk, placeOf, reachedBy, remember, samePlace, walkOn, type Walk } from './survey-walk.ts'
import type { ViewSql } from './view-ranges.ts'

/** Anchors around the place where a person looks, on each side. */
const NEAR = 4
/** Milliseconds after which a survey is old, and how many times longer than its walk took: that is what it may cost. */
const OLD = 60_000
const OLD_TIMES = 50
/** The same for one that is known to be off. */
const OFF = 300
const OFF_TIMES = 10
/** Milliseconds after which the rows around a place are looked at again when somebody comes back. */
const FRESH = 2000
/** The longest that a timer can wait. */
const FOREVER = 2 ** 31 - 1

export interface SurveyOptions {
  database: Database
  dialect: SqlDialect
  view: ViewSql
  /** Runs hops of all surveys of a database one after another. */
  inTurn: <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>
}

export interface ViewSurvey {
  readonly view: ViewSql
  /** The anchors that serve now; a page may leave more there. */
  readonly walk: Walk
  /** By how many rows numbers may be wrong. */
  readonly error: number
  /** Walks until the signal fires or something fails (rejects). `near`: where the person looks, a row's number. */
  listen(near: number | null, told: (survey: Survey) => void, signal: AbortSignal): Promise<void>
  /** It is known to be off by this many rows, and to have `more` of them (or fewer) where that is known. */
  mistrust: (rows: number, more: number | null) => void
}

export function openSurvey({ database, dialect, view, inTurn }: SurveyOptions): ViewSurvey {
  let walk = newWalk(null)
  /** What will take its place, once it has come to the end. */
  let next: Walk | null = null
  let error = 0
  let isOff = false
  /** Something was told that the walk under way may have passed before. */
  let isOffAgain = false
  let estimate: number | null | undefined
  let isByIndex: boolean | undefined
  let endedAt = 0
  const places: number[] = []
  const listeners = new Set<Bell>()
  let version = 0
  let stop: AbortController | null = null
  let driving: Promise<void> = Promise.resolve()
  let wakeDriver: () => void = () => undefined

  function changed(): void {
    version += 1
    for (const bell of listeners) bell.ring()
  }

  function state(): Survey {
    return {
      ...{ estimate: estimate ?? null, reached: reachedBy(walk), total: walk.total ?? walk.counted },
      ...{ anchors: walk.anchors.length, asOf: walk.startedAt, error, isDone: walk.total !== null },
    }
  }

  function begin(): Walk {
    isOffAgain = false
    return newWalk(walk.total ?? estimate ?? null)
  }

  async function advance(hopping: Hopping, signal: AbortSignal): Promise<void> {
    const target = next ?? walk
    if (isByIndex === true) await inTurn(signal, () => walkOn(hopping, target))
    else await inTurn(signal, () => scan(hopping, target, changed))
    if (target.total === null) return
    endedAt = Date.now()
    if (next !== null) {
      walk = next
      next = null
    }
    if (isOffAgain) return
    error = 0
    isOff = false
  }

  /** Exact anchors around a place, before the walk gets there. */
  async function lookNear(hopping: Hopping, rank: number, signal: AbortSignal): Promise<void> {
    const isAhead = rank > reachedBy(walk) + walk.step
    // A filter may have to read everything up to there, and a sort without an index does.
    if (!isAhead || isByIndex !== true || view.filter !== null || walk.total !== null) return
    const target = walk
    const ranks = [0, ...Array.from({ length: NEAR }, (_, index) => index + 1).flatMap((far) => [far, -far])]
    for (const far of ranks) {
      const wanted = rank + far * target.step
      if (wanted < 0 || target !== walk) continue
      const place = await inTurn(signal, () => placeOf(hopping, target, wanted))
      if (!place) continue
      remember(target, { rank: wanted, place })
      changed()
    }
  }

  /** Whether the anchors around a place still are as many rows apart as they were. */
  async function lookAgain(hopping: Hopping, rank: number, signal: AbortSignal): Promise<void> {
    const { before } = around(walk, rank)
    const { after } = around(walk, rank + 1)
    if (!before || !after || after.rank <= before.rank || isByIndex !== true) return
    const { place } = await inTurn(signal, () => hop(hopping, before.place, after.rank - before.rank))
    if (!place || !samePlace(place, after.place)) mistrust(Math.max(1, error), null)
  }

  /** Milliseconds until it should be walked anew. */
  function restFor(): number {
    // What takes one long scan is never done again without a reason.
    if (!isOff && isByIndex !== true) return FOREVER
    const pause = isOff ? Math.max(OFF, OFF_TIMES * walk.took) : Math.max(OLD, OLD_TIMES * walk.took)
    return Math.max(0, endedAt + pause - Date.now())
  }

  async function drive(signal: AbortSignal): Promise<void> {
    const read = (statement: Statement) => database.read(statement, signal, { isLong: true })
    const hopping = { read, dialect, view }
    if (estimate === undefined) {
      estimate = await estimateOf(database, dialect, view, signal)
      if (walk.front === null && walk.anchors.length === 0) walk = begin()
      changed()
    }
    // Without a key no place can be named.
    isByIndex ??= view.shape.key.length > 0 && (await isSorted(database, dialect, view, signal))
    while (!signal.aborted) {
      const near = places.shift()
      if (near !== undefined) {
        if (walk.total === null) await lookNear(hopping, near, signal)
        else if (Date.now() - endedAt > FRESH) await lookAgain(hopping, near, signal)
      } else if (next !== null || walk.total === null) {
        await advance(hopping, signal)
        changed()
      } else {
        await rest(restFor(), signal)
        if (!signal.aborted && restFor() === 0) next = begin()
      }
    }
  }

  function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, milliseconds)
      timer.unref()
      signal.addEventListener('abort', done, { once: true })
      wakeDriver = done
    })
  }

  function start(): void {
    const own = new AbortController()
    stop = own
    driving = driving
      .then(() => drive(own.signal))
      .catch((problem: unknown) => {
        if (own.signal.aborted) return
        if (stop === own) stop = null
        for (const bell of listeners) bell.fail(problem)
      })
  }

  function mistrust(rows: number, more: number | null): void {
    error = Math.max(error, rows)
    if (walk.total !== null && more !== null) walk.total = Math.max(0, walk.total + more)
    isOff = isOffAgain = true
    wakeDriver()
    changed()
  }

  async function listen(near: number | null, told: (survey: Survey) => void, signal: AbortSignal): Promise<void> {
    if (near !== null) places.push(near)
    const bell = makeBell()
    listeners.add(bell)
    if (stop === null) start()
    else wakeDriver()
    try {
      if (estimate === undefined) await bell.rung(signal)
      for (;;) {
        const seen = version
        told(state())
        await sleep(PAUSE, signal)
        bell.check()
        if (seen === version) await bell.rung(signal)
      }
    } finally {
      listeners.delete(bell)
      if (listeners.size === 0) {
        stop?.abort()
        stop = null
        await driving
      }
    }
  }

  return {
    view,
    get walk() {
      return walk
    },
    get error() {
      return error
    },
    listen,
    mistrust,
  }
}

/** Milliseconds between two states: ten a second at most. */
const PAUSE = 100
