// Whose password is asked for, by the login that it belongs to.
import type { LoginRole } from '../../shared/connections.ts'
import type { ServerProfile } from '../../shared/profiles.ts'
import { placeText } from '../../shared/reaching.ts'

export interface AskedWords {
  /** "Password for app" */
  title: string
  /** Where it goes, or what it opens. */
  where: string
  /** Of the field. */
  label: 'Password' | 'Passphrase'
  /** Of the button that goes on. */
  verb: string
}

/** `user`: whose, as the host says: a user, or the file of a key. */
export function askedWords(profile: ServerProfile, role: LoginRole, user: string): AskedWords {
  const { name, host, port, database, ssh, tlsFiles } = profile
  const server = `${name}, ${host}:${port}, database ${database}`
  switch (role) {
    case 'runtime':
      return { title: `Password for ${user}`, where: server, label: 'Password', verb: 'Open' }
    case 'schema':
      return {
        title: `Password for ${user}`,
        where: `${server}, login for migrations`,
        label: 'Password',
        verb: 'Use this password',
      }
    case 'certificate':
      return {
        title: `Passphrase of ${tlsFiles?.key ?? user}`,
        where: `${name}: the key of the certificate that is shown to ${host}:${port}`,
        label: 'Passphrase',
        verb: 'Open',
      }
    case 'ssh':
    case 'jump': {
      const hop = role === 'ssh' ? ssh : ssh?.jump
      const what = role === 'ssh' ? 'SSH machine' : 'jump host'
      if (!hop) return { title: `Password for ${user}`, where: `${name}: ${what}`, label: 'Password', verb: 'Open' }
      const login = `${hop.user}@${placeText(hop)}`
      return hop.auth === 'key'
        ? {
            title: `Passphrase of ${hop.keyFile ?? user}`,
            where: `${name}: the SSH key for the ${what}, ${login}`,
            label: 'Passphrase',
            verb: 'Open',
          }
        : {
            title: `Password for ${login}`,
            where: `${name}: the ${what} that the server is reached through`,
            label: 'Password',
            verb: 'Open',
          }
    }
  }
}
