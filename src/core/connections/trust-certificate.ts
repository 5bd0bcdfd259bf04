// A person has looked at a certificate that was refused, and trusts it: at its place alone, and no other one there.
import { loginRole, type ConnectionState, type LoginRole } from '../../shared/connections.ts'
import type { Profile, ServerProfile } from '../../shared/profiles.ts'
import type { Pin } from '../../shared/reaching.ts'
import type { Core } from '../core.ts'
import { secretOf } from '../password-roles.ts'
import { Refusal } from '../refusal.ts'

/** Places whose certificates a profile remembers; the oldest go first. */
const MOST = 64

/** Throws PROFILE_NOT_FOUND, NOT_STORED. */
export async function trustCertificate(
  { profiles, databases, passwords }: Core,
  { profileId, ...pin }: Pin & { profileId: string },
): Promise<ConnectionState> {
  const profile = profiles.get(profileId)
  if (profile.dialect === 'sqlite') throw new Refusal('NOT_STORED', 'A SQLite file has no certificate.')
  const trusting = await profiles.mend(profileId, (stored) => withPin(stored, pin))
  // What is there was made without it, and would go on without it.
  if (databases.connection(profileId).present()) {
    const given = await givenPasswords(passwords, profile)
    await databases.close(profileId)
    // Closing takes its time: what was changed meanwhile may lead to another host, which these were not given for.
    const isSame = JSON.stringify(profiles.get(profileId)) === JSON.stringify(trusting)
    for (const [role, password] of isSame ? given : []) passwords.remember(profileId, role, password)
  }
  const connection = databases.connection(profileId)
  connection.open(false)
  return connection.state
}

function withPin(profile: Profile, pin: Pin): Profile {
  if (profile.dialect === 'sqlite') return profile
  const others = profile.pins.filter(({ host, port }) => host !== pin.host || port !== pin.port)
  return { ...profile, pins: [...others, pin].slice(-MOST) }
}

/** What the person was asked for already: closing forgets it, and they would be asked once more. */
async function givenPasswords(
  passwords: Core['passwords'],
  profile: ServerProfile,
): Promise<[role: LoginRole, password: string][]> {
  const given: [LoginRole, string][] = []
  for (const role of loginRole.options) {
    // Without a login for schema work it is the first one's, told twice.
    if (role === 'schema' && !profile.schemaLogin) continue
    if (secretOf(profile, role).kind !== 'ask' || !passwords.has(profile, role)) continue
    const password = await passwords.of(profile, role)
    if (password !== null) given.push([role, password])
  }
  return given
}
