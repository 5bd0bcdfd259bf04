// The SSH tunnel of one profile: made at its first use, shared by all connections, made anew when it was lost.
import type { Duplex } from 'node:stream'
import { placeText, type SshSettings } from '../../shared/reaching.ts'
import type { Tunnel } from '../db/server/link.ts'
import { reachTcp } from '../db/server/reach.ts'
import { failureOf } from '../db/failure-of.ts'
import { untilAborted } from '../db/waiting.ts'
import { proofFor } from './authenticate.ts'
import { HOP_TIMES, openHop, type Hop, type HopTimes } from './hop.ts'
import type { KnownHosts } from './known-hosts.ts'
import { sshProblem, systemProblem, type HopAt, type HopRole } from './problem.ts'

/** Milliseconds. */
export interface TunnelTimes extends HopTimes {
  /** One connection waits for the tunnel: less than an attempt has, so that the words name the SSH server. */
  wait: number
  /** Until the SSH server takes the connection at all. */
  reach: number
  /** For making it: a slow SSH server may be ready for the next attempt. */
  make: number
}
const TIMES: TunnelTimes = { ...HOP_TIMES, wait: 4_500, reach: 4_000, make: 15_000 }

export interface TunnelOptions {
  settings: SshSettings
  /** Asked before each SSH login that uses one. What it rejects with is passed on. */
  passwordOf(role: HopRole): Promise<string | null>
  knownHosts: KnownHosts
  /** Where the SSH agent listens; of the process environment unless told. */
  agentSocket?: string | undefined
  /** For tests. */
  times?: Partial<TunnelTimes>
}

export interface SshTunnel extends Tunnel {
  /** A person wants it tried again: a password that was refused may be sent once more. */
  forgive(): void
}

/** Connects to nothing yet. */
export function openTunnel(options: TunnelOptions): SshTunnel {
  const { settings, knownHosts } = options
  const agentSocket = 'agentSocket' in options ? options.agentSocket : agentOf(process.env)
  const times = { ...TIMES, ...options.times }
  const closing = new AbortController()
  /** Passwords that were refused, with what was said: whoever asks next is told the same, and nothing is sent. */
  const refused = new Map<HopRole, { secret: string; error: Error }>()
  let current: Promise<Hop> | null = null
  let whereNow: HopAt = first(settings)

  /** Those that have not ended, in the order in which they were made. */
  const hops = new Set<Hop>()

  function keep(hop: Hop): Hop {
    hops.add(hop)
    hop.onEnd(() => hops.delete(hop))
    return hop
  }

  async function secretFor(at: HopAt): Promise<string | null> {
    if (at.login.auth === 'agent') return null
    const secret = await options.passwordOf(at.role)
    const before = refused.get(at.role)
    if (before && before.secret === secret) throw before.error
    return secret
  }

  async function hopTo(at: HopAt, reachIt: () => Promise<Duplex>, signal: AbortSignal): Promise<Hop> {
    whereNow = at
    const [secret, known] = await Promise.all([
      secretFor(at),
      knownHosts.of(at.login).catch((error: unknown) => {
        throw sshProblem(at, 'local', 'ROSTER_HOST_KEY_LIST', error instanceof Error ? error.message : String(error))
      }),
    ])
    const proof = await proofFor(at, secret, agentSocket)
    const sock = await reachIt()
    try {
      return await openHop({ at, sock, known, proof, signal, times })
    } catch (error) {
      if (error instanceof Error && secret !== null && failureOf(error)?.kind === 'authentication')
        refused.set(at.role, { secret, error })
      throw error
    }
  }

  async function connect(signal: AbortSignal): Promise<Hop> {
    const at = first(settings)
    const near = keep(await hopTo(at, () => reachFrom(at, times.reach, signal), signal))
    if (at.role === 'ssh') return near
    try {
      const far = keep(
        await hopTo(
          { role: 'ssh', login: settings },
          () => near.open({ host: settings.host, port: settings.port }, signal),
          signal,
        ),
      )
      far.onEnd(() => void near.close())
      return far
    } catch (error) {
      await near.close()
      throw error
    }
  }

  function connected(): Promise<Hop> {
    if (current) return current
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(noAnswer(whereNow, times.make)), times.make)
    const signal = AbortSignal.any([closing.signal, late.signal])
    const connecting = connect(signal).finally(() => clearTimeout(timer))
    current = connecting
    const forget = () => {
      if (current === connecting) current = null
    }
    connecting.then((hop) => hop.onEnd(forget), forget)
    return connecting
  }

  return {
    async open(to, { signal, onPhase }) {
      closing.signal.throwIfAborted()
      signal.throwIfAborted()
      const patience = new AbortController()
      const timer = setTimeout(() => patience.abort(noAnswer(whereNow, times.wait)), times.wait)
      const either = AbortSignal.any([signal, patience.signal, closing.signal])
      const hop = await untilAborted(connected(), either).finally(() => clearTimeout(timer))
      onPhase('connect')
      return hop.open(to, AbortSignal.any([signal, closing.signal]))
    },
    forgive: () => refused.clear(),
    async close() {
      const at: HopAt = { role: 'ssh', login: settings }
      const last = current
      closing.abort(sshProblem(at, 'lost', 'ROSTER_SSH_CLOSED', 'The tunnel was closed.'))
      await last?.catch(() => null)
      // The far one says goodbye through the near one.
      for (const hop of [...hops].reverse()) await hop.close()
    },
  }
}

const first = (settings: SshSettings): HopAt =>
  settings.jump ? { role: 'jump', login: settings.jump } : { role: 'ssh', login: settings }

async function reachFrom(at: HopAt, limit: number, signal: AbortSignal): Promise<Duplex> {
  const late = AbortSignal.timeout(limit)
  try {
    return await reachTcp(at.login, { signal: AbortSignal.any([signal, late]), onPhase: () => undefined })
  } catch (error) {
    signal.throwIfAborted()
    throw late.aborted ? noAnswer(at, limit) : (systemProblem(at, error) ?? error)
  }
}

function noAnswer(at: HopAt, limit: number): Error {
  const words = `${placeText(at.login)} did not answer within ${limit / 1000} s.`
  return sshProblem(at, 'no-answer', 'ROSTER_SSH_NO_ANSWER', words)
}

/** Windows has one well-known place, where its own OpenSSH listens. */
function agentOf(environment: NodeJS.ProcessEnv): string | undefined {
  return environment.SSH_AUTH_SOCK ?? (process.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : undefined)
}
