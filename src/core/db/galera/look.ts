// Asks all nodes of a cluster at once how they are. Connections are kept as long as somebody keeps asking.
import type { ClusterNode, ClusterState } from '../../../shared/cluster.ts'
import { placeText, type Place } from '../../../shared/reaching.ts'
import type { Cluster } from '../cluster.ts'
import type { Role } from '../server/aside.ts'
import { connectLink } from '../server/connect-link.ts'
import type { Link, Login } from '../server/link.ts'
import type { Read, ServerDialect } from '../server/server-dialect.ts'
import { untilAborted } from '../waiting.ts'
import { failureIn } from './connect-node.ts'
import { healthOf, isPrimary, nodeTold, type NodeTold } from './node-status.ts'
import { wordsOf } from './node-words.ts'
import { outlookOf } from './outlook.ts'
import { refusedLogins } from './refused-logins.ts'
import { isSame, placesOf, type WrittenNode } from './written-node.ts'

/** Milliseconds for one node. */
const LIMIT = 2_000
/** Milliseconds in which the same answer serves whoever else asks. */
const FRESH = 500
/** Milliseconds without a look until the connections are ended. */
const KEEP = 5_000

export interface LookParts {
  /** With `ConnectOptions.node`. */
  dialect: ServerDialect
  written: WrittenNode
  login: (role: Role) => Promise<Login>
}

export interface ClusterLook extends Cluster {
  close(): Promise<void>
}

interface Seen {
  place: Place
  told: NodeTold | null
  words: string
  ms: number | null
}

export function clusterLook({ dialect, written, login }: LookParts): ClusterLook {
  const closing = new AbortController()
  const kept = new Map<string, Link>()
  const open = new Set<Promise<unknown>>()
  /** What it was when the node was last asked: share of flow control is told of the time in between. */
  const paused = new Map<string, { at: number; ns: number }>()
  /** Of nodes that were heard once, how the others call them. */
  const addresses = new Map<string, string>()
  const refused = refusedLogins()
  let latest: { at: number; looking: Promise<ClusterState> } | null = null
  let timer: NodeJS.Timeout | undefined

  const stopListening = written.onMove(() => (latest = null))

  function drop(key: string): void {
    kept.get(key)?.destroy()
    kept.delete(key)
  }

  function keepFor(): void {
    clearTimeout(timer)
    timer = setTimeout(() => [...kept.keys()].forEach(drop), KEEP)
    timer.unref()
  }

  async function linkTo(place: Place, given: Login, signal: AbortSignal): Promise<Link> {
    const key = placeText(place)
    const old = kept.get(key)
    if (old && !old.isDead) return old
    const link = await connectLink(dialect, given, signal, { limit: LIMIT, node: place })
    if (closing.signal.aborted) link.destroy()
    else kept.set(key, link)
    return link
  }

  async function ask(place: Place, given: Login): Promise<Seen> {
    const before = refused.of(place, given)
    if (before) return { place, told: null, words: wordsOf(before), ms: null }
    const since = performance.now()
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(LIMIT)])
    try {
      const { galera } = await linkTo(place, given, signal)
      if (!galera) return { place, told: null, words: 'It is no node of a Galera cluster.', ms: null }
      const told = nodeTold(await untilAborted(galera.status(), signal))
      if (told.address) addresses.set(placeText(place), told.address)
      told.status.flowControlPaused = pausedSince(told)
      return { place, told, words: healthOf(told.status).words, ms: Math.round(performance.now() - since) }
    } catch (error) {
      drop(placeText(place))
      const failure = failureIn(dialect, error)
      refused.note(place, given, failure)
      const words = signal.aborted ? 'It does not answer.' : wordsOf(failure)
      return { place, told: null, words, ms: null }
    }
  }

  function pausedSince({ status, pausedNs }: NodeTold): number {
    const before = paused.get(status.uuid)
    const at = performance.now()
    paused.set(status.uuid, { at, ns: pausedNs })
    if (!before || at <= before.at || pausedNs < before.ns) return status.flowControlPaused
    return Math.min(1, (pausedNs - before.ns) / 1e6 / (at - before.at))
  }

  async function look(): Promise<ClusterState> {
    const given = await login('runtime')
    const seen = await Promise.all(placesOf(given).map((place) => ask(place, given)))
    keepFor()
    const nodes = seen.map(({ place, told, words, ms }): ClusterNode => {
      const isHealthy = told !== null && healthOf(told.status).fitness === 'healthy'
      return { ...place, status: told?.status ?? null, isHealthy, isWritten: isSame(place, written.place), words, ms }
    })
    const told = seen.flatMap((each) => each.told ?? [])
    const name = told[0]?.cluster ?? written.cluster
    const { moves } = written
    return { name, nodes, others: others(seen), outlook: outlookOf(nodes), moves: [...moves], at: Date.now() }
  }

  /** Of a Primary component where there is one: who is cut off knows itself alone. */
  function others(seen: readonly Seen[]): string[] {
    const told = seen.flatMap((each) => each.told?.status ?? [])
    const members = (told.find(isPrimary) ?? told[0])?.members ?? []
    const named = new Set(seen.flatMap(({ place }) => [placeText(place), addresses.get(placeText(place)) ?? '']))
    return members.filter((member) => !named.has(member))
  }

  async function placeOfNode(name: string, role: Role, signal: AbortSignal): Promise<Place | null> {
    const places = placesOf(await login(role))
    const known = places.find((place) => written.nameOf(place) === name)
    if (known) return known
    // Those that were never connected to have to be asked for their names.
    const state = await self.look(signal)
    return state.nodes.find(({ status }) => status?.name === name) ?? null
  }

  const self: ClusterLook = {
    look(signal) {
      if (!latest || Date.now() - latest.at > FRESH) {
        const looking = look()
        const mine = { at: Infinity, looking }
        latest = mine
        const ended = () => (mine.at = Date.now())
        looking.then(ended, ended)
      }
      return untilAborted(latest.looking, signal)
    },
    async askNode<T>(name: string, signal: AbortSignal, work: (read: Read) => Promise<T>): Promise<T | null> {
      const role = 'schema'
      const place = await untilAborted(placeOfNode(name, role, signal), signal)
      if (!place) return null
      const both = AbortSignal.any([signal, closing.signal])
      const node = { host: place.host, port: place.port }
      const link = await connectLink(dialect, await login(role), both, { limit: LIMIT, node }).catch(() => null)
      signal.throwIfAborted()
      if (!link) return null
      const stop = () => link.destroy()
      both.addEventListener('abort', stop, { once: true })
      try {
        // Another node may have taken the address since.
        if (link.galera?.node !== name) return null
        return await untilAborted(
          work((statement) => link.query(statement)),
          both,
        )
      } finally {
        both.removeEventListener('abort', stop)
        const ended = link.end().catch(() => link.destroy())
        open.add(ended)
        void ended.finally(() => open.delete(ended))
      }
    },
    async close() {
      closing.abort(new Error('The database was closed.'))
      clearTimeout(timer)
      stopListening()
      ;[...kept.keys()].forEach(drop)
      await Promise.allSettled(open)
    },
  }
  return self
}
