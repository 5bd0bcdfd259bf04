// The passwords of the profiles: from the keychain, from a variable of the environment, or as the person gave them.
import { loginRole, type LoginRole } from '../../shared/connections.ts'
import type { Profile, ServerProfile } from '../../shared/profiles.ts'
import type { Host } from '../host.ts'
import { needsPassword, secretOf } from '../password-roles.ts'
import { hideSecret } from '../redact.ts'
import { unavailable } from '../refusal.ts'
import { openSealedPasswords } from './sealed-passwords.ts'

export interface Passwords {
  /**
   * The password for that login, to be asked for at every connection; null where the server asks for none. Throws
   * DATABASE_UNAVAILABLE: `needs-password` when the person has to be asked, `local` when the variable or the keychain has
   * none, in words that name it.
   */
  of(profile: ServerProfile, role: LoginRole): Promise<string | null>
  /** Keeps what the person was asked for, in memory, until `forget`. */
  remember(profileId: string, role: LoginRole, password: string): void
  /** Drops what is remembered: one login's after a wrong password, all when the profile is closed. */
  forget(profileId: string, role?: LoginRole): void
  /** Takes a given password to where the profile keeps it. Throws NOT_STORED where the keychain does not answer. */
  put(profile: ServerProfile, role: LoginRole, password: string): Promise<void>
  /** Whether there is one, without asking the keychain for it. */
  has(profile: Profile, role: LoginRole): boolean
  /** Removes what is stored and remembered for one login, or for the profile. */
  drop(profileId: string, role?: LoginRole): Promise<void>
}

/** What is stored under `schema` is another login's; without one there is only the first. */
function keyOf(profile: ServerProfile, role: LoginRole): LoginRole {
  return role === 'schema' && !profile.schemaLogin ? 'runtime' : role
}

export function openPasswords(
  host: Pick<Host, 'dataFolder' | 'secrets' | 'log'>,
  environment: NodeJS.ProcessEnv = process.env,
): Passwords {
  const sealed = openSealedPasswords(host)
  const remembered = new Map<string, string>()
  const address = (profileId: string, role: LoginRole) => `${role} ${profileId}`

  function fromEnvironment(profile: ServerProfile, variable: string): string {
    const value = environment[variable]
    if (value === undefined) {
      throw unavailable(
        'local',
        `The password of “${profile.name}” is in the environment variable ${variable}, which is not set.`,
        `Set ${variable} and start Roster again, or choose another place for the password in the profile.`,
      )
    }
    hideSecret(value)
    return value
  }

  async function fromKeychain(profile: ServerProfile, role: LoginRole): Promise<string> {
    const password = await sealed.read(profile.id, role)
    if (password === null) {
      throw unavailable(
        'local',
        `No password is stored for “${profile.name}”.`,
        'Edit the profile and enter the password, or choose another place for it.',
      )
    }
    return password
  }

  function forget(profileId: string, role?: LoginRole): void {
    for (const each of role ? [role] : loginRole.options) remembered.delete(address(profileId, each))
  }

  return {
    async of(profile, role) {
      const secret = secretOf(profile, role)
      const key = keyOf(profile, role)
      switch (secret.kind) {
        case 'none':
          return null
        case 'environment':
          return fromEnvironment(profile, secret.variable)
        case 'keychain':
          return fromKeychain(profile, key)
        case 'ask': {
          const password = remembered.get(address(profile.id, key))
          if (password !== undefined) return password
          throw needsPassword(profile, role)
        }
      }
    },
    remember(profileId, role, password) {
      hideSecret(password)
      remembered.set(address(profileId, role), password)
    },
    forget,
    async put(profile, role, password) {
      hideSecret(password)
      const secret = secretOf(profile, role)
      if (secret.kind === 'keychain') await sealed.write(profile.id, role, password)
      if (secret.kind === 'ask') remembered.set(address(profile.id, role), password)
    },
    has(profile, role) {
      if (profile.dialect === 'sqlite') return false
      const key = keyOf(profile, role)
      const secret = secretOf(profile, role)
      if (secret.kind === 'keychain') return sealed.has(profile.id, key)
      if (secret.kind === 'ask') return remembered.has(address(profile.id, key))
      return secret.kind === 'environment' && environment[secret.variable] !== undefined
    },
    async drop(profileId, role) {
      forget(profileId, role)
      await sealed.remove(profileId, role)
    },
  }
}
