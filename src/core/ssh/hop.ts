// One SSH connection: the host key is judged, the login let in, and connections are forwarded. No command is ever run.
import type { Duplex } from 'node:stream'
import ssh2 from 'ssh2'
import type { ClientChannel } from 'ssh2'
import { placeText, type Place } from '../../shared/reaching.ts'
import { failureOf } from '../db/failure-of.ts'
import type { Proof } from './authenticate.ts'
import { ChannelStream } from './channel-stream.ts'
import { algorithmsFor } from './host-key.ts'
import type { KnownPlace } from './known-hosts.ts'
import { forwardProblem, sshProblem, systemProblem, type HopAt } from './problem.ts'

/** Signs of life that may stay out. */
const MISSES = 3
/** Milliseconds for the goodbye. */
const GOODBYE = 500

/** Milliseconds. */
export interface HopTimes {
  /** Until it is asked whether the SSH server is there at all, while it opens a connection. */
  doubt: number
  /** For its answer. */
  alive: number
  /** Between two signs of life that are asked for, while nothing else is. */
  keepAlive: number
}
export const HOP_TIMES: HopTimes = { doubt: 1_500, alive: 2_000, keepAlive: 10_000 }

export interface Hop {
  readonly at: HopAt
  readonly isOver: boolean
  /** A stream to a place as the SSH server sees it; its signal ends the wait for it, nothing else. */
  open(to: Place, signal: AbortSignal): Promise<Duplex>
  /** Called once, when it has ended, however it ended. */
  onEnd(listener: () => void): void
  /** Ends every stream, says goodbye, and resolves when the socket has ended. */
  close(): Promise<void>
}

export interface HopOptions {
  at: HopAt
  /** Connected. It is ended whatever happens. */
  sock: Duplex
  known: KnownPlace
  proof: Proof
  signal: AbortSignal
  times: HopTimes
}

/** Rejects with a failure that names the SSH server, or with the signal's reason; nothing is left then. */
export function openHop({ at, sock, known, proof, signal, times }: HopOptions): Promise<Hop> {
  const client = new ssh2.Client()
  return new Promise((resolve, reject) => {
    let refusal: Error | null = null
    const fail = (error: Error) => {
      signal.removeEventListener('abort', onAbort)
      reject(error)
      sock.destroy()
    }
    const onAbort = () => fail(signal.reason as Error)
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    client.on('error', (error) => {
      // The agent could not sign with one key; the library goes on with the next.
      if (error.level === 'agent') return
      fail(refusal ?? (failureOf(error) ? error : problemOf(at, error, proof)))
    })
    client.once('close', () => {
      fail(refusal ?? endedProblem(at, proof))
    })
    client.on('change password', () => {
      refusal = sshProblem(at, 'tunnel', 'ROSTER_SSH_OTHER_WAYS', 'It wants the password to be changed first.')
      fail(refusal)
    })
    client.once('ready', () => {
      signal.removeEventListener('abort', onAbort)
      if (!signal.aborted) resolve(readyHop(client, { at, sock, times }))
    })
    client.connect({
      sock,
      username: at.login.user,
      algorithms: { serverHostKey: algorithmsFor(known.types) },
      hostVerifier: (key: Buffer) => {
        refusal = hostKeyProblem(at, known, key)
        return refusal === null
      },
      authHandler: (left: string[] | null, isPartial: boolean | null) => proof.next(left, isPartial === true),
      keepaliveInterval: times.keepAlive,
      keepaliveCountMax: MISSES,
      // Whoever waits has a limit of their own.
      readyTimeout: 0,
    })
  })
}

/** Null when the key is known. Asked again with every exchange of keys. */
function hostKeyProblem(at: HopAt, known: KnownPlace, key: Buffer): Error | null {
  const verdict = known.judge(key)
  switch (verdict.is) {
    case 'known':
      return null
    case 'new':
      return sshProblem(at, 'host-key', 'ROSTER_HOST_KEY_NEW', `${verdict.seen.fingerprint} ${known.note}`.trim(), {
        hostKey: verdict.seen,
      })
    case 'changed': {
      const words = `${verdict.seen.fingerprint} in place of ${verdict.seen.known ?? ''} (${verdict.seen.knownFrom ?? ''})`
      return sshProblem(at, 'host-key', 'ROSTER_HOST_KEY_CHANGED', words, { hostKey: verdict.seen })
    }
    case 'revoked':
      return sshProblem(
        at,
        'host-key',
        'ROSTER_HOST_KEY_REVOKED',
        `${verdict.from} has revoked ${verdict.fingerprint}.`,
      )
  }
}

function problemOf(at: HopAt, error: Error & { level?: string; code?: unknown }, proof: Proof): Error {
  const { level, message } = error
  if (level === 'client-authentication') return proof.refused(message)
  if (level === 'client-socket') return systemProblem(at, error) ?? endedProblem(at, proof)
  // The server's own goodbye has a number: too many keys, too many sessions, an update.
  if (typeof error.code === 'number') return proof.wasOffered ? proof.refused(message) : closedProblem(at, message)
  if (/before handshake/.test(message)) return closedProblem(at, message)
  return sshProblem(at, 'protocol', 'ROSTER_SSH_PROTOCOL', message)
}

/** Some hang up in place of "no". To try again would send the password a second time. */
const endedProblem = (at: HopAt, proof: Proof) =>
  proof.wasOffered ? proof.refused('It hung up on the password.') : closedProblem(at, 'It closed the connection.')

const closedProblem = (at: HopAt, message: string) => sshProblem(at, 'lost', 'ROSTER_SSH_CLOSED', message)

function readyHop(client: ssh2.Client, { at, sock, times }: Pick<HopOptions, 'at' | 'sock' | 'times'>): Hop {
  const streams = new Set<ChannelStream>()
  const listeners: (() => void)[] = []
  let isOver = false
  let why = 'It closed the connection.'
  const lost = () => Object.assign(closedProblem(at, why), { code: 'ECONNRESET' })
  const ended = new Promise<void>((resolve) => client.once('close', () => resolve()))
  client.on('error', (error) => (why = error.message))
  client.once('close', () => {
    isOver = true
    for (const stream of streams) stream.destroy(lost())
    for (const listener of listeners) listener()
  })

  /** Asks for a thing that no server has, to hear it say so; ends the connection when it says nothing. */
  function doubt(): void {
    const timer = setTimeout(() => {
      why = 'It does not answer any more.'
      sock.destroy()
    }, times.alive)
    void ended.then(() => clearTimeout(timer))
    try {
      client.unforwardIn('127.0.0.1', 1, () => clearTimeout(timer))
    } catch {
      // It has ended meanwhile.
    }
  }

  function carry(channel: ClientChannel): Duplex {
    const stream = new ChannelStream(channel)
    streams.add(stream)
    stream.once('close', () => streams.delete(stream))
    // An error without a listener would be the end of the process.
    stream.on('error', () => undefined)
    return stream
  }

  return {
    at,
    get isOver() {
      return isOver
    },
    onEnd(listener) {
      if (isOver) listener()
      else listeners.push(listener)
    },
    open(to, signal) {
      return new Promise((resolve, reject) => {
        if (isOver) return reject(lost())
        const timer = setTimeout(doubt, times.doubt)
        const onAbort = () => finish(() => reject(signal.reason as Error))
        let isSettled = false
        const finish = (settle: () => void) => {
          isSettled = true
          clearTimeout(timer)
          signal.removeEventListener('abort', onAbort)
          settle()
        }
        if (signal.aborted) return onAbort()
        signal.addEventListener('abort', onAbort, { once: true })
        const answered = (error: Error | undefined, channel: ClientChannel | undefined) => {
          const stream = channel && carry(channel)
          if (isSettled) stream?.destroy()
          else if (stream) finish(() => resolve(stream))
          else finish(() => reject(isOver ? lost() : forwardProblem(at, to, error ?? new Error(placeText(to)))))
        }
        try {
          client.forwardOut('127.0.0.1', 0, to.host, to.port, answered)
        } catch {
          finish(() => reject(lost()))
        }
      })
    },
    async close() {
      if (isOver) return
      why = 'The tunnel was closed.'
      for (const stream of streams) stream.destroy()
      const timer = setTimeout(() => sock.destroy(), GOODBYE)
      client.end()
      await ended
      clearTimeout(timer)
    },
  }
}
