// The kinds of a column's foreign values, found once for all values that are alike: a table may hold millions of one kind.
import { isForeign, type Codec } from '../../../shared/codecs.ts'
import type { Cell } from '../../../shared/cell.ts'
import { foreignKind, type ForeignColumn, type ForeignKind } from './foreign-kind.ts'

/** Kinds that are remembered of a column; what is met beyond them is found anew each time. */
const MOST = 2000
/** Characters of a text that is remembered; the longest date has 40. */
const LONGEST = 64

/**
 * A day that every month has, in a year that no zone moves out of what can be written, at a time that every day has: which one it is
 * makes no difference then. Groups: separator, clock, fraction, zone.
 */
const USUAL =
  /^(?:19[7-9]\d|20\d\d)-(?:0[1-9]|1[0-2])-(?:0[2-9]|1\d|2[0-7])(?:([ T])((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)(\.\d{1,12})?(Z|[+-]\d\d(?::?\d\d)?)?)?$/

/**
 * Cells of one likeness have one kind, and are foreign or none of them is. Null where the value itself is to be looked at. Dates that
 * differ in their digits are alike to a column of dates alone.
 */
export function likeness(cell: Exclude<Cell, null>, codec: Codec): string | null {
  if (cell instanceof Uint8Array) return null
  if (typeof cell !== 'string') return `${typeof cell} ${Object.is(cell, -0) ? '-0' : cell}`
  const found = codec.kind === 'moment' ? USUAL.exec(cell) : null
  if (!found) return cell.length <= LONGEST ? `text ${cell}` : null
  const [, separator = '', clock = '', fraction = '', zone = ''] = found
  // Which digits of a fraction are zero decides what is left out of it. Midnight may be no time at all.
  const digits = fraction.replace(/[1-9]/g, '9')
  return `date ${separator} ${clock.length} ${/^[0:]*$/.test(clock) ? 'midnight' : ''} ${digits} ${zone}`
}

/** `kindOf`: null for a value that is not foreign. The same object for all values of one likeness. */
export function foreignKinds(of: ForeignColumn): (cell: Exclude<Cell, null>) => ForeignKind | null {
  const known = new Map<string, ForeignKind | null>()
  return (cell) => {
    const like = likeness(cell, of.codec)
    const before = like === null ? undefined : known.get(like)
    if (before !== undefined) return before
    const kind = isForeign(cell, of.codec) ? foreignKind(cell, of) : null
    if (like !== null && known.size < MOST) known.set(like, kind)
    return kind
  }
}
