// A date put into the shape of its column: exactly, or with what is lost said, or not at all.
import { encode, type Codec } from '../../../shared/codecs.ts'
import { momentOf, type Moment } from '../../../shared/moments.ts'

/** `loses`: what was written and is not any more, for people; null when nothing is. */
export type Fitted = { value: string; loses: string | null } | { error: string }

type MomentCodec = Extract<Codec, { kind: 'moment' }>

/**
 * `clock`: which time a column without a zone keeps. `utc`: the owner says UTC, so that an instant has its digits there. `local`: of
 * a server somewhere. `unknown`: nobody says.
 */
export function fit(moment: Moment, codec: MomentCodec, clock: 'utc' | 'local' | 'unknown'): Fitted {
  const { shape } = codec
  const losses: string[] = []
  let left = moment
  if (shape.of === 'date' && left.time && isMidnight(left)) left = { ...left, time: null }
  if (shape.of === 'datetime' && shape.zone !== 'none' && left.offset === null) {
    return { error: 'It names no time zone, and the values of this column do.' }
  }
  if (shape.zone === 'none' && left.offset !== null) {
    const without = withoutZone(left, clock)
    if ('error' in without) return without
    if (without.isLost) losses.push('the time zone')
    left = without.moment
  }
  const { time } = left
  const beyond = time?.fraction.slice(shape.fraction.digits) ?? ''
  if (time && shape.of !== 'date' && shape.hasSeconds && /[1-9]/.test(beyond)) {
    losses.push(shape.fraction.digits === 0 ? 'the digits after the second' : 'the last digits after the second')
    left = { ...left, time: { ...time, fraction: time.fraction.slice(0, shape.fraction.digits) } }
  }
  const written = encode({ kind: 'moment', moment: left }, codec)
  if ('error' in written) return { error: written.error.replace(/ Accepted here:.*$/s, '') }
  return { value: String(written.value), loses: losses.length > 0 ? losses.join(' and ') : null }
}

const isMidnight = ({ time, offset }: Moment) =>
  offset === null && time !== null && !/[1-9]/.test(`${time.hour}${time.minute}${time.second ?? ''}${time.fraction}`)

function withoutZone(
  moment: Moment,
  clock: 'utc' | 'local' | 'unknown',
): { moment: Moment; isLost: boolean } | { error: string } {
  if (clock === 'utc') {
    const utc = inUtc(moment)
    return utc
      ? { moment: { ...utc, offset: null }, isLost: false }
      : { error: 'In UTC this is no year from 0001 to 9999.' }
  }
  const why = 'It names a time zone, this column keeps none, and'
  if (clock === 'local') return { error: `${why} its times are of a server whose zone is not known here.` }
  // Digits of UTC are what most applications keep; of any other zone they may be meant to be moved, or not.
  if (moment.offset !== 0) return { error: `${why} whether its times are of that zone is not known.` }
  return { moment: { ...moment, offset: null }, isLost: true }
}

/** The same instant with the digits of UTC. */
function inUtc(moment: Moment): Moment | null {
  const written = encode({ kind: 'moment', moment }, UTC)
  return 'value' in written ? momentOf(String(written.value)) : null
}

const UTC: Codec = {
  kind: 'moment',
  shape: {
    ...{ of: 'datetime', separator: ' ', hasSeconds: true, fraction: { rule: 'trimmed', digits: 9 } },
    ...{ zone: 'Z', storage: 'text' },
  },
}
