// A stream to the server, encrypted and verified where the profile says so, before a byte of the protocol's own is sent.
import type { ConnectPhase } from '../../../shared/connections.ts'
import type { Login } from '../server/link.ts'
import { reach } from '../server/reach.ts'
import type { ServerStream } from '../server/server-stream.ts'
import { encrypt } from './encrypt.ts'

/** The name is looked up at every call. Aborting destroys the stream, also later; the promise then rejects with what it met. */
export async function dial(
  login: Pick<Login, 'host' | 'port' | 'tls' | 'certificates' | 'pins' | 'tunnel'>,
  signal: AbortSignal,
  onPhase: (phase: ConnectPhase) => void,
): Promise<ServerStream> {
  const stream = await reach(login, { signal, onPhase, socketFile })
  signal.addEventListener('abort', () => stream.destroy(), { once: true })
  if (signal.aborted) stream.destroy()
  if (login.tls === 'off') return stream
  onPhase('tls')
  try {
    return await encrypt(stream, login)
  } catch (error) {
    stream.destroy()
    throw error
  }
}

/** As every PostgreSQL client reads it: a folder in place of a host holds the server's socket. */
const socketFile = (folder: string, port: number) => `${folder}/.s.PGSQL.${port}`
