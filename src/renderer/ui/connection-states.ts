// The states of all connections as the host tells them: read for as long as the page is there, the same on every screen.
import { useSyncExternalStore } from 'react'
import type { ConnectionState } from '../../shared/connections.ts'
import { api } from '../api.ts'
import { keepReading } from './keep-reading.ts'

export const closed: ConnectionState = { state: 'closed' }

let states: ReadonlyMap<string, ConnectionState> = new Map()
/** False until the host has told once: what it has not named is closed only then. */
let isTold = false
let isReading = false
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (!isReading) void keepReading(read)
  isReading = true
  return () => listeners.delete(listener)
}

/** Undefined until the host has told. */
export function connectionOf(profileId: string): ConnectionState | undefined {
  return states.get(profileId) ?? (isTold ? closed : undefined)
}

/** Undefined until the host has told. */
export function useConnection(profileId: string): ConnectionState | undefined {
  return useSyncExternalStore(subscribe, () => connectionOf(profileId))
}

/** By profile; what is closed may be missing. */
export function useConnections(): ReadonlyMap<string, ConnectionState> {
  return useSyncExternalStore(subscribe, () => states)
}

/** Calls `listener` with each new state of the profile. */
export function onConnection(profileId: string, listener: (state: ConnectionState) => void): () => void {
  let before = connectionOf(profileId)
  return subscribe(() => {
    const now = connectionOf(profileId)
    if (now === before || !now) return
    before = now
    listener(now)
  })
}

/** One word or two for lists. */
export function stateWords(state: ConnectionState | undefined): string {
  switch (state?.state) {
    case 'open':
      return 'Open'
    case 'waiting':
      return state.why === 'reconnect' ? 'Reconnecting' : 'Opening'
    case 'needs-password':
      return 'Needs a password'
    case 'failed':
      return state.cause ? 'Failed' : 'Cancelled'
    default:
      return 'Closed'
  }
}

/** Takes the answer of a call before the stream brings it. */
export function tellConnection(profileId: string, connection: ConnectionState): void {
  take([{ profileId, connection }])
}

function take(news: readonly { profileId: string; connection: ConnectionState }[]): void {
  const next = new Map(states)
  for (const { profileId, connection } of news) next.set(profileId, connection)
  states = next
  listeners.forEach((listener) => listener())
}

async function read(): Promise<void> {
  let isFirst = true
  for await (const news of await api.connections.watch()) {
    // A host that was started anew names nothing that was open before.
    if (isFirst) states = new Map()
    isFirst = false
    isTold = true
    take(news)
  }
}
