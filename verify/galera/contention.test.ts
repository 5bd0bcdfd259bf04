// Three rows that everybody wants, from two nodes at once: what was acknowledged is what the counters hold, no update is lost.
// `npm run verify:galera`, for GALERA_CONTENTION_SECONDS, 60 unless told.
import { expect, it } from 'vitest'
import { describeWithGalera } from '../../scripts/servers/missing.ts'
import type { CoreWithServers } from '../../src/core/connections/servers.test-setup.ts'
import type { Conflict } from '../../src/shared/tables.ts'
import { coreOn, rowsOn, setUp } from './cluster.ts'
import { TABLE } from './saver.ts'

const isFull = process.env.VERIFY === 'full'
const SECONDS = Number(process.env.GALERA_CONTENTION_SECONDS ?? 60)
const ROWS = [1n, 2n, 3n] as const
const WORKERS = 3

interface Tally {
  acknowledged: Map<bigint, bigint>
  conflicts: number
  gaveUp: number
  others: Map<string, number>
}

async function raise(
  core: CoreWithServers,
  profileId: string,
  tally: Tally,
  until: number,
  seed: number,
): Promise<void> {
  const seen = new Map<bigint, bigint>(ROWS.map((id) => [id, 0n]))
  for (let number = seed; Date.now() < until; number += 1) {
    const id = ROWS[number % ROWS.length] as bigint
    const n = seen.get(id) ?? 0n
    const change = { kind: 'update' as const, id: 'c', key: [id], original: { n }, values: { n: n + 1n } }
    try {
      await core.api.tables.save({ profileId, table: TABLE, changes: [change] })
      tally.acknowledged.set(id, (tally.acknowledged.get(id) ?? 0n) + 1n)
      seen.set(id, n + 1n)
    } catch (error) {
      const { code, data, message } = error as { code?: string; data?: { conflicts?: Conflict[] }; message?: string }
      const theirs = data?.conflicts?.[0]?.columns[0]?.theirs
      if (typeof theirs === 'bigint') seen.set(id, theirs)
      if (code === 'CONFLICT') tally.conflicts += 1
      else if (code === 'QUERY_FAILED' && message?.startsWith('Another session keeps changing')) tally.gaveUp += 1
      else tally.others.set(`${code} ${message}`, (tally.others.get(`${code} ${message}`) ?? 0) + 1)
    }
  }
}

if (isFull) {
  describeWithGalera('three rows from two nodes', (cluster) => {
    it('lose no update', { timeout: SECONDS * 1_000 + 120_000 }, async () => {
      await setUp(cluster(), ROWS.length)
      const cores = [await coreOn(cluster(), 0), await coreOn(cluster(), 1)]
      const tally: Tally = { acknowledged: new Map(), conflicts: 0, gaveUp: 0, others: new Map() }
      const until = Date.now() + SECONDS * 1_000
      await Promise.all(
        cores.flatMap(({ core, profileId }) =>
          Array.from({ length: WORKERS }, (_, seed) => raise(core, profileId, tally, until, seed)),
        ),
      )
      await Promise.all(cores.map(({ core }) => core.close()))
      const all = await Promise.all(cluster().nodes.map((node) => rowsOn(node)))
      const total = [...tally.acknowledged.values()].reduce((sum, each) => sum + each, 0n)
      const held = [...(all[0] ?? [])].reduce((sum, [, n]) => sum + n, 0n)
      const figures = {
        ...{ seconds: SECONDS, acknowledged: Number(total), lostUpdates: Number(total - held) },
        ...{ conflicts: tally.conflicts, gaveUp: tally.gaveUp, others: Object.fromEntries(tally.others) },
      }
      console.log(`FIGURE galera contention: ${JSON.stringify(figures)}`)
      for (const rows of all) {
        for (const id of ROWS) expect(rows.get(id)).toBe(tally.acknowledged.get(id))
      }
      expect(tally.conflicts).toBeGreaterThan(0)
      expect(tally.others.size).toBe(0)
      expect(Number(total)).toBeGreaterThan(SECONDS)
    })
  })
} else it.skip('three rows from two nodes: npm run verify:galera', () => undefined)
