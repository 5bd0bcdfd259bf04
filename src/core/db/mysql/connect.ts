// Opens one connection to MySQL or MariaDB: reach it, log in once, set the session up and look at it. Nothing is retried.
import type { ConnectionOptions } from 'mysql2'
import type { ConnectPhase } from '../../../shared/connections.ts'
import type { ConnectOptions, Login } from '../server/link.ts'
import { reach } from '../server/reach.ts'
import { untilAborted } from '../waiting.ts'
import { shakeHands } from './handshake.ts'
import { ownFailure } from './own-failure.ts'
import { setUpSession, type SessionFacts } from './session.ts'
import { makeWire, type Wire } from './wire.ts'

/** Milliseconds for the whole of an attempt. */
const LIMIT = 5000

export interface Opened {
  wire: Wire
  facts: SessionFacts
}

/**
 * Rejects with the signal's reason, ROSTER_NO_ANSWER after the limit, or an error of the system, the driver or the server
 * (`classify` knows them all); no socket is left then.
 */
export async function open(
  login: Login,
  options: ConnectOptions,
  decoding: ConnectionOptions,
  access: 'reads' | 'writes',
): Promise<Opened> {
  const { signal, limit = LIMIT } = options
  signal.throwIfAborted()
  const attempt = new AbortController()
  const timer = setTimeout(
    () => attempt.abort(ownFailure('ROSTER_NO_ANSWER', `No answer from ${login.host}:${login.port} in ${limit} ms.`)),
    limit,
  )
  const onAbort = () => attempt.abort(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  let wire: Wire | null = null
  try {
    const onPhase = (phase: ConnectPhase) => options.onPhase(phase)
    const way = { signal: attempt.signal, onPhase }
    // In place of a host: the file of the server's socket.
    const socket = await reach(login, { ...way, socketFile: (file) => file })
    const connection = await shakeHands(socket, login, way, decoding)
    wire = makeWire(connection, socket)
    const { ask } = wire
    onPhase('ready')
    return { wire, facts: await untilAborted(setUpSession(ask, access), attempt.signal) }
  } catch (error) {
    wire?.destroy()
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}
