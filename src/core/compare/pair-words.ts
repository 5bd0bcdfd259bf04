// What differs between two columns that belong together, in words for people.
import { inWords, type Codec } from '../../shared/codecs.ts'
import type { ColumnPair } from '../../shared/compare.ts'
import { grainOf, shapesOf, whyOwn, type Pair, type Paired } from './column-pairs.ts'
import type { Side, SideColumn } from './side.ts'

export function describePairs(left: Side, right: Side, { pairs, onlyLeft, onlyRight }: Paired): ColumnPair[] {
  return [
    ...pairs.map((pair) => ({
      left: shown(pair.left),
      right: shown(pair.right),
      isByMeaning: pair.isByMeaning,
      differences: differences(left, right, pair),
      leftOut: pair.leftOut,
    })),
    ...onlyLeft.map((column) => alone({ left: shown(column), right: null }, left, column, right)),
    ...onlyRight.map((column) => alone({ left: null, right: shown(column) }, right, column, left)),
  ]
}

function alone(sides: Pick<ColumnPair, 'left' | 'right'>, side: Side, column: SideColumn, { name }: Side): ColumnPair {
  const leftOut = whyOwn(side, column) ?? `${name} has no such column.`
  return { ...sides, isByMeaning: false, differences: [`${name} has no such column`], leftOut }
}

const shown = (column: SideColumn) => ({ name: column.name, type: column.type, words: encodingWords(column) })

/** How it is written, short; '' for a column without an encoding. */
function encodingWords(column: SideColumn): string {
  const { codec, encoding } = column.found
  if (codec) return codecWords(codec)
  return encoding?.basis === 'mixed' ? 'written in several ways' : ''
}

function codecWords(codec: Codec): string {
  if (codec.kind !== 'boolean') return inWords(codec)
  const short: Partial<Record<typeof codec.spelling, string>> = { integer: '1/0', real: '1.0/0.0', bit: 'bits' }
  return short[codec.spelling] ?? codec.spelling
}

function differences(left: Side, right: Side, pair: Pair): string[] {
  const one = pair.left
  const other = pair.right
  const both = (a: string, b: string) => `${a} against ${b}`
  const found: (string | false)[] = [
    !sameType(one, other) && both(one.type || 'no type', other.type || 'no type'),
    sameType(one, other) && one.maxLength !== other.maxLength && both(lengthWords(one), lengthWords(other)),
    one.isNullable !== other.isNullable && both(nullWords(one), nullWords(other)),
    isUnique(left, one) !== isUnique(right, other) && both(uniqueWords(left, one), uniqueWords(right, other)),
    encodingWords(one) !== encodingWords(other) &&
      both(encodingWords(one) || 'no encoding', encodingWords(other) || 'no encoding'),
    one.charset !== other.charset && charsetWords(one, other),
    pair.as === 'moment' && zoneWords(pair),
    pair.as === 'access' && 'a flag against a word that keeps users out: compared by who may log in',
  ]
  return found.filter((words) => words !== false)
}

/** But for the length, which is told by itself then. */
function sameType(one: SideColumn, other: SideColumn): boolean {
  const bare = ({ type, maxLength }: SideColumn) =>
    (maxLength === null ? type : type.replace(/\s*\(\d+\)/, '')).trim().toLowerCase()
  const names: Readonly<Record<string, string>> = { 'character varying': 'varchar', character: 'char', int: 'integer' }
  const known = (column: SideColumn) => names[bare(column)] ?? bare(column)
  return known(one) === known(other)
}

const lengthWords = ({ maxLength }: SideColumn) =>
  maxLength === null ? 'any length' : `at most ${maxLength} ${maxLength === 1 ? 'character' : 'characters'}`
const nullWords = ({ isNullable }: SideColumn) => (isNullable ? 'NULL allowed' : 'never NULL')
const uniqueWords = (side: Side, column: SideColumn) => (isUnique(side, column) ? 'unique' : 'not unique')

function isUnique({ shape }: Side, { name }: SideColumn): boolean {
  return [shape.key, ...shape.unique].some((set) => set.length === 1 && set[0] === name)
}

/** Unicode is what a side without a character set of its own has. */
function charsetWords(one: SideColumn, other: SideColumn): string | false {
  const narrow = (column: SideColumn) => column.charset !== undefined
  if (!narrow(one) && !narrow(other)) return false
  const words = ({ charset }: SideColumn) =>
    charset === undefined ? 'all of Unicode' : charset === 'utf8mb3' ? 'utf8mb3 (no emoji)' : charset
  return `${words(one)} against ${words(other)}`
}

function zoneWords(pair: Pair): string | false {
  const zoned = (column: SideColumn) => shapesOf(column).some(({ zone }) => zone !== 'none')
  if (zoned(pair.left) === zoned(pair.right)) return false
  const { of } = grainOf(pair)
  return of === 'datetime' && 'with a zone against without one: values without are taken for UTC'
}

/** For who has to know whether a column holds values that nobody can read for sure. */
export const isMixed = (column: SideColumn) => column.found.codec === null && column.codecs.length > 0
