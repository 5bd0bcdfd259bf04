// Which placeholders and strings of a statement may hold the value of a secret column. In doubt they do.
import { isSecretColumn } from '../password-schemes.ts'
import { nameOf, tokensOf, type Token } from './sql-tokens.ts'

/** Conditions and lists are told apart by these, so that a value is blamed only for the column it stands with. */
const BOUNDARIES = new Set(
  'and or where set limit offset having on union select from returning order group values using join'.split(' '),
)
/** A parenthesis after one of these holds a query of its own, whose columns are not compared with anything outside. */
const OWN_QUERY = new Set(['from', 'join', 'all', 'union', 'except', 'intersect', 'exists', 'as'])
/** Words of statements about accounts, beside the names of columns: IDENTIFIED BY '…'. */
const SECRET_WORDS = new Set(['identified'])

/** A stretch of a statement that is about the same thing; secret as soon as a secret column is named in it. */
interface Stretch {
  isSecret: boolean
  outer: Stretch | null
  depth: number
}

export interface SecretPlaces {
  /** Numbers of placeholders, from 0, in the order of the text (`$3` is number 2). */
  placeholders: ReadonlySet<number>
  /** Where strings with secrets begin and end in the text. */
  strings: readonly { from: number; to: number }[]
}

export function secretPlaces(sql: string): SecretPlaces {
  const tokens = tokensOf(sql)
  const isSecretAt = insertedInto(tokens) ?? stretches(tokens)
  const placeholders = new Set<number>()
  const strings: { from: number; to: number }[] = []
  let count = -1
  tokens.forEach((token, index) => {
    if (token.kind === 'placeholder') {
      count += 1
      if (isSecretAt(index)) placeholders.add(token.text === '?' ? count : Number(token.text.slice(1)) - 1)
    }
    // A text in double quotes is a string to MySQL: where a value is expected, it is taken for one.
    const isValue = token.kind === 'string' || (token.kind === 'quoted' && isAfterMark(tokens[index - 1]))
    if (isValue && isSecretAt(index)) strings.push({ from: token.at, to: token.at + token.text.length })
  })
  return { placeholders, strings }
}

function isAfterMark(before: Token | undefined): boolean {
  return before !== undefined && (before.text === '=' || before.text.toLowerCase() === 'by')
}

function isSecretName(token: Token): boolean {
  if (token.kind !== 'word' && token.kind !== 'quoted') return false
  return isSecretColumn(nameOf(token)) || (token.kind === 'word' && SECRET_WORDS.has(token.text.toLowerCase()))
}

type IsSecretAt = (index: number) => boolean

/** INSERT with names and rows of values: by their order. Null for any other statement. */
function insertedInto(tokens: readonly Token[]): IsSecretAt | null {
  const word = (index: number) => tokens[index]?.text.toLowerCase()
  if (word(0) !== 'insert' && word(0) !== 'replace') return null
  const values = tokens.findIndex(({ kind, text }) => kind === 'word' && text.toLowerCase() === 'values')
  const open = tokens.findIndex(({ text }) => text === '(')
  const close = tokens.findIndex(({ text }) => text === ')')
  // Without names the order is the table's, which is not known here; INSERT … SELECT has no rows of values.
  if (values < 0) {
    const isAnySecret = tokens.some(isSecretName)
    return () => isAnySecret
  }
  if (open < 0 || open > values) return () => true
  const columns = tokens.slice(open + 1, close).filter(({ kind }) => kind === 'word' || kind === 'quoted')
  const secret = columns.map(isSecretName)
  const isIn = new Map<number, boolean>()
  let depth = 0
  let column = 0
  let index = values + 1
  for (; index < tokens.length; index += 1) {
    const { text } = tokens[index] as Token
    if (text === '(') {
      depth += 1
      if (depth === 1) column = 0
    } else if (text === ')') depth -= 1
    else if (text === ',' && depth === 1) column += 1
    else if (depth === 0 && text !== ',') break
    else isIn.set(index, secret[column] ?? true)
  }
  const rest = stretches(tokens)
  return (at) => isIn.get(at) ?? rest(at)
}

function stretches(tokens: readonly Token[]): IsSecretAt {
  let depth = 0
  let present: Stretch = { isSecret: false, outer: null, depth: 0 }
  const resume: { depth: number; to: Stretch }[] = []
  const at = tokens.map((token, index): Stretch => {
    const word = token.kind === 'word' ? token.text.toLowerCase() : token.text
    if (word === '(') {
      depth += 1
      const before = tokens[index - 1]?.text.toLowerCase() ?? ''
      const isQuery = ['select', 'with'].includes(tokens[index + 1]?.text.toLowerCase() ?? '')
      if (isQuery && OWN_QUERY.has(before)) {
        resume.push({ depth, to: present })
        present = { isSecret: false, outer: null, depth }
      }
    } else if (word === ')') {
      if (resume.at(-1)?.depth === depth) present = resume.pop()?.to ?? present
      depth -= 1
    } else if ((word === ',' || word === ';' || BOUNDARIES.has(word)) && depth <= present.depth) {
      present = { isSecret: false, outer: present.outer, depth: present.depth }
    } else if (isSecretName(token)) present.isSecret = true
    return present
  })
  return (index) => at[index]?.isSecret ?? true
}
