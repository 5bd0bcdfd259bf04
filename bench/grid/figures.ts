// What was measured, in lines: Roster beside what it is compared with, the bar it has to meet, and whether it does.
import type { Engine } from './big-table.ts'

export interface Spread {
  n: number
  p50: number
  p95: number
  max: number
}

export interface Bar {
  /** What is compared with the limit: "p95 over the driver's". */
  of: string
  value: number
  /** The highest value that is accepted. */
  limit: number
}

export interface Figure {
  engine: Engine
  group: string
  what: string
  unit: 'ms' | 'MB' | '%' | 'rows' | 'statements'
  roster: Spread
  /** The raw driver's, or that of a grid over static rows. */
  base: Spread | null
  /** Milliseconds by LIMIT/OFFSET; null where it is no way to do this, Infinity when it was given up. */
  offset: number | null
  /** Of the medians. */
  ratio: number | null
  bar: Bar | null
  note: string
}

export const isMissed = ({ bar }: Figure) => bar !== null && !(bar.value <= bar.limit)

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
  return { n: sorted.length, p50: rounded(at(0.5)), p95: rounded(at(0.95)), max: rounded(sorted.at(-1) ?? NaN) }
}

export const rounded = (value: number) =>
  Number(value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0))

interface Known {
  roster: readonly number[]
  base?: readonly number[]
  offset?: number | null
  unit?: Figure['unit']
  /** Given what was found, the bar. */
  bar?: (roster: Spread, base: Spread | null) => Bar | null
  note?: string
}

/** p95 at most this many milliseconds above the driver's. */
export const overDriver = (limit: number) => (roster: Spread, base: Spread | null) =>
  base && { of: 'p95 over the driver’s, ms', value: rounded(roster.p95 - base.p95), limit }
export const p95AtMost = (limit: number) => (roster: Spread) => ({ of: 'p95', value: roster.p95, limit })
export const mostAtMost = (limit: number) => (roster: Spread) => ({ of: 'highest', value: roster.max, limit })
/** The p95 at most so many times that of the base. */
export const timesBase = (limit: number) => (roster: Spread, base: Spread | null) =>
  base && { of: 'p95, times the base’s', value: rounded(roster.p95 / base.p95), limit }

export function figure(engine: Engine, group: string, what: string, known: Known): Figure {
  const roster = spread(known.roster)
  const base = known.base && known.base.length > 0 ? spread(known.base) : null
  const ratio = base && base.p50 > 0 ? rounded(roster.p50 / base.p50) : null
  const bar = known.roster.length === 0 ? null : (known.bar?.(roster, base) ?? null)
  // Such a miss tells of the machine, which was busy with something else.
  const ofBase = base && known.bar?.(base, null)
  const words = ofBase && ofBase.value > ofBase.limit ? ['the base misses it too'] : []
  return {
    ...{ engine, group, what, unit: known.unit ?? 'ms', roster, base, offset: known.offset ?? null, ratio, bar },
    note: [...words, ...(known.note ? [known.note] : [])].join('; '),
  }
}

/** What could not be measured has missed whatever it was to meet. */
export function failed(engine: Engine, group: string, what: string, note: string): Figure {
  return { ...figure(engine, group, what, { roster: [], note }), bar: { of: 'failed', value: NaN, limit: 0 } }
}

const HEAD = ['ratio', 'p50', 'p95', 'max', 'base p50', 'base p95', 'OFFSET']
const cell = (value: number | null) => (value === null ? '' : Number.isNaN(value) ? '?' : String(value)).padStart(9)

export const header = () => `${'what'.padEnd(52)}${HEAD.map((word) => word.padStart(9)).join('')}`

export function lineOf(found: Figure): string {
  const { what, roster, base, offset, ratio, bar, unit, note } = found
  const cells = [ratio, roster.p50, roster.p95, roster.max, base?.p50 ?? null, base?.p95 ?? null, offset].map(cell)
  const target = bar ? `  ${isMissed(found) ? 'MISSED' : 'met'}: ${bar.of} ${bar.value} of ${bar.limit}` : ''
  return `${what.padEnd(52)}${cells.join('')}  ${unit}${target}${note ? `  (${note})` : ''}`
}
