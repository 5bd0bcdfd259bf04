// The states and phases of a connection in words for people.
import type { ConnectPhase } from '../../shared/connections.ts'
import type { ServerProfile } from '../../shared/profiles.ts'

export const phaseWords: Record<ConnectPhase, string> = {
  tunnel: 'Open the tunnel',
  resolve: 'Find the address of the host',
  connect: 'Reach the server',
  tls: 'Encrypt the connection',
  authenticate: 'Sign in',
  ready: 'Set up the session',
  migrated: 'Wait for the migrations',
}

/** The steps that this profile goes through, in order. */
export function phasesOf(profile: ServerProfile): ConnectPhase[] {
  const all: ConnectPhase[] = ['tunnel', 'resolve', 'connect', 'tls', 'authenticate', 'ready', 'migrated']
  return all.filter((phase) => {
    if (phase === 'tunnel') return profile.ssh !== null
    if (phase === 'tls') return profile.tls !== 'off'
    return phase !== 'migrated' || profile.waitForMigrations
  })
}

/** Where the password comes from, without the password. */
export function secretWords({ secret }: Pick<ServerProfile, 'secret'>): string {
  switch (secret.kind) {
    case 'none':
      return 'none is sent'
    case 'ask':
      return 'typed in, kept until the profile is closed'
    case 'environment':
      return `from the environment variable ${secret.variable}`
    case 'keychain':
      return 'from the keychain of this computer'
  }
}

/** The connection as a URL, as a person would write it, with the password masked. */
export function connectionString(profile: ServerProfile): string {
  const { user, host, port, database, secret, tls } = profile
  const scheme = profile.dialect === 'postgres' ? 'postgresql' : 'mysql'
  const password = secret.kind === 'none' ? '' : ':********'
  const name = host.includes(':') ? `[${host}]` : host
  const mode =
    tls === 'off' ? '' : profile.dialect === 'postgres' ? '?sslmode=verify-full' : '?ssl-mode=VERIFY_IDENTITY'
  return `${scheme}://${encodeURIComponent(user)}${password}@${name}:${port}/${encodeURIComponent(database)}${mode}`
}

/** Milliseconds since 1970 as the local time of day: "09:05:07". */
export function timeOfDay(milliseconds: number): string {
  const at = new Date(milliseconds)
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':')
}
