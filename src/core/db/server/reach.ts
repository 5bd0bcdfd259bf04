// The way to a server, for both engines: TCP, the server's socket on this machine, or a tunnel through other machines.
import { lookup } from 'node:dns/promises'
import { connect, isIP, type NetConnectOpts, type Socket } from 'node:net'
import type { Place } from '../../../shared/reaching.ts'
import { untilAborted } from '../waiting.ts'
import type { ConnectOptions, Login } from './link.ts'
import { asServerStream, type ServerStream } from './server-stream.ts'

/** Milliseconds of silence until the system asks whether the other end is still there; its own would be two hours. */
const KEEP_ALIVE = 10_000
/** Milliseconds for an address that does not answer, where the name has others. */
const PATIENCE = 1_500

type Way = Pick<ConnectOptions, 'signal' | 'onPhase'>

/** In place of a host: where the server's socket is on this machine. */
export const isPath = (host: string) => host.startsWith('/')

/**
 * A stream that is connected, with a listener for its errors. `socketFile`: of a host that is a path, as the engine reads it.
 * Aborting ends it as long as it is not there yet; it rejects then with the signal's reason, otherwise with the system's
 * error of the last address, or with what the tunnel says.
 */
export async function reach(
  { host, port, tunnel }: Pick<Login, 'host' | 'port' | 'tunnel'>,
  { signal, onPhase, socketFile }: Way & { socketFile: (host: string, port: number) => string },
): Promise<ServerStream> {
  signal.throwIfAborted()
  if (tunnel) {
    onPhase('tunnel')
    const stream = await tunnel.open({ host, port }, { signal, onPhase })
    return asServerStream(withListener(stream))
  }
  if (!isPath(host)) return reachTcp({ host, port }, { signal, onPhase })
  onPhase('connect')
  return dial({ path: socketFile(host, port) }, signal)
}

/** The name is looked up at every call, and its addresses are tried in turn. */
export async function reachTcp({ host, port }: Place, { signal, onPhase }: Way): Promise<Socket> {
  signal.throwIfAborted()
  const isName = isIP(host) === 0
  if (isName) onPhase('resolve')
  const addresses = isName ? await untilAborted(resolve(host), signal) : [host]
  onPhase('connect')
  let failure: unknown
  for (const [index, address] of addresses.entries()) {
    const isLast = index === addresses.length - 1
    const impatient = isLast ? signal : AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)])
    try {
      return await dial(
        { host: address, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE },
        impatient,
      )
    } catch (error) {
      signal.throwIfAborted()
      failure = error
    }
  }
  throw failure
}

async function resolve(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true })
  return [...new Set(found.map(({ address }) => address))]
}

function dial(to: NetConnectOpts, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted()
  const socket = withListener(connect(to))
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      socket.destroy()
      reject(signal.reason as Error)
    }
    const onError = (error: Error) => {
      signal.removeEventListener('abort', onAbort)
      reject(error)
    }
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('error', onError)
    socket.once('connect', () => {
      signal.removeEventListener('abort', onAbort)
      socket.off('error', onError)
      resolve(socket)
    })
  })
}

/** Whoever uses it listens too; without any listener an error would be the end of the process. */
function withListener<S extends NodeJS.EventEmitter>(stream: S): S {
  stream.on('error', () => undefined)
  return stream
}
