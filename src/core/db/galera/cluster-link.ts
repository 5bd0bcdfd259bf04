// A connection to one node: refused once another node is written, dead once its node has left the cluster, and waiting for
// what the cluster has committed where its own node may not have it yet.
import type { Place } from '../../../shared/reaching.ts'
import { withFailure } from '../failure-of.ts'
import type { Failure } from '../failure.ts'
import type { Link } from '../server/link.ts'
import { markText } from './mark.ts'
import { healthOf, nodeTold, type Fitness, type NodeTold } from './node-status.ts'
import { unfitNode } from './node-words.ts'
import type { WrittenNode } from './written-node.ts'

export interface ClusterLinkParts {
  at: Place
  /** Of the look after connecting; null where the server is no node of a Galera cluster. */
  told: NodeTold | null
  /** Null for a connection beside the written node: it stays, and waits for nothing. */
  written: WrittenNode | null
  classify: (error: unknown) => Failure
}

/** How it was found is how it may stay: one that was taken although it is set apart is not left for being set apart. */
const stays: Readonly<Record<Fitness, readonly Fitness[]>> = {
  healthy: ['healthy'],
  usable: ['healthy', 'usable'],
  unfit: ['healthy', 'usable', 'unfit'],
}

export function clusterLink(inner: Link, { at, told, written, classify }: ClusterLinkParts): Link {
  const { galera } = inner
  const accepted = stays[told ? healthOf(told.status).fitness : 'healthy']
  let isInTransaction = false
  let hasCaughtUpAt = 0

  const isLeft = () => written?.place !== undefined && written.place !== null && !isAt(written.place, at)

  function refuseIfLeft(): void {
    if (isInTransaction || !isLeft()) return
    const message = 'The connection is to a node that is not written any more.'
    throw withFailure(new Error(message), { kind: 'lost', code: '', message })
  }

  /** A node that refuses one statement refuses all: whoever has the connection lets it go, and the next one looks. */
  async function noticing<T>(start: () => Promise<T>): Promise<T> {
    try {
      return await start()
    } catch (error) {
      // After the error has reached who asked: its own words are better than those of a closed connection.
      if (classify(error).kind === 'not-in-cluster') setImmediate(() => inner.destroy())
      throw error
    }
  }

  async function caughtUp(): Promise<void> {
    if (!galera || !written || isInTransaction || hasCaughtUpAt === written.epoch) return
    const { epoch } = written
    await galera.catchUp()
    hasCaughtUpAt = epoch
  }

  const statement = <T>(start: () => Promise<T>) =>
    noticing(async () => {
      refuseIfLeft()
      return start()
    })

  return {
    session: inner.session,
    ...(inner.isPooled !== undefined && { isPooled: inner.isPooled }),
    ...(inner.encryption !== undefined && { encryption: inner.encryption }),
    ...(galera && { galera }),
    at,
    get isDead() {
      return inner.isDead || (isLeft() && !isInTransaction)
    },
    onEnd: (listener) => inner.onEnd(listener),
    query: (query) =>
      statement(async () => {
        await caughtUp()
        return inner.query(query)
      }),
    run: (change) => statement(() => inner.run(change)),
    runMany: (sql, rows) => statement(() => inner.runMany(sql, rows)),
    bulk: (table, columns, rows) => statement(() => inner.bulk(table, columns, rows)),
    begin: () =>
      statement(async () => {
        await caughtUp()
        // While it waited, another connection may have found the node gone.
        refuseIfLeft()
        await inner.begin()
        isInTransaction = true
      }),
    async mark() {
      const session = await noticing(() => inner.mark())
      if (session === null || !written) return session
      const { uuid = '', name = '' } = told?.status ?? {}
      return markText({ place: at, name, uuid, address: told?.address ?? '', history: told?.history ?? '', session })
    },
    async commit() {
      await noticing(() => inner.commit())
      isInTransaction = false
      // It was begun before the change, and the node that is written now may not have it yet.
      if (isLeft()) written?.doubt()
    },
    async rollback() {
      try {
        await noticing(() => inner.rollback())
      } finally {
        isInTransaction = false
      }
    },
    async ping() {
      refuseIfLeft()
      if (!galera) return inner.ping()
      const { fitness, words } = healthOf(nodeTold(await galera.status()).status)
      if (!accepted.includes(fitness)) throw unfitNode(words)
    },
    end: () => inner.end(),
    destroy: () => inner.destroy(),
  }
}

const isAt = (a: Place, b: Place) => a.host === b.host && a.port === b.port
