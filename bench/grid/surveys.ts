// The survey of a view: how long it takes, in how many hops, when it is of use first, and what a jump takes meanwhile.
import type { Sort, Survey } from '../../src/shared/tables.ts'
import { figure, overDriver, spread, rounded } from './figures.ts'
import { attempt, chances, MARGIN, nameOf, PAGE, SORTS, timed, viewBy, wordsOf, type Connected } from './measured.ts'

/** Jumps while a survey is being built end with it, or after this; milliseconds. */
const LONGEST = 30_000

/** Builds the surveys of all orders, one after the other; all are done afterwards. */
export async function measureSurveys(measuring: Connected): Promise<void> {
  for (const sort of SORTS) {
    await attempt(measuring, 'survey', `${nameOf(sort)}: survey`, () => surveyBy(measuring, sort))
  }
}

async function surveyBy(measuring: Connected, sort: Sort): Promise<void> {
  const { engine, note, rows } = measuring
  const { last, first, whole, firstEvent, firstAnchors } = await build(measuring, sort)
  const say = (what: string, known: Parameters<typeof figure>[3]) =>
    note(figure(engine, 'survey', `${nameOf(sort)}: ${what}`, known))
  say('survey, whole', {
    roster: [whole],
    note: `${last.anchors} anchors; first event after ${rounded(firstEvent)} ms`,
  })
  say('survey, first anchors', { roster: firstAnchors === null ? [] : [firstAnchors] })
  if (first.estimate !== null) {
    const error = (Math.abs(first.estimate - rows) / rows) * 100
    say('estimate, error', { roster: [error], unit: '%', note: `estimate ${first.estimate}` })
  }
  if (last.total !== rows) throw new Error(`The survey says ${String(last.total)} rows.`)
}

interface Built {
  whole: number
  firstEvent: number
  firstAnchors: number | null
  first: Survey
  last: Survey
}

async function build(measuring: Connected, sort: Sort, signal?: AbortSignal): Promise<Built> {
  const began = performance.now()
  let firstEvent: number | null = null
  let firstAnchors: number | null = null
  let first: Survey | null = null
  let last: Survey | null = null
  const input = { view: viewBy(measuring, sort), near: null }
  for await (const survey of await measuring.client.api.tables.survey(input, signal ? { signal } : {})) {
    const now = performance.now() - began
    firstEvent ??= now
    if (survey.reached > 0) firstAnchors ??= now
    first ??= survey
    last = survey
    if (survey.isDone) break
  }
  if (!first || !last) throw new Error('The survey told nothing.')
  return { whole: performance.now() - began, firstEvent: firstEvent ?? 0, firstAnchors, first, last }
}

/** On a host that has surveyed nothing yet: jumps anywhere, one after the other, from the moment the survey begins. */
export async function measureJumpsMeanwhile(measuring: Connected, sort: Sort): Promise<void> {
  const { client, raw, rows, engine, note } = measuring
  const chance = chances(31)
  const enough = AbortSignal.timeout(LONGEST)
  let isDone = false
  const over = (words: string) => {
    isDone = true
    return words
  }
  const building = build(measuring, sort, enough).then(
    ({ whole }) => over(`the survey took ${rounded(whole)} ms meanwhile`),
    (error: unknown) => over(enough.aborted ? `the survey was not done after ${LONGEST / 1000} s` : wordsOf(error)),
  )
  const [jumps, driver]: [number[], number[]] = [[], []]
  const view = viewBy(measuring, sort)
  const jump = (rank: number) => (signal: AbortSignal) =>
    client.api.tables.page({ view, place: { kind: 'rank', rank }, limit: PAGE }, { signal })
  while (!isDone) {
    jumps.push(await timed(jump(Math.floor(chance() * (rows - PAGE)))))
    const row = await raw.rowOf(1 + Math.floor(chance() * (rows - PAGE)), sort)
    if (row.value !== null) driver.push(await timed(() => raw.after(sort, row, PAGE)))
  }
  const words = `${await building}; ${spread(jumps).n} jumps`
  note(
    figure(engine, 'survey', `${nameOf(sort)}: jump while it is surveyed`, {
      ...{ roster: jumps, base: driver, bar: overDriver(MARGIN), note: words },
    }),
  )
}
