// What a library may make of a stored value.
import { writeMoment, type Moment } from '../../shared/moments.ts'

/** What the application gets. */
export type Sense =
  | { kind: 'null' }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'moment'; moment: Moment }
  /** Every query that meets the value fails. */
  | { kind: 'fails' }
  /** Nobody has tried it. */
  | { kind: 'unknown' }

/**
 * How it gets there. `written`: as it stands there. `utc`: taken as UTC, as no zone is written. `aware`: with its zone, which
 * cannot be compared with times without one. `zone ignored`: the digits without the zone. `offset added`: the digits moved
 * by the offset. `cut`: to six digits after the second. `micros`: the digits after the second counted in microseconds.
 * `unix`: a number as seconds since 1970. `zero time`: the first of January of the year 1, and no error.
 */
export type How =
  | 'null'
  | 'boolean'
  | 'written'
  | 'utc'
  | 'aware'
  | 'zone ignored'
  | 'offset added'
  | 'cut'
  | 'micros'
  | 'unix'
  | 'zero time'
  | 'fails'
  | 'unknown'

interface Read {
  how: How
  sense: Sense
}

/** By today's versions (SQLAlchemy 2, PyDAL 2026, GORM 2); `older` where an older one in use reads it otherwise. */
export interface Reading extends Read {
  older: (Read & { version: string }) | null
}

export const nothing: Reading = { how: 'null', sense: { kind: 'null' }, older: null }
export const fails: Reading = { how: 'fails', sense: { kind: 'fails' }, older: null }
export const unknown: Reading = { how: 'unknown', sense: { kind: 'unknown' }, older: null }
export const truth = (value: boolean): Reading => ({ how: 'boolean', sense: { kind: 'boolean', value }, older: null })

/** True when the application gets the same: the same instant, or the same digits without a zone. Of the unknown nothing is the same. */
export function isSameSense(a: Sense, b: Sense): boolean {
  if (a.kind === 'boolean' && b.kind === 'boolean') return a.value === b.value
  if (a.kind === 'moment' && b.kind === 'moment') return momentText(a.moment) === momentText(b.moment)
  return a.kind === b.kind && (a.kind === 'null' || a.kind === 'fails')
}

function momentText(moment: Moment): string {
  const written = writeMoment(moment, {
    ...{ of: 'datetime', separator: ' ', hasSeconds: true, fraction: { rule: 'fixed', digits: 9 }, storage: 'text' },
    zone: moment.offset === null ? 'none' : 'Z',
  })
  return 'value' in written ? written.value : JSON.stringify(moment)
}
