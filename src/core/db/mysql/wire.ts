// A connection that is logged in: one statement at a time goes out as text, bytes come back. Whatever ends it, it ends once.
import type { Connection, FieldPacket, ResultSetHeader } from 'mysql2'
import type { ServerStream } from '../server/server-stream.ts'
import { clean } from './clean.ts'
import { destroy } from './handshake.ts'
import { ownFailure } from './own-failure.ts'

/** Milliseconds that a goodbye may take. */
const GOODBYE = 1000

export interface Answer {
  /** Null for a statement that answers with no rows. */
  rows: (Buffer | null)[][] | null
  fields: FieldPacket[]
  /** Null for one that answers with rows. */
  header: ResultSetHeader | null
}

export interface Wire {
  readonly connection: Connection
  readonly isDead: boolean
  onEnd(listener: () => void): void
  /** Rejects with the driver's error, without statement and values in it. */
  readonly ask: (sql: string) => Promise<Answer>
  ping(): Promise<void>
  end(): Promise<void>
  destroy(): void
}

/** The driver's own complaints, behind which nothing is in step any more. What the server or the system says stays. */
function asLost(error: Error): Error {
  const { errno, code } = error as NodeJS.ErrnoException
  return errno !== undefined || code === 'PROTOCOL_CONNECTION_LOST'
    ? error
    : ownFailure('ROSTER_LOST', error.message, error)
}

export function makeWire(connection: Connection, socket: ServerStream): Wire {
  const pending = new Set<(error: Error) => void>()
  const listeners: (() => void)[] = []
  /** Set when it must not be used any more. */
  let failure: Error | null = null

  function die(error: Error) {
    if (failure) return
    failure = error
    destroy(connection, socket)
    for (const reject of pending) reject(error)
    pending.clear()
    for (const listener of listeners) listener()
  }
  connection.on('error', (error: Error) => die(asLost(clean(error))))
  connection.on('warn', () => die(ownFailure('ROSTER_LOST', 'The server sent packets out of order.')))
  // The driver tells nobody when the socket ends after it has said goodbye.
  socket.once('close', () => die(ownFailure('ROSTER_LOST', 'The connection has ended.')))

  /** Settles when `start` calls back, or when the connection ends. */
  function settled<T>(start: (done: (error: Error | null, value?: T) => void) => void): Promise<T> {
    if (failure) return Promise.reject(failure)
    return new Promise((resolve, reject) => {
      pending.add(reject)
      start((error, value) => {
        pending.delete(reject)
        if (!error) return resolve(value as T)
        clean(error)
        const isFile = error.message.startsWith('As a result of LOCAL INFILE')
        const cause = isFile
          ? ownFailure('ROSTER_UNSAFE', 'The server asked for a file of this machine.')
          : asLost(error)
        if (isFile || !('errno' in error) || (error as { fatal?: boolean }).fatal) die(cause)
        reject(cause)
      })
    })
  }

  return {
    connection,
    get isDead() {
      return failure !== null
    },
    onEnd(listener) {
      if (failure) listener()
      else listeners.push(listener)
    },
    ask: (sql) =>
      settled<Answer>((done) => {
        connection.query<never>(
          { sql, rowsAsArray: true, typeCast: false },
          (error, result: unknown, fields?: FieldPacket[]) => {
            if (error) return done(error)
            if (Array.isArray(fields?.[0]) || (Array.isArray(result) && !fields))
              return done(Object.assign(new Error('The statement answers with several results.'), { errno: 0 }))
            if (fields) done(null, { rows: result as (Buffer | null)[][], fields, header: null })
            else done(null, { rows: null, fields: [], header: result as ResultSetHeader })
          },
        )
      }),
    ping: () => settled<void>((done) => connection.ping(done)),
    async end() {
      if (failure) return
      const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()))
      const timer = setTimeout(() => die(ownFailure('ROSTER_LOST', 'The connection was closed.')), GOODBYE)
      connection.end()
      await ended
      clearTimeout(timer)
    },
    destroy: () => die(ownFailure('ROSTER_LOST', 'The connection was closed.')),
  }
}
