// The nodes of a cluster as the host tells them every second: one stream of each profile, however many look.
import { useCallback, useSyncExternalStore } from 'react'
import type { ClusterState } from '../../shared/cluster.ts'
import { placeText } from '../../shared/reaching.ts'
import { api } from '../api.ts'

/** Milliseconds before it is asked for again after the stream ended. */
const PAUSE = 1_000

/** What is known of a cluster. */
export interface KnownCluster {
  state: ClusterState
  /** False while the profile is not open: `state` is then the last that was told. */
  isLive: boolean
  /** How nodes called themselves when they were last heard, by place: one that is silent keeps its name. */
  names: Names
}

export type Names = ReadonlyMap<string, string>

interface Watch {
  known: KnownCluster | null
  listeners: Set<() => void>
  left: AbortController
}

const watches = new Map<string, Watch>()

/** Null until the host has told. Asks for as long as the caller is drawn. */
export function useCluster(profileId: string): KnownCluster | null {
  const subscribe = useCallback(
    (listener: () => void) => {
      const watch = watches.get(profileId) ?? begin(profileId)
      watch.listeners.add(listener)
      return () => {
        watch.listeners.delete(listener)
        if (watch.listeners.size > 0) return
        watch.left.abort()
        watches.delete(profileId)
      }
    },
    [profileId],
  )
  return useSyncExternalStore(subscribe, () => watches.get(profileId)?.known ?? null)
}

function begin(profileId: string): Watch {
  const watch: Watch = { known: null, listeners: new Set(), left: new AbortController() }
  watches.set(profileId, watch)
  void read(profileId, watch)
  return watch
}

async function read(profileId: string, watch: Watch): Promise<void> {
  const { signal } = watch.left
  while (!signal.aborted) {
    try {
      for await (const state of await api.connections.cluster({ profileId }, { signal })) tell(watch, state)
    } catch {
      // The link says by itself when it is lost, and asking again is all that can be done.
    }
    tell(watch, null)
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
  }
}

/** What was known last stays to be looked at when nothing more can be told. */
function tell(watch: Watch, state: ClusterState | null): void {
  const { known } = watch
  if (state === null && !known?.isLive) return
  watch.known = state
    ? { state, isLive: true, names: withNames(known?.names, state) }
    : known && { ...known, isLive: false }
  watch.listeners.forEach((listener) => listener())
}

function withNames(before: Names = new Map(), { nodes }: ClusterState): Names {
  const told = nodes.flatMap((node) => (node.status?.name ? [[placeText(node), node.status.name] as const] : []))
  return new Map([...before, ...told])
}
