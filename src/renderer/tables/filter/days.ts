// A whole day as the range of its moments, in the spelling of its column.
import { decode, encode, inWords, type Codec } from '../../../shared/codecs.ts'
import type { Test } from '../../../shared/filters.ts'
import { daysLater, momentOf, type Moment, type Parsed } from '../../../shared/moments.ts'
import type { Column } from '../../../shared/tables.ts'

type Range = Extract<Test, { test: 'range' }>
type Day = NonNullable<Moment['date']>
const midnight = { hour: '00', minute: '00', second: '00', fraction: '' }

/** From midnight on, and before the next midnight. */
export function onDay(text: string, codec: Codec): Parsed<Range> {
  const typed = momentOf(text.trim())
  if (!typed?.date || typed.time) return { error: 'No such day. Accepted here: 2024-01-31' }
  const next = daysLater(typed.date, 1)
  const from = start(typed.date, codec)
  const to = next ? start(next, codec) : { error: `This column is written as ${inWords(codec)}.` }
  if ('error' in from) return from
  if ('error' in to) return to
  return {
    value: { test: 'range', from: { value: from.value, isIncluded: true }, to: { value: to.value, isIncluded: false } },
  }
}

function start(date: Day, codec: Codec) {
  const hasSeconds = codec.kind === 'moment' && codec.shape.hasSeconds
  const time = { ...midnight, second: hasSeconds ? midnight.second : null }
  return encode({ kind: 'moment', moment: { date, time, offset: null } }, codec)
}

/** The day that a range is; null for any other. */
export function dayOf({ from, to }: Range, { codec }: Pick<Column, 'codec'>): string | null {
  if (!codec || codec.kind !== 'moment' || codec.shape.of !== 'datetime') return null
  if (!from?.isIncluded || !to || to.isIncluded) return null
  const meaning = decode(from.value, codec)
  if (meaning.kind !== 'moment' || !meaning.moment.date) return null
  const { year, month, day, isBc } = meaning.moment.date
  const text = `${year}-${month}-${day}${isBc ? ' BC' : ''}`
  const whole = onDay(text, codec)
  const isWhole = 'value' in whole && whole.value.from?.value === from.value && whole.value.to?.value === to.value
  return isWhole ? text : null
}
