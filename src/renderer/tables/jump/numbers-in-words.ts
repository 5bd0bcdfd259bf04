// How many rows there are and which are seen, in words that say how exact the numbers are.
import { plural } from '../../ui/wording.ts'
import { foundInWords } from '../filter/found-in-words.ts'
import type { TableState } from '../table-state.ts'

/** Milliseconds since 1970 as local time of day to the second. */
export function timeOfDay(milliseconds: number): string {
  return new Date(milliseconds).toLocaleTimeString('en-GB')
}

const number = (value: number) => value.toLocaleString('en-US')

/** The places of a filter are being found: a jump into its rows has to read all before it until then. */
export function isFinding({ filter, survey, surveyHalt }: TableState): boolean {
  return filter !== null && survey !== null && !survey.isDone && surveyHalt === null
}

/** `rows`: as many as are known, or estimated, while they are not counted. */
export function countInWords(state: TableState, rows: number): string {
  const { counted, counting, filter, survey, surveyHalt, problem } = state
  if (counted) {
    const found = [plural(counted.count, 'row'), foundInWords(counted.count, filter)].filter(Boolean).join(' ')
    return `${found}, counted ${timeOfDay(counted.at)}${isFinding(state) ? '; finding their places…' : ''}`
  }
  // What went wrong is said above the grid; nothing is counted any more then.
  if (problem) return 'Rows not counted'
  if (filter !== null && survey && counting !== 'counting') {
    const reached = `${plural(survey.reached, 'row')} so far`
    if (survey.reached === 0 && !surveyHalt) return 'Finding places in this filter…'
    return surveyHalt ? `${reached}, not looked for any further` : `Finding places in this filter… ${reached}`
  }
  if (rows === 0 && counting === 'idle') return 'Reading the first rows'
  if (rows === 0 || (filter !== null && counting === 'counting')) return 'Counting rows'
  const about = `≈ ${plural(rows, 'row')}`
  return counting === 'stopped' || counting === 'failed' ? `${about}, not counted` : `${about}, counting`
}

/** How exact the numbers of rows around `rank` are: `error` in rows, null where only the end was estimated. */
function exactness({ survey, jump }: TableState, rank: number): { error: number; asOf: number | null } {
  // Rows that were reached from a jump are numbered from it, as long as they are in memory.
  const isNearJump = jump?.rank != null && Math.abs(jump.rank - rank) < 10_000
  const error = Math.max(survey?.error ?? 0, isNearJump ? jump.error : 0)
  return { error, asOf: (isNearJump && jump.error > 0 ? jump.asOf : null) ?? survey?.asOf ?? null }
}

/** Rows in sight, numbered from 1. `isFromEnd`: they were numbered back from an end that is only estimated. */
export function rangeInWords(state: TableState, first: number, last: number, isFromEnd: boolean): string {
  const range = first === last ? `row ${number(first)}` : `rows ${number(first)} to ${number(last)}`
  const { error, asOf } = exactness(state, first - 1)
  if (error > 0) {
    const when = asOf === null ? '' : `, numbered as of ${timeOfDay(asOf)}`
    return `About ${range} (± ${number(error)})${when}`
  }
  return isFromEnd ? `About ${range}, until they are counted` : range.replace(/^r/, 'R')
}
