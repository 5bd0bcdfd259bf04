// Everything that opening one connection of a profile needs, put together anew at each: settings, password, certificates.
import type { LoginRole } from '../../shared/connections.ts'
import type { ServerProfile } from '../../shared/profiles.ts'
import type { Login, Tunnel } from '../db/server/link.ts'
import { rolesOnTheWay } from '../password-roles.ts'
import { readCertificates } from './certificates.ts'

export interface LoginParts {
  /** Throws DATABASE_UNAVAILABLE (see `Passwords.of`). */
  passwordOf: (role: LoginRole) => Promise<string | null>
  /** The way that all connections of the profile share; null where it has none. */
  tunnel: Tunnel | null
}

/** Throws DATABASE_UNAVAILABLE when a password is to be asked for, or a file cannot be read. */
export async function loginFor(
  profile: ServerProfile,
  role: 'runtime' | 'schema',
  { passwordOf, tunnel }: LoginParts,
): Promise<Login> {
  const { host, port, database, tls, pins, isReadOnly } = profile
  const { user } = (role === 'schema' && profile.schemaLogin) || profile
  // First what stands first on the way, so that a person is asked in that order.
  if (tunnel) for (const each of rolesOnTheWay(profile)) await passwordOf(each)
  const files = tls === 'off' ? null : profile.tlsFiles
  const certificates = files && (await readCertificates(files, () => passwordOf('certificate')))
  return {
    ...{ host, port, database, user, tls, pins, isReadOnly },
    password: await passwordOf(role),
    ...(certificates && { certificates }),
    ...(tunnel && { tunnel }),
    ...(profile.dialect === 'mysql' && { fetchServerKey: profile.fetchServerKey, nodes: profile.nodes }),
  }
}
