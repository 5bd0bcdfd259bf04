// A runner is killed at every boundary, up and down. Afterwards every statement was done once, no lock is left,
// and the list says what a person has to decide.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MigrationAction } from '../../../shared/migration-runs.ts'
import type { HalfStep } from '../../../shared/migration-steps.ts'
import type { Engine, Opened, OpenOptions } from '../../tables/engines.test-setup.ts'
import { boundaries, type Boundary } from '../run/boundary.ts'
import { runnerOf, type Runner } from './runners.test-setup.ts'
import { expectedTally, stepNames, reaching, stepTables, TALLY, traceOf, writeSteps } from './steps.test-setup.ts'

const IS_FULL = process.env.VERIFY === 'full'
/** How often a run comes to one boundary at most: 3 steps of at most 3 statements, and what is written down of them. */
const TIMES = IS_FULL ? [1, 2, 3, 4, 5, 6, 7, 8] : [2]
/** Boundaries of the short form: those where something is half done. */
const SHORT: readonly Boundary[] = ['after journal', 'after statement', 'after ledger', 'after commit']
const SWEPT = IS_FULL ? boundaries : SHORT
/** Milliseconds in which the lock of a killed runner is free. */
const FREE = 5_000
/** Milliseconds until that is given up. */
const LIMIT = 60_000

export interface Swept {
  engine: Engine
  /** In the line of figures; the dialect unless told. */
  name?: string
  /** What the profile that goes on afterwards is opened with. */
  options?: OpenOptions
  /** A runner that is to be killed, on the same database. */
  start?: typeof runnerOf
  /** How often a run comes to each boundary before it is killed there. */
  times?: readonly number[]
}

/** Tests: inside of a describe of the engine. */
export function killSweep({
  engine,
  name = engine.dialect,
  options = {},
  start = runnerOf,
  times = TIMES,
}: Swept): void {
  const folder = mkdtempSync(join(tmpdir(), 'roster-kill-sweep-'))
  let opened: Opened
  let steps: string
  const counts = { kills: 0, halves: 0, notReached: 0, longest: 0 }
  beforeAll(async () => {
    steps = writeSteps(folder)
    opened = await engine.open(TALLY, { ...options, host: reaching(folder) })
    const { api, profileId } = opened
    await api.migrations.useFolder({ profileId, path: steps })
    const list = await api.migrations.list({ profileId })
    await api.migrations.trust({ profileId, content: list.folder.content })
  })
  afterAll(async () => {
    await opened.close()
    rmSync(folder, { recursive: true, force: true })
    console.log(
      `FIGURE killed (${name}): ${counts.kills} kills, ${counts.halves} half steps settled, ${counts.notReached} boundaries not reached, lock free after at most ${Math.round(counts.longest)} ms`,
    )
  })

  const runner = (): Promise<Runner> => start(engine, opened, steps)

  const list = () => opened.api.migrations.list({ profileId: opened.profileId })
  const tally = async () => (await opened.sql('select step, way, part from tally')).map((row) => row.join(' ')).sort()
  async function isThere(table: string): Promise<boolean> {
    try {
      await opened.sql(`select 1 from ${table} where 1 = 0`)
      return true
    } catch {
      return false
    }
  }

  async function run(action: MigrationAction) {
    for await (const event of await opened.api.migrations.run({ profileId: opened.profileId, action })) {
      if (event.kind === 'finished') return event
    }
    throw new Error('The run did not end with `finished`.')
  }

  /** As a person would who has looked whether the statement under way was done. */
  async function settle(half: HalfStep): Promise<void> {
    counts.halves++
    expect(half.message).not.toBe('')
    const open = half.statements.find(({ state }) => state === 'under-way')
    const from = half.resumeFrom + (open && (await wasDone(open.sql, half.direction)) ? 1 : 0)
    expect(half.choices.resume).toBe(null)
    const { outcome, message } = await run({ kind: 'resume', name: half.name, from })
    expect([outcome, message]).toEqual(['done', message])
  }

  async function wasDone(sql: string, way: 'up' | 'down'): Promise<boolean> {
    const trace = traceOf(sql, way)
    if ('tally' in trace) return (await tally()).includes(trace.tally)
    return (await isThere(trace.table)) === trace.isThere
  }

  /** A cluster's lock is known to be free once the node of the killed runner has told it; a server's own ends with the session. */
  async function untilFree(): Promise<void> {
    const began = performance.now()
    while ((await list()).lock?.kind === 'run') {
      if (performance.now() - began > LIMIT) throw new Error('The lock of the killed runner is not free.')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    counts.longest = Math.max(counts.longest, performance.now() - began)
  }

  /** Goes on as the list allows until nothing is left to do. */
  async function finish(way: 'up' | 'down'): Promise<void> {
    await untilFree()
    for (let round = 0; round < 6; round++) {
      const { half, lock, isAtHead, lastBatch, blocked } = await list()
      expect(blocked).toBe(null)
      if (half) await settle(half)
      else if (way === 'up' ? isAtHead : lastBatch.length === 0) return expect(lock).toBe(null)
      else {
        const { outcome, message } = await run({ kind: way === 'up' ? 'all' : 'rollback' })
        expect([outcome, message]).toEqual(['done', message])
      }
    }
    throw new Error('It never came to its end.')
  }

  async function empty(): Promise<void> {
    for (const table of [
      ...stepTables,
      'knex_migrations',
      'knex_migrations_lock',
      'roster_migration_statements',
      'roster_migrations',
    ]) {
      await opened.sql(`drop table if exists ${table}`)
    }
    await opened.sql('delete from tally')
  }

  async function sweep(way: 'up' | 'down', at: Boundary, time: number): Promise<void> {
    await empty()
    if (way === 'down') {
      expect((await run({ kind: 'all' })).outcome).toBe('done')
      await opened.sql('delete from tally')
    }
    const one = await runner()
    try {
      const { outcome } = await one.run({ action: { kind: way === 'up' ? 'all' : 'rollback' }, kill: { at, time } })
      if (outcome === 'killed') counts.kills++
      else counts.notReached++
      expect(['killed', 'done']).toContain(outcome)
    } finally {
      await one.end()
    }
    await finish(way)
    expect(await tally()).toEqual(expectedTally[way])
    for (const table of stepTables) expect([table, await isThere(table)]).toEqual([table, way === 'up'])
    const { steps: after } = await list()
    expect(after.map(({ name, state }) => [name, state])).toEqual(
      stepNames.map((name) => [name, way === 'up' ? 'applied' : 'pending']),
    )
  }

  for (const way of ['up', 'down'] as const) {
    describe(way, () => {
      for (const at of SWEPT) {
        it(`${at}`, { timeout: 600_000 }, async () => {
          for (const time of times) await sweep(way, at, time)
        })
      }
    })
  }

  it('frees its lock in time', () => {
    expect(counts.kills).toBeGreaterThan(0)
    // The sessions of killed runners ended while the next run waited for the lock.
    expect(counts.longest).toBeLessThan(FREE)
  })
}
