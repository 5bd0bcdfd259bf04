// What a person can do with a connection; the answer of each call is the new state, and is shown at once.
import type { ConnectionState, LoginRole } from '../../shared/connections.ts'
import type { Pin, SeenHostKey } from '../../shared/reaching.ts'
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

/** Asked to open, and not answered yet. */
const opening = new Set<string>()

/**
 * Choosing a profile asks, and showing it asks again. A second call could meet a connection that has failed by then: it would
 * try a refused password once more, and hide why the first try failed.
 */
function openOnce(profileId: string): void {
  if (opening.has(profileId)) return
  opening.add(profileId)
  const call = api.connections.open({ profileId, skipMigrated: false })
  told(profileId, call)
    .catch(() => undefined)
    .finally(() => opening.delete(profileId))
}

export const connection = {
  open: openOnce,
  openWithoutWaiting: (profileId: string) => tell(profileId, api.connections.open({ profileId, skipMigrated: true })),
  retryNow: (profileId: string) => tell(profileId, api.connections.retryNow({ profileId })),
  cancel: (profileId: string) => tell(profileId, api.connections.cancel({ profileId })),
  close: (profileId: string) => tell(profileId, api.connections.close({ profileId })),
  /** Rejects as the call does. */
  givePassword: (profileId: string, given: GivenPassword) =>
    told(profileId, api.connections.givePassword({ profileId, ...given })),
  /** Pins the certificate in the profile and opens it again. Rejects as the call does. */
  trustCertificate: (profileId: string, { host, port, fingerprint }: Pin) =>
    told(profileId, api.connections.trustCertificate({ profileId, host, port, fingerprint })),
  /** Notes the key, and tries again. Rejects as the call does. */
  trustHostKey: async (profileId: string, { host, port, type, fingerprint }: SeenHostKey) => {
    await api.connections.trustHostKey({ host, port, type, fingerprint })
    await told(profileId, api.connections.retryNow({ profileId }))
  },
}
