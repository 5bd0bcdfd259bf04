// Opens a server when its profile is chosen, and drops what was read of a database that is another one by now.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef } from 'react'
import type { ConnectionState } from '../../shared/connections.ts'
import type { Profile } from '../../shared/profiles.ts'
import { connectionOf, useConnection, useConnections } from '../ui/connection-states.ts'
import { connection } from './connection-calls.ts'

/** Undefined until the host has told. Choosing a closed server opens it; one that is closed later stays closed. */
export function useConnecting(profile: Profile | undefined): ConnectionState | undefined {
  const state = useConnection(profile?.id ?? '')
  const isKnown = state !== undefined
  const id = profile?.dialect === 'sqlite' ? undefined : profile?.id
  const openIfClosed = useEffectEvent(() => {
    if (id !== undefined) openServer(id)
  })
  useEffect(() => {
    if (isKnown && id !== undefined) openIfClosed()
  }, [isKnown, id])
  return state
}

/** What a person has chosen to open, and not closed since. */
const wanted = new Set<string>()

/** Opens a server that is closed. */
export function openServer(profileId: string): void {
  wanted.add(profileId)
  if (connectionOf(profileId)?.state !== 'closed') return
  connection.open(profileId)
}

/** After its settings were changed, which closes it: opens it again where a person had it open, or wanted to. */
export function openAgain(profileId: string): void {
  if (wanted.has(profileId)) connection.open(profileId)
}

export function closeServer(profileId: string): void {
  wanted.delete(profileId)
  connection.close(profileId)
}

/** True when what was read of the database may be shown: it is open, or was when its connection was lost. */
export function hasOpened(profile: Profile, state: ConnectionState | undefined): boolean {
  if (profile.dialect === 'sqlite') return true
  if (state?.state === 'waiting' || state?.state === 'failed') return state.why === 'reconnect'
  return state?.state === 'open'
}

/** Answers of a profile are asked for again after a loss, and forgotten when it is closed. */
export function useFreshAnswers(): void {
  const client = useQueryClient()
  const states = useConnections()
  const before = useRef(states)
  useEffect(() => {
    for (const profileId of new Set([...before.current.keys(), ...states.keys()])) {
      const was = before.current.get(profileId)
      const now = states.get(profileId)
      if (now === was) continue
      const filter = { predicate: ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey.includes(profileId) }
      const isBack = now?.state === 'open' && was?.state === 'waiting' && was.why === 'reconnect'
      if (isBack) void client.invalidateQueries(filter)
      if (now === undefined || now.state === 'closed') client.removeQueries(filter)
    }
    before.current = states
  }, [client, states])
}
