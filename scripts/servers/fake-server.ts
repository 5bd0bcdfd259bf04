// What the two fake database servers share: a listener, its sessions, what they have received, and ways to break off.
import { createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket, type SecureContextOptions } from 'node:tls'
import { freePort } from './free-port.ts'

/** What a fake server answers with, in any phase. */
export type Answer =
  | 'ok'
  /** Ends the connection in order (FIN), without a word. */
  | 'close'
  /** RST. */
  | 'reset'
  /** Says nothing more; the connection stays open. */
  | 'hang'
  /** Bytes that are no database's. */
  | 'garbage'
  /** These bytes, as they are, instead of an answer. */
  | { bytes: Buffer }
  | { error: ServerError }
  | { rows: readonly (readonly (string | null)[])[]; columns?: readonly string[] }
  /** The word of completion and what it counts: `{ tag: 'UPDATE 3' }` on PostgreSQL, 3 changed rows on MySQL. */
  | { tag: string }

export interface ServerError {
  /** SQLSTATE on PostgreSQL, the number on MySQL. */
  code: string | number
  message?: string
  /** MySQL only; HY000 when left out. */
  sqlState?: string
  /** PostgreSQL only; FATAL while connecting and ERROR afterwards when left out. */
  severity?: 'ERROR' | 'FATAL' | 'PANIC'
  /** The server closes the connection after it: so while connecting, and after FATAL. */
  close?: boolean
}

export interface TlsFiles extends Pick<SecureContextOptions, 'minVersion' | 'maxVersion' | 'ciphers'> {
  key: string | Buffer
  cert: string | Buffer
}

/** What came in, over all connections. */
export interface Seen {
  connections: number
  /** Messages that answered a request for a password, of whatever kind. */
  attempts: number
  /** Bytes of messages in which the password itself was asked for (cleartext), without their NUL at the end. */
  clearBytes: number
  /** Requests for the key that a password is to be encrypted with (MySQL). */
  keyRequests: number
  /** The user names of the attempts, in order. */
  users: string[]
  queries: string[]
  /** Requests to cancel that came over a connection of their own (PostgreSQL). */
  cancels: number
  /** Bytes of the client's files that it handed over when asked (LOCAL INFILE of MySQL). */
  fileBytes: number
}

const GARBAGE = Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')

/** Thrown inside a session when there is nothing more to do. */
export class SessionOver extends Error {}

/** One connection to a fake server. Reading waits for bytes; when the other end has gone it throws SessionOver. */
export class FakeSession {
  readonly id: number
  socket: Socket
  /** All that was received, decrypted. */
  #received: Buffer[] = []
  #queue = Buffer.alloc(0)
  #isOver = false
  #news = Promise.withResolvers<undefined>()

  constructor(id: number, socket: Socket) {
    this.id = id
    this.socket = socket
    socket.on('error', () => undefined)
    this.#listen(socket)
  }

  #listen(socket: Socket): void {
    socket.on('data', this.#take)
    socket.once('end', this.#stop)
    socket.once('close', this.#stop)
  }

  readonly #take = (bytes: Buffer) => {
    this.#received.push(bytes)
    this.#queue = Buffer.concat([this.#queue, bytes])
    this.#wake()
  }

  readonly #stop = () => {
    this.#isOver = true
    this.#wake()
  }

  #wake(): void {
    this.#news.resolve(undefined)
    this.#news = Promise.withResolvers()
  }

  get isOver(): boolean {
    return this.#isOver
  }

  received(): Buffer {
    return Buffer.concat(this.#received)
  }

  async read(length: number): Promise<Buffer> {
    while (this.#queue.length < length) {
      if (this.#isOver) throw new SessionOver()
      await this.#news.promise
    }
    const bytes = this.#queue.subarray(0, length)
    this.#queue = this.#queue.subarray(length)
    return bytes
  }

  write(bytes: Buffer): void {
    if (this.socket.writable) this.socket.write(bytes)
  }

  /** Goes on encrypted, as the server of the two. */
  encrypt({ key, cert, minVersion, maxVersion, ciphers }: TlsFiles): void {
    const plain = this.socket
    plain.off('data', this.#take).off('end', this.#stop).off('close', this.#stop)
    // A client that does not wait for an answer has begun already: those bytes are given back to be decrypted.
    plain.pause()
    if (this.#queue.length > 0) plain.unshift(this.#queue)
    this.#queue = Buffer.alloc(0)
    this.socket = new TLSSocket(plain, {
      isServer: true,
      secureContext: createSecureContext({
        ...{ key, cert },
        ...(minVersion && { minVersion }),
        ...(maxVersion && { maxVersion }),
        ...(ciphers !== undefined && { ciphers }),
      }),
    })
    this.socket.on('error', () => this.#stop())
    this.#listen(this.socket)
  }

  close(): void {
    this.socket.end()
    this.#stop()
  }

  reset(): void {
    // Of an encrypted socket only the one below can be reset.
    const { socket } = this
    if (socket instanceof TLSSocket) socket.destroy()
    else socket.resetAndDestroy()
    this.#stop()
  }

  /** Does what needs no protocol, and throws SessionOver then; answers what is left to the protocol. */
  async breakOff(answer: Answer): Promise<Exclude<Answer, 'close' | 'reset' | 'hang' | 'garbage' | { bytes: Buffer }>> {
    if (answer === 'close') this.close()
    else if (answer === 'reset') this.reset()
    else if (answer === 'garbage') this.write(GARBAGE)
    else if (typeof answer === 'object' && 'bytes' in answer) this.write(answer.bytes)
    else if (answer !== 'hang') return answer
    while (!this.#isOver) await this.#news.promise
    throw new SessionOver()
  }
}

export interface FakeServer<S extends FakeSession> {
  readonly host: '127.0.0.1'
  readonly port: number
  readonly seen: Seen
  /** Open ones. */
  readonly sessions: ReadonlySet<S>
  /** Whether these bytes came in, anywhere, on any connection that is open or over: `wasSent('canary')`. */
  wasSent(secret: string): boolean
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Listens, and runs `talk` for each connection until it returns or the connection is over. */
export async function listen<S extends FakeSession>(
  port: number | undefined,
  make: (id: number, socket: Socket) => S,
  talk: (session: S, seen: Seen) => Promise<void>,
): Promise<FakeServer<S>> {
  const counts = { connections: 0, attempts: 0, clearBytes: 0, keyRequests: 0, cancels: 0, fileBytes: 0 }
  const seen: Seen = { ...counts, users: [], queries: [] }
  const sessions = new Set<S>()
  const all: S[] = []
  /** Mistakes of the fake itself, or of a test's callback: told by stop(), so that the test fails. */
  const mistakes: unknown[] = []
  const server = createServer({ noDelay: true }, (socket) => {
    seen.connections += 1
    const session = make(seen.connections, socket)
    sessions.add(session)
    all.push(session)
    socket.once('close', () => sessions.delete(session))
    talk(session, seen)
      .catch((error: unknown) => {
        if (!(error instanceof SessionOver)) mistakes.push(error)
      })
      .finally(() => session.close())
  })
  const at = port ?? (await freePort())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(at, '127.0.0.1', resolve)
  })
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const { socket } of sessions) socket.destroy()
    await closed
    if (mistakes.length > 0) throw mistakes[0]
  }
  return {
    ...{ host: '127.0.0.1' as const, port: at, seen, sessions },
    wasSent: (secret) => all.some((session) => session.received().includes(secret)),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
