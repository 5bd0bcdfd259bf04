// Passwords on disk: one file in the data folder, one text for each login, each sealed by the system's keychain.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { loginRole, type LoginRole } from '../../shared/connections.ts'
import type { Host, Secrets } from '../host.ts'
import { hideSecret } from '../redact.ts'
import { Refusal, unavailable } from '../refusal.ts'

export interface SealedPasswords {
  /** Null when none is stored. Throws DATABASE_UNAVAILABLE (`local`) when it is there and cannot be opened. */
  read(profileId: string, role: LoginRole): Promise<string | null>
  /** Throws NOT_STORED when nothing may be, or can be, stored here. */
  write(profileId: string, role: LoginRole, password: string): Promise<void>
  has(profileId: string, role: LoginRole): boolean
  remove(profileId: string, role?: LoginRole): Promise<void>
}

const entry = z.strictObject({ profileId: z.string(), role: loginRole, sealed: z.base64() })
const stored = z.strictObject({ version: z.literal(1), passwords: z.array(entry) })
type Entry = z.infer<typeof entry>

/** What is sealed names its login: an entry that was moved to another profile in the file must not open there. */
const content = z.strictObject({ profileId: z.string(), role: loginRole, password: z.string() })

export function openSealedPasswords(host: Pick<Host, 'dataFolder' | 'secrets' | 'log'>): SealedPasswords {
  const file = join(host.dataFolder, 'passwords.sealed')
  const damaged = `The stored passwords in ${file} could not be read.`
  let writing: Promise<unknown> = Promise.resolve()

  /** Read anew each time: another Roster may have written meanwhile. Throws when there is a file that makes no sense. */
  function load(): Entry[] {
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
      throw error
    }
    return stored.parse(JSON.parse(text)).passwords
  }

  function find(profileId: string, role: LoginRole): Entry | undefined {
    try {
      return load().find((each) => each.profileId === profileId && each.role === role)
    } catch (error) {
      throw unavailable('local', damaged, 'Move it away, and enter the password again in the profile.', error)
    }
  }

  /** What is there, to be replaced as a whole: a file that makes no sense is not. */
  function loadToChange(): Entry[] {
    try {
      return load()
    } catch (error) {
      throw new Refusal(
        'NOT_STORED',
        `${damaged} It was left as it is; move it away to store passwords again.`,
        {},
        error,
      )
    }
  }

  function change(edit: (entries: Entry[]) => Entry[]): Promise<void> {
    const result = writing.then(async () => {
      const before = loadToChange()
      const passwords = edit(before)
      if (passwords.length === before.length && passwords.every((each, index) => each === before[index])) return
      await writeFileAtomic(file, `${JSON.stringify({ version: 1, passwords })}\n`, { mode: 0o600, fsync: true })
    })
    writing = result.catch(() => undefined)
    return result
  }

  function replace(profileId: string, role: LoginRole, sealed: Uint8Array): Promise<void> {
    const next: Entry = { profileId, role, sealed: Buffer.from(sealed).toString('base64') }
    return change((entries) => [...entries.filter((each) => each.profileId !== profileId || each.role !== role), next])
  }

  return {
    async read(profileId, role) {
      const found = find(profileId, role)
      if (!found) return null
      if (!host.secrets) throw noKeychain()
      const opened = await open(host.secrets, found, (sealed) => replace(profileId, role, sealed))
      hideSecret(opened)
      return opened
    },
    async write(profileId, role, password) {
      if (!host.secrets) throw new Refusal('NOT_STORED', 'The browser host has no keychain, so no password was stored.')
      let sealed: Uint8Array
      try {
        sealed = await host.secrets.seal(JSON.stringify({ profileId, role, password }))
      } catch (error) {
        throw new Refusal('NOT_STORED', error instanceof Error ? error.message : 'Nothing was stored.', {}, error)
      }
      await replace(profileId, role, sealed)
    },
    has(profileId, role) {
      try {
        return find(profileId, role) !== undefined
      } catch (error) {
        host.log('error', `${file} could not be read`, error)
        return false
      }
    },
    remove: (profileId, role) =>
      change((entries) =>
        entries.filter((each) => each.profileId !== profileId || (role !== undefined && each.role !== role)),
      ),
  }
}

async function open(secrets: Secrets, found: Entry, renew: (sealed: Uint8Array) => Promise<void>): Promise<string> {
  let text: string
  try {
    text = await secrets.open(Buffer.from(found.sealed, 'base64'), renew)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw unavailable('local', message, 'Unlock the keychain, or edit the profile and enter the password again.', error)
  }
  const opened = content.safeParse(JSON.parse(text))
  if (opened.success && opened.data.profileId === found.profileId && opened.data.role === found.role) {
    return opened.data.password
  }
  throw unavailable(
    'local',
    'The stored password belongs to another login, so it was not used.',
    'Edit the profile and enter the password again.',
  )
}

function noKeychain(): Refusal {
  return unavailable(
    'local',
    'The password is in the keychain, which Roster reaches only from its own window.',
    'Open Roster as a window, or choose another place for the password in the profile.',
  )
}
