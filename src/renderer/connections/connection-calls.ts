// What a person can do with a connection; the answer of each call is the new state, and is shown at once.
import type { ConnectionState, LoginRole } from '../../shared/connections.ts'
import { api } from '../api.ts'
import { tellConnection } from '../ui/connection-states.ts'

async function told(profileId: string, call: Promise<ConnectionState>): Promise<void> {
  tellConnection(profileId, await call)
}

export interface GivenPassword {
  password: string
  role: LoginRole
  /** Sealed by the keychain as well. */
  keep: boolean
}

/** Each rejects as the call does. */
export const connection = {
  open: (profileId: string, skipMigrated = false) => told(profileId, api.connections.open({ profileId, skipMigrated })),
  retryNow: (profileId: string) => told(profileId, api.connections.retryNow({ profileId })),
  cancel: (profileId: string) => told(profileId, api.connections.cancel({ profileId })),
  close: (profileId: string) => told(profileId, api.connections.close({ profileId })),
  givePassword: (profileId: string, given: GivenPassword) =>
    told(profileId, api.connections.givePassword({ profileId, ...given })),
}
