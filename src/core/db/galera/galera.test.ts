// A real cluster of three nodes: sessions leave a node that is not fit, nothing is told wrongly, and nothing is written twice.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startProxy } from '../../../../scripts/servers/fault-proxy.ts'
import type { GaleraNode } from '../../../../scripts/servers/galera.ts'
import { describeWithGalera } from '../../../../scripts/servers/missing.ts'
import type { Session } from '../database.ts'
import { failureOf } from '../failure-of.ts'
import { coreWithServers } from '../../connections/servers.test-setup.ts'
import type { ClusterState } from '../../../shared/cluster.ts'
import { inTransaction, runTransaction } from '../transaction.ts'
import { causalReads, never, NODE, openOn, sql } from './galera.test-setup.ts'

const run = (session: Session, text: string) => session.run(sql(text))

describeWithGalera('on a Galera cluster', (cluster) => {
  let opened: ReturnType<typeof openOn>
  beforeEach(async () => {
    const [first] = cluster().nodes
    await first.admin('CREATE DATABASE IF NOT EXISTS app')
    await first.admin('DROP TABLE IF EXISTS t', 'app')
    await first.admin(
      'CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, v INT, node VARCHAR(20), KEY (v)); INSERT INTO t (v) VALUES (1), (2)',
      'app',
    )
    opened = openOn(cluster())
  })
  afterEach(async () => {
    await opened.close()
  })

  const nodeNow = async () => String((await opened.database.read(NODE, never)).rows[0]?.[0])
  const values = async (node: GaleraNode) =>
    (await node.admin('SET SESSION wsrep_sync_wait=1; SELECT v FROM t ORDER BY v', 'app')).map(([v]) => Number(v))
  /** Reads until the sessions have gone somewhere, and says where: no read may fail. */
  const movedTo = async () => {
    const node = await nodeNow()
    const move = opened.database.lastMove()
    expect(move?.to).toBe(node)
    return move
  }

  describe('leaving a node', () => {
    it('that rejects queries: the next statement goes elsewhere, none fails, and reads wait for the cluster', async () => {
      const [first, second] = cluster().nodes
      expect(await nodeNow()).toBe('node1')
      const told: string[] = []
      opened.database.onMove(({ to }) => told.push(to))
      const before = await causalReads(second)
      await first.admin('SET GLOBAL wsrep_reject_queries = ALL')
      try {
        const move = await movedTo()
        expect(move).toMatchObject({ from: 'node1', to: 'node2' })
        expect(move?.why).toBe('It rejects queries (wsrep_reject_queries = ALL).')
        expect(told).toEqual(['node2'])
        expect(await causalReads(second)).toBeGreaterThan(before)
        // Each connection waits once; the look at the lost node may have made a second one.
        const waitsOfOneRead = async () => {
          const waited = await causalReads(second)
          await nodeNow()
          return (await causalReads(second)) - waited
        }
        await expect.poll(waitsOfOneRead).toBe(0)
      } finally {
        await first.admin('SET GLOBAL wsrep_reject_queries = NONE')
      }
      // It stays where it is.
      expect(await nodeNow()).toBe('node2')
    })

    it('that is desynced, at the look before the next use', async () => {
      const [first] = cluster().nodes
      expect(await nodeNow()).toBe('node1')
      await first.admin('SET GLOBAL wsrep_desync = ON')
      try {
        opened.database.distrust()
        await expect.poll(async () => (await nodeNow()) !== 'node1').toBe(true)
        expect(opened.database.lastMove()?.why).toMatch(/^It is desynced/)
      } finally {
        await first.admin('SET GLOBAL wsrep_desync = OFF')
        await first.synced()
      }
    })

    it('keeps a node that is desynced where no other is left', async () => {
      const [first] = cluster().nodes
      await first.admin('SET GLOBAL wsrep_desync = ON')
      const alone = openOn(cluster(), [first])
      try {
        expect((await alone.database.read(NODE, never)).rows).toEqual([['node1']])
        expect(alone.database.lastMove()).toBeNull()
        const state = await (await alone.database.cluster?.(never))?.look(never)
        expect(state?.nodes[0]).toMatchObject({ isHealthy: false, isWritten: true })
        expect(state?.others).toHaveLength(2)
      } finally {
        await alone.close()
        await first.admin('SET GLOBAL wsrep_desync = OFF')
        await first.synced()
      }
    })

    it('that is cut off, and says who is in the cluster and what another loss would mean', async () => {
      const [first] = cluster().nodes
      expect(await nodeNow()).toBe('node1')
      await first.cutOff()
      try {
        const look = await opened.database.cluster?.(never)
        await expect
          .poll(async () => (await look?.look(never))?.nodes.map(({ isHealthy }) => isHealthy), { timeout: 15_000 })
          .toEqual([false, true, true])
        await movedTo()
        const state = await look?.look(never)
        expect(state?.name).toBe('roster')
        expect(state?.nodes[0]?.words).toMatch(/^It is out of the cluster \(non-Primary\)/)
        expect(state?.nodes.find(({ isWritten }) => isWritten)?.status?.name).toBe(opened.database.lastMove()?.to)
        expect(state?.outlook[0]).toMatch(
          /^2 of 3 nodes are in the cluster\. If one of them crashes or is cut off, the other stops/,
        )
        expect(state?.moves).toHaveLength(1)
        const alone = openOn(cluster(), [first])
        const refused: unknown = await alone.database
          .tryConnect({ signal: never, onPhase: () => undefined })
          .catch((e: unknown) => e)
        expect(failureOf(refused)?.kind).toBe('not-in-cluster')
        expect((refused as Error).message).toMatch(/non-Primary/)
        await alone.close()
      } finally {
        await first.letIn()
      }
    })

    it('that is paused in the middle of a read', async () => {
      const [first] = cluster().nodes
      expect(await nodeNow()).toBe('node1')
      await first.pause()
      try {
        // The system may let the node answer once more after the word to stop.
        await expect.poll(nodeNow, { timeout: 15_000 }).not.toBe('node1')
        expect(opened.database.lastMove()).toMatchObject({ from: 'node1', why: 'It does not answer.' })
      } finally {
        await first.resume()
        await first.synced()
      }
    })

    it('that is killed under saves: nothing acknowledged is lost, and what was not is found out', async () => {
      const [first, second] = cluster().nodes
      const proxy = await startProxy(first)
      const over = openOn(cluster(), [proxy, second])
      const saved: number[] = []
      const looked: number[] = []
      let last = 1_000
      const save = async (isEnough: () => boolean) => {
        while (!isEnough()) {
          last += 1
          const value = last
          const insert = `INSERT INTO t (v, node) VALUES (${value}, @@wsrep_node_name)`
          const ending = await runTransaction(over.database, never, (session) => run(session, insert))
          if (ending.state === 'committed') saved.push(value)
          if (ending.state === 'look') looked.push(value)
        }
      }
      await save(() => saved.length >= 20)
      // The next COMMIT is answered, nobody hears it, and the node is gone.
      let isCommitting = false
      proxy.onClientBytes = (bytes) => {
        isCommitting ||= bytes.includes('COMMIT')
        return undefined
      }
      proxy.onServerBytes = async () => {
        if (!isCommitting) return undefined
        await proxy.mode('refuse')
        await first.kill()
        return 'cut'
      }
      await save(() => saved.length >= 40)
      expect(looked).toHaveLength(1)
      expect(over.database.lastMove()).toMatchObject({ to: 'node2' })
      const { rows } = await over.database.read(sql('SELECT v, node FROM t WHERE v > 1000 ORDER BY id'), never)
      expect(rows.map(([v]) => Number(v)).sort()).toEqual([...saved, ...looked].sort())
      // One node is written at a time: none comes from the one before once there is one from the next.
      const nodes = rows.map(([, node]) => String(node))
      expect(nodes).toEqual([...nodes].sort())
      expect(new Set(nodes)).toEqual(new Set(['node1', 'node2']))
      await over.close()
      await proxy.stop()

      // A profile whose first node is down opens on the next one, and says so.
      expect(await nodeNow()).toBe('node2')
      expect(opened.database.lastMove()).toMatchObject({ to: 'node2', why: 'Nothing listens there.' })
      expect((await opened.database.facts()).cluster).toEqual({ name: 'roster', node: 'node2' })
      await first.restart()
    })
  })

  it('tells pages the nodes while somebody watches, and where the sessions went', async () => {
    const [first, ...others] = cluster().nodes
    const core = await coreWithServers()
    const leave = new AbortController()
    try {
      const nodes = others.map(({ host, port }) => ({ host, port }))
      const { kind, host, port, user, password } = first
      const profileId = await core.add({ kind, host, port, user, password, database: 'app' }, { nodes })
      const states: (ClusterState | null)[] = []
      const watching = (async () => {
        for await (const state of await core.api.connections.cluster({ profileId }, { signal: leave.signal }))
          states.push(state)
      })().catch(() => undefined)
      await expect.poll(() => states).toEqual([null])
      await core.api.connections.open({ profileId })
      expect(await core.until(profileId, ({ state }) => state === 'open')).not.toHaveProperty('moved')
      await expect
        .poll(() => states.at(-1)?.nodes.map(({ isWritten }) => isWritten), { timeout: 5_000 })
        .toEqual([true, false, false])
      await first.admin('SET GLOBAL wsrep_reject_queries = ALL')
      await core.api.tables.list({ profileId })
      const moved = await core.until(profileId, (state) => state.state === 'open' && state.moved !== undefined)
      expect(moved).toMatchObject({ moved: { from: 'node1', to: 'node2' } })
      await expect
        .poll(() => states.at(-1)?.nodes.map(({ isWritten }) => isWritten), { timeout: 5_000 })
        .toEqual([false, true, false])
      expect(states.at(-1)).toMatchObject({ name: 'roster', moves: [{ from: 'node1', to: 'node2' }] })
      leave.abort()
      await watching
    } finally {
      leave.abort()
      await first.admin('SET GLOBAL wsrep_reject_queries = NONE')
      await core.close()
    }
  })

  describe('transactions', () => {
    it('that are undone by another node at their next statement run again whole', async () => {
      const [, second] = cluster().nodes
      const { runs, ending } = await undone(async (session, isFirst) => {
        await run(session, 'UPDATE t SET v = 10 WHERE v = 1')
        if (isFirst) {
          await second.admin(
            'UPDATE t SET node = "other" WHERE id IN (SELECT id FROM (SELECT id FROM t ORDER BY id LIMIT 1) x)',
            'app',
          )
          // Until the write set of the other node has come and ended this transaction.
          await aborts(cluster().nodes[0])
        }
        await run(session, 'UPDATE t SET v = 20 WHERE v = 2')
      })
      expect(runs).toBe(2)
      expect(ending).toMatchObject({ state: 'committed', wasInterrupted: false })
      expect(await values(second)).toEqual([10, 20])
    })

    it('that lose at COMMIT run again whole, at most five times, and say that they gave up', async () => {
      const [, second] = cluster().nodes
      const other = openOn(cluster(), [second])
      let met = 0
      const both = Promise.withResolvers<undefined>()
      const add = async (database: typeof opened.database) => {
        let runs = 0
        await inTransaction(database, never, async (session) => {
          runs += 1
          await run(session, 'UPDATE t SET v = v + 100 WHERE node IS NULL ORDER BY id LIMIT 1')
          if (runs === 1 && (met += 1) === 2) both.resolve(undefined)
          await both.promise
        })
        return runs
      }
      const runs = await Promise.all([add(opened.database), add(other.database)])
      expect(runs.reduce((a, b) => a + b)).toBeGreaterThan(2)
      expect(await values(second)).toEqual([2, 201])
      await other.close()

      let tries = 0
      const never213 = inTransaction(opened.database, never, async (session) => {
        tries += 1
        await run(session, 'UPDATE t SET v = v + 1 WHERE v = 2')
        const before = Number(await aborted(cluster().nodes[0]))
        await second.admin('UPDATE t SET node = CONCAT(IFNULL(node, ""), "x") WHERE v = 2', 'app')
        await expect.poll(async () => Number(await aborted(cluster().nodes[0]))).toBeGreaterThan(before)
        await run(session, 'UPDATE t SET v = v + 1 WHERE v = 201')
      })
      await expect(never213).rejects.toThrow(
        'Another session keeps changing these rows. Tried 6 times; nothing was saved.',
      )
      expect(tries).toBe(6)
      expect(await values(second)).toEqual([2, 201])
    })

    it('whose answer to COMMIT is lost are looked up, with a wait', async () => {
      const [first, second] = cluster().nodes
      const proxy = await startProxy(first)
      const over = openOn(cluster(), [proxy, second])
      proxy.onClientBytes = (bytes) => {
        if (!bytes.includes('COMMIT')) return undefined
        proxy.onClientBytes = null
        return 'drop-reply'
      }
      const ending = await runTransaction(over.database, never, (session) =>
        run(session, 'UPDATE t SET v = 77 WHERE v = 1'),
      )
      expect(ending.state).toBe('look')
      expect(over.database.lastMove()).toBeNull()
      const before = await causalReads(first)
      const { rows } = await over.database.read(sql('SELECT v FROM t ORDER BY v'), never)
      expect(rows).toEqual([[2n], [77n]])
      expect(await causalReads(first)).toBe(before + 1)
      await over.close()
      await proxy.stop()
    })
  })

  it('reads what takes long on another node, and on the written one where that fails', async () => {
    const long = async () => String((await opened.database.read(NODE, never, { isLong: true })).rows[0]?.[0])
    expect(await nodeNow()).toBe('node1')
    const [, reader] = cluster().nodes
    // It may be some milliseconds behind: the table's rows are of this test.
    await expect.poll(long).toBe('node2')
    expect(await nodeNow()).toBe('node1')
    const sleeping = new AbortController()
    const reading = opened.database.read(sql('SELECT SLEEP(60)'), sleeping.signal, { isLong: true })
    reading.catch(() => undefined)
    const asleep = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO = 'SELECT SLEEP(60)'"
    await expect.poll(async () => (await reader.admin(asleep))[0]?.[0]).toBe('1')
    sleeping.abort(new Error('enough'))
    await expect(reading).rejects.toThrow('enough')
    await expect.poll(async () => (await reader.admin(asleep))[0]?.[0]).toBe('0')
    const others = cluster().nodes.filter(({ name }) => name !== 'node1')
    for (const node of others) await node.admin('SET GLOBAL wsrep_reject_queries = ALL')
    try {
      expect(await long()).toBe('node1')
    } finally {
      for (const node of others) await node.admin('SET GLOBAL wsrep_reject_queries = NONE')
    }
  })

  it('asks a node by its name', async () => {
    await nodeNow()
    const look = await opened.database.cluster?.(never)
    const name = (node: string) => look?.askNode(node, never, async (read) => (await read(NODE)).rows[0]?.[0])
    expect(await name('node3')).toBe('node3')
    expect(await name('node9')).toBeNull()
  })

  async function undone(work: (session: Session, isFirst: boolean) => Promise<void>) {
    let runs = 0
    const ending = await runTransaction(opened.database, never, async (session) => {
      runs += 1
      await work(session, runs === 1)
    })
    return { runs, ending }
  }
})

const aborted = async (node: GaleraNode) =>
  (await node.admin("SHOW STATUS LIKE 'wsrep_local_bf_aborts'"))[0]?.[1] ?? '0'

async function aborts(node: GaleraNode): Promise<void> {
  await expect.poll(async () => Number(await aborted(node))).toBeGreaterThan(0)
}
