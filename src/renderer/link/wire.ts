// One open connection to the host, whatever carries it: calls go in, frames of text go out and come back.
import { type ClientLink, type ClientContext } from '@orpc/client'
import { StandardRPCLink } from '@orpc/client/standard'
import { ClientPeer } from '@orpc/standard-server-peer'
import { serializers } from '../../shared/serializers.ts'
import { base64 } from './base64.ts'

export interface Wire {
  link: ClientLink<ClientContext>
  /** A frame came in. */
  receive(frame: string): void
  /** The connection is gone: every call under way fails with `reason`. */
  close(reason: Error): void
  /** Why it was closed, or null while it is open. */
  closed(): Error | null
}

/** `send` throws when the frame cannot be sent. */
export function createWire(send: (frame: string) => void): Wire {
  let closed: Error | null = null
  const peer = new ClientPeer((frame) => {
    if (closed) throw closed
    if (typeof frame !== 'string') throw new TypeError('Only text travels to the host.')
    send(frame)
  })
  const sender = {
    async call(request: Parameters<typeof peer.request>[0]) {
      const response = await peer.request(request)
      return { ...response, body: () => Promise.resolve(response.body) }
    },
  }
  return {
    link: new StandardRPCLink(sender, { url: 'http://orpc', customJsonSerializers: serializers(base64) }),
    receive: (frame) =>
      void peer
        .message(frame)
        .catch((error: unknown) => console.error('A frame of the host was not understood.', error)),
    close(reason) {
      closed ??= reason
      peer.close({ reason })
    },
    closed: () => closed,
  }
}
