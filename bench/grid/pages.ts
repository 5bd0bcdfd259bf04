// Pages through the contract: the first, the next, any by its number, the last, and the one of an email; for every order.
import type { PagePlace, Sort } from '../../src/shared/tables.ts'
import { figure, overDriver } from './figures.ts'
import { attempt, chances, inTurn, MARGIN, nameOf, PAGE, SORTS, viewBy, type Connected } from './measured.ts'
import type { Row } from './raw-driver.ts'

/** Jumps of each order. */
const JUMPS = 100
const bar = overDriver(MARGIN)

/** The views' surveys must be done. */
export async function measurePages(measuring: Connected): Promise<void> {
  for (const sort of SORTS) await attempt(measuring, 'pages', `${nameOf(sort)}: pages`, () => pagesBy(measuring, sort))
}

async function pagesBy(measuring: Connected, sort: Sort): Promise<void> {
  const { engine, client, raw, rows, note } = measuring
  const view = viewBy(measuring, sort)
  const page = (place: PagePlace, signal?: AbortSignal) =>
    client.api.tables.page({ view, place, limit: PAGE }, signal ? { signal } : {})
  const name = nameOf(sort)
  const chance = chances(17)
  const rank = () => Math.floor(chance() * (rows - PAGE))
  const stops = await placesOf(measuring, sort, JUMPS)
  const stop = (round: number) => stops[round % stops.length] as Row
  const say = (
    what: string,
    times: { roster: number[]; base: number[] },
    more: { offset?: number | null; note?: string } = {},
  ) => note(figure(engine, 'pages', `${name}: ${what}`, { ...times, bar, ...more }))

  say(
    'first page',
    await inTurn(
      20,
      (_, signal) => page({ kind: 'first' }, signal),
      () => raw.first(sort, PAGE),
    ),
  )
  const ranks = Array.from({ length: JUMPS }, rank)
  const jumps = await inTurn(
    JUMPS,
    (round, signal) => page({ kind: 'rank', rank: ranks[round] ?? 0 }, signal),
    (round) => raw.after(sort, stop(round), PAGE),
  )
  const middle = Math.floor(rows / 2)
  const byOffset = await offsetOf(measuring, sort, middle)
  const found = (await page({ kind: 'rank', rank: middle })).keys.map(([id]) => Number(id))
  const isRight = byOffset.ids === null || byOffset.ids.join() === found.join()
  say('jump to a row by its number', jumps, {
    offset: byOffset.ms,
    note: isRight ? '' : 'OTHER ROWS than OFFSET gives',
  })

  const cursors: PagePlace[] = []
  for (let at = 0; at < 30; at++) {
    const { last } = await page({ kind: 'rank', rank: rank() })
    if (last) cursors.push({ kind: 'after', cursor: last })
  }
  say(
    'next page',
    await inTurn(
      30,
      (round, signal) => page(cursors[round % cursors.length] ?? { kind: 'first' }, signal),
      (round) => raw.after(sort, stop(JUMPS - 1 - round), PAGE),
    ),
  )
  say(
    'last page (Ctrl+End)',
    await inTurn(
      20,
      (_, signal) => page({ kind: 'last' }, signal),
      () => raw.last(sort, PAGE),
    ),
  )
  await valuesBy(measuring, sort, page, say)
}

/** Go to a value, and what number its row has. */
async function valuesBy(
  measuring: Connected,
  sort: Sort,
  page: (place: PagePlace, signal?: AbortSignal) => Promise<{ keys: unknown[][] }>,
  say: (what: string, times: { roster: number[]; base: number[] }) => void,
): Promise<void> {
  const { client, raw } = measuring
  const view = viewBy(measuring, sort)
  const others = await placesOf(measuring, sort, 40, 23)
  const mine = others.slice(0, 20)
  const theirs = others.slice(20)
  const found: number[] = []
  const valueOf = ({ value, id }: Row) => (sort.column === 'id' ? BigInt(id) : value)
  say(
    `go to ${sort.column === 'id' ? 'an id' : `a value of ${sort.column}`}`,
    await inTurn(
      20,
      async (round, signal) => {
        const row = mine[round] as Row
        const { keys } = await page({ kind: 'value', value: valueOf(row) }, signal)
        found[round] = Number(keys[0]?.[0])
      },
      (round) => raw.from(sort, theirs[round] as Row, PAGE),
    ),
  )
  for (const [round, id] of found.entries()) {
    const [expected] = await raw.from(sort, mine[round] as Row, 1)
    if (id !== expected) throw new Error(`Going to a value found row ${id} instead of ${String(expected)}.`)
  }
  say(
    'the number of a row',
    await inTurn(
      20,
      async (round, signal) => {
        const row = mine[round] as Row
        const found = await client.api.tables.rank({ view, key: [BigInt(row.id)] }, { signal })
        if (found === null) throw new Error('A row that is there has no number.')
      },
      (round) => raw.after(sort, theirs[round] as Row, PAGE),
    ),
  )
}

/** Rows anywhere in the table whose value is not NULL. */
async function placesOf({ raw, rows }: Connected, sort: Sort, count: number, seed = 5): Promise<Row[]> {
  const chance = chances(seed)
  const found: Row[] = []
  while (found.length < count) {
    const row = await raw.rowOf(1 + Math.floor(chance() * (rows - PAGE)), sort)
    if (row.value !== null) found.push(row)
  }
  return found
}

async function offsetOf({ raw }: Connected, sort: Sort, rank: number): Promise<{ ms: number; ids: number[] | null }> {
  const began = performance.now()
  const ids = await raw.offset(sort, rank, PAGE)
  return { ms: ids === null ? Infinity : Math.round(performance.now() - began), ids }
}
