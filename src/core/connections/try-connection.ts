// Tries settings once, as they are: connects, asks what the server is, and leaves nothing behind.
import type { ConnectCause, LoginRole } from '../../shared/connections.ts'
import type { DatabaseFacts, ServerProfile } from '../../shared/profiles.ts'
import { failureOf } from '../db/failure-of.ts'
import { causeOf } from '../db/failure-words.ts'
import { onCluster } from '../db/galera/on-cluster.ts'
import type { Link } from '../db/server/link.ts'
import type { ServerDialect } from '../db/server/server-dialect.ts'
import type { KnownHosts } from '../ssh/known-hosts.ts'
import { openTunnel } from '../ssh/tunnel.ts'
import { loginFor } from './login.ts'

export type Tried = { facts: DatabaseFacts } | { cause: ConnectCause }

type Dialects = Readonly<Record<ServerProfile['dialect'], ServerDialect>>

/** At most 5 s for connecting. Rejects with the signal's reason when aborted; what the server says is an answer. */
export async function tryConnection(
  { dialects, knownHosts }: { dialects: Dialects; knownHosts: KnownHosts },
  settings: ServerProfile,
  passwordOf: (role: LoginRole) => Promise<string | null>,
  signal: AbortSignal,
): Promise<Tried> {
  const tunnel = settings.ssh && openTunnel({ settings: settings.ssh, passwordOf, knownHosts })
  const login = await loginFor(settings, 'runtime', { passwordOf, tunnel })
  const { dialect } = onCluster(dialects[settings.dialect], () => Promise.resolve(login))
  let link: Link | null = null
  const stop = () => link?.destroy()
  try {
    link = await dialect.connect(login, { signal, onPhase: () => undefined })
    signal.addEventListener('abort', stop)
    const open = link
    return { facts: await dialect.facts((statement) => open.query(statement), login) }
  } catch (error) {
    signal.throwIfAborted()
    return { cause: causeOf(failureOf(error) ?? dialect.classify(error), login, settings) }
  } finally {
    signal.removeEventListener('abort', stop)
    await link?.end()
    await tunnel?.close()
  }
}
