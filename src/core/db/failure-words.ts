// What each kind of failure says to a person: what happened, to what, and what to do next. Never holds a password.
import type { ConnectCause } from '../../shared/connections.ts'
import { FETCH_SERVER_KEY_LABEL } from '../../shared/profiles.ts'
import type { UnavailableReason } from '../../shared/procedure.ts'
import { decide } from './decide.ts'
import type { DecideOptions, Failure, FailureKind } from './failure.ts'
import { sshWordsOf } from './failure-words-ssh.ts'
import type { Login } from './server/link.ts'

/** What a cause may name. A whole login fits: its password is only looked for, to be left out. */
export type Address = Pick<Login, 'host' | 'port' | 'database' | 'user'> & { password?: string | null }

interface Words {
  reason: UnavailableReason
  message(at: Address, failure: Failure): string
  hint(at: Address, failure: Failure, options: DecideOptions): string
}

const LATER = ' Where it appears later, let the profile wait until the database exists.'

const place = (at: Address) => `${at.host}:${at.port}`
const words = (reason: UnavailableReason, message: Words['message'], hint: Words['hint']): Words => ({
  reason,
  message,
  hint,
})

const NEEDS_TLS = 'Switch on TLS in the profile, or SCRAM or caching_sha2_password for this user on the server.'
/** MySQL's full authentication, which its default login needs once for each user after every start. */
const NEEDS_KEY =
  `Switch on TLS in the profile. Where the server has none, tick “${FETCH_SERVER_KEY_LABEL}”: whoever sits in between, or ` +
  'listens in the server’s place, can then hand out a key of their own and read the password.'

const NEEDS_VERIFYING =
  'The profile encrypts without looking who answers (Require). Choose Verify CA or Verify full, or trust the certificate of the server.'

/** PostgreSQL's, as `dial.ts` says it, and mysql2's. */
const NO_TLS: ReadonlySet<string> = new Set(['ROSTER_NO_TLS', 'HANDSHAKE_NO_SSL_SUPPORT'])

const WORDS: Partial<Record<FailureKind, Words>> = {
  refused: words(
    'refused',
    (at) => `Nothing listens at ${place(at)} yet.`,
    (at) => `Start the server, or correct the host and the port (${at.port}) of the profile.`,
  ),
  'no-answer': words(
    'no-answer',
    (at) => `No answer from ${place(at)}.`,
    () =>
      'The server may be stopped or overloaded, or a firewall or a VPN drops the connection. Check the host and port.',
  ),
  unreachable: words(
    'unreachable',
    (at) => `There is no route to ${at.host}.`,
    () => 'Check the network and the VPN of this machine.',
  ),
  'name-temporary': words(
    'name-unknown',
    (at) => `The name ${at.host} cannot be looked up just now.`,
    () => 'The name service does not answer yet. Check the network and the VPN of this machine.',
  ),
  'name-unknown': words(
    'name-unknown',
    (at) => `No machine is known by the name ${at.host}.`,
    (_at, _failure, { waitForDatabase }) => `Correct the host of the profile.${waitForDatabase ? '' : LATER}`,
  ),
  starting: words(
    'starting',
    (at) => `The server at ${place(at)} is starting, stopping or recovering.`,
    () => 'It usually takes connections again in a moment.',
  ),
  lost: words(
    'lost',
    (at) => `The connection to ${place(at)} was closed.`,
    () => 'The server may have been restarted, or the session was ended. Staged edits are kept.',
  ),
  'outcome-unknown': words(
    'lost',
    (at) => `The connection to ${place(at)} broke while saving.`,
    () => 'Whether it was saved is looked up before anything is run again.',
  ),
  'too-many-connections': words(
    'too-many-connections',
    (at) => `The server at ${place(at)} has no free connection.`,
    () => 'End sessions that are not needed, or raise the limit of the server. Meanwhile one connection is used.',
  ),
  'user-limit': words(
    'too-many-connections',
    (at, failure) => `The server limits the user ${at.user}: ${failure.message}`,
    () => 'Raise the limit of this user on the server, or wait until its period is over.',
  ),
  'host-blocked': words(
    'host-blocked',
    (at) => `The server at ${place(at)} blocks or does not know this machine.`,
    () =>
      'An administrator of the server can lift it (FLUSH HOSTS) or allow this machine. More tries would make it worse.',
  ),
  authentication: words(
    'authentication',
    (at) => `The server at ${place(at)} refused the user ${at.user} or the password.`,
    () => 'Correct the user or the password. It was tried once and is not tried again, so that no account is locked.',
  ),
  'no-database': words(
    'no-database',
    (at) => `The database ${at.database} does not exist on ${place(at)}.`,
    // Not to a profile that waits already.
    (_at, _failure, { waitForDatabase }) => `Correct its name or create it.${waitForDatabase ? '' : LATER}`,
  ),
  'no-privilege': words(
    'no-privilege',
    (at, failure) => `The user ${at.user} may not do this: ${failure.message}`,
    () => 'Grant the right on the server, or use another user.',
  ),
  'read-only': words(
    'other',
    (at) => `The server at ${place(at)} is read-only.`,
    () => 'It may be a standby. Use the server that takes writes, or mark the profile as read-only.',
  ),
  'not-in-cluster': words(
    'starting',
    (at) => `The node at ${place(at)} is out of its cluster.`,
    () => 'It is joining or has lost the others. It takes statements again when it is back in the primary component.',
  ),
  tls: words(
    'tls',
    (at, { code, certificate }) =>
      certificate
        ? `The certificate of ${place(at)} was not accepted. ${certificate.problem}`
        : NO_TLS.has(code)
          ? `The server at ${place(at)} takes no encrypted connections.`
          : `An encrypted connection to ${place(at)} could not be verified.`,
    (_at, { code }) =>
      NO_TLS.has(code)
        ? 'Switch on TLS on the server, or switch it off in the profile. Roster does not go on without encryption by itself.'
        : 'Check the certificate of the server. Roster does not go on without encryption by itself.',
  ),
  unsafe: words(
    'unsafe',
    (at) => `The server at ${place(at)} asked for the password in a form that others could read.`,
    (_at, { code }) =>
      code === 'ROSTER_NEEDS_KEY' ? NEEDS_KEY : code === 'ROSTER_NOT_VERIFIED' ? NEEDS_VERIFYING : NEEDS_TLS,
  ),
  protocol: words(
    'protocol',
    (at) => `What answers at ${place(at)} is not this kind of server, or a proxy interfered.`,
    (at) => `Check the kind of database and the port (${at.port}) of the profile.`,
  ),
  local: words(
    'local',
    () => 'This machine could not open another connection.',
    () => 'Close programs that hold many connections or files, and check what this account may use.',
  ),
  damaged: words(
    'damaged',
    (at) => `The server at ${place(at)} reports damaged data.`,
    () => 'Make a copy before anything else, and read the log of the server.',
  ),
  resources: words(
    'other',
    (at, failure) => `The server at ${place(at)} has run out of something: ${failure.message}`,
    () => 'Free disk space or memory on the server.',
  ),
  timeout: words(
    'no-answer',
    (at) => `The server at ${place(at)} took too long.`,
    () => 'It may be overloaded.',
  ),
}

const OTHER = words(
  'other',
  (at, failure) => `The server at ${place(at)} answered: ${failure.message}`,
  () => 'The words are the own ones of the server.',
)

const temporary: ReadonlySet<string> = new Set(['wait', 'wait-slowly'])

/** Why an attempt failed, for a person; `options` as for `decide`. */
export function causeOf(
  failure: Failure,
  at: Address,
  options: DecideOptions = { waitForDatabase: false },
): ConnectCause {
  const said = WORDS[failure.kind] ?? OTHER
  const safe = { ...failure, message: withoutPassword(failure.message, at) }
  const words = sshWordsOf(safe) ?? {
    reason: said.reason,
    message: said.message(at, safe),
    hint: said.hint(at, safe, options),
    ...(failure.told && told(failure.told, at)),
  }
  const code = failure.code === '' || safe.message.includes(failure.code) ? '' : ` (${failure.code})`
  return {
    ...words,
    detail: `${safe.message}${code}`.trim(),
    isTemporary: temporary.has(decide(failure, 'connecting', options)),
    ...(failure.hostKey && { hostKey: failure.hostKey }),
    ...(failure.certificate && { certificate: failure.certificate }),
  }
}

const told = ({ message, hint }: NonNullable<Failure['told']>, at: Address) => ({
  message: withoutPassword(message, at),
  ...(hint !== undefined && { hint }),
})

/** A second lock: drivers do not repeat passwords, but what a proxy in between says is anybody's guess. */
function withoutPassword(text: string, at: Address): string {
  const { password } = at
  // To strike out what everybody may know would only tell that it is the password.
  if (!password || [at.host, at.user, at.database, String(at.port)].some((known) => known.includes(password)))
    return text
  return text.replaceAll(password, '••••')
}
