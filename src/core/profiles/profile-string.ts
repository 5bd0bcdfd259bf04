// The address of a profile in another software's form, to be copied.
import type { ConnectionFormat } from '../../shared/connection-strings.ts'
import type { Profile, ServerProfile } from '../../shared/profiles.ts'
import type { Core } from '../core.ts'
import { hideSecret } from '../redact.ts'
import { Refusal } from '../refusal.ts'
import { NotExpressible, type Address, type Printed } from './connection-strings/address.ts'
import { printAddress } from './connection-strings/print.ts'

export interface Wanted {
  profileId: string
  format: ConnectionFormat
  withPassword: boolean
}

/** Throws NOT_EXPRESSIBLE where the form does not know that kind of database, or cannot say one of its parts. */
export async function profileString(
  core: Pick<Core, 'profiles' | 'passwords'>,
  { profileId, format, withPassword }: Wanted,
): Promise<Printed> {
  const profile = core.profiles.get(profileId)
  const notes: string[] = []
  const address: Address =
    profile.dialect === 'sqlite'
      ? { dialect: 'sqlite', file: profile.file }
      : addressOf(profile, withPassword ? await passwordOf(core, profile, notes) : null)
  const printed = print(format, address)
  // From now on it may stand in no log, in no spelling.
  if (withPassword && profile.dialect !== 'sqlite') hideSecret(printed.text)
  return { text: printed.text, notes: [...notes, ...printed.notes, ...notSaid(profile)] }
}

function print(format: ConnectionFormat, address: Address): Printed {
  try {
    return printAddress(format, address)
  } catch (error) {
    if (error instanceof NotExpressible) throw new Refusal('NOT_EXPRESSIBLE', error.message)
    throw error
  }
}

function addressOf(profile: ServerProfile, password: string | null): Address {
  const { host, port, user, database, tls, tlsFiles: files } = profile
  const isMysql = profile.dialect === 'mysql'
  return {
    ...{ dialect: profile.dialect, host, port, user, password, database, tls, files },
    nodes: isMysql ? profile.nodes : [],
    fetchServerKey: isMysql && profile.fetchServerKey,
  }
}

/** Null, with a note that says why, where there is none or none is known. */
async function passwordOf(
  { passwords }: Pick<Core, 'passwords'>,
  profile: ServerProfile,
  notes: string[],
): Promise<string | null> {
  if (profile.secret.kind === 'none') {
    notes.push('The profile sends no password, so there is none in it.')
    return null
  }
  if (profile.secret.kind === 'ask' && !passwords.has(profile, 'runtime')) {
    notes.push('The password is not in it: it is asked for when the profile is opened, and has not been entered yet.')
    return null
  }
  try {
    return await passwords.of(profile, 'runtime')
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    notes.push(`The password is not in it. ${error.message}`)
    return null
  }
}

/** What no form of an address says. */
function notSaid(profile: Profile): string[] {
  const notes: string[] = []
  if (profile.isReadOnly) notes.push('That the profile is read-only is not in it.')
  if (profile.dialect === 'sqlite') return notes
  const { ssh, pins, schemaLogin, tls } = profile
  if (ssh !== null) {
    notes.push(
      `The SSH tunnel through ${ssh.user}@${ssh.host} is not in it: the host is the one that is meant from there.`,
    )
  }
  if (pins.length > 0 && tls !== 'off') notes.push('Certificates that are trusted by their fingerprint are not in it.')
  if (schemaLogin !== null) notes.push(`The login for migrations (${schemaLogin.user}) is not in it.`)
  return notes
}
