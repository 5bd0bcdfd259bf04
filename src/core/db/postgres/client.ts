// pg's client over a socket of our own, so that nothing comes from the process environment, a password leaves only in ways
// that nobody can read, and no answer, however strange, ends the process.
import { TLSSocket } from 'node:tls'
import pg from 'pg'
import type { ConnectPhase } from '../../../shared/connections.ts'
import type { ConnectOptions, Login } from '../server/link.ts'
import { isVerifiedPeer, notVerified } from '../server/tls.ts'
import { TlsProblem } from '../server/tls-problem.ts'
import type { ServerStream } from '../server/server-stream.ts'
import { dial } from './dial.ts'
import { PostgresProblem } from './problem.ts'

/** Milliseconds for the whole of connecting. */
const LIMIT = 5000

export interface OpenClient {
  client: pg.Client
  socket: ServerStream
}

/** Says exactly this to the server: pg itself would add PGOPTIONS, PGREPLICATION and others of the environment. */
class PlainClient extends pg.Client {
  getStartupConf(): Record<string, string> {
    return { user: String(this.user), database: String(this.database), application_name: 'Roster' }
  }
}

/**
 * Connects and authenticates, once, and then runs `prepare` within the same limit. On abort it rejects at once with the
 * signal's reason, and the socket is gone; a passed limit is a PostgresProblem `no-answer`. `types`: how values are decoded;
 * pg's own way unless told.
 */
/** The number of the session that the server told at the handshake; null where it told none. */
export function toldOf(client: OpenClient['client']): number | null {
  const { processID } = client as { processID?: number | null }
  return typeof processID === 'number' ? processID : null
}

export async function openClient<T>(
  login: Login,
  options: ConnectOptions,
  types: pg.CustomTypesConfig | undefined,
  prepare: (opened: OpenClient) => Promise<T>,
): Promise<T> {
  const { signal, limit = LIMIT } = options
  const onPhase = (phase: ConnectPhase) => options.onPhase(phase)
  signal.throwIfAborted()
  const stop = new AbortController()
  const onAbort = () => stop.abort(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  const late = `No answer within ${limit / 1000} s.`
  const timer = setTimeout(() => stop.abort(new PostgresProblem('no-answer', 'ROSTER_TIMEOUT', late)), limit)
  let socket: ServerStream | undefined
  try {
    return await new Promise<T>((resolve, reject) => {
      stop.signal.addEventListener('abort', () => reject(stop.signal.reason as Error), { once: true })
      const work = async () => {
        socket = await dial(login, stop.signal, onPhase)
        const client = makeClient(login, socket, types)
        onPhase('authenticate')
        await client.connect()
        onPhase('ready')
        return prepare({ client, socket })
      }
      work().then(resolve, reject)
    })
  } catch (error) {
    socket?.destroy()
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  }
}

function makeClient(login: Login, socket: ServerStream, types: pg.CustomTypesConfig | undefined): pg.Client {
  for (const name of [login.user, login.database]) {
    // The protocol ends a name there: what follows would be read as a setting.
    if (name.includes('\0')) throw new PostgresProblem('other', 'ROSTER_NAME', 'A name holds a NUL character.')
  }
  let isAsked = false
  const client = new PlainClient({
    user: login.user,
    database: login.database,
    host: login.host,
    port: login.port,
    // The socket is encrypted already where it is to be.
    ssl: false,
    sslnegotiation: 'postgres',
    password: () => passwordFor(login, isAsked),
    // SCRAM then proves both ends of this very connection, where the server offers it.
    enableChannelBinding: login.tls !== 'off',
    stream: () => connected(socket),
    types,
  })
  // These are called before pg's own, which then ask for the password. What asks in any other way gets none.
  const itself = () => {
    // Thrown here, before pg hears of it: it keeps the password once it was given for a challenge, and would send it now.
    if (!isVerifiedPeer(socket)) throw notSent(login, socket)
    isAsked = true
  }
  client.connection.on('authenticationCleartextPassword', itself)
  client.connection.on('authenticationMD5Password', itself)
  client.connection.on('authenticationSASL', () => (isAsked = true))
  // A client without a listener would end the process with the first error.
  client.on('error', () => undefined)
  return client
}

function notSent(login: Login, socket: ServerStream): Error {
  const message =
    'The server asked for the password in clear or as MD5, without a verified encrypted connection. It was not sent.'
  return socket instanceof TLSSocket
    ? notVerified(socket, login, message)
    : new PostgresProblem('unsafe', 'ROSTER_UNSAFE', message)
}

function passwordFor({ password }: Login, isAsked: boolean): string {
  if (!isAsked) throw new PostgresProblem('unsafe', 'ROSTER_UNSAFE', 'Nothing has asked for the password.')
  if (password === null || password === '') {
    throw new PostgresProblem('authentication', 'ROSTER_NO_PASSWORD', 'The server asks for a password; none is given.')
  }
  return password
}

/** A server's first word: authentication, an error, a notice, or another version of the protocol. */
const FIRST_WORDS = new Set(Array.from('RENv', (letter) => letter.charCodeAt(0)))

/**
 * pg connects the stream it gets; this one is connected. Answers that pg cannot read end the connection, not the process; and
 * what is no PostgreSQL server at all (HTTP on a wrong port) is told at once: pg would wait for the rest of a long message.
 */
function connected(socket: ServerStream): ServerStream {
  const emit = socket.emit.bind(socket) as (event: string | symbol, ...args: unknown[]) => boolean
  let isFirst = true
  socket.emit = (event: string | symbol, ...args: unknown[]) => {
    if (event !== 'data') return emit(event, ...args)
    const bytes = args[0] as Buffer
    const isOther = isFirst && bytes[0] !== undefined && !FIRST_WORDS.has(bytes[0])
    isFirst = false
    if (isOther) {
      const words = `It answered with ${JSON.stringify(bytes.toString('latin1', 0, 20))}.`
      socket.destroy(new PostgresProblem('protocol', 'ROSTER_PROTOCOL', words))
      return true
    }
    try {
      return emit(event, ...args)
    } catch (error) {
      const isTold = error instanceof PostgresProblem || error instanceof TlsProblem
      const words = error instanceof Error ? error.message : String(error)
      if (isTold) socket.destroy(error)
      else
        socket.destroy(new PostgresProblem('protocol', 'ROSTER_PROTOCOL', `The answer cannot be read: ${words}`, error))
      return true
    }
  }
  const connect = () => {
    setImmediate(() => emit('connect'))
    return socket
  }
  return Object.assign(socket, { connect })
}
