// Opening a table, as calls: what the page asks for before it can draw rows.
import { figure, p95AtMost } from './figures.ts'
import { inTurn, PAGE, timed, viewBy, type Connected } from './measured.ts'

/** Milliseconds. */
const OPENED = 100

/** `describe` (without how columns are written, which comes behind) and the first page together, as the page asks for them. */
export async function measureOpeningCalls(measuring: Connected): Promise<void> {
  const { engine, client, raw, note } = measuring
  const { profileId, api } = client
  const sort = { column: 'id', direction: 'asc' } as const
  const table = { profileId, table: 'auth_user' }
  const both = (signal: AbortSignal) =>
    Promise.all([
      api.tables.describe({ ...table, isQuick: true }, { signal }),
      api.tables.page({ view: viewBy(measuring, null), place: { kind: 'first' }, limit: PAGE }, { signal }),
    ])
  const first = await timed(both)
  const whole = await timed((signal) => api.tables.describe(table, { signal }))
  const times = await inTurn(
    20,
    (_, signal) => both(signal),
    () => raw.first(sort, PAGE),
  )
  const say = (what: string, known: Parameters<typeof figure>[3]) => note(figure(engine, 'opening', what, known))
  say('columns and first page, the first time', { roster: [first], bar: p95AtMost(OPENED) })
  say('columns and first page', { ...times, bar: p95AtMost(OPENED) })
  say('how columns are written, the first time', { roster: [whole] })
}
