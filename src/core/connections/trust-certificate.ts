// A person has looked at a certificate that was refused, and trusts it: at its place alone, and no other one there.
import type { ConnectionState } from '../../shared/connections.ts'
import type { Pin } from '../../shared/reaching.ts'
import type { Core } from '../core.ts'
import { Refusal } from '../refusal.ts'

/** Places whose certificates a profile remembers; the oldest go first. */
const MOST = 64

/** Throws PROFILE_NOT_FOUND, NOT_STORED. */
export async function trustCertificate(
  { profiles, databases }: Core,
  { profileId, ...pin }: Pin & { profileId: string },
): Promise<ConnectionState> {
  const profile = profiles.get(profileId)
  if (profile.dialect === 'sqlite') throw new Refusal('NOT_STORED', 'A SQLite file has no certificate.')
  const { id: _id, isSample: _isSample, ...settings } = profile
  const others = profile.pins.filter(({ host, port }) => host !== pin.host || port !== pin.port)
  await profiles.update(profileId, { ...settings, pins: [...others, pin].slice(-MOST) })
  // What is there was made without it, and would go on without it.
  if (databases.connection(profileId).present()) await databases.close(profileId)
  const connection = databases.connection(profileId)
  connection.open(false)
  return connection.state
}
