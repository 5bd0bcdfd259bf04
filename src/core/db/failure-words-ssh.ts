// What goes wrong on the way through an SSH server, in words that name that machine: what happened, and what to do next.
import type { UnavailableReason } from '../../shared/procedure.ts'
import { placeText } from '../../shared/reaching.ts'
import type { Failure, FailureKind, Via } from './failure.ts'

export interface SshWords {
  reason: UnavailableReason
  message: string
  hint: string
}

type Said = (via: Via, failure: Failure) => [reason: UnavailableReason, message: string, hint: string]

const server = (via: Via) => `the SSH server ${placeText(via)}`
const ONCE = 'It was tried once and is not tried again, so that no account is locked.'

const BY_CODE: Record<string, Said> = {
  ROSTER_SSH_PASSWORD: (via) => [
    'authentication',
    `The SSH server ${placeText(via)} refused the user ${via.user} or the password.`,
    `Correct the user or the password of the SSH login. ${ONCE}`,
  ],
  ROSTER_SSH_NO_PASSWORD: (via) => [
    'authentication',
    `The SSH login ${via.user}@${placeText(via)} needs a password, and none is given.`,
    'Enter the password, or choose another way to log in to the SSH server in the profile.',
  ],
  ROSTER_SSH_PASSPHRASE: ({ keyFile }, { message }) => [
    'authentication',
    `The key file ${keyFile ?? ''} cannot be opened. ${message}`,
    'Enter the passphrase of the key. It stays on this machine.',
  ],
  ROSTER_SSH_KEY_FILE: ({ keyFile }) => [
    'local',
    `The key file ${keyFile ?? ''} of the SSH login cannot be used.`,
    'Choose a private key (OpenSSH, PEM or PuTTY) that this account may read.',
  ],
  ROSTER_SSH_KEY: (via) => [
    'tunnel',
    `The SSH server ${placeText(via)} does not let ${via.user} in with the key ${via.keyFile ?? ''}.`,
    'Add the public key on the SSH server (authorized_keys), or correct the user or the key of the SSH login.',
  ],
  ROSTER_SSH_AGENT: (via) => [
    'tunnel',
    `No SSH agent answers, so there is no key for ${server(via)}.`,
    'Start the agent (ssh-agent) and then Roster, or choose a key file in the profile.',
  ],
  ROSTER_SSH_AGENT_KEYS: (via) => [
    'tunnel',
    `The SSH server ${placeText(via)} does not let ${via.user} in with a key of the SSH agent.`,
    'Add the right key to the agent (ssh-add), or choose a key file in the profile.',
  ],
  ROSTER_SSH_OTHER_WAYS: (via, { message }) => [
    'tunnel',
    `The SSH server ${placeText(via)} does not let ${via.user} in like that. ${message}`,
    'Choose another way to log in to the SSH server in the profile.',
  ],
  ROSTER_SSH_FORWARD: (via) => [
    'tunnel',
    `The SSH server ${placeText(via)} does not forward connections${via.to ? ` to ${placeText(via.to)}` : ''}.`,
    'Its administrator can allow it (AllowTcpForwarding, PermitOpen).',
  ],
  ROSTER_HOST_KEY_NEW: (via) => [
    'host-key',
    `The SSH server ${placeText(via)} is not known yet.`,
    'Compare its fingerprint with the one that its administrator tells, and trust it if they are the same. Nothing was sent.',
  ],
  ROSTER_HOST_KEY_CHANGED: (via) => [
    'host-key',
    `The SSH server ${placeText(via)} shows another host key than the one that is known.`,
    'It was set up anew, or somebody is in between. Ask its administrator before the old key is forgotten. Nothing was sent.',
  ],
  ROSTER_HOST_KEY_REVOKED: (via) => [
    'host-key',
    `The host key of ${server(via)} was revoked.`,
    'Ask the administrator of the SSH server for a new one. Nothing was sent.',
  ],
  ROSTER_HOST_KEY_LIST: () => [
    'local',
    'The list of known host keys cannot be read, so no SSH server can be told from another.',
    'Repair the file, or move it away: every SSH server is then shown as not known yet.',
  ],
}

const BY_KIND: Partial<Record<FailureKind, Said>> = {
  refused: (via) => [
    'refused',
    `Nothing listens at ${server(via)} yet.`,
    `Start the SSH server, or correct its host and port (${via.port}) in the profile.`,
  ],
  'no-answer': (via) => [
    'no-answer',
    `No answer from ${server(via)}.`,
    'It may be stopped or overloaded, or a firewall or a VPN drops the connection. Check its host and port.',
  ],
  unreachable: (via) => [
    'unreachable',
    `There is no route to the SSH server ${via.host}.`,
    'Check the network and the VPN of this machine.',
  ],
  'name-temporary': (via) => [
    'name-unknown',
    `The name ${via.host} of the SSH server cannot be looked up just now.`,
    'The name service does not answer yet. Check the network and the VPN of this machine.',
  ],
  'name-unknown': (via) => [
    'name-unknown',
    `No machine is known by the name ${via.host} of the SSH server.`,
    'Correct the host of the SSH server in the profile.',
  ],
  lost: (via) => [
    'lost',
    `The connection to ${server(via)} was closed.`,
    'The SSH server may have been restarted, or the network has changed. Staged edits are kept.',
  ],
  protocol: (via) => [
    'protocol',
    `What answers at ${placeText(via)} is no SSH server that Roster can talk to.`,
    `Check the host and the port (${via.port}) of the SSH server in the profile.`,
  ],
}

const HOSTS = 'Correct the host and the port of the database, as the SSH server knows them, or start it.'

/** What the SSH server met on its way to `to`. */
const BY_KIND_FAR: Partial<Record<FailureKind, Said>> = {
  refused: (via) => ['refused', `As seen from ${via.host}, nothing listens at ${far(via)} yet.`, HOSTS],
  'no-answer': (via) => ['no-answer', `As seen from ${via.host}, there is no answer from ${far(via)}.`, HOSTS],
  unreachable: (via) => ['unreachable', `As seen from ${via.host}, there is no route to ${far(via)}.`, HOSTS],
  'name-temporary': (via) => ['name-unknown', `${via.host} cannot look up the name of ${far(via)} just now.`, HOSTS],
  'name-unknown': (via) => ['name-unknown', `${via.host} knows no machine by the name of ${far(via)}.`, HOSTS],
}

const far = ({ to }: Via) => (to ? placeText(to) : 'the server')

/** Null where the failure has words of its own kind. */
export function sshWordsOf(failure: Failure): SshWords | null {
  const { via } = failure
  if (!via) return null
  const said = BY_CODE[failure.code] ?? (via.isFar ? BY_KIND_FAR : BY_KIND)[failure.kind]
  if (!said) return null
  const [reason, message, hint] = said(via, failure)
  return { reason, message, hint }
}
