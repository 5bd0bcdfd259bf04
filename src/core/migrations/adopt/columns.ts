// The columns of an existing users table beside those of the standard: what is the same, what differs and can stay, and what is
// not there in a way that Roster can write.
import { inWords, type Codec } from '../../../shared/codecs.ts'
import type { Adoption } from '../../../shared/migration-steps.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import type { ShapeColumn, TableShape } from '../../db/database.ts'
import type { Encodings } from '../../encodings/encodings.ts'
import { sameName } from '../read-table.ts'
import { normalType, STANDARD_COLUMNS, type StandardColumn } from './standard.ts'

export type Finding = Adoption['findings'][number]

export interface Existing {
  dialect: Dialect
  shape: TableShape
  encodings: Encodings
  /** Columns in which no row has a value: nothing tells yet how they are written. */
  empty: ReadonlySet<string>
}

/** The standard columns in their order, then the others as the table has them. */
export function compareColumns(existing: Existing): Finding[] {
  const { shape, dialect } = existing
  const standard = STANDARD_COLUMNS.map((wanted): Finding => {
    const column = columnFor(wanted.name, shape, dialect)
    if (!column) return { what: wanted.name, verdict: 'missing', text: `${shape.name} has no column ${wanted.name}.` }
    return { what: column.name, ...judge(wanted, column, existing) }
  })
  const known = STANDARD_COLUMNS.map(({ name }) => columnFor(name, shape, dialect))
  return [...standard, ...shape.columns.filter((column) => !known.includes(column)).map(extra)]
}

/** PostgreSQL alone tells upper from lower case. */
export function columnFor(name: string, { columns }: TableShape, dialect: Dialect): ShapeColumn | undefined {
  return columns.find((column) => (dialect === 'postgres' ? column.name === name : sameName(column.name, name)))
}

export function isUnique({ unique }: TableShape, column: ShapeColumn): boolean {
  return unique.some((set) => set.length === 1 && set[0] === column.name)
}

function extra({ name, type, isNullable, isAutomatic, default: byDefault }: ShapeColumn): Finding {
  const isNeeded = !isNullable && byDefault === null && !isAutomatic
  const text = `Not of the standard (${type || 'no type'}); it stays as it is.${isNeeded ? ' A new user needs a value for it.' : ''}`
  return { what: name, verdict: 'compatible', text }
}

type Judgement = Pick<Finding, 'verdict' | 'text'>
const incompatible = (text: string): Judgement => ({ verdict: 'incompatible', text })

function judge(wanted: StandardColumn, column: ShapeColumn, existing: Existing): Judgement {
  if (column.isGenerated && wanted.kind !== 'key') {
    return incompatible('The database computes it, so that it cannot be written.')
  }
  const how = HOW[wanted.kind](wanted, column, existing)
  if (typeof how !== 'string') return how
  const differences = [
    how,
    normalType(column.type) === wanted.types[existing.dialect] ? '' : `Its type is ${column.type || 'not declared'}.`,
    ...differing(wanted, column, existing),
  ].filter((words) => words !== '')
  if (differences.length === 0) return { verdict: 'same', text: `${column.type}, as the step would make it.` }
  return { verdict: 'compatible', text: differences.join(' ') }
}

function differing(wanted: StandardColumn, column: ShapeColumn, { shape, empty }: Existing): string[] {
  const words: string[] = []
  if (wanted.isUnique && !isUnique(shape, column)) {
    words.push(`No unique index keeps two users from having the same ${column.name}.`)
  }
  if (wanted.kind !== 'key' && column.isNullable !== wanted.isNullable) {
    words.push(column.isNullable ? 'It may be NULL.' : 'It may not be NULL: a new user needs a value for it.')
  }
  if (wanted.isTrueByDefault && !/^\W*(b?'?1|t|true)\b/i.test(column.default ?? '')) {
    const what = column.default === null ? 'The server has no default for it' : `Its default is ${column.default}`
    words.push(`${what}, so a new user is active only where that is stated.`)
  }
  if (wanted.kind === 'boolean' && empty.has(column.name)) words.push('It holds no value yet.')
  return words
}

/** In words what is worth saying of how it is written, '' when nothing is; or why it does not do. */
const HOW: Record<
  StandardColumn['kind'],
  (wanted: StandardColumn, column: ShapeColumn, existing: Existing) => string | Judgement
> = {
  key(_, column, { shape }) {
    if (shape.key.length !== 1 || shape.key[0] !== column.name) {
      return incompatible('It is not the key of the table, so that it does not tell one user from another.')
    }
    if (column.kind === 'binary' || column.kind === 'boolean') {
      return incompatible(`Its type is ${column.type}, which holds no number.`)
    }
    return column.isAutomatic ? '' : 'The database gives no id by itself: a new user needs one.'
  },
  text(wanted, column, { dialect }) {
    const isTypeless = dialect === 'sqlite' && column.kind === 'other'
    if (column.kind !== 'text' && !isTypeless) return incompatible(`Its type is ${column.type}, which holds no text.`)
    const { maxLength } = column
    if (maxLength === null || dialect === 'sqlite') return ''
    if (maxLength < wanted.needs) {
      return incompatible(`It takes ${maxLength} characters, and what Roster writes into it needs ${wanted.needs}.`)
    }
    return ''
  },
  boolean: (wanted, column, existing) => written(wanted, column, existing, (codec) => codec.kind === 'boolean'),
  moment: (wanted, column, existing) =>
    written(wanted, column, existing, (codec) => codec.kind === 'moment' && codec.shape.of !== 'time'),
}

function written(
  wanted: StandardColumn,
  column: ShapeColumn,
  { dialect, encodings, empty }: Existing,
  isIt: (codec: Codec) => boolean,
): string | Judgement {
  const { codec, encoding } = encodings.get(column.name) ?? { codec: null, encoding: null }
  if (codec && isIt(codec)) {
    return normalType(column.type) === wanted.types[dialect] ? '' : `Written as ${inWords(codec)}.`
  }
  if (encoding && codec === null) return incompatible(encoding.words)
  const holdsAnything = ['text', 'integer', 'decimal', 'real', 'other'].includes(column.kind)
  if (empty.has(column.name) && holdsAnything) return 'It holds no value yet that would tell how it is written.'
  const what = wanted.kind === 'boolean' ? 'true and false' : 'a date and a time'
  const how = codec ? `It is written as ${inWords(codec)}` : `Its values are not known to stand for ${what}`
  return incompatible(`${how} (${column.type || 'no type'}).`)
}
