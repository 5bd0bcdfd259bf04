// Opening, waiting, reconnecting and the pools as the contract has them.
import { isDeepStrictEqual } from 'node:util'
import type { ConnectionState, LoginRole, PoolState } from '../../shared/connections.ts'
import type { Core } from '../core.ts'
import { streamEvents } from '../event-queue.ts'
import { api } from '../implement.ts'
import { keptInKeychain } from '../password-roles.ts'
import { Refusal } from '../refusal.ts'
import { coalesce } from '../coalesce.ts'
import { clusterCalls } from './cluster-calls.ts'
import { hostKeyCalls } from './host-keys.ts'
import type { OpenDatabases } from './open-databases.ts'
import { trustCertificate } from './trust-certificate.ts'

const CLOSED: ConnectionState = { state: 'closed' }

export const connectionsRouter = {
  ...clusterCalls,

  open: api.connections.open.handler(({ context, input }) => {
    const connection = context.core.databases.connection(input.profileId)
    connection.open(input.skipMigrated)
    return connection.state
  }),

  retryNow: api.connections.retryNow.handler(({ context, input }) => {
    const connection = context.core.databases.connection(input.profileId)
    connection.retryNow()
    return connection.state
  }),

  cancel: api.connections.cancel.handler(({ context, input }) => {
    const connection = context.core.databases.connection(input.profileId)
    connection.cancel()
    return connection.state
  }),

  close: api.connections.close.handler(async ({ context, input }) => {
    context.core.profiles.get(input.profileId)
    await context.core.databases.close(input.profileId)
    return CLOSED
  }),

  givePassword: api.connections.givePassword.handler(async ({ context, input }) => {
    const { profileId, password, role, keep } = input
    await takePassword(context.core, { profileId, password, role, keep })
    const connection = context.core.databases.connection(profileId)
    if (role !== 'schema') connection.open(false)
    return connection.state
  }),

  ...hostKeyCalls,

  trustCertificate: api.connections.trustCertificate.handler(({ context, input }) =>
    trustCertificate(context.core, input),
  ),

  watch: api.connections.watch.handler(({ context }) =>
    streamEvents<{ profileId: string; connection: ConnectionState }[]>(context.signal, (push, signal) =>
      watchStates(context.core.databases, push, signal),
    ),
  ),

  pool: api.connections.pool.handler(({ context, input }) => {
    context.core.profiles.get(input.profileId)
    return streamEvents<PoolState | null>(context.signal, (push, signal) =>
      watchPool(context.core.databases, input, push, signal),
    )
  }),
}

interface Given {
  profileId: string
  password: string
  role: LoginRole
  keep: boolean
}

/**
 * Throws NOT_STORED when it is to be kept and no keychain answers, or the profile was changed meanwhile, which may lead to another
 * server: nothing has changed then.
 */
async function takePassword({ profiles, passwords }: Core, { profileId, password, role, keep }: Given): Promise<void> {
  const profile = profiles.get(profileId)
  if (profile.dialect === 'sqlite') throw new Refusal('NOT_STORED', 'A SQLite file has no password.')
  if (!keep) return passwords.put(profile, role, password)
  const kept = keptInKeychain(profile, role)
  // The keychain first: a profile that says so without a password in it could not be opened.
  await passwords.put(kept, role, password)
  try {
    await profiles.mend(profileId, (stored) => {
      if (isDeepStrictEqual(stored, profile)) return kept
      throw new Refusal(
        'NOT_STORED',
        `${stored.name} was changed meanwhile. Nothing was kept; enter the password again.`,
      )
    })
  } catch (error) {
    await passwords.drop(profileId, role)
    throw error
  }
}

/** First all that are not closed, then what has changed, at most every 100 ms. */
async function watchStates(
  databases: OpenDatabases,
  push: (states: { profileId: string; connection: ConnectionState }[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const changed = new Set(databases.states().keys())
  const flow = coalesce(() => {
    const now = databases.states()
    push([...changed].map((profileId) => ({ profileId, connection: now.get(profileId) ?? CLOSED })))
    changed.clear()
  })
  const stop = databases.onChange('state', (profileId) => {
    changed.add(profileId)
    flow.changed()
  })
  flow.changed()
  await aborted(signal)
  stop()
  flow.end()
}

async function watchPool(
  databases: OpenDatabases,
  { profileId, withServer }: { profileId: string; withServer: boolean },
  push: (pool: PoolState | null) => void,
  signal: AbortSignal,
): Promise<void> {
  const use = databases.serverUse(profileId)
  const flow = coalesce(() => {
    const connection = databases.connection(profileId)
    const isShown = connection.state.state === 'open' || connection.state.state === 'waiting'
    const pool = isShown ? (connection.present()?.pool() ?? null) : null
    push(pool && { ...pool, server: withServer ? (use?.last ?? null) : null })
  })
  const changed = (id: string) => {
    if (id === profileId) flow.changed()
  }
  const stops = [databases.onChange('state', changed), databases.onChange('pool', changed)]
  if (withServer && use) stops.push(use.look())
  flow.changed()
  await aborted(signal)
  for (const stop of stops) stop()
  flow.end()
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
