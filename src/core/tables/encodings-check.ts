// Before anything is written: the row's present value and the new one must both be as the column's owner writes them.
import type { Cell } from '../../shared/cell.ts'
import { decode, inWords, isForeign, spelled, type Codec } from '../../shared/codecs.ts'
import type { Change } from '../../shared/tables.ts'
import { Refusal } from '../refusal.ts'
import type { Encodings } from '../encodings/encodings.ts'

/** Throws VALUE_REFUSED, with words for a person. */
export function checkEncodings(encodings: Encodings, changes: readonly Change[]): void {
  for (const change of changes) {
    if (change.kind === 'delete') continue
    for (const [name, value] of Object.entries(change.values)) {
      const { codec, encoding } = encodings.get(name) ?? { codec: null, encoding: null }
      // What is repaired knowingly is no guide to how the column is written, and no reason to refuse.
      const isRepair = change.kind === 'update' && change.repairs?.includes(name) === true
      const present = change.kind === 'update' && !isRepair ? (change.original[name] ?? null) : null
      const why = codec
        ? whyNot(name, codec, present, value)
        : encoding && encoding.basis !== 'chosen'
          ? whyNotMixed(name, encoding.choices, present, value)
          : null
      if (why !== null) throw new Refusal('VALUE_REFUSED', why, { changeId: change.id, column: name })
    }
  }
}

function whyNot(name: string, codec: Codec, present: Cell, value: Cell): string | null {
  if (isForeign(present, codec)) {
    return `${name} of this row holds ${spelled(present)}, but the column is written as ${inWords(codec)}. Choose how ${name} is written before changing it.`
  }
  if (decode(value, codec).kind !== 'foreign') return null
  return `${spelled(value)} is not how ${name} is written: ${inWords(codec)}.`
}

/** In a column of several encodings a value is taken only where the row's own value tells which of them it is in. */
function whyNotMixed(name: string, choices: readonly Codec[], present: Cell, value: Cell): string | null {
  if (value === null || (present !== null && ownCodec(choices, present, value))) return null
  return `${name} is not written in one way, and ${spelled(present)} does not tell in which ${spelled(value)} would be. Choose how ${name} is written first.`
}

function ownCodec(choices: readonly Codec[], present: Cell, value: Cell): boolean {
  const own = choices.filter((codec) => decode(present, codec).kind !== 'foreign')
  return own.length === 1 && decode(value, own[0] as Codec).kind !== 'foreign'
}
