// What is wrong with a user's row, by the rules of the application that owns it. What only looks odd (a formula, HTML, another
// script) is right: nothing of it is run.
import { isSecret, type Cell, type ShownCell } from './cell.ts'
import { decode, inWords, isForeign, spelled } from './codecs.ts'
import type { Column, TableDescription } from './tables.ts'

export interface UserProblem {
  column: string
  /** `breaks`: the application cannot use the row, or not as a person would think. `odd`: look at it. */
  weight: 'breaks' | 'odd'
  /** A sentence: what it is, and what it means there. */
  words: string
}

type About = Pick<TableDescription, 'columns' | 'owner'>

/** Undefined for what was not read. */
export type Shown = (column: string) => ShownCell | undefined

/** `now`: ISO with Z, to tell what lies in the future. In the order of the columns. */
export function userProblems({ columns, owner }: About, shown: Shown, now: string): UserProblem[] {
  const user = owner?.user
  if (!user) return []
  return columns.flatMap((column) => {
    const cell = shown(column.name)
    if (cell === undefined) return []
    const add = (found: readonly [UserProblem['weight'], string][]) =>
      found.map(([weight, words]) => ({ column: column.name, weight, words }))
    if (isSecret(cell)) return add(passwordProblems(cell.secret, owner.writer === 'sqlalchemy'))
    if (column.name === user.email) return add(emailProblems(cell, column))
    if (column.name === user.uniquifier) return add(uniquifierProblems(cell))
    if (column.name === user.password && cell === null)
      return add([['odd', 'No password: nobody can log in with one.']])
    return add(momentProblems(cell, column, column.name === user.confirmedAt ? now : null))
  })
}

type Found = [UserProblem['weight'], string][]

/** Controls, and what draws nothing or turns the direction of what follows (Unicode's categories Cc and Cf). */
const UNSEEN = /[\p{Cc}\p{Cf}]/u

export function emailProblems(cell: Cell, { maxLength }: Pick<Column, 'maxLength'>): Found {
  if (cell === null) return [['breaks', 'No email: the user cannot be looked up.']]
  if (typeof cell !== 'string') return [['breaks', `The email is stored as ${spelled(cell)} and not as text.`]]
  if (cell === '') return [['breaks', 'The email is empty: the user cannot be looked up.']]
  const found: Found = []
  const at = cell.lastIndexOf('@')
  const [local, domain] = [cell.slice(0, Math.max(at, 0)), cell.slice(at + 1)]
  if (cell.trim() !== cell) found.push(['breaks', 'There are blanks around it: what a person types will not find it.'])
  if (at < 0) found.push(['breaks', 'It has no @.'])
  else if (local === '' || domain === '')
    found.push(['breaks', `Nothing stands ${local === '' ? 'before' : 'behind'} the @.`])
  if (at >= 0 && local.includes('@') && !local.startsWith('"')) found.push(['breaks', 'It has two @.'])
  if (/\s/.test(cell.trim()) && !local.startsWith('"')) found.push(['breaks', 'There is a blank within it.'])
  if (UNSEEN.test(cell)) found.push(['odd', 'It holds characters that cannot be seen.'])
  if (cell.normalize('NFC') !== cell)
    found.push(['odd', 'Its letters are not composed (NFC), so an application that composes them will not find it.'])
  if (/[A-Z]/.test(domain)) found.push(['odd', 'Its domain has capitals; applications look it up in small letters.'])
  if ([...cell].length > 254) found.push(['odd', `It has ${[...cell].length} characters; mail takes up to 254.`])
  if (maxLength !== null && [...cell].length > maxLength) {
    found.push(['odd', `It is longer than the ${maxLength} characters that its column declares.`])
  }
  return found
}

export function uniquifierProblems(cell: Cell): Found {
  if (cell === null)
    return [['breaks', 'No value: its sessions would all be named “None”. Sign out everywhere gives one.']]
  if (cell === '') return [['breaks', 'It is empty: sessions cannot be told apart. Sign out everywhere gives one.']]
  if (typeof cell !== 'string' || !/^[0-9a-f]{32}$/.test(cell)) {
    return [
      [
        'odd',
        'It is not the 32 hexadecimal digits that Flask-Security makes. It works as long as no other row has it.',
      ],
    ]
  }
  return []
}

function passwordProblems(scheme: string, isFlask: boolean): Found {
  if (scheme === 'unknown') {
    const means = isFlask ? 'Flask-Security takes it for the password itself' : 'it may be the password itself'
    return [['breaks', `What is stored is no hash that is known: ${means}. Set a password.`]]
  }
  if (scheme === 'damaged')
    return [['breaks', 'The hash is cut off or damaged: nobody can log in with it. Set a password.']]
  if (scheme === 'empty')
    return [
      [
        'breaks',
        'Empty text is stored, which some applications take for an empty password. Lock it, or set a password.',
      ],
    ]
  return []
}

function momentProblems(cell: Cell, { codec, name }: Column, now: string | null): Found {
  if (!codec || cell === null) return []
  if (isForeign(cell, codec)) {
    return [
      [
        'breaks',
        `${name} holds ${spelled(cell)}, which is not how it is written (${inWords(codec)}): the application may fail on it.`,
      ],
    ]
  }
  if (codec.kind !== 'moment') return []
  const meaning = decode(cell, codec)
  if (meaning.kind === 'endless') return [['odd', `${spelled(cell)} is no moment that Python or Go can read.`]]
  if (meaning.kind !== 'moment')
    return [['breaks', `${spelled(cell)} is no date. Applications fail on it, or read nothing.`]]
  const { date } = meaning.moment
  if (!date) return []
  const [text, year] = [spelled(cell), Number(date.year)]
  if (date.isBc || year < 1 || year > 9999)
    return [['breaks', `${text} is outside of the years 1 to 9999, which applications can read.`]]
  if (year < 1900) return [['odd', `${text} is before 1900.`]]
  if (now !== null && `${date.year}-${date.month}-${date.day}` > now.slice(0, 10))
    return [['odd', `${text} is in the future.`]]
  return []
}
