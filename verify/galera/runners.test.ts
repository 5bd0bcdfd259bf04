// Migrations on a cluster of three nodes: two runners on two nodes at once, runners that are killed at every boundary, and a
// node that is cut off in the middle of a step. `npm run verify:galera`; GALERA_ROUNDS rounds, 50 unless told.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { TestCluster } from '../../scripts/servers/galera.ts'
import { describeWithGalera } from '../../scripts/servers/missing.ts'
import { profileSettings } from '../../src/shared/profiles.ts'
import { onServer, type Opened } from '../../src/core/tables/engines.test-setup.ts'
import { killSweep } from '../../src/core/migrations/verify/kill-sweep.test-setup.ts'
import { startRunner } from '../../src/core/migrations/verify/runners.test-setup.ts'
import {
  expectedTally,
  reaching,
  stepTables,
  TALLY,
  writeSteps,
} from '../../src/core/migrations/verify/steps.test-setup.ts'

const isFull = process.env.VERIFY === 'full'
const ROUNDS = Number(process.env.GALERA_ROUNDS ?? 50)
/** How often a run comes to a boundary before it is killed there. */
const TIMES = [1, 2, 3, 5]
const OWN = ['knex_migrations', 'knex_migrations_lock', 'roster_migration_statements', 'roster_migrations']

if (isFull) {
  describeWithGalera('migrations on a cluster', (cluster) => {
    describe('two runners on two nodes', () => racing(cluster))
    describe('a runner that is killed', () =>
      killSweep({
        name: 'galera',
        engine: onServer('mysql', () => cluster().nodes[0]),
        options: {
          get nodes() {
            return othersOf(cluster(), 0)
          },
        },
        start: (_, opened, folder) => runnerAt(cluster(), 1, opened, folder),
        times: TIMES,
      }))
    it('a runner whose node is cut off leaves a step that another node settles', { timeout: 120_000 }, () =>
      cutOff(cluster()),
    )
  })
} else it.skip('is part of npm run verify:galera', () => undefined)

function othersOf({ nodes }: TestCluster, index: number) {
  return nodes.filter((_, at) => at !== index).map(({ host, port }) => ({ host, port }))
}

function runnerAt(cluster: TestCluster, index: number, opened: Opened, migrationsFolder: string) {
  const node = cluster.nodes[index]
  if (!node) throw new Error(`There is no node ${index + 1}.`)
  const { host, port, user, password } = node
  const place = { host, port, nodes: othersOf(cluster, index), database: opened.name, user }
  const settings = profileSettings.parse({
    ...{ name: node.name, dialect: 'mysql', migrationsFolder, secret: { kind: 'ask' } },
    ...place,
  })
  return startRunner({ settings, password })
}

/** Until they have applied what was committed on another one: a look at a list does not wait for it. */
async function caughtUp({ nodes }: TestCluster): Promise<void> {
  await Promise.all(nodes.map((node) => node.admin('set statement wsrep_sync_wait = 1 for select 1')))
}

async function scene(cluster: TestCluster) {
  const folder = mkdtempSync(join(tmpdir(), 'roster-runners-'))
  const steps = writeSteps(folder)
  const engine = onServer('mysql', () => cluster.nodes[0])
  const opened = await engine.open(TALLY, { nodes: othersOf(cluster, 0), host: reaching(folder) })
  const { api, profileId } = opened
  await api.migrations.useFolder({ profileId, path: steps })
  await api.migrations.trust({ profileId, content: (await api.migrations.list({ profileId })).folder.content })
  return {
    steps,
    opened,
    list: () => api.migrations.list({ profileId }),
    tally: async () => (await opened.sql('select step, way, part from tally')).map((row) => row.join(' ')).sort(),
    async empty(also: readonly string[] = []) {
      for (const table of [...stepTables, ...OWN, ...also]) await opened.sql(`drop table if exists ${table}`)
      await opened.sql('delete from tally')
    },
    async end() {
      await opened.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function racing(cluster: () => TestCluster): void {
  it(`run each step once (${ROUNDS} rounds)`, { timeout: 3_600_000 }, async () => {
    const at = await scene(cluster())
    const runners = await Promise.all([1, 2].map((index) => runnerAt(cluster(), index, at.opened, at.steps)))
    const outcomes = new Map<string, number>()
    try {
      for (let round = 0; round < ROUNDS; round++) {
        // In every second round the table of the lock has to be made as well, by both at once.
        await at.empty(round % 2 === 0 ? ['roster_migration_lock'] : [])
        await caughtUp(cluster())
        const ends = await Promise.all(runners.map((runner) => runner.run({ action: { kind: 'all' }, kill: null })))
        for (const { outcome, message } of ends) {
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
          expect(['done', 'nothing-to-do', 'failed'], message).toContain(outcome)
          if (outcome === 'failed') expect(message).toMatch(/run or undone steps meanwhile/)
        }
        await caughtUp(cluster())
        expect(await at.tally()).toEqual(expectedTally.up)
        const { isAtHead, half, lock } = await at.list()
        expect([isAtHead, half, lock]).toEqual([true, null, null])
        expect(await at.opened.sql('select id, token from roster_migration_lock')).toEqual([['1', null]])
        expect(await at.opened.sql('select is_locked from knex_migrations_lock')).toEqual([['0']])
      }
    } finally {
      await Promise.all(runners.map((runner) => runner.end()))
      await at.end()
    }
    expect(outcomes.get('done')).toBe(ROUNDS)
    const words = [...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', ')
    console.log(`FIGURE runners (galera): ${ROUNDS} rounds of 2 runners on 2 nodes, each step once; ${words}`)
  })
}

async function cutOff(cluster: TestCluster): Promise<void> {
  const at = await scene(cluster)
  const node = cluster.nodes[2]
  const runner = await runnerAt(cluster, 2, at.opened, at.steps)
  try {
    const reached = runner.reached('after statement')
    const running = runner.run({ action: { kind: 'all' }, kill: { at: 'after statement', time: 1 }, pause: true })
    await reached
    await node.cutOff()
    runner.signal('SIGCONT')
    const { outcome, message } = await running
    expect([outcome, message]).toEqual(['failed', expect.stringMatching(/on the node node3\..*The step is half done/)])
    const { half, lock } = await at.list()
    expect(lock).toBeNull()
    expect(half?.statements.map(({ state }) => state)).toEqual(['under-way'])
    const { api, profileId } = at.opened
    const settle = { kind: 'resume' as const, name: half?.name ?? '', from: 1 }
    for (const action of [settle, { kind: 'all' as const }]) {
      for await (const event of await api.migrations.run({ profileId, action })) {
        if (event.kind === 'finished') expect([event.outcome, event.message]).toEqual(['done', event.message])
      }
    }
    expect(await at.tally()).toEqual(expectedTally.up)
  } finally {
    await node.letIn()
    await runner.end()
    await at.end()
  }
}
