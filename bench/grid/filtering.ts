// Filters and counts through the contract: the first rows, what happens to a query that nobody waits for any more, the number.
import type { Filter } from '../../src/shared/filters.ts'
import { where } from '../../src/shared/filters.ts'
import { figure, p95AtMost } from './figures.ts'
import { attempt, inTurn, PAGE, timed, viewBy, type Connected } from './measured.ts'
import type { Test } from './raw-driver.ts'

/** Milliseconds for rows to be there once a filter is cleared, or another takes its place. */
const CLEARED = 100
const ROUNDS = 10

export async function measureFilters(measuring: Connected): Promise<void> {
  const { engine, raw, rows, note, client } = measuring
  const last = await raw.emailOf(rows)
  // The digits of one email: found by reading all of them.
  const rare = /\d+@/.exec(last)?.[0] ?? last
  const cases: [what: string, test: Test, text: string, rounds: number][] = [
    ['contains, a name that many have', 'contains', 'garc', ROUNDS],
    ['contains, what one row has (all are read)', 'contains', rare, 3],
    ['starts with', 'starts', 'quentin.s', ROUNDS],
    ['equals', 'equals', last, ROUNDS],
  ]
  for (const [what, test, text, rounds] of cases) {
    const view = viewBy(measuring, null, filterOf(test, text))
    await attempt(measuring, 'filter', `email ${what}`, async () => {
      const times = await inTurn(
        rounds,
        (_, signal) => client.api.tables.page({ view, place: { kind: 'first' }, limit: PAGE }, { signal }),
        () => raw.find(test, text, PAGE),
      )
      note(figure(engine, 'filter', `email ${what}: first rows`, times))
    })
  }
  await attempt(measuring, 'filter', 'superseded search', () => superseded(measuring, rare))
  await attempt(measuring, 'count', 'count', () => counts(measuring))
}

function filterOf(test: Test, text: string): Filter {
  return where('email', test === 'equals' ? { test, value: text } : { test, text })
}

/** A search that reads everything is left; then the whole table is asked for, as a page does whose filter is cleared. */
async function superseded(measuring: Connected, rare: string): Promise<void> {
  const { engine, client, raw, host, note } = measuring
  // Asked of several columns, so that it is still under way when it is left.
  const slow = viewBy(measuring, null, {
    kind: 'group',
    join: 'or',
    parts: [where(null, { test: 'contains', text: `${rare}.` }), where(null, { test: 'contains', text: `.${rare}` })],
  })
  const whole = viewBy(measuring, null)
  const [gone, rows]: [number[], number[]] = [[], []]
  let tooFast = 0
  await client.api.tables.page({ view: whole, place: { kind: 'first' }, limit: PAGE })
  for (let round = 0; round < ROUNDS; round++) {
    const before = host.children()
    const leaving = new AbortController()
    let isOver = false
    const search = client.api.tables
      .page({ view: slow, place: { kind: 'first' }, limit: PAGE }, { signal: leaving.signal })
      .then(
        () => (isOver = true),
        () => undefined,
      )
    await new Promise((resolve) => setTimeout(resolve, 120))
    if (isOver) {
      tooFast += 1
      continue
    }
    const began = performance.now()
    leaving.abort()
    const next = timed((signal) =>
      client.api.tables.page({ view: whole, place: { kind: 'first' }, limit: PAGE }, { signal }),
    )
    const ended = whenGone(measuring, before).then(() => performance.now() - began)
    rows.push(await next)
    gone.push(await ended)
    await search
    // A process or a connection that was lost is made again behind this.
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  const words = tooFast === 0 ? '' : `${tooFast} of ${ROUNDS} searches were over before they were left`
  note(
    figure(engine, 'filter', 'superseded search: gone from the server', {
      roster: gone,
      bar: p95AtMost(CLEARED),
      note: words,
    }),
  )
  note(
    figure(engine, 'filter', 'superseded search: first rows after clearing', {
      roster: rows,
      bar: p95AtMost(CLEARED),
      note: words,
    }),
  )

  async function whenGone(of: Connected, before: readonly number[]): Promise<void> {
    const limit = performance.now() + 10_000
    const isGone = async () =>
      of.engine === 'sqlite' ? before.some((pid) => !host.children().includes(pid)) : (await raw.running()) === 0
    while (!(await isGone())) {
      if (performance.now() > limit) return
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
}

async function counts(measuring: Connected): Promise<void> {
  const { engine, client, raw, rows, note } = measuring
  const view = viewBy(measuring, null)
  let counted = 0
  const times = await inTurn(
    3,
    async (_, signal) => (counted = (await client.api.tables.count({ view }, { signal })).count),
    () => raw.count(),
  )
  note(figure(engine, 'count', 'exact count', { ...times, note: counted === rows ? '' : `WRONG: ${counted}` }))
  const listed = await client.api.tables.list({ profileId: client.profileId })
  const estimate = listed.find(({ name }) => name === 'auth_user')?.rows ?? null
  const error = estimate === null ? [] : [(Math.abs(estimate - rows) / rows) * 100]
  note(
    figure(engine, 'count', 'estimate in the list of tables, error', {
      roster: error,
      unit: '%',
      note: `estimate ${String(estimate)}`,
    }),
  )
}
