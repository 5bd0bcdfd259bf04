// Many runners at once, each a process of its own: every step is run exactly once, whoever comes first. And a runner that slept
// while its session was ended does not go on as if nothing had happened.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { MigrationAction } from '../../../shared/migration-runs.ts'
import { describeOnEachEngine, type Opened } from '../../tables/engines.test-setup.ts'
import { runnerOf, type Runner } from './runners.test-setup.ts'
import { expectedTally, reaching, stepTables, TALLY, writeSteps } from './steps.test-setup.ts'

const IS_FULL = process.env.VERIFY === 'full'
const RUNNERS = IS_FULL ? 20 : 4
const ROUNDS = IS_FULL ? 50 : 2

describeOnEachEngine('many runners at once', (engine) => {
  const folder = mkdtempSync(join(tmpdir(), 'roster-race-'))
  const runners: Runner[] = []
  let opened: Opened
  beforeAll(async () => {
    const steps = writeSteps(folder)
    opened = await engine.open(TALLY, { host: reaching(folder) })
    const { api, profileId } = opened
    await api.migrations.useFolder({ profileId, path: steps })
    await api.migrations.trust({ profileId, content: (await api.migrations.list({ profileId })).folder.content })
    for (let n = 0; n < RUNNERS; n += 4) {
      const some = Array.from({ length: Math.min(4, RUNNERS - n) }, () => runnerOf(engine, opened, steps))
      runners.push(...(await Promise.all(some)))
    }
  }, 300_000)
  afterAll(async () => {
    await Promise.all(runners.map((runner) => runner.end()))
    await opened.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const list = () => opened.api.migrations.list({ profileId: opened.profileId })
  const tally = async () => (await opened.sql('select step, way, part from tally')).map((row) => row.join(' ')).sort()

  async function empty(): Promise<void> {
    const own = ['knex_migrations', 'knex_migrations_lock', 'roster_migration_statements', 'roster_migrations']
    for (const table of [...stepTables, ...own]) await opened.sql(`drop table if exists ${table}`)
    await opened.sql('delete from tally')
  }

  async function run(action: MigrationAction) {
    for await (const event of await opened.api.migrations.run({ profileId: opened.profileId, action })) {
      if (event.kind === 'finished') return event
    }
    throw new Error('The run did not end with `finished`.')
  }

  it(`run each step once (${RUNNERS} runners, ${ROUNDS} rounds)`, { timeout: 1_800_000 }, async () => {
    const outcomes = new Map<string, number>()
    for (let round = 0; round < ROUNDS; round++) {
      await empty()
      const ends = await Promise.all(runners.map((runner) => runner.run({ action: { kind: 'all' }, kill: null })))
      for (const { outcome, message } of ends) {
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
        // Whoever came too late was told so.
        expect(['done', 'nothing-to-do', 'failed'], message).toContain(outcome)
        if (outcome === 'failed') expect(message).toMatch(/meanwhile|Another run|is under way|locked/i)
      }
      expect(await tally()).toEqual(expectedTally.up)
      const { isAtHead, half, lock } = await list()
      expect([isAtHead, half, lock]).toEqual([true, null, null])
    }
    expect(outcomes.get('done')).toBeGreaterThanOrEqual(ROUNDS)
    const words = [...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', ')
    console.log(`FIGURE race (${engine.dialect}): ${ROUNDS} rounds of ${RUNNERS} runners, each step once; ${words}`)
  })

  it('one that slept while its session was ended notices before its next statement', { timeout: 120_000 }, async () => {
    const [sleeper] = runners
    if (!sleeper) throw new Error('There is a runner.')
    await empty()
    const reached = sleeper.reached('after statement')
    const slept = sleeper.run({ action: { kind: 'all' }, kill: { at: 'after statement', time: 4 }, pause: true })
    await reached
    // Until it is stopped at its fourth statement.
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    if (engine.dialect === 'sqlite') {
      // Its file lock is no session that anybody could end: the others wait.
      const other = run({ kind: 'all' })
      await new Promise((resolve) => setTimeout(resolve, 500))
      sleeper.signal('SIGCONT')
      expect((await slept).outcome).toBe('done')
      expect(['nothing-to-do', 'done', 'failed']).toContain((await other).outcome)
    } else {
      await endSessions()
      const settled = await finish()
      sleeper.signal('SIGCONT')
      const { outcome, message } = await slept
      expect([outcome, message]).toEqual(['failed', message])
      expect(settled).toBe('done')
    }
    expect(await tally()).toEqual(expectedTally.up)
    expect((await list()).isAtHead).toBe(true)
  })

  /** Ends what holds the lock of the migrations, as a failover or an administrator would. */
  async function endSessions(): Promise<void> {
    if (engine.dialect === 'postgres') {
      await opened.sql(
        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid() and database = (select oid from pg_database where datname = current_database())",
      )
      return
    }
    const sessions = await opened.sql(
      "select id from information_schema.processlist where db = database() and id <> connection_id() and info is null and is_used_lock(concat('roster ', md5(database()))) = id",
    )
    expect(sessions.length).toBe(1)
    for (const [id = ''] of sessions) await opened.sql(`kill ${id ?? ''}`)
  }

  /** What the others do meanwhile: settle what is half done, and run the rest. */
  async function finish(): Promise<string> {
    const { half } = await list()
    if (half) {
      const done = await tally()
      const open = half.statements.find(({ state }) => state === 'under-way')
      expect(open === undefined || done.length > 0).toBe(true)
      const { outcome, message } = await run({
        kind: 'resume',
        name: half.name,
        from: half.resumeFrom + (open ? 1 : 0),
      })
      expect([outcome, message]).toEqual(['done', message])
    }
    const { outcome } = await run({ kind: 'all' })
    return outcome
  }
})
