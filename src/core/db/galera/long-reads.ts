// Scans that take long, on another healthy node than the one that is written: at most two connections, and never an error of
// their own, because whatever goes wrong there can be read on the written node.
import type { PoolHolder } from '../../../shared/connections.ts'
import type { Place } from '../../../shared/reaching.ts'
import type { Log } from '../../log.ts'
import type { Rows, Statement } from '../database.ts'
import type { Failure, FailureKind } from '../failure.ts'
import type { Aside } from '../server/aside.ts'
import { connectLink } from '../server/connect-link.ts'
import type { Link, Login } from '../server/link.ts'
import { openPool } from '../server/pool.ts'
import type { ServerDialect } from '../server/server-dialect.ts'
import { stopStatement } from '../server/stop-statement.ts'
import { settlesWithin, untilAborted } from '../waiting.ts'
import { watchPeers } from '../server/watch-peers.ts'
import { healthOf, nodeTold } from './node-status.ts'
import { unfitNode } from './node-words.ts'
import { refusedLogins } from './refused-logins.ts'
import { isSame, placesOf, type WrittenNode } from './written-node.ts'

const CONNECTIONS = 2
/** Milliseconds for one node. */
const CONNECT_LIMIT = 2_000
/** Milliseconds until nodes are asked again, after none of them was fit. */
const REST = 10_000

/** What the statement itself has met, so that it would meet it anywhere. */
const ofStatement: ReadonlySet<FailureKind> = new Set<FailureKind>(['cancelled', 'timeout'])

export interface LongReadsParts {
  /** With `ConnectOptions.node`. */
  dialect: ServerDialect
  written: WrittenNode
  login(): Promise<Login>
  aside: Aside
  classify: (error: unknown) => Failure | null
  onChange(): void
  log: Log
}

export interface LongReads {
  /** Null when it is to be read on the written node. Rejects with the signal's reason, or with what the statement met. */
  read(statement: Statement, signal: AbortSignal): Promise<Rows | null>
  holders(): PoolHolder[]
  close(error: Error): Promise<void>
}

export function longReads(parts: LongReadsParts): LongReads {
  const { dialect, written, aside, classify, log } = parts
  const closing = new AbortController()
  const stops = new Set<Promise<unknown>>()
  const refused = refusedLogins()
  let restsUntil = 0
  /** The node that served last is tried first, so that one node alone is used. */
  let latest: Place | null = null

  async function connect(): Promise<Link> {
    const login = await parts.login()
    const others = placesOf(login).filter((place) => !isSame(place, written.place))
    const known = others.find((place) => isSame(place, latest))
    for (const node of known ? [known, ...others.filter((place) => place !== known)] : others) {
      if (refused.of(node, login)) continue
      const link = await healthyLink(login, node).catch((error: unknown) => {
        refused.note(node, login, classify(error))
        return null
      })
      if (!link) continue
      latest = node
      return link
    }
    restsUntil = Date.now() + REST
    throw unfitNode('No other node of the cluster is healthy.')
  }

  async function healthyLink(login: Login, node: Place): Promise<Link | null> {
    const until = Date.now() + CONNECT_LIMIT
    const link = await connectLink(dialect, login, closing.signal, { limit: CONNECT_LIMIT, node })
    const told = link.galera?.status()
    const isTold = told && (await settlesWithin(told, Math.max(1, until - Date.now())))
    if (isTold && healthOf(nodeTold(await told).status).fitness === 'healthy') return link
    link.destroy()
    return null
  }

  const pool = openPool({
    limit: CONNECTIONS,
    connect,
    classify,
    otherHolders: () => [],
    onChange: () => parts.onChange(),
    onRun: () => watch.poke(),
    onRefused: () => undefined,
    onGone: () => undefined,
  })
  const watch = watchPeers({
    dialect,
    aside,
    classify,
    log,
    watched: () =>
      [...pool.members()].map((member) => ({
        ...{ key: member, role: 'runtime' as const, session: member.link.session, node: member.link.at },
        server: member.link.galera?.node,
        ...{ runningSince: member.runningSince, mayPause: false },
        lose: (error: Error) => member.lose(error),
      })),
    onSilent: () => pool.distrust(),
  })

  function giveBack(member: Awaited<ReturnType<typeof pool.acquire>>): void {
    if (member.runningSince === null || member.isGone) return pool.release(member)
    const stopped = stopStatement(member, { dialect, aside, classify, log })
    stops.add(stopped)
    void stopped.finally(() => {
      stops.delete(stopped)
      pool.release(member)
    })
  }

  return {
    async read(statement, signal) {
      const isAlone = written.isGalera !== true || written.places.length < 2
      if (isAlone || Date.now() < restsUntil || closing.signal.aborted) return null
      try {
        const member = await pool.acquire('reading', signal)
        // It has become the one that is written since.
        if (isSame(member.link.at ?? null, written.place)) {
          member.lose(new Error('The node is written now.'))
          pool.release(member)
          return null
        }
        const running = member.run(statement.sql, () => member.link.query(statement))
        try {
          return await untilAborted(running, signal)
        } finally {
          giveBack(member)
        }
      } catch (error) {
        if (signal.aborted) throw signal.reason
        const failure = classify(error)
        if (failure && ofStatement.has(failure.kind)) throw error
        log('info', 'A long read goes to the written node.', error)
        return null
      }
    },
    holders: () => pool.holders(),
    async close(error) {
      closing.abort(error)
      watch.close()
      const ended = pool.close(error)
      for (const member of pool.members()) member.lose(error)
      await Promise.allSettled([ended, ...stops])
    },
  }
}
