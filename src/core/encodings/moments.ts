// The shapes in which a column's values are written as dates or times, from the values alone.
import type { Cell } from '../../shared/cell.ts'
import type { Codec } from '../../shared/codecs.ts'
import { spellingOf, type Fraction, type MomentShape, type Zone } from '../../shared/moments.ts'
import { momentCodec } from './native.ts'

interface Group {
  shape: Pick<MomentShape, 'of' | 'separator' | 'hasSeconds' | 'zone'>
  /** Digits after the second, one entry a value. */
  fractions: string[]
}

export interface CountedCodec {
  codec: Codec
  count: number
}

/** Every way in which some of the values are written, the commonest first, and the values that are no dates. */
export function momentCodecs(values: readonly Cell[]): { found: CountedCodec[]; strange: Cell[] } {
  const groups = new Map<string, Group>()
  const numbers = { integer: 0, real: 0 }
  const strange: Cell[] = []
  for (const value of values) {
    const spelling = typeof value === 'string' ? spellingOf(value) : null
    if (typeof value === 'bigint') numbers.integer += 1
    else if (typeof value === 'number') numbers.real += 1
    else if (!spelling) strange.push(value)
    else {
      const { fraction, ...shape } = spelling
      const name = JSON.stringify(shape)
      const group = groups.get(name) ?? { shape, fractions: [] }
      group.fractions.push(fraction)
      groups.set(name, group)
    }
  }
  const found = merged([...groups.values()]).flatMap(codecsOf)
  for (const storage of ['integer', 'real'] as const) {
    if (numbers[storage] > 0) found.push({ codec: { kind: 'number', storage }, count: numbers[storage] })
  }
  return { found: found.sort((a, b) => b.count - a.count), strange }
}

/** Z and +02:00 in one column are one way of writing: RFC 3339, where UTC is Z. */
function merged(groups: Group[]): Group[] {
  const zoned = groups.filter(({ shape }) => shape.zone === 'Z' || shape.zone === 'offset')
  const names = new Set(
    zoned.map(({ shape: { of, separator, hasSeconds } }) => JSON.stringify([of, separator, hasSeconds])),
  )
  const [first] = zoned
  if (!first || zoned.length !== 2 || names.size > 1) return groups
  const both: Group = {
    shape: { ...first.shape, zone: 'Z or offset' },
    fractions: zoned.flatMap(({ fractions }) => fractions),
  }
  return [...groups.filter((each) => !zoned.includes(each)), both]
}

/** One codec when one rule explains all fractions of the group, otherwise one for each number of digits. */
function codecsOf({ shape, fractions }: Group): CountedCodec[] {
  const rule = ruleOf(fractions, shape.zone)
  if (rule) return [{ codec: momentCodec({ ...shape, fraction: rule }), count: fractions.length }]
  const counts = new Map<number, number>()
  for (const { length } of fractions) counts.set(length, (counts.get(length) ?? 0) + 1)
  return [...counts].map(([digits, count]) => ({
    codec: momentCodec({ ...shape, fraction: { rule: 'fixed', digits } }),
    count,
  }))
}

/** So many fractions without a trailing zero are hardly chance: one in ten would have it. */
const STEADY = 30

function ruleOf(fractions: readonly string[], zone: Zone): Fraction | null {
  const lengths = [...new Set(fractions.map(({ length }) => length))].sort((a, b) => a - b)
  const most = lengths.at(-1) ?? 0
  const isTrimmed = fractions.every((digits) => !digits.endsWith('0'))
  // Go writes an offset and leaves trailing zeros out. A few values may not show it; many of 3 or 6 digits would.
  const isSteady = fractions.filter((digits) => digits !== '').length >= STEADY && (most === 3 || most === 6)
  const isSingle = lengths.filter((length) => length > 0).length === 1
  if (isTrimmed && (zone === 'offset' || zone === 'Z or offset') && !(isSteady && isSingle)) {
    return { rule: 'trimmed', digits: 9 }
  }
  if (lengths.length === 1) return { rule: 'fixed', digits: most }
  const isWholeOrFixed = lengths.length === 2 && lengths[0] === 0 && !fractions.some((digits) => /^0+$/.test(digits))
  if (isWholeOrFixed && most % 3 === 0) return { rule: 'whole-or-fixed', digits: most }
  return isTrimmed ? { rule: 'trimmed', digits: most <= 3 ? 3 : most <= 6 ? 6 : 9 } : null
}
