// How one SSH login proves who it is: keys of the agent, a key file, or a password. Nothing secret is offered twice.
import ssh2 from 'ssh2'
import type { AnyAuthMethod, BaseAgent, ParsedKey } from 'ssh2'
import { settlesWithin } from '../db/waiting.ts'
import { readSmallFile } from '../small-file.ts'
import { sshProblem, type HopAt } from './problem.ts'

/** Milliseconds for the agent's list of keys. */
const AGENT_LIMIT = 2_000

/** What one connection proves itself with; made anew for each. */
export interface Proof {
  /** The next thing to offer; false when there is nothing more. `left`: what the server takes, null before it has said so. */
  next(left: readonly string[] | null, isPartial: boolean): AnyAuthMethod | false
  /** Whether anything secret was offered, so that an end of the connection may mean "no". */
  readonly wasOffered: boolean
  /** Why it was not let in, once `next` has said false or the server has hung up. `said`: the server's words. */
  refused(said: string): Error
}

/** Reads what is needed before anything is connected. Rejects with a failure that names what is missing. */
export async function proofFor(at: HopAt, secret: string | null, agentSocket: string | undefined): Promise<Proof> {
  switch (at.login.auth) {
    case 'agent':
      return agentProof(at, agentSocket)
    case 'key':
      return keyProof(at, secret)
    case 'password':
      return passwordProof(at, secret)
  }
}

const says = (left: readonly string[] | null) => (left?.length ? ` It takes: ${left.join(', ')}.` : '')

function passwordProof(at: HopAt, password: string | null): Proof {
  const username = at.login.user
  let tried: 'none' | 'password' | null = null
  let taken: readonly string[] | null = null
  let isHalf = false
  let isAnswered = false
  if (password === null) {
    throw sshProblem(at, 'authentication', 'ROSTER_SSH_NO_PASSWORD', 'The profile gives no password for it.')
  }
  return {
    next(left, isPartial) {
      taken = left
      isHalf = isPartial
      if (tried === null) {
        // Answers with what the server takes: the same password must not go out in two ways.
        tried = 'none'
        return { type: 'none', username }
      }
      if (tried === 'password') return false
      if (left?.includes('password')) {
        tried = 'password'
        return { type: 'password', username, password }
      }
      if (!left?.includes('keyboard-interactive')) return false
      tried = 'password'
      return {
        type: 'keyboard-interactive',
        username,
        prompt: (_name, _words, _language, prompts, answer) => {
          // One hidden question, once: anything else is not about the password.
          const isPassword = prompts.length === 1 && prompts[0]?.echo !== true && !isAnswered
          isAnswered = true
          if (!isPassword) throw sshProblem(at, 'tunnel', 'ROSTER_SSH_OTHER_WAYS', 'It asks for more than a password.')
          answer([password])
        },
      }
    },
    get wasOffered() {
      return tried === 'password'
    },
    refused(said) {
      if (tried === 'password' && !isHalf) return sshProblem(at, 'authentication', 'ROSTER_SSH_PASSWORD', said)
      const words = tried === 'password' ? 'It asks for more than the password.' : 'It takes no password.'
      return sshProblem(at, 'tunnel', 'ROSTER_SSH_OTHER_WAYS', `${words}${says(taken)}`)
    },
  }
}

async function keyProof(at: HopAt, passphrase: string | null): Promise<Proof> {
  const key = await readKey(at, passphrase)
  return once({ type: 'publickey', username: at.login.user, key }, (left, isPartial) =>
    isPartial
      ? sshProblem(at, 'tunnel', 'ROSTER_SSH_OTHER_WAYS', `It asks for more than the key.${says(left)}`)
      : sshProblem(at, 'tunnel', 'ROSTER_SSH_KEY', `It did not accept the key (${key.type}).${says(left)}`),
  )
}

async function readKey(at: HopAt, passphrase: string | null): Promise<ParsedKey> {
  const file = at.login.keyFile ?? ''
  const bytes = await readSmallFile(file).catch((error: unknown) => {
    throw sshProblem(at, 'local', 'ROSTER_SSH_KEY_FILE', error instanceof Error ? error.message : String(error))
  })
  const text = bytes.toString('utf8')
  const plain = firstOf(ssh2.utils.parseKey(text))
  const isLocked = plain instanceof Error && /passphrase|encrypted/i.test(plain.message)
  const key = isLocked && passphrase !== null ? firstOf(ssh2.utils.parseKey(text, passphrase)) : plain
  if (!(key instanceof Error) && key.isPrivateKey()) return key
  if (!isLocked) {
    const words = key instanceof Error ? key.message : 'The file holds a public key.'
    throw sshProblem(at, 'local', 'ROSTER_SSH_KEY_FILE', words)
  }
  const words = passphrase === null ? 'The key needs a passphrase.' : 'The passphrase does not open the key.'
  throw sshProblem(at, 'authentication', 'ROSTER_SSH_PASSPHRASE', words)
}

/** A file of the newer form may hold several by its definition; OpenSSH writes one. */
function firstOf(parsed: ParsedKey | Error | (ParsedKey | Error)[]): ParsedKey | Error {
  const found = Array.isArray(parsed) ? parsed[0] : parsed
  return found ?? new Error('The file holds no key.')
}

async function agentProof(at: HopAt, socket: string | undefined): Promise<Proof> {
  if (!socket) {
    const words = 'No SSH agent is known to Roster (SSH_AUTH_SOCK is not set).'
    throw sshProblem(at, 'tunnel', 'ROSTER_SSH_AGENT', words)
    // Not `createAgent`, which starts programs for the agents of PuTTY and Cygwin where the name looks like one of theirs.
  }
  const agent = ssh2.createAgent(socket)
  const count = await countKeys(agent).catch((error: unknown) => {
    const words = `${error instanceof Error ? error.message : String(error)} (${socket})`
    throw sshProblem(at, 'tunnel', 'ROSTER_SSH_AGENT', words)
  })
  if (count === 0) throw sshProblem(at, 'tunnel', 'ROSTER_SSH_AGENT_KEYS', 'The SSH agent holds no key.')
  return once({ type: 'agent', username: at.login.user, agent }, (left) =>
    sshProblem(at, 'tunnel', 'ROSTER_SSH_AGENT_KEYS', `It accepted none of ${count} keys.${says(left)}`),
  )
}

async function countKeys(agent: BaseAgent): Promise<number> {
  const listed = new Promise<number>((resolve, reject) => {
    agent.getIdentities((error, keys) => (error ? reject(error) : resolve(keys?.length ?? 0)))
  })
  if (!(await settlesWithin(listed, AGENT_LIMIT))) throw new Error('The SSH agent does not answer')
  return listed
}

function once(method: AnyAuthMethod, why: (left: readonly string[] | null, isPartial: boolean) => Error): Proof {
  let isOffered = false
  let last: readonly string[] | null = null
  let isHalf = false
  return {
    next(left, isPartial) {
      if (isOffered) {
        last = left
        isHalf = isPartial
        return false
      }
      isOffered = true
      return method
    },
    // A key that was refused stays as secret as it was: to be cut off while it is offered is a lost connection.
    wasOffered: false,
    refused: () => why(last, isHalf),
  }
}
