// Database servers refuse to run as root. Where Roster's tests do, they run as a system account of the machine.
import { spawnSync } from 'node:child_process'

/** For spawn(): empty where this process is no root, and the server runs as the same user. */
export interface Account {
  uid?: number
  gid?: number
}

function look(name: string): Account | null {
  const number = (flag: string) => {
    const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' })
    return status === 0 ? Number(stdout.trim()) : null
  }
  const uid = number('-u')
  const gid = number('-g')
  return uid === null || gid === null ? null : { uid, gid }
}

/** Makes the account where it is missing. initdb asks for the name of its user, so that a bare number is not enough. */
export function serverAccount(name: string): Account {
  if (process.getuid?.() !== 0) return {}
  const found = look(name)
  if (found) return found
  const made = spawnSync(
    'useradd',
    [
      '--system',
      '--user-group',
      '--no-create-home',
      '--home-dir',
      '/nonexistent',
      '--shell',
      '/usr/sbin/nologin',
      name,
    ],
    { encoding: 'utf8' },
  )
  // Another process may have made it meanwhile.
  const now = look(name)
  if (now) return now
  throw new Error(
    `The system account "${name}" is needed, because database servers do not run as root, and useradd could not make it: ` +
      `${made.stderr || (made.error?.message ?? 'no reason given')}`.trim(),
  )
}
