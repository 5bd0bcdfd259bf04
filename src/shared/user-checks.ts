// What is wrong with a user's row, by the rules of the application that owns it, and what to do about it. What only looks odd (a
// formula, HTML, another script) is right: nothing of it is run.
import { isSecret, type Cell, type ShownCell } from './cell.ts'
import { decode, inWords, isForeign, spelled } from './codecs.ts'
import { emailProblems, type Found, type Weight } from './email-checks.ts'
import type { Owner, Writer } from './owners.ts'
import { isKnownToFlask, WEAK_SCHEMES } from './scheme-words.ts'
import type { Column, TableDescription } from './tables.ts'

export interface UserProblem {
  column: string
  weight: Weight
  words: string
}

type About = Pick<TableDescription, 'columns' | 'owner'>

/** Undefined for what was not read. */
export type Shown = (column: string) => ShownCell | undefined

/** `now`: ISO with Z, to tell what lies in the future. In the order of the columns. */
export function userProblems({ columns, owner }: About, shown: Shown, now: string): UserProblem[] {
  const user = owner?.user
  if (!user) return []
  const found = (column: Column): readonly Found[] => {
    const cell = shown(column.name)
    if (cell === undefined) return []
    if (isSecret(cell)) return passwordProblems(cell.secret, owner)
    if (column.name === user.password && cell === null) return [NO_PASSWORD]
    if (column.name === user.email) return emailProblems(cell, column, owner.name)
    if (column.name === user.uniquifier) return uniquifierProblems(cell, owner.writer)
    return valueProblems(cell, column, column.name === user.confirmedAt ? now : null)
  }
  return columns.flatMap((column) => found(column).map(([weight, words]) => ({ column: column.name, weight, words })))
}

/** Whoever writes the table by another library may have no use for it. */
const NOT_FLASK: readonly Writer[] = ['pydal', 'gorm', 'django']

export function uniquifierProblems(cell: Cell, writer: Writer): readonly Found[] {
  const remedy = 'Sign out everywhere gives the user one.'
  const weight = NOT_FLASK.includes(writer) ? 'odd' : 'breaks'
  if (cell === null)
    return [[weight, `No value: Flask-Security would name the sessions of all such users “None”, as one. ${remedy}`]]
  if (cell === '') return [[weight, `It is empty: sessions of such users cannot be told apart. ${remedy}`]]
  if (typeof cell === 'string' && /^[0-9a-f]{32}$/.test(cell)) return []
  const what = 'It is not the 32 hexadecimal digits that Flask-Security makes.'
  return [['odd', `${what} It works as long as no other row has it; Sign out everywhere makes a new one.`]]
}

const NO_PASSWORD: Found = [
  'odd',
  'No password: nobody can log in with one. Set a password, unless the user logs in another way.',
]

/** A model for it has its key of sessions, and does not show whether it is used. */
function takerOf({ name, writer, user }: Owner): { who: string; isFlask: boolean } {
  if (name === 'flask-security') return { who: 'Flask-Security takes', isFlask: true }
  const isModel = writer === 'sqlalchemy' && user?.uniquifier != null
  return {
    who: isModel ? 'Flask-Security, if it reads this table, takes' : 'An application may take',
    isFlask: isModel,
  }
}

function passwordProblems(scheme: string, owner: Owner): readonly Found[] {
  const { who, isFlask } = takerOf(owner)
  if (scheme === 'unknown')
    return [['breaks', `The stored text is no hash that is known. ${who} it for the password itself. Set a password.`]]
  if (scheme === 'empty')
    return [['breaks', `Empty text is stored. ${who} it for an empty password. Lock the password, or set one.`]]
  if (scheme === 'damaged')
    return [['breaks', 'The hash is cut off or damaged: logging in fails, perhaps with an error. Set a password.']]
  if (isFlask && !isKnownToFlask(scheme)) {
    const unless = 'unless it is set up for such hashes. Set a password.'
    const weight = owner.name === 'flask-security' ? 'breaks' : 'odd'
    return [[weight, `It is a hash (${scheme}). ${who} its text for the password itself, ${unless}`]]
  }
  const weak = WEAK_SCHEMES[scheme]
  return weak === undefined ? [] : [['odd', `${scheme} ${weak}. Set a password, to have it hashed in a better way.`]]
}

/** Clocks of the earth are ahead of UTC by as much, in milliseconds: what has no zone may be of any. */
const AHEAD = 14 * 3_600_000

/** `now` where nothing should lie in the future. */
function valueProblems(cell: Cell, { codec }: Column, now: string | null): readonly Found[] {
  if (!codec || cell === null) return []
  const text = spelled(cell)
  if (isForeign(cell, codec)) {
    const what = `${text} is not how the column is written (${inWords(codec)}).`
    const means = codec.kind === 'boolean' ? 'read it as the opposite' : 'fail on each list that holds the row'
    return [['breaks', `${what} The application may ${means}. “Rows in a foreign encoding” repairs it.`]]
  }
  if (codec.kind !== 'moment') return []
  const meaning = decode(cell, codec)
  if (meaning.kind === 'endless')
    return [['odd', `${text} is no moment that Python or Go can read. Enter a date, or NULL.`]]
  if (meaning.kind !== 'moment')
    return [['breaks', `${text} is no date: applications fail on it, or read nothing. Enter a date, or NULL.`]]
  const { date, time } = meaning.moment
  if (!date) return []
  const year = Number(date.year)
  if (date.isBc || year < 1 || year > 9999)
    return [['breaks', `${text} is outside of the years 1 to 9999, which applications can read. Enter another date.`]]
  if (year < 1900) return [['odd', `${text} is before 1900. Enter another date, if it is wrong.`]]
  const latest = now === null ? null : new Date(Date.parse(now) + AHEAD).toISOString()
  const at = `${date.year}-${date.month}-${date.day}T${time ? `${time.hour}:${time.minute}` : '00:00'}`
  return latest !== null && at > latest.slice(0, 16)
    ? [['odd', `${text} lies in the future. Confirm now sets the present moment.`]]
    : []
}
