// What goes wrong on the way through an SSH server, with the failure beside it that words and waiting are decided by.
import { withFailure } from '../db/failure-of.ts'
import type { Failure, FailureKind } from '../db/failure.ts'
import { SYSTEM_CODES } from '../db/system-codes.ts'
import { placeText, type Place, type SshLogin } from '../../shared/reaching.ts'

/** Which of the two SSH servers: the one that connections come out of, or the one that it is reached through. */
export type HopRole = 'ssh' | 'jump'

export interface HopAt {
  role: HopRole
  login: SshLogin
}

export type SshCode =
  | 'ROSTER_SSH_NO_ANSWER'
  | 'ROSTER_SSH_CLOSED'
  | 'ROSTER_SSH_PASSWORD' // refused
  | 'ROSTER_SSH_PASSPHRASE' // there is none, or a wrong one
  | 'ROSTER_SSH_KEY_FILE' // cannot be read
  | 'ROSTER_SSH_KEY' // not accepted
  | 'ROSTER_SSH_AGENT' // none answers
  | 'ROSTER_SSH_AGENT_KEYS' // none of its keys is accepted
  | 'ROSTER_SSH_OTHER_WAYS' // no such way to log in, or one more beside it
  | 'ROSTER_SSH_FORWARD' // it does not forward
  | 'ROSTER_SSH_PROTOCOL' // no SSH server, or nothing in common
  | 'ROSTER_HOST_KEY_NEW'
  | 'ROSTER_HOST_KEY_CHANGED'
  | 'ROSTER_HOST_KEY_REVOKED'
  | 'ROSTER_HOST_KEY_LIST' // the list of known keys cannot be read

/** An error that is about the SSH server `at`; `message` are its own words, or the library's. */
export function sshProblem(
  at: HopAt,
  kind: FailureKind,
  code: string,
  message: string,
  more: Partial<Failure> = {},
): Error {
  const failure = { kind, code, message, role: at.role, via: viaOf(at, false), ...more }
  return withFailure(Object.assign(new Error(message), { code }), failure)
}

/** While the way to the SSH server was made; null when the system has given no such error. */
export function systemProblem(at: HopAt, error: unknown): Error | null {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown }
  const kind = typeof code === 'string' ? SYSTEM_CODES[code] : undefined
  if (kind === undefined) return null
  return sshProblem(at, kind, String(code), String(message))
}

/** Reasons of a channel that was not opened (RFC 4254, 5.1). */
const PROHIBITED = 1
const CONNECT_FAILED = 2

/** What the far end met, in the words of OpenSSH; others may say nothing. */
const FAR: readonly (readonly [words: RegExp, kind: FailureKind])[] = [
  [/refused/i, 'refused'],
  [/timed out|timeout/i, 'no-answer'],
  [/no route|unreachable|is down/i, 'unreachable'],
  [/temporary failure/i, 'name-temporary'],
  [/not known|no address|unknown host|resol/i, 'name-unknown'],
]

/** A connection that the SSH server `at` was asked for and did not make. */
export function forwardProblem(at: HopAt, to: Place, error: Error & { reason?: unknown }): Error {
  const said = error.message.replace(/^\(SSH\) Channel open failure: /, '')
  if (error.reason === CONNECT_FAILED) {
    const kind = FAR.find(([words]) => words.test(said))?.[1] ?? 'refused'
    return withFailure(new Error(said), { kind, code: '', message: said, via: { ...viaOf(at, true), to } })
  }
  const message = error.reason === PROHIBITED ? said : `${said} (${placeText(to)})`
  return sshProblem(at, 'tunnel', 'ROSTER_SSH_FORWARD', message, { via: { ...viaOf(at, false), to } })
}

function viaOf({ login }: HopAt, isFar: boolean) {
  const { host, port, user, auth, keyFile } = login
  return { host, port, user, keyFile: auth === 'key' ? keyFile : null, isFar }
}
