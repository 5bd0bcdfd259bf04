// What a person can do with a connection; the answer of each call is the new state, and is shown at once.
import type { ConnectionState, LoginRole } from '../../shared/connections.ts'
import { api } from '../api.ts'
import { tellConnection } from '../ui/connection-states.ts'

async function told(profileId: string, call: Promise<ConnectionState>): Promise<void> {
  tellConnection(profileId, await call)
}

/** What went wrong is in the state; a lost link and a profile that is gone are said by others. */
function tell(profileId: string, call: Promise<ConnectionState>): void {
  told(profileId, call).catch(() => undefined)
}

export interface GivenPassword {
  password: string
  role: LoginRole
  /** Sealed by the keychain as well. */
  keep: boolean
}

export const connection = {
  open: (profileId: string, skipMigrated = false) => tell(profileId, api.connections.open({ profileId, skipMigrated })),
  retryNow: (profileId: string) => tell(profileId, api.connections.retryNow({ profileId })),
  cancel: (profileId: string) => tell(profileId, api.connections.cancel({ profileId })),
  close: (profileId: string) => tell(profileId, api.connections.close({ profileId })),
  /** Rejects as the call does. */
  givePassword: (profileId: string, given: GivenPassword) =>
    told(profileId, api.connections.givePassword({ profileId, ...given })),
}
