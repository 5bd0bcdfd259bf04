// A TCP proxy in front of a database server that does what networks do to connections: refuse, stall, cut, reset, slow down.
import { connect, createServer, type Server, type Socket } from 'node:net'
import { freePort } from './free-port.ts'
import { Link, type Act, type LinkMode } from './fault-link.ts'

export type { Act, LinkMode } from './fault-link.ts'

/** `refuse` closes the listener, as a server that is down: new connections get ECONNREFUSED, open ones go on. */
export type Mode = LinkMode | 'refuse'

export interface ProxyOptions {
  port?: number
  /** Sees every chunk from the client before it is delivered, and may wait; what it returns holds for this connection. */
  onClientBytes?: (bytes: Buffer, connection: Link) => Act | undefined | Promise<Act | undefined>
  /** The same for what the server sends. */
  onServerBytes?: (bytes: Buffer, connection: Link) => Act | undefined | Promise<Act | undefined>
}

export interface Proxy {
  readonly host: '127.0.0.1'
  readonly port: number
  /** Open connections. */
  readonly connections: ReadonlySet<Link>
  /** Connections that were ever accepted, also those that were reset at once. */
  readonly accepted: number
  /** Holds for open connections and new ones. Back to `pass` delivers what was held. */
  mode(mode: Mode): Promise<void>
  /** May be set at any time; null for none. */
  onClientBytes: ProxyOptions['onClientBytes'] | null
  onServerBytes: ProxyOptions['onServerBytes'] | null
  /** Ends all connections and the listener. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Where the server itself refuses, the client of the proxy sees a connection that is reset at once. */
export async function startProxy(target: { host: string; port: number }, options: ProxyOptions = {}): Promise<Proxy> {
  const port = options.port ?? (await freePort())
  const links = new Set<Link>()
  let current: LinkMode = 'pass'
  let accepted = 0
  let server: Server | null = null

  const accept = (client: Socket) => {
    accepted += 1
    client.on('error', () => undefined)
    if (current === 'reset') return void client.resetAndDestroy()
    const upstream = connect({ host: target.host, port: target.port, allowHalfOpen: true })
    const link: Link = new Link(accepted, client, upstream, current, {
      client: (bytes) => proxy.onClientBytes?.(bytes, link),
      server: (bytes) => proxy.onServerBytes?.(bytes, link),
    })
    links.add(link)
    void link.over.then(() => links.delete(link))
  }
  const listen = () =>
    new Promise<void>((resolve, reject) => {
      const listener = createServer({ allowHalfOpen: true, noDelay: true }, accept)
      listener.once('error', reject)
      listener.listen(port, '127.0.0.1', () => {
        server = listener
        resolve()
      })
    })
  const refuse = () => {
    // close() would wait for the open connections, which go on.
    server?.close()
    server = null
  }

  const stop = async () => {
    refuse()
    const open = [...links]
    for (const link of open) link.cut()
    await Promise.all(open.map((link) => link.over))
  }

  const proxy: Proxy = {
    host: '127.0.0.1',
    port,
    connections: links,
    get accepted() {
      return accepted
    },
    mode: async (mode) => {
      if (mode === 'refuse') return refuse()
      current = mode
      for (const link of links) link.mode(mode)
      if (!server) await listen()
    },
    onClientBytes: options.onClientBytes ?? null,
    onServerBytes: options.onServerBytes ?? null,
    stop,
    [Symbol.asyncDispose]: stop,
  }
  await listen()
  return proxy
}
