// One connection through the fault proxy: two directions, each delivering its chunks in order under the mode of the moment.
import type { Socket } from 'node:net'
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'

export type LinkMode =
  | 'pass'
  /** Takes bytes in both directions and delivers none, until the mode changes: a network that is cut. */
  | 'blackhole'
  /** Requests are delivered, replies are held until the mode changes. */
  | 'hold-replies'
  /** Requests are delivered; the first byte of a reply cuts both sides instead of being delivered. */
  | 'drop-reply'
  /** RST to both sides, at once; new connections get theirs when they are accepted. */
  | 'reset'
  /** One byte at a time. */
  | 'slice'
  /** Milliseconds added in each direction. */
  | { latency: number }
  /** This many more bytes reach the client, then both sides are cut. */
  | { limit: number }

/** What a hook may do: a mode for this connection, from these bytes on; `cut` ends it before they are delivered. */
export type Act = LinkMode | 'cut'

type Side = 'client' | 'server'
type Item = { bytes: Buffer; at: number } | { end: 'fin' | 'rst' }
type Hook = (bytes: Buffer) => Act | undefined | Promise<Act | undefined>

export class Link {
  readonly id: number
  /** Resolves when both sockets are closed. */
  readonly over: Promise<void>
  /** Bytes that were delivered, by the side they came from. */
  readonly delivered = { client: 0, server: 0 }
  readonly #sockets: Record<Side, Socket>
  #mode: LinkMode
  #left = Infinity
  #isCut = false
  #changed = Promise.withResolvers<undefined>()

  constructor(id: number, client: Socket, server: Socket, mode: LinkMode, hooks: Record<Side, Hook>) {
    this.id = id
    this.#sockets = { client, server }
    this.#mode = mode
    this.#left = limitOf(mode)
    this.over = Promise.all([closed(client), closed(server)]).then(() => undefined)
    client.setNoDelay(true)
    server.setNoDelay(true)
    void this.#carry('client', hooks.client)
    void this.#carry('server', hooks.server)
  }

  mode(mode: LinkMode): void {
    if (mode === 'reset') return this.reset()
    this.#mode = mode
    this.#left = limitOf(mode)
    this.#changed.resolve(undefined)
    this.#changed = Promise.withResolvers()
  }

  /** Ends both sides now; what was not delivered is lost. */
  cut(): void {
    this.#close((socket) => socket.destroy())
  }

  /** RST to both sides now. */
  reset(): void {
    this.#close((socket) => socket.resetAndDestroy())
  }

  #close(how: (socket: Socket) => void): void {
    this.#isCut = true
    how(this.#sockets.client)
    how(this.#sockets.server)
    this.#changed.resolve(undefined)
  }

  async #carry(from: Side, hook: Hook): Promise<void> {
    const to = this.#sockets[from === 'client' ? 'server' : 'client']
    for await (const item of items(this.#sockets[from])) {
      if ('end' in item) {
        await this.#untilOpen(from)
        if (this.#isCut) return
        // A side that ended in order may still receive; a reset one is gone for both.
        if (item.end === 'rst') return this.reset()
        to.end()
        continue
      }
      const act = await hook(item.bytes)
      if (this.#isCut) return
      if (act === 'cut') return this.cut()
      if (act !== undefined) this.mode(act)
      await this.#untilOpen(from)
      if (this.#isCut) return
      await this.#deliver(from, to, item.bytes, item.at)
    }
  }

  async #untilOpen(from: Side): Promise<void> {
    while (!this.#isCut && (this.#mode === 'blackhole' || (this.#mode === 'hold-replies' && from === 'server')))
      await this.#changed.promise
  }

  async #deliver(from: Side, to: Socket, bytes: Buffer, at: number): Promise<void> {
    const mode = this.#mode
    if (mode === 'drop-reply' && from === 'server') return this.cut()
    if (mode === 'slice') {
      for (let at = 0; at < bytes.length && !this.#isCut; at += 1) {
        await this.#write(from, to, bytes.subarray(at, at + 1))
        await nextTurn()
      }
      return
    }
    if (typeof mode === 'object' && 'latency' in mode) {
      await wait(Math.max(0, at + mode.latency - Date.now()))
      if (this.#isCut) return
    }
    if (from === 'client') return this.#write(from, to, bytes)
    const part = bytes.subarray(0, Math.min(bytes.length, this.#left))
    this.#left -= part.length
    await this.#write(from, to, part)
    if (this.#left === 0) this.#close((socket) => socket.destroySoon())
  }

  #write(from: Side, to: Socket, bytes: Buffer): Promise<void> {
    this.delivered[from] += bytes.length
    // A socket that was closed meanwhile takes nothing; its own end is another item.
    return new Promise((resolve) => (bytes.length === 0 ? resolve() : to.write(bytes, () => resolve())))
  }
}

const limitOf = (mode: LinkMode) => (typeof mode === 'object' && 'limit' in mode ? mode.limit : Infinity)

const closed = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()))

/** What comes from a socket, in order, its end last. Nothing is refused: who waits to be delivered waits in memory. */
async function* items(socket: Socket): AsyncGenerator<Item> {
  const queue: Item[] = []
  let news = Promise.withResolvers<undefined>()
  const add = (item: Item) => {
    queue.push(item)
    news.resolve(undefined)
  }
  socket.on('data', (bytes: Buffer) => add({ bytes, at: Date.now() }))
  socket.on('end', () => add({ end: 'fin' }))
  socket.on('error', () => add({ end: 'rst' }))
  for (;;) {
    const item = queue.shift()
    if (item) {
      yield item
      if ('end' in item) return
    } else {
      news = Promise.withResolvers()
      await news.promise
    }
  }
}
