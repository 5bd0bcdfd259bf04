// Connects to the node that is written, or where it is not fit for use to the first of the others that is.
import type { Place } from '../../../shared/reaching.ts'
import { failureOf, withFailure } from '../failure-of.ts'
import type { Failure } from '../failure.ts'
import type { ConnectOptions, Link, Login } from '../server/link.ts'
import type { ServerDialect } from '../server/server-dialect.ts'
import { untilAborted } from '../waiting.ts'
import { healthOf, nodeTold, type Fitness, type NodeTold } from './node-status.ts'
import { concernsAll, noneOf, unfitNode, wordsOf, type NodeFailure } from './node-words.ts'
import { isSame, placesOf, type WrittenNode } from './written-node.ts'

/** Milliseconds for all of it. */
const LIMIT = 5_000

export interface NodeLink {
  place: Place
  link: Link
  /** Null where the server is no node of a Galera cluster. */
  told: NodeTold | null
  fitness: Fitness
  /** What the nodes that come before it in the order said. */
  refused: readonly NodeFailure[]
}

export interface ConnectParts {
  inner: ServerDialect
  written: WrittenNode
}

/** What an error of a dialect's `connect` means, also one that was classified before. */
export const failureIn = (inner: ServerDialect, error: unknown): Failure => failureOf(error) ?? inner.classify(error)

/**
 * One node after the other, the one that is written first; while one is silent the next is asked too, after its share of the
 * limit. What concerns the login is asked of no second node. Rejects with what all of them said.
 */
export async function connectNode(parts: ConnectParts, login: Login, options: ConnectOptions): Promise<NodeLink> {
  const { written } = parts
  const until = Date.now() + (options.limit ?? LIMIT)
  for (;;) {
    const before = written.place
    const limit = Math.max(1, until - Date.now())
    const found = await firstFit(parts, login, { ...options, limit })
    // Another connection may have found a node in the meantime: it is the one that is written, and not a second one.
    const isTaken = !isSame(written.place, before) && !isSame(written.place, found.place)
    if (!isTaken) return settled(parts, login, found)
    found.link.destroy()
    if (Date.now() >= until) throw unfitNode('The node that is written has changed while the connection was made.')
  }
}

function settled({ written }: ConnectParts, login: Login, found: NodeLink): NodeLink {
  if (isSame(written.place, found.place)) return found
  const places = placesOf(login)
  const from = written.place ?? places[0] ?? null
  const refused = found.refused.find(({ place }) => isSame(place, from))
  // One that was asked and has said nothing yet.
  const isSilent = places.some((place) => isSame(place, from))
  const why = isSilent ? 'It does not answer.' : 'The profile names other nodes now.'
  written.settle(found.place, from, refused ? wordsOf(refused.failure) : why)
  return found
}

function firstFit({ inner, written }: ConnectParts, login: Login, options: ConnectOptions): Promise<NodeLink> {
  const { signal, limit = LIMIT } = options
  signal.throwIfAborted()
  const known = placesOf(login)
  written.places = known
  const current = written.place && known.find((place) => isSame(place, written.place))
  const places = current ? [current, ...known.filter((place) => place !== current)] : known
  const hasWorked = written.place !== null
  const until = Date.now() + limit
  const over = new AbortController()
  const failures: NodeFailure[] = []
  const refused = () => places.flatMap((place) => failures.find((each) => each.place === place) ?? [])

  return new Promise<NodeLink>((resolve, reject) => {
    let asked = 0
    let timer: NodeJS.Timeout | undefined
    let isOver = false
    /** Usable though not healthy: taken when no other is better. */
    let spare: NodeLink | null = null

    const finish = (reason: Error) => {
      isOver = true
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      over.abort(reason)
    }
    const onAbort = () => {
      finish(signal.reason as Error)
      spare?.link.destroy()
      reject(signal.reason as Error)
    }
    signal.addEventListener('abort', onAbort, { once: true })

    const take = (found: NodeLink) => {
      finish(new Error('Another node was taken.'))
      if (spare && spare !== found) spare.link.destroy()
      resolve({ ...found, refused: refused() })
    }
    const refuse = (error: Error) => {
      finish(error)
      spare?.link.destroy()
      reject(error)
    }
    const next = () => {
      clearTimeout(timer)
      const place = places[asked]
      if (!place) {
        if (failures.length < places.length) return
        return spare ? take(spare) : refuse(lastWord(failures, hasWorked))
      }
      asked += 1
      timer = setTimeout(next, limit / places.length)
      void one(place)
    }
    const one = async (place: Place) => {
      try {
        const found = await asNode(inner, { ...login, ...place, nodes: [] }, place, until, {
          ...options,
          signal: over.signal,
        })
        if (isOver) return found.link.destroy()
        written.learn(place, found.link.galera ?? null)
        if (found.fitness === 'healthy') return take(found)
        const { words } = healthOf((found.told as NodeTold).status)
        failures.push(failed(inner, place, unfitNode(words)))
        if (found.fitness === 'usable' && !spare) spare = found
        else found.link.destroy()
      } catch (error) {
        if (isOver) return
        const failure = failed(inner, place, error)
        // One that has no free connection is still the one that is written: the pool goes on with those it has.
        const isFull = failure.failure.kind === 'too-many-connections' && isSame(place, written.place)
        if (isFull || concernsAll(failure.failure)) return refuse(failure.error)
        failures.push(failure)
      }
      // Those that are silent may still answer, but nobody waits for them alone.
      next()
    }
    next()
  })
}

function lastWord(failures: readonly NodeFailure[], hasWorked: boolean): Error {
  const [only] = failures
  // Of a single server its own words say more, unless it is a node that takes no queries.
  return only && failures.length === 1 && only.failure.kind !== 'not-in-cluster'
    ? only.error
    : noneOf(failures, hasWorked)
}

const failed = (inner: ServerDialect, place: Place, error: unknown): NodeFailure => ({
  place,
  error: error instanceof Error ? error : new Error(String(error)),
  failure: failureIn(inner, error),
})

/** One node alone, with what it says of itself. */
export async function asNode(
  inner: ServerDialect,
  login: Login,
  place: Place,
  until: number,
  options: ConnectOptions,
): Promise<NodeLink> {
  const limit = Math.max(1, until - Date.now())
  const link = await inner.connect(login, { ...options, limit })
  if (!link.galera) return { place, link, told: null, fitness: 'healthy', refused: [] }
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(silent(place)), Math.max(1, until - Date.now()))
  try {
    const both = AbortSignal.any([options.signal, late.signal])
    const told = nodeTold(await untilAborted(link.galera.status(), both))
    return { place, link, told, fitness: healthOf(told.status).fitness, refused: [] }
  } catch (error) {
    link.destroy()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function silent({ host, port }: Place): Error {
  const message = `${host}:${port} did not tell its state in time.`
  return withFailure(new Error(message), { kind: 'no-answer', code: '', message })
}
