// Breaks a long statement into lines for reading. Only the room between its parts changes, never the parts.

interface Token {
  text: string
  /** A word, a string or an identifier in quotes, a comment, room between them, or one sign. */
  kind: 'word' | 'quoted' | 'comment' | 'space' | 'sign'
}

/** Statements of at most this many characters stay on their one line. */
const SHORT = 80
/** A list within brackets of at most this many characters stays on one line. */
const SHORT_LIST = 60

const pieces: [Token['kind'], RegExp][] = [
  ['comment', /--[^\n]*|\/\*[^]*?(?:\*\/|$)/y],
  ['quoted', /\$([A-Za-z_]\w*)?\$[^]*?(?:\$\1\$|$)/y],
  ['quoted', /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`(?:[^`]|``)*(?:`|$)|\[[^\]]*(?:\]|$)/y],
  ['space', /\s+/y],
  ['word', /[\p{L}\p{N}_$@]+/uy],
  ['sign', /[^]/uy],
]

/** The statement as tokens; joined they are the statement again. */
export function sqlTokens(sql: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < sql.length) {
    for (const [kind, pattern] of pieces) {
      pattern.lastIndex = at
      const text = pattern.exec(sql)?.[0]
      if (!text) continue
      tokens.push({ kind, text })
      at += text.length
      break
    }
  }
  return tokens
}

/** Each of these begins a line of its own, outside of brackets. */
const clauses = new Set(
  'from where set values returning having limit union select left inner right join on group order'.split(' '),
)
/** Words that belong to the word before them rather than begin a clause. */
const joiners = new Set(['left', 'right', 'inner', 'outer', 'cross', 'natural', 'delete', 'update', 'key'])

/** For display alone: what is sent and copied is the statement itself. */
export function formatSql(sql: string): string {
  const trimmed = sql.trim()
  // A backslash ends no string on MySQL and does on the others; which one it is, is not known here.
  if (trimmed.length <= SHORT || /[\n\\]/.test(trimmed)) return trimmed
  const tokens = sqlTokens(trimmed)
  const first = tokens[0]?.text.toLowerCase()
  return first === 'create' || first === 'alter' ? inList(tokens) : inClauses(tokens)
}

/** `create table x (a, b)`: what stands in the outermost brackets, one a line; `alter table x a, b` likewise. */
function inList(tokens: readonly Token[]): string {
  const isAlter = tokens[0]!.text.toLowerCase() === 'alter'
  const depthToBreak = isAlter ? 0 : 1
  let result = ''
  let depth = 0
  let isBroken = false
  let skipsSpace = false
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind === 'space' && skipsSpace) continue
    skipsSpace = false
    if (text === '(' && kind === 'sign') {
      depth++
      result += text
      if (!isAlter && depth === 1 && !isBroken && lengthOfList(tokens, index) > SHORT_LIST) {
        isBroken = true
        result += '\n  '
        skipsSpace = true
      }
    } else if (text === ')' && kind === 'sign') {
      if (depth === 1 && isBroken && !isAlter) {
        result += '\n'
        isBroken = false
      }
      depth--
      result += text
    } else if (text === ',' && kind === 'sign' && depth === depthToBreak && (isBroken || isAlter)) {
      result += ',\n  '
      skipsSpace = true
    } else result += text
  }
  return result
}

/** Characters from the opening bracket at `start` to its end. */
function lengthOfList(tokens: readonly Token[], start: number): number {
  let depth = 0
  let length = 0
  for (const { kind, text } of tokens.slice(start)) {
    length += text.length
    if (kind !== 'sign') continue
    if (text === '(') depth++
    if (text === ')' && --depth === 0) break
  }
  return length
}

function inClauses(tokens: readonly Token[]): string {
  let result = ''
  let depth = 0
  let previous = ''
  for (const { kind, text } of tokens) {
    if (kind === 'sign' && text === '(') depth++
    if (kind === 'sign' && text === ')') depth--
    const word = kind === 'word' ? text.toLowerCase() : ''
    const begins = depth === 0 && clauses.has(word) && !joiners.has(previous) && previous !== ''
    if (begins && /\s$/.test(result)) result = `${result.trimEnd()}\n`
    result += text
    if (kind !== 'space') previous = word || text
  }
  return result
}
