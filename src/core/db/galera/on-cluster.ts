// A dialect whose servers may be the nodes of a cluster: connections go to the one that is written, and to another one when it
// is not fit for use any more.
import type { ConnectOptions, Link, Login } from '../server/link.ts'
import type { ServerDialect } from '../server/server-dialect.ts'
import { clusterLink } from './cluster-link.ts'
import { asNode, connectNode, failureIn, type NodeLink } from './connect-node.ts'
import { clusterFacts } from './facts.ts'
import { readMark } from './mark.ts'
import { outcomeOnCluster } from './outcome.ts'
import { isSame, placeOf, placesOf, writtenNode, type WrittenNode } from './written-node.ts'

/** Milliseconds for one node. */
const NODE_LIMIT = 5_000

export interface OnCluster {
  dialect: ServerDialect
  written: WrittenNode
}

/** `login`: asked where an earlier node is to be asked about a lost COMMIT. */
export function onCluster(inner: ServerDialect, login: () => Promise<Login>): OnCluster {
  const written = writtenNode()
  if (inner.name !== 'mysql') return { dialect: inner, written }
  const classify = (error: unknown) => failureIn(inner, error)

  /** Links are plain as long as there is one server, and it is no node. */
  const asLink = ({ link, place, told }: NodeLink, isBeside: boolean, isOnly: boolean): Link =>
    isOnly && !link.galera ? link : clusterLink(link, { at: place, told, written: isBeside ? null : written, classify })

  async function connect(given: Login, options: ConnectOptions): Promise<Link> {
    const isOnly = placesOf(given).length === 1
    const { node } = options
    if (!node) return asLink(await connectNode({ inner, written }, given, options), false, isOnly)
    const until = Date.now() + (options.limit ?? NODE_LIMIT)
    const found = await asNode(inner, { ...given, ...placeOf(node), nodes: [] }, node, until, options)
    return asLink(found, true, isOnly && isSame(node, given))
  }

  const dialect: ServerDialect = {
    ...inner,
    connect,
    async outcomeOf(read, mark) {
      const known = readMark(mark)
      const found = known
        ? await outcomeOnCluster({ inner, written, login }, read, known)
        : await inner.outcomeOf(read, mark)
      // Before anybody looks at the rows.
      if (found === 'ended') written.doubt()
      return found
    },
    facts: (read, at) => clusterFacts(inner, written, read, at),
    async openKnex(given, options) {
      const isOnly = placesOf(given).length === 1
      if (isOnly && !written.isGalera) return inner.openKnex(given, options)
      // Nothing is moved in the middle of schema work, so the node is looked at before.
      const link = await connect(given, { ...options, limit: NODE_LIMIT })
      const at = link.at ?? placeOf(given)
      void link.end().catch(() => link.destroy())
      return { ...(await inner.openKnex({ ...given, ...at, nodes: [] }, options)), at }
    },
  }
  return { dialect, written }
}
