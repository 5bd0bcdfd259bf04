// One node at a time is killed, paused or cut off while two profiles save through the real core, each on its own node: whatever
// was said of a save is so, on every node. `npm run verify:galera`; GALERA_SECONDS says for how long, 300 unless told.
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { GaleraNode } from '../../scripts/servers/galera.ts'
import { describeWithGalera } from '../../scripts/servers/missing.ts'
import { areMajority, coreOn, describeCluster, rowsOn, setUp } from './cluster.ts'
import { FIRST, saver } from './saver.ts'

const isFull = process.env.VERIFY === 'full'
const SECONDS = Number(process.env.GALERA_SECONDS ?? 300)
/** Milliseconds: from a fault until the node is brought back, and from there to the next one. */
const DOWN = 8_000
const REST = 4_000
/** Of each profile; every saver has a counter of its own. */
const SAVERS = 2

const FAULTS: Record<string, (node: GaleraNode, left: readonly GaleraNode[]) => Promise<string | undefined>> = {
  async kill(node, left) {
    await node.kill()
    await wait(DOWN)
    const isPrimary = await areMajority(left)
    // As an administrator would.
    if (!isPrimary) await left[0]?.admin("SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES'")
    await node.restart()
    return isPrimary ? undefined : 'bootstrapped'
  },
  async pause(node) {
    await node.pause()
    await wait(DOWN)
    await node.resume()
    await node.synced()
    return undefined
  },
  async isolate(node) {
    await node.cutOff()
    await wait(DOWN)
    await node.letIn()
    return undefined
  },
}

function timesOf(errors: readonly (readonly [words: string, times: number])[]): Record<string, number> {
  const all: Record<string, number> = {}
  for (const [words, times] of errors) all[words] = (all[words] ?? 0) + times
  return all
}

if (isFull) {
  describeWithGalera('faults under guarded saves', (cluster) => {
    it(
      'keep what was acknowledged, and what was said of everything else',
      { timeout: SECONDS * 1_000 + 300_000 },
      async () => {
        await setUp(cluster(), 2 * SAVERS)
        const settings = await describeCluster(cluster())
        const cores = [await coreOn(cluster(), 0), await coreOn(cluster(), 1)]
        const savers = cores.flatMap(({ core, profileId }, which) =>
          Array.from({ length: SAVERS }, (_, index) => saver(core, profileId, which * SAVERS + index + 1)),
        )
        const stop = new AbortController()
        const saving = savers.map((each) => each.run(stop.signal))
        const until = Date.now() + SECONDS * 1_000
        const faults: Record<string, number> = {}
        const kinds = Object.keys(FAULTS)
        for (let number = 0; Date.now() < until; number += 1) {
          await wait(REST)
          const kind = kinds[number % kinds.length] ?? 'kill'
          const node = cluster().nodes[Math.floor(number / kinds.length) % 3] as GaleraNode
          const left = cluster().nodes.filter((other) => other !== node)
          for (const what of [kind, await FAULTS[kind]?.(node, left)]) {
            if (what) faults[what] = (faults[what] ?? 0) + 1
          }
        }
        await wait(REST)
        stop.abort()
        await Promise.all(saving)
        const moves = cores.map(({ core, profileId }) => core.stateOf(profileId))
        await Promise.all(cores.map(({ core }) => core.close()))

        const all = await Promise.all(cluster().nodes.map((node) => rowsOn(node)))
        const [rows = new Map<bigint, bigint>()] = all
        const sum = (of: (saver: (typeof savers)[number]) => number) =>
          savers.reduce((total, each) => total + of(each), 0)
        const lost = savers.flatMap(({ record }) => record.saved.filter((id) => !rows.has(id)))
        const untrue = savers.flatMap(({ record }) => record.notSaved.filter((id) => rows.has(id)))
        const said = new Set(savers.flatMap(({ record }) => [...record.saved, ...record.notSaved, ...record.open]))
        const figures = {
          ...{ seconds: SECONDS, faults, settings },
          acknowledged: sum(({ record }) => record.saved.length),
          lost: lost.length,
          unknownAndResolved: {
            saved: sum(({ record }) => record.resolved.saved),
            notSaved: sum(({ record }) => record.resolved.notSaved),
          },
          unresolved: sum(({ record }) => record.open.length),
          saidNotSavedAndThere: untrue.length,
          conflicts: sum(({ record }) => record.conflicts),
          longestGapMs: Math.round(Math.max(...savers.map(({ record }) => record.gap.ms))),
          errors: timesOf(savers.flatMap(({ record }) => [...record.errors])),
          moved: moves.map((state) => (state.state === 'open' ? state.moved : state.state)),
        }
        console.log(`FIGURE galera faults: ${JSON.stringify(figures)}`)
        for (const other of all) expect(other).toEqual(rows)
        expect(lost).toEqual([])
        expect(untrue).toEqual([])
        expect(figures.unresolved).toBe(0)
        expect([...rows.keys()].filter((id) => id >= FIRST && !said.has(id))).toEqual([])
        expect(figures.acknowledged).toBeGreaterThan(SECONDS)
        savers.forEach(({ record }, index) => expect(rows.get(BigInt(index + 1))).toBe(BigInt(record.saved.length)))
      },
    )
  })
} else it.skip('faults under guarded saves: npm run verify:galera', () => undefined)
