// The states and phases of a connection in words for people.
import type { ConnectPhase } from '../../shared/connections.ts'
import type { ServerProfile } from '../../shared/profiles.ts'
import { placeText, type Place, type TlsMode } from '../../shared/reaching.ts'
import { plural } from '../ui/wording.ts'

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

/** As PostgreSQL's and MySQL's own clients call the modes; what is off is not named. */
const modeWords: Record<'postgres' | 'mysql', Record<TlsMode, string>> = {
  postgres: {
    off: '',
    require: '?sslmode=require',
    'verify-ca': '?sslmode=verify-ca',
    verify: '?sslmode=verify-full',
  },
  mysql: {
    off: '',
    require: '?ssl-mode=REQUIRED',
    'verify-ca': '?ssl-mode=VERIFY_CA',
    verify: '?ssl-mode=VERIFY_IDENTITY',
  },
}

/** The connection as a URL, as a person would write it, with the password masked. */
export function connectionString(profile: ServerProfile): string {
  const { user, host, port, database, secret, tls } = profile
  const scheme = profile.dialect === 'postgres' ? 'postgresql' : 'mysql'
  const password = secret.kind === 'none' ? '' : ':********'
  const places = [{ host, port }, ...nodesOf(profile)].map(placeText).join(',')
  const mode = modeWords[profile.dialect][tls]
  return `${scheme}://${encodeURIComponent(user)}${password}@${places}/${encodeURIComponent(database)}${mode}`
}

function nodesOf(profile: ServerProfile): Place[] {
  return profile.dialect === 'mysql' ? profile.nodes : []
}

/** How the connection is encrypted and what is checked of the server. */
export function encryptionWords(profile: ServerProfile): string {
  const { tls, pins } = profile
  switch (tls) {
    case 'off':
      return profile.dialect === 'mysql' && profile.fetchServerKey ? 'off; the password by the server’s key' : 'off'
    case 'require':
      return 'on, whoever answers is believed'
    case 'verify-ca':
      return `on, the authority is checked${pinWords(pins.length)}`
    case 'verify':
      return `on, certificate and name are checked${pinWords(pins.length)}`
  }
}

function pinWords(count: number): string {
  return count === 0 ? '' : `; ${plural(count, 'certificate')} trusted by hand`
}

/** "ops@bastion:22, reached through ops@gate:22"; null where there is no tunnel. */
export function tunnelWords({ ssh }: ServerProfile): string | null {
  if (!ssh) return null
  return `${ssh.user}@${placeText(ssh)}${ssh.jump ? `, reached through ${ssh.jump.user}@${placeText(ssh.jump)}` : ''}`
}

/** "db1:3306 via bastion, +2 nodes": the place that is waited for. */
export function serverWords(profile: ServerProfile): string {
  const further = nodesOf(profile).length
  const via = profile.ssh ? ` via ${profile.ssh.host}` : ''
  return `${placeText(profile)}${via}${further === 0 ? '' : `, +${plural(further, 'node')}`}`
}

/** The further nodes of a cluster; null where there are none. */
export function nodeWords(profile: ServerProfile): string | null {
  const nodes = nodesOf(profile)
  return nodes.length === 0 ? null : nodes.map(placeText).join(', ')
}

/** Milliseconds since 1970 as the local time of day: "09:05:07". */
export function timeOfDay(milliseconds: number): string {
  const at = new Date(milliseconds)
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':')
}
