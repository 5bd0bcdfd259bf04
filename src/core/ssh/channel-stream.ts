// A forwarded connection as a stream that keeps Node's rules. The library's own neither ends when it is destroyed nor calls
// back for what it could not send any more.
import { Duplex } from 'node:stream'
import type { ClientChannel } from 'ssh2'

type Done = (error?: Error | null) => void

/** Ends with the channel. As a socket does, it ends its own side when the other end has ended. */
export class ChannelStream extends Duplex {
  readonly #channel: ClientChannel
  #unsent: Done | null = null

  constructor(channel: ClientChannel) {
    super({ allowHalfOpen: false })
    this.#channel = channel
    channel.on('data', (bytes: Buffer) => {
      // What comes after the end is read all the same, so that the channel itself can end.
      if (!this.destroyed && !this.push(bytes)) channel.pause()
    })
    channel.on('end', () => {
      if (!this.destroyed) this.push(null)
    })
    channel.on('close', () => {
      if (!this.readableEnded && this.readableLength > 0) this.once('end', () => this.destroy())
      else this.destroy()
    })
    channel.on('error', (error: Error) => this.destroy(error))
  }

  override _read(): void {
    this.#channel.resume()
  }

  override _write(bytes: Buffer, encoding: BufferEncoding, done: Done): void {
    this.#unsent = done
    this.#channel.write(bytes, encoding, () => {
      if (this.#unsent === done) this.#unsent = null
      done()
    })
  }

  override _final(done: Done): void {
    this.#channel.end()
    done()
  }

  override _destroy(error: Error | null, done: Done): void {
    const unsent = this.#unsent
    this.#unsent = null
    unsent?.(error ?? Object.assign(new Error('The connection was closed.'), { code: 'ECONNRESET' }))
    try {
      this.#channel.destroy()
    } catch {
      // The SSH connection is gone, and every channel with it.
    }
    this.#channel.resume()
    done(error)
  }
}
