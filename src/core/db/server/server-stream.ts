// The stream to a server, with what the drivers call on a socket: one that came through a tunnel has no such thing of its own.
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

interface OfSockets {
  setNoDelay(isOn?: boolean): unknown
  setKeepAlive(isOn?: boolean, delay?: number): unknown
  setTimeout(milliseconds: number): unknown
  ref(): unknown
  unref(): unknown
  destroySoon(): void
}

/** A socket is one as it is. */
export type ServerStream = Duplex & OfSockets

/** The same stream. What is no socket is given what it lacks, which does nothing: whoever carries the bytes has seen to it. */
export function asServerStream(stream: Duplex): ServerStream {
  if (stream instanceof Socket) return stream
  const nothing = () => stream
  const added: OfSockets = {
    setNoDelay: nothing,
    setKeepAlive: nothing,
    setTimeout: nothing,
    ref: nothing,
    unref: nothing,
    destroySoon: () => stream.end(() => stream.destroy()),
  }
  return Object.assign(stream, added)
}
