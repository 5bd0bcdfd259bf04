// What is wrong with the email of a user, and what to do about it.
import type { Cell } from './cell.ts'
import { spelled } from './codecs.ts'
import type { OwnerName } from './owners.ts'
import type { Column } from './tables.ts'

/** `breaks`: the application cannot use the row, or not as a person would think. `odd`: look at it. */
export type Weight = 'breaks' | 'odd'

/** Sentences: what it is, what it means there, what to do. */
export type Found = readonly [Weight, string]

/** Controls, and what draws nothing or turns the direction of what follows (Unicode's categories Cc and Cf). */
const UNSEEN = /[\p{Cc}\p{Cf}]/gu
/** What mail takes at most, in characters (RFC 5321). */
const MOST = 254

const CORRECT = 'Enter the address that is meant.'

export function emailProblems(
  cell: Cell,
  { maxLength }: Pick<Column, 'maxLength'>,
  owner: OwnerName,
): readonly Found[] {
  if (cell === null) return [['breaks', `No email: the user cannot be looked up by one. ${CORRECT}`]]
  if (typeof cell !== 'string')
    return [['breaks', `It is stored as ${spelled(cell)} and not as text, so no look-up finds it. ${CORRECT}`]]
  if (cell === '') return [['breaks', `It is empty: the user cannot be looked up by it. ${CORRECT}`]]
  return [...partsOf(cell), ...blanksIn(cell), ...formsOf(cell, owner), ...lengthOf(cell, maxLength)]
}

function partsOf(email: string): Found[] {
  const at = email.lastIndexOf('@')
  if (at < 0) return [['breaks', `It has no @, so no mail reaches it and forms refuse it. ${CORRECT}`]]
  const [local, domain] = [email.slice(0, at).trim(), email.slice(at + 1).trim()]
  const found: Found[] = []
  if (local === '' || domain === '')
    found.push(['breaks', `Nothing stands ${local === '' ? 'before' : 'behind'} the @. ${CORRECT}`])
  if (local.includes('@') && !isQuoted(local)) found.push(['breaks', `It has more than one @. ${CORRECT}`])
  return found
}

/** Before the @ anything may stand in quotes. */
const isQuoted = (local: string) => /^".*"$/su.test(local)

function blanksIn(email: string): Found[] {
  const found: Found[] = []
  const bare = email.trim()
  if (bare !== email)
    found.push([
      'breaks',
      'There are blanks around it: what a person types does not find it. Remove them, unless another row has the address without them.',
    ])
  const local = bare.slice(0, Math.max(0, bare.lastIndexOf('@')))
  const inside = isQuoted(local) ? bare.slice(local.length) : bare
  if (/\s/u.test(inside)) found.push(['breaks', `There is a blank within it, so forms refuse it. ${CORRECT}`])
  const points = [...new Set(email.match(UNSEEN) ?? [])].map(codePoint)
  if (points.length > 0) {
    const more = points.length > 3 ? ' and others' : ''
    const what = `It holds characters that cannot be seen (${points.slice(0, 3).join(', ')}${more})`
    found.push([
      'odd',
      `${what}: it may not be the address that it looks like. Type it anew, if they do not belong there.`,
    ])
  }
  return found
}

const codePoint = (letter: string) => `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

function formsOf(email: string, owner: OwnerName): Found[] {
  const found: Found[] = []
  const isFlask = owner === 'flask-security'
  if (email.normalize('NFC') !== email)
    found.push([
      isFlask ? 'breaks' : 'odd',
      `Its letters are decomposed (not NFC). ${isFlask ? 'Flask-Security composes what is typed and never finds it.' : 'An application that composes what is typed does not find it.'} Type it anew, unless another row has it composed.`,
    ])
  const domain = email.slice(email.lastIndexOf('@') + 1)
  const hasCapitals = (text: string) => text.toLowerCase() !== text
  if (owner === 'web2py' && hasCapitals(email))
    found.push(['odd', 'web2py writes emails in small letters. Write it so, unless another row has that address.'])
  else if (email.lastIndexOf('@') > 0 && hasCapitals(domain))
    found.push([
      'odd',
      `Its domain has capitals; ${isFlask ? 'Flask-Security writes' : 'applications often write'} domains in small letters. Write it so, unless another row has that address.`,
    ])
  return found
}

function lengthOf(email: string, maxLength: number | null): Found[] {
  const { length } = [...email]
  const found: Found[] = []
  if (length > MOST) found.push(['odd', `It has ${length} characters, and mail takes ${MOST} at most. ${CORRECT}`])
  if (maxLength !== null && length > maxLength)
    found.push([
      'odd',
      `It has ${length} characters, and its column declares ${maxLength}: other databases would refuse it.`,
    ])
  return found
}
