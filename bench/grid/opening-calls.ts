// Opening a table, as calls: what the page asks for before it can draw rows.
import { figure, p95AtMost } from './figures.ts'
import { inTurn, PAGE, viewBy, type Connected } from './measured.ts'

/** Milliseconds. */
const OPENED = 100

/** `describe` and the first page together, as the page asks for them on a profile that is open. */
export async function measureOpeningCalls(measuring: Connected): Promise<void> {
  const { engine, client, raw, note } = measuring
  const { profileId, api } = client
  const sort = { column: 'id', direction: 'asc' } as const
  const began = performance.now()
  await api.tables.describe({ profileId, table: 'auth_user' })
  const first = performance.now() - began
  const page = (signal: AbortSignal) =>
    api.tables.page({ view: viewBy(measuring, null), place: { kind: 'first' }, limit: PAGE }, { signal })
  const times = await inTurn(
    20,
    (_, signal) => Promise.all([api.tables.describe({ profileId, table: 'auth_user' }, { signal }), page(signal)]),
    () => raw.first(sort, PAGE),
  )
  note(figure(engine, 'opening', 'describe, the first time on a connection', { roster: [first] }))
  note(figure(engine, 'opening', 'describe and first page', { ...times, bar: p95AtMost(OPENED) }))
}
