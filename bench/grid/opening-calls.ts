// Opening a table, as calls: what the page asks for before it can draw rows.
import { figure, p95AtMost } from './figures.ts'
import { inTurn, PAGE, timed, viewBy, type Connected } from './measured.ts'

/** Milliseconds. */
const OPENED = 100

/** `describe` and the first page together, as the page asks for them on a profile that is open. */
export async function measureOpeningCalls(measuring: Connected): Promise<void> {
  const { engine, client, raw, note } = measuring
  const { profileId, api } = client
  const sort = { column: 'id', direction: 'asc' } as const
  const both = (signal: AbortSignal) =>
    Promise.all([
      api.tables.describe({ profileId, table: 'auth_user' }, { signal }),
      api.tables.page({ view: viewBy(measuring, null), place: { kind: 'first' }, limit: PAGE }, { signal }),
    ])
  const first = await timed(both)
  const times = await inTurn(
    20,
    (_, signal) => both(signal),
    () => raw.first(sort, PAGE),
  )
  note(
    figure(engine, 'opening', 'describe and first page, the first time', { roster: [first], bar: p95AtMost(OPENED) }),
  )
  note(figure(engine, 'opening', 'describe and first page', { ...times, bar: p95AtMost(OPENED) }))
}
