// Which login each password of a profile belongs to: where it is kept, whose it is, and what it takes to keep it elsewhere.
import type { LoginRole } from '../shared/connections.ts'
import type { SecretSource, ServerProfile } from '../shared/profiles.ts'
import { unavailable, type Refusal } from './refusal.ts'

/**
 * Where the login's password is; a profile without a login for schema work uses the first for it. None for a tunnel or a
 * certificate that the profile has not, and for an SSH login by the agent.
 */
export function secretOf(profile: ServerProfile, role: LoginRole): SecretSource {
  const found = {
    runtime: profile,
    schema: profile.schemaLogin ?? profile,
    ssh: profile.ssh,
    jump: profile.ssh?.jump,
    certificate: profile.tlsFiles,
  }[role]
  const isAgent = found !== undefined && found !== null && 'auth' in found && found.auth === 'agent'
  return (!isAgent && found?.secret) || { kind: 'none' }
}

/** Whose password it is, for the sentence that asks for it: a user, user@host of an SSH server, or the file of a key. */
export function ownerOf(profile: ServerProfile, role: LoginRole): string {
  switch (role) {
    case 'runtime':
      return profile.user
    case 'schema':
      return (profile.schemaLogin ?? profile).user
    case 'certificate':
      return profile.tlsFiles?.key ?? ''
    case 'ssh':
    case 'jump': {
      const hop = role === 'ssh' ? profile.ssh : profile.ssh?.jump
      if (!hop) return ''
      return hop.auth === 'key' && hop.keyFile ? hop.keyFile : `${hop.user}@${hop.host}`
    }
  }
}

/** The profile with that login's password in the keychain; where it has no such login, the first one's. */
export function keptInKeychain<P extends ServerProfile>(profile: P, role: LoginRole): P {
  const secret: SecretSource = { kind: 'keychain' }
  const { schemaLogin, ssh, tlsFiles } = profile
  if (role === 'schema' && schemaLogin) return { ...profile, schemaLogin: { ...schemaLogin, secret } }
  if (role === 'ssh' && ssh) return { ...profile, ssh: { ...ssh, secret } }
  if (role === 'jump' && ssh?.jump) return { ...profile, ssh: { ...ssh, jump: { ...ssh.jump, secret } } }
  if (role === 'certificate' && tlsFiles) return { ...profile, tlsFiles: { ...tlsFiles, secret } }
  return { ...profile, secret }
}

/** SSH logins that are made before the one to the database, in the order in which they are made. */
export function rolesOnTheWay({ ssh }: ServerProfile): ('jump' | 'ssh')[] {
  return ssh ? (ssh.jump ? ['jump', 'ssh'] : ['ssh']) : []
}

const asked = new WeakMap<Error, LoginRole>()

/** DATABASE_UNAVAILABLE (`needs-password`): nothing can be tried before a person has given this one. */
export function needsPassword(profile: ServerProfile, role: LoginRole): Refusal {
  const what = ownerOf(profile, role)
  const words =
    role === 'runtime' || role === 'schema'
      ? `“${profile.name}” asks for its password each time.`
      : `“${profile.name}” asks for the password of ${what} each time.`
  const refusal = unavailable('needs-password', words, 'Enter the password.')
  asked.set(refusal, role)
  return refusal
}

/** Which password an error of `needsPassword` is about; null for any other. */
export const roleAsked = (error: unknown): LoginRole | null =>
  error instanceof Error ? (asked.get(error) ?? null) : null
