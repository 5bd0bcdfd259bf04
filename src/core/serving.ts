// Serves a router over frames of text, whatever carries them: a socket or a port bring the frames and take the answers.
import type { AnyContractRouter } from '@orpc/contract'
import { ORPCError, type Context, type Router } from '@orpc/server'
import { StandardRPCHandler } from '@orpc/server/standard'
import {
  decodeRequestMessage,
  encodeResponseMessage,
  experimental_ServerPeerWithoutCodec as ServerPeer,
  MessageType,
  type DecodedRequestMessage,
} from '@orpc/standard-server-peer'
import { serializers } from '../shared/serializers.ts'
import { base64 } from './base64.ts'
import type { Log } from './log.ts'
import { unexpected } from './unexpected.ts'

/** Bytes of one frame at most, in either direction of a door. */
export const FRAME_LIMIT = 32 * 1024 * 1024
/** Calls of one page that run at the same time, so that a page that does not read its answers cannot pile them up. */
const CALLS_AT_ONCE = 32
/** Further calls of it that may wait for their turn. */
const CALLS_WAITING = 1024

/** The host's end of one connection. */
export interface Line {
  /** May return a promise that settles when there is room for more: a long task then waits before it reports again. */
  send(frame: string): void | Promise<void>
  /** The peer broke the rules: end the connection, and tell it why. */
  end(reason: string): void
}

export interface ServedLine {
  /** Anything that came in: malformed frames end the line, and never throw. */
  receive(frame: unknown): void
  /** The peer is gone: everything it still had running is aborted. */
  drop(): void
}

export interface Serving<T extends Context> {
  serve(line: Line, context: T): ServedLine
}

export function createServing<T extends Context>(router: Router<AnyContractRouter, T>, log: Log): Serving<T> {
  const handler = new StandardRPCHandler<T>(router, {
    customJsonSerializers: serializers(base64),
    // What went wrong outside of a handler: an answer that breaks the contract, or one that cannot be written.
    clientInterceptors: [
      async (call) => {
        try {
          return await call.next()
        } catch (error) {
          throw outside(error) ? error : unexpected(log, call.path.join('.'), error)
        }
      },
    ],
    interceptors: [
      async (call) => {
        try {
          return await call.next()
        } catch (error) {
          throw error instanceof ORPCError ? error : unexpected(log, call.request.url.pathname, error)
        }
      },
    ],
  })
  return { serve: (line, context) => serveLine(handler, { line, context, log }) }
}

/** True for errors that may be seen outside as they are. A broken promise of our own (status 500 and a cause) may not. */
function outside(error: unknown): boolean {
  return error instanceof ORPCError && !(error.code === 'INTERNAL_SERVER_ERROR' && error.cause !== undefined)
}

interface LineOf<T> {
  line: Line
  context: T
  log: Log
}

function serveLine<T extends Context>(handler: StandardRPCHandler<T>, { line, context, log }: LineOf<T>): ServedLine {
  let isOver = false
  let running = 0
  const waiting = new Map<string, { message: DecodedRequestMessage; size: number }>()
  let waitingSize = 0
  const peer = new ServerPeer(async ([id, type, payload]) => {
    const frame = await encodeResponseMessage(id, type, payload)
    // Only files travel as bytes, and the contract has none.
    if (typeof frame !== 'string') throw new TypeError('Only text travels to the page.')
    if (!isOver) await line.send(frame)
  })
  const drop = () => {
    isOver = true
    waiting.clear()
    peer.close()
  }
  const end = (reason: string) => {
    if (isOver) return
    drop()
    log('warn', `connection ended: ${reason}`)
    line.end(reason)
  }
  /** A call takes its place until its answer, or the last event of its answer, has left. */
  const run = async (message: DecodedRequestMessage) => {
    running += 1
    try {
      await peer.message(message, async (request) => {
        const body = () => Promise.resolve(request.body)
        const { response } = await handler.handle({ ...request, body }, { context })
        return response ?? { status: 404, headers: {}, body: 'There is no such call.' }
      })
    } catch (error) {
      if (!isOver) log('error', 'an answer could not be sent', error)
    }
    running -= 1
    for (const [id, { message: next, size }] of waiting) {
      forget(id, size)
      void run(next)
      break
    }
  }
  const forget = (id: string, size: number) => {
    waiting.delete(id)
    waitingSize -= size
  }
  const take = async (frame: string) => {
    const message = await decodeRequestMessage(frame)
    const [id, type] = message
    if (isOver) return
    if (typeof id !== 'string') throw new TypeError('A frame needs an id.')
    const before = waiting.get(id)
    if (type !== MessageType.REQUEST) {
      if (before && type === MessageType.ABORT_SIGNAL) forget(id, before.size)
      await peer.message(message)
    } else if (running < CALLS_AT_ONCE) void run(message)
    else if (!before) {
      waiting.set(id, { message, size: frame.length })
      waitingSize += frame.length
      if (waiting.size > CALLS_WAITING || waitingSize > 2 * FRAME_LIMIT) end('too many calls at once')
    }
  }
  // One after the other: a cancellation must not overtake the call it cancels.
  let last = Promise.resolve()
  return {
    receive(frame) {
      if (isOver) return
      if (typeof frame !== 'string') return end('frame is not text')
      if (frame.length > FRAME_LIMIT) return end('frame over 32 MB')
      last = last.then(() => (isOver ? undefined : take(frame))).catch(() => end('malformed frame'))
    },
    drop,
  }
}
