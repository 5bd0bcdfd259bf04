// All that a database on a server has of a cluster: the node that is written, looks at all of them, and long reads elsewhere.
import type { ClusterMove } from '../../../shared/cluster.ts'
import type { Place } from '../../../shared/reaching.ts'
import type { PoolHolder } from '../../../shared/connections.ts'
import type { Log } from '../../log.ts'
import type { Cluster } from '../cluster.ts'
import type { Rows, Statement } from '../database.ts'
import type { Failure } from '../failure.ts'
import { openAside, type Aside, type Role } from '../server/aside.ts'
import type { Login } from '../server/link.ts'
import type { ServerDialect } from '../server/server-dialect.ts'
import { longReads } from './long-reads.ts'
import { clusterLook } from './look.ts'
import { onCluster } from './on-cluster.ts'
import { isSame } from './written-node.ts'

export interface ClusterParts {
  dialect: ServerDialect
  login: (role: Role) => Promise<Login>
  classify(error: unknown): Failure | null
  /** The holders of long reads have changed. */
  onChange(): void
  log: Log
}

export interface ClusterOf {
  dialect: ServerDialect
  aside: Aside
  /** The node that is written, where there are several. */
  readonly place: Place | null
  lastMove(): ClusterMove | null
  /** False: sessions of that node are not used any more, so that its loss is no loss of the database. */
  isWritten(node: Place | undefined): boolean
  onMove(listener: (move: ClusterMove) => void): () => void
  /** Undefined while no connection has told what the server is. */
  cluster(): Cluster | null | undefined
  /** See `LongReads.read`. */
  readLong(statement: Statement, signal: AbortSignal): Promise<Rows | null>
  holders(): PoolHolder[]
  close(error: Error): Promise<void>
}

export function clusterOf(parts: ClusterParts): ClusterOf {
  const { log, login } = parts
  const { dialect, written } = onCluster(parts.dialect, () => login('runtime'))
  const aside = openAside(dialect, login)
  const look = clusterLook({ dialect, written, login })
  const reads = longReads({
    ...{ dialect, written, aside, log },
    login: () => login('runtime'),
    classify: (error) => parts.classify(error),
    onChange: () => parts.onChange(),
  })
  written.onMove(({ from, to, why }) => log('warn', `Sessions go from ${from} to ${to}: ${why}`))

  return {
    dialect,
    aside,
    get place() {
      return written.place
    },
    lastMove: () => written.moves[0] ?? null,
    isWritten: (node) => !node || isSame(node, written.place),
    onMove: (listener) => written.onMove(listener),
    cluster() {
      if (dialect.name !== 'mysql' || written.isGalera === false) return null
      return written.isGalera ? look : undefined
    },
    readLong: (statement, signal) => reads.read(statement, signal),
    holders: () => reads.holders(),
    async close(error) {
      await Promise.all([look.close(), reads.close(error)])
    },
  }
}
