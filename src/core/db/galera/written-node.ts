// Which node of a cluster is written: one at a time, remembered with every change of it, and heard of by who listens.
import type { ClusterMove } from '../../../shared/cluster.ts'
import { placeText, type Place } from '../../../shared/reaching.ts'
import type { Login } from '../server/link.ts'

/** Moves that are remembered. */
const MOVES = 20

export const isSame = (a: Place | null, b: Place | null) =>
  a === b || (a !== null && b !== null && a.host === b.host && a.port === b.port)

export const placeOf = ({ host, port }: Place): Place => ({ host, port })

/** The nodes that a login names, in its order, each once. */
export function placesOf(login: Pick<Login, 'host' | 'port' | 'nodes'>): Place[] {
  const all = [placeOf(login), ...(login.nodes ?? []).map(placeOf)]
  return all.filter((place, index) => all.findIndex((other) => isSame(place, other)) === index)
}

export interface WrittenNode {
  /** Null before the first connection. */
  readonly place: Place | null
  /** As the latest login named them. */
  places: readonly Place[]
  /** Null until a connection has told. */
  readonly isGalera: boolean | null
  /** wsrep_cluster_name, of the last node that told. */
  readonly cluster: string | null
  /**
   * Goes up when a node may lack what was committed before: after a change of the node, and after a reply was lost. A link
   * whose own number is lower waits for the cluster before its next statement.
   */
  readonly epoch: number
  /** Newest first. */
  readonly moves: readonly ClusterMove[]
  /** Its name in the cluster where it is known, else host and port. */
  nameOf(place: Place): string
  /** A connection was made: what its server says of itself. Null: it is no node of a Galera cluster. */
  learn(place: Place, galera: { node: string; cluster: string } | null): void
  /** From now on `place` is written; `from` is the one before, or the first of the profile, and `why` it is not used. */
  settle(place: Place, from: Place | null, why: string): void
  /** See `epoch`. */
  doubt(): void
  /** Answers with how to stop listening. */
  onMove(listener: (move: ClusterMove) => void): () => void
}

export function writtenNode(): WrittenNode {
  const names = new Map<string, string>()
  const listeners = new Set<(move: ClusterMove) => void>()
  let place: Place | null = null
  let isGalera: boolean | null = null
  let cluster: string | null = null
  let epoch = 0
  let moves: readonly ClusterMove[] = []

  const nameOf = (at: Place) => names.get(placeText(at)) ?? placeText(at)

  return {
    get place() {
      return place
    },
    places: [],
    get isGalera() {
      return isGalera
    },
    get cluster() {
      return cluster
    },
    get epoch() {
      return epoch
    },
    get moves() {
      return moves
    },
    nameOf,
    learn(at, galera) {
      isGalera = galera !== null
      if (!galera) return
      names.set(placeText(at), galera.node || placeText(at))
      cluster = galera.cluster
    },
    settle(next, from, why) {
      place = next
      if (!from || isSame(from, next)) return
      epoch += 1
      const move = { at: Date.now(), from: nameOf(from), to: nameOf(next), why }
      moves = [move, ...moves].slice(0, MOVES)
      for (const listener of [...listeners]) listener(move)
    },
    doubt() {
      epoch += 1
    },
    onMove(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
