// The socket side of the browser door: a session first, then calls; dead peers are ended, slow ones are waited for.
import type { WebSocket } from 'ws'
import type { ServedLine } from '../core/serving.ts'

/** Milliseconds to show a session. */
const AUTHENTICATION = 5_000
/** Milliseconds between two looks whether the peer is alive. */
const HEARTBEAT = 10_000
/** Close codes of our own; the page knows the first. */
const UNKNOWN_SESSION = 4401
const RULES_BROKEN = 4400
const TOO_LATE = 4408

export interface SocketOptions {
  isSession(secret: unknown): boolean
  /** Called once the session is known. */
  serve(line: { send(frame: string): Promise<void>; end(reason: string): void }): ServedLine
  /** Milliseconds; for tests. */
  authentication?: number
  heartbeat?: number
}

export function serveSocket(socket: WebSocket, options: SocketOptions): void {
  let served: ServedLine | null = null
  const tooLate = setTimeout(
    () => end(socket, TOO_LATE, 'no session was shown'),
    options.authentication ?? AUTHENTICATION,
  )
  const stopPings = keepAlive(socket, options.heartbeat ?? HEARTBEAT)
  socket.on('message', (data, isBinary) => {
    if (socket.readyState !== socket.OPEN) return
    // `nodebuffer` is the library's default, and the only form it is given here.
    const frame = isBinary ? data : (data as Buffer).toString('utf8')
    if (served) return served.receive(frame)
    clearTimeout(tooLate)
    if (!options.isSession(sessionIn(frame))) return end(socket, UNKNOWN_SESSION, 'the session is not known')
    served = options.serve({
      send: (answer) => sent(socket, answer),
      end: (reason) => end(socket, RULES_BROKEN, reason),
    })
    socket.send('{"ready":true}')
  })
  // Too large a frame or bad UTF-8: the library closes the socket with the right code, and 'close' follows.
  socket.on('error', () => undefined)
  socket.on('close', () => {
    clearTimeout(tooLate)
    stopPings()
    served?.drop()
  })
}

/** A peer that breaks rules may not answer the closing either, so it is given a second. */
function end(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason)
  setTimeout(() => socket.terminate(), 1_000).unref()
}

function sessionIn(frame: unknown): unknown {
  try {
    const value: unknown = typeof frame === 'string' && frame.length < 1024 ? JSON.parse(frame) : null
    return typeof value === 'object' && value !== null && 'session' in value ? value.session : undefined
  } catch {
    return undefined
  }
}

/** Settles when the frame was handed to the system, so that a page that lags behind is waited for. */
function sent(socket: WebSocket, frame: string): Promise<void> {
  return new Promise((resolve) => socket.send(frame, () => resolve()))
}

/** Alive is who answers, asks, or takes what was sent. */
function keepAlive(socket: WebSocket, every: number): () => void {
  let isAlive = true
  let waiting = 0
  const alive = () => (isAlive = true)
  socket.on('pong', alive)
  socket.on('message', alive)
  const timer = setInterval(() => {
    const left = socket.bufferedAmount
    if (!isAlive && (left === 0 || left >= waiting)) return socket.terminate()
    isAlive = false
    waiting = left
    socket.ping(() => undefined)
  }, every)
  return () => clearInterval(timer)
}
