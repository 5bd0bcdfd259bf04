// What is counted of a users table: each fact is a filter that the grid can ask for too, so that a number and its rows agree.
import { BOOLEANS, inWords, isNative, type Codec } from '../../../shared/codecs.ts'
import { columnsOf, WEAK, where, type Filter } from '../../../shared/filters.ts'
import type { HealthFact } from '../../../shared/health.ts'
import type { Gate } from '../../../shared/gate.ts'
import type { UserColumns } from '../../../shared/owners.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import type { TableShape } from '../../db/database.ts'

export interface Subject {
  engine: Dialect
  shape: TableShape
  user: UserColumns
  /** How a column is written; null where it holds neither booleans nor dates, or that is not decided. */
  codecOf: (column: string) => Codec | null
}

export interface Fact extends Pick<HealthFact, 'id' | 'title' | 'words'> {
  filter: Filter
}

/** Dates from the year after the last impossible one up to before the first one. A filter takes so many columns at most. */
export const FIRST_DAY = '1900-01-01'
export const DAY_AFTER_LAST = '2201-01-01'
const MOST_DATES = 10

const any = (...parts: Filter[]): Filter =>
  parts.length === 1 ? (parts[0] as Filter) : { kind: 'group', join: 'or', parts }
const all = (...parts: Filter[]): Filter =>
  parts.length === 1 ? (parts[0] as Filter) : { kind: 'group', join: 'and', parts }

const isNull = (column: string, isNot = false) => where(column, { test: 'null' }, isNot)
const isEmpty = (column: string) => where(column, { test: 'empty' })
const contains = (column: string, text: string, isNot = false) => where(column, { test: 'contains', text }, isNot)

/** The flag's or the gate's own value for a user who may not log in, or may; null where there is neither. */
export function activeFilter({ user, codecOf, engine }: Subject, isActive: boolean): Filter | null {
  const codec = user.active === null ? null : codecOf(user.active)
  if (user.active !== null && codec?.kind === 'boolean') {
    const value = BOOLEANS[codec.spelling][isActive ? 0 : 1]
    const equals = where(user.active, { test: 'equals', value })
    // MySQL takes 't' for 'T'; its owner does not write it so.
    if (engine !== 'mysql' || typeof value !== 'string') return equals
    return all(equals, where(user.active, { test: 'foreign', to: codec }, true))
  }
  if (user.gate === null) return null
  const isBlocked = blockedBy(user.gate)
  if (!isActive) return any(...isBlocked)
  if (user.gate.others === 'pending') return any(isNull(user.gate.column), isEmpty(user.gate.column))
  return all(...[...isBlocked, ...pendingBy(user.gate)].map((each) => ({ ...each, isNot: true })))
}

const blockedBy = ({ column, blocked }: Gate) => blocked.map((value) => where(column, { test: 'equals', value }))
const pendingBy = ({ column, pending }: Gate) => pending.map((text) => where(column, { test: 'starts', text }))

const oneOf = (texts: readonly string[]) => texts.map((text) => `“${text}”`).join(' or ')

function inactive(subject: Subject): Fact[] {
  const filter = activeFilter(subject, false)
  if (filter === null) return []
  const { active, gate } = subject.user
  const isOfFlag = active !== null && columnsOf(filter).includes(active)
  const what = isOfFlag ? `${active} is false` : `${gate?.column} is ${oneOf(gate?.blocked ?? [])}`
  const words = `${what}: the application lets none of them log in.`
  return [{ id: 'inactive', title: 'Inactive', words, filter }]
}

function neverConfirmed({ user: { confirmedAt, gate } }: Subject): Fact[] {
  const fact = { id: 'never-confirmed' as const, title: 'Never confirmed' }
  if (confirmedAt !== null) {
    const words = `${confirmedAt} is NULL: nobody has shown that the address is theirs.`
    return [{ ...fact, words, filter: isNull(confirmedAt) }]
  }
  if (gate === null) return []
  const { column, pending, others } = gate
  const waits = 'a confirmation or an approval is waited for, and nobody of them may log in.'
  if (others === 'pending') {
    const words = `${column} holds ${oneOf(pending)} or a token: ${waits}`
    const rest = [isNull(column), isEmpty(column), ...blockedBy(gate)].map((each) => ({ ...each, isNot: true }))
    return [{ ...fact, words, filter: all(...rest) }]
  }
  return [{ ...fact, words: `${column} begins with ${oneOf(pending)}: ${waits}`, filter: any(...pendingBy(gate)) }]
}

function passwords({ user: { password } }: Subject): Fact[] {
  if (password === null) return []
  return [
    {
      id: 'no-password',
      title: 'No password',
      words: `${password} is NULL or empty. NULL keeps everybody out; an empty text does not everywhere.`,
      filter: any(isNull(password), isEmpty(password)),
    },
    {
      id: 'weak-scheme',
      title: 'Weak or old hash',
      words: 'A hash of an old scheme or of too few rounds, or no hash that is known: it may be a password in clear.',
      filter: where(password, { test: 'scheme', schemes: [WEAK] }),
    },
  ]
}

/** What no address that is in use holds. Letters and domains are not judged. */
const NEVER = [' ', '\t', '\n', '\r', ',', ';', '<', '>']

function invalidEmail({ user: { email } }: Subject): Fact {
  return {
    id: 'invalid-email',
    title: 'Not an email address',
    words: `${email} is NULL, has no @ or nothing before it, or holds a blank, a comma, a semicolon or a bracket.`,
    filter: any(
      contains(email, '@', true),
      where(email, { test: 'starts', text: '@' }),
      ...NEVER.map((text) => contains(email, text)),
    ),
  }
}

function noUniquifier({ user: { uniquifier }, shape }: Subject): Fact[] {
  if (uniquifier === null) return []
  const isText = shape.columns.find(({ name }) => name === uniquifier)?.kind === 'text'
  const words = isText
    ? `${uniquifier} is NULL, empty, or not the 32 hexadecimal digits of a uuid4. Sessions are known by it.`
    : `${uniquifier} is NULL. Sessions are known by it.`
  const wrong = isText ? [where(uniquifier, { test: 'foreign', to: { kind: 'hex', digits: 32 } })] : []
  // What is empty is no 32 digits either.
  return [{ id: 'no-uniquifier', title: `No valid ${uniquifier}`, words, filter: any(isNull(uniquifier), ...wrong) }]
}

function foreignEncodings({ shape, codecOf }: Subject): Fact[] {
  return shape.columns.flatMap(({ name }) => {
    const codec = codecOf(name)
    if (codec === null || isNative(codec)) return []
    const words = `${name} is written as ${inWords(codec)}. These rows hold something else, which the application may misread.`
    const filter = where(name, { test: 'foreign', to: codec })
    return [{ id: 'foreign-encoding', title: `Foreign encoding in ${name}`, words, filter }]
  })
}

function deleted({ user: { deletedAt } }: Subject): Fact[] {
  if (deletedAt === null) return []
  const words = `${deletedAt} is set: the application does not see them, and their emails stay taken.`
  return [{ id: 'deleted', title: 'Soft-deleted', words, filter: isNull(deletedAt, true) }]
}

/** Dates that are written as the column is, and lie before or after the years that people live in. */
export function isImpossible(column: string, codec: Codec): Filter {
  const range = (from: string | null, to: string | null) =>
    where(column, {
      test: 'range',
      from: from === null ? null : { value: from, isIncluded: true },
      to: to === null ? null : { value: to, isIncluded: false },
    })
  const outside = any(range(null, FIRST_DAY), range(DAY_AFTER_LAST, null))
  return isNative(codec) ? outside : all(outside, where(column, { test: 'foreign', to: codec }, true))
}

export function datesOf({ shape, codecOf }: Subject): { column: string; codec: Codec }[] {
  return shape.columns.flatMap(({ name }) => {
    const codec = codecOf(name)
    return codec?.kind === 'moment' && codec.shape.of !== 'time' ? [{ column: name, codec }] : []
  })
}

function impossibleDates(subject: Subject): Fact[] {
  const dates = datesOf(subject).slice(0, MOST_DATES)
  if (dates.length === 0) return []
  const names = dates.map(({ column }) => column).join(', ')
  const words = `A date before the year 1900, which zero dates are too, or after 2200, in ${names}.`
  const filter = any(...dates.map(({ column, codec }) => isImpossible(column, codec)))
  return [{ id: 'impossible-date', title: 'Impossible date', words, filter }]
}

/** All that one pass over the rows counts; emails that are there twice are found behind it (`duplicates.ts`). */
export function factsOf(subject: Subject): Fact[] {
  return [
    ...inactive(subject),
    ...neverConfirmed(subject),
    ...passwords(subject),
    invalidEmail(subject),
    ...noUniquifier(subject),
    ...foreignEncodings(subject),
    ...deleted(subject),
    ...impossibleDates(subject),
  ]
}
