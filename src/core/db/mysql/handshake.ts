// Greets the server over a socket that is there, encrypts if asked to, and logs in exactly once.
import mysql2 from 'mysql2'
import type { Connection, ConnectionOptions } from 'mysql2'
import type { ConnectOptions, Login } from '../server/link.ts'
import type { ServerStream } from '../server/server-stream.ts'
import { authPlugins } from './authenticate.ts'
import { clean } from './clean.ts'
import { ownFailure } from './own-failure.ts'
import { checkPeer, tlsOptions } from './secure.ts'

/** Client flags (MySQL documentation, "Capabilities Flags"). */
const FOUND_ROWS = 0x2
const LOCAL_FILES = 0x80

/** Decoding is the caller's; everything that concerns safety is set here, for cells and for knex alike. */
function settings(login: Login, socket: ServerStream, decoding: ConnectionOptions): ConnectionOptions {
  return {
    ...decoding,
    stream: socket,
    host: login.host,
    user: login.user,
    database: login.database,
    ...(login.password === null ? {} : { password: login.password }),
    ...(login.tls === 'off' ? {} : { ssl: tlsOptions(login) }),
    authPlugins: authPlugins(login),
    enableCleartextPlugin: false,
    // Every version of both servers has it; the session names it again.
    charset: 'UTF8MB4_GENERAL_CI',
    // Files of this machine are not offered, and no blank changes what a word means. FOUND_ROWS is on by itself.
    flags: ['-LOCAL_FILES', '-IGNORE_SPACE'],
    multipleStatements: false,
    disableEval: true,
    // The limit of the whole attempt is kept by `connect.ts`.
    connectTimeout: 0,
    // What the session is, for whoever looks at the server; the driver adds its name and version.
    connectAttributes: { program_name: 'Roster' },
  }
}

/** Rejects with the signal's reason when aborted, after ending the socket; with the server's or the driver's error otherwise. */
export async function shakeHands(
  socket: ServerStream,
  login: Login,
  { signal, onPhase }: Pick<ConnectOptions, 'signal' | 'onPhase'>,
  decoding: ConnectionOptions,
): Promise<Connection> {
  const isSecure = login.tls !== 'off'
  const options = settingsOrEnd(login, socket, decoding)
  return new Promise((resolve, reject) => {
    onPhase(isSecure ? 'tls' : 'authenticate')
    const connection = mysql2.createConnection(options)
    const isChecked = checkPeer(connection, login, () => onPhase('authenticate'))
    const fail = (error: Error) => {
      signal.removeEventListener('abort', onAbort)
      destroy(connection, socket)
      reject(error)
    }
    const onAbort = () => fail(signal.reason as Error)
    signal.addEventListener('abort', onAbort, { once: true })
    // Stays: the driver's errors come as events when no statement is under way, and one without a listener ends the process.
    connection.on('error', (error: Error) => fail(clean(error)))
    connection.on('warn', () => fail(ownFailure('ROSTER_NOT_MYSQL', 'The server sends packets out of order.')))
    // Before the driver sees it.
    socket.prependOnceListener('data', (greeting: Buffer) => {
      const problem = problemWithGreeting(greeting, isSecure)
      if (problem) fail(problem)
    })
    connection.once('connect', () => {
      const problem = problemWith(connection, isSecure && !isChecked())
      if (problem) return fail(problem)
      signal.removeEventListener('abort', onAbort)
      if (!signal.aborted) resolve(connection)
    })
  })
}

/** Files of the profile may be of no use; nobody else would end the socket then. */
function settingsOrEnd(login: Login, socket: ServerStream, decoding: ConnectionOptions): ConnectionOptions {
  try {
    return settings(login, socket, decoding)
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/** A greeting of protocol 10, or an error in its place ("Too many connections"); a first packet is number 0. */
function problemWithGreeting(bytes: Buffer, isSecure: boolean): Error | null {
  if (bytes.length < 5) return null
  const length = bytes.readUIntLE(0, 3)
  if (length > 4096 || bytes[3] !== 0 || (bytes[4] !== 10 && bytes[4] !== 255))
    return ownFailure('ROSTER_NOT_MYSQL', 'What answers there does not speak the protocol of MySQL.')
  // Nothing but the client's request for TLS may follow; more was put there by somebody who cannot speak for the server.
  return isSecure && bytes[4] === 10 && bytes.length > length + 4
    ? ownFailure('ROSTER_UNSAFE', 'The server went on speaking before the connection was encrypted.')
    : null
}

/** A server, or somebody in between, can say "you are in" before anything was encrypted. */
function problemWith(connection: Connection, isUnchecked: boolean): Error | null {
  if (isUnchecked)
    return ownFailure('ROSTER_UNSAFE', 'The server let the login in before the connection was encrypted.')
  const { config, serverCapabilityFlags } = connection as unknown as {
    config: { clientFlags: number }
    serverCapabilityFlags: number
  }
  if (!(config.clientFlags & serverCapabilityFlags & FOUND_ROWS))
    return ownFailure('ROSTER_SESSION', 'The server cannot count the rows that a statement found (FOUND_ROWS).')
  if (config.clientFlags & LOCAL_FILES)
    return ownFailure('ROSTER_UNSAFE', 'The driver would offer files of this machine to the server.')
  return null
}

/** Ends the socket now; the driver alone would wait for the server to take its leave. */
export function destroy(connection: Connection, socket: ServerStream): void {
  const { stream } = connection as unknown as { stream: ServerStream }
  connection.destroy()
  stream.destroy()
  socket.destroy()
}
