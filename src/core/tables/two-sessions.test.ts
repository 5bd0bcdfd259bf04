// Two Rosters edit the same rows of one database as fast as they can: what was acknowledged is there in the end, all of it and
// nothing else. `VERIFY=full` takes 30 s on each engine.
import { ORPCError, createRouterClient } from '@orpc/server'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createHeadlessHost } from '../../headless/host.ts'
import type { Api } from '../../shared/contract.ts'
import { createCore } from '../core.ts'
import { router } from '../router.ts'
import { describeOnEachEngine, untilOpen, type Engine, type Opened } from './engines.test-setup.ts'

const MILLISECONDS = process.env.VERIFY === 'full' ? 30_000 : 1_000
const ROWS = 3
/** Rows that one save changes. */
const AT_ONCE = 2

/** Refusals that a person meets when somebody else was faster: nothing was saved then. */
const EXPECTED = new Set(['CONFLICT', 'QUERY_FAILED'])

describeOnEachEngine('two sessions', (engine) => {
  it('that edit the same rows lose nothing that was acknowledged', { timeout: MILLISECONDS + 60_000 }, async () => {
    const first = await engine.open(setup(engine))
    const second = await another(first)
    const told = await Promise.all([edit(first.api, first.profileId, 0), edit(second.api, second.profileId, 1)])
    const rows = await first.sql('select id, tally from counter order by id')
    const expected = Array.from({ length: ROWS }, (_, index) => [
      String(index + 1),
      String(told.reduce((sum, { acknowledged }) => sum + (acknowledged[index] ?? 0), 0)),
    ])
    const [saves, conflicts] = [told[0].saves + told[1].saves, told[0].refused + told[1].refused]
    await second.close()
    await first.close()
    if (process.env.VERIFY === 'full') {
      console.log(`FIGURE two sessions on ${engine.dialect}: ${saves} saves acknowledged, ${conflicts} refused, 0 lost`)
    }
    expect(rows).toEqual(expected)
    // They have saved, and were in each other's way: else nothing was shown. In a second one of them may never be the faster.
    expect(process.env.VERIFY === 'full' ? Math.min(told[0].saves, told[1].saves) : saves).toBeGreaterThan(0)
    expect(conflicts).toBeGreaterThan(0)
  })
})

/** Both sessions count in one column: whoever saved over what it had not seen would make it too small. */
const setup = ({ dialect }: Engine) =>
  `create table counter (id ${dialect === 'sqlite' ? 'integer' : 'bigint'} primary key, tally bigint not null);` +
  Array.from({ length: ROWS }, (_, index) => `insert into counter values (${index + 1}, 0);`).join(' ')

/** A second Roster, with files of its own, on the same database. */
async function another(opened: Opened): Promise<{ api: Api; profileId: string; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'roster-second-'))
  const core = await createCore(createHeadlessHost({ version: 'test', dataFolder: folder, roots: [tmpdir()] }))
  const api: Api = createRouterClient(router, { context: { core } })
  const { settings, password } = opened.reachable
  const { id } = await api.profiles.create({ settings, ...(password !== null && { password }) })
  if (settings.dialect !== 'sqlite') {
    await api.connections.open({ profileId: id })
    await untilOpen(core, id)
  }
  return {
    api,
    profileId: id,
    async close() {
      await core.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Reads two rows, adds 1 to each, saves; until the time is over. */
async function edit(api: Api, profileId: string, who: 0 | 1) {
  const acknowledged = Array.from({ length: ROWS }, () => 0)
  let [saves, refused] = [0, 0]
  const end = performance.now() + MILLISECONDS
  const view = { profileId, table: 'counter', sort: null, filter: null }
  for (let turn = 0; performance.now() < end; turn++) {
    const page = await api.tables.page({ view, place: { kind: 'first' }, limit: ROWS })
    const at = page.columns.indexOf('tally')
    // The two begin with different rows, so that servers meet deadlocks too.
    const chosen = Array.from(
      { length: AT_ONCE },
      (_, step) => (who === 0 ? turn + step : turn + AT_ONCE - step) % ROWS,
    )
    const changes = chosen.map((index) => {
      const tally = page.rows[index]?.[at] as bigint
      return {
        kind: 'update' as const,
        id: `${index}`,
        key: page.keys[index] ?? [],
        original: { tally },
        values: { tally: tally + 1n },
      }
    })
    try {
      await api.tables.save({ profileId, table: 'counter', changes })
      saves += 1
      for (const index of chosen) acknowledged[index] = (acknowledged[index] ?? 0) + 1
    } catch (error) {
      if (!(error instanceof ORPCError) || !EXPECTED.has(String(error.code))) throw error
      refused += 1
    }
  }
  return { saves, refused, acknowledged }
}
