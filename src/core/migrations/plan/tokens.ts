// Cuts SQL into tokens as the engine itself would: what stands in quotes or comments is never taken for a keyword.
import type { Dialect } from '../../../shared/profiles.ts'

/**
 * `word`: unquoted, so a keyword or a name. `name`: a quoted name. `other`: one character of punctuation, a number or a
 * placeholder. `start` and `end` are places in the text.
 */
export interface Token {
  kind: 'word' | 'name' | 'string' | 'other'
  /** Words in lower case; quoted names and strings without their quotes; otherwise as it stands. */
  text: string
  /** A name as the engine stores it: unquoted ones are folded to lower case on PostgreSQL alone. */
  name: string
  start: number
  end: number
}

export interface Tokens {
  list: Token[]
  /** MySQL runs what stands in comments such as `/*!50000 … *\/`, on some versions and not on others. */
  hasVersionedComment: boolean
}

interface Piece {
  kind: Token['kind'] | 'gap'
  end: number
  /** Without quotes; as it stands when absent. */
  text?: string
}

const WORD = /[\p{L}_\u0080-\uffff][\p{L}\p{N}_$\u0080-\uffff]*/uy
const NUMBER = /(?:0x[0-9a-f]+|(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)/iy
const PLACEHOLDER = /\$\d+|:[a-z_]\w*|@{1,2}[\w.$]*/iy
const DOLLAR = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y

/** Never throws: what is not closed reaches to the end. */
export function tokensOf(sql: string, dialect: Dialect): Tokens {
  const tokens: Tokens = { list: [], hasVersionedComment: false }
  // Inside of a comment that MySQL runs, its end is a gap like any other.
  let isVersioned = false
  for (let at = 0; at < sql.length;) {
    const opening = dialect === 'mysql' ? matchAt(/\/\*M?!\d*/iy, sql, at) : null
    if (opening !== null) {
      tokens.hasVersionedComment = isVersioned = true
      at += opening.length
      continue
    }
    if (isVersioned && sql.startsWith('*/', at)) {
      isVersioned = false
      at += 2
      continue
    }
    const piece = pieceAt(sql, at, dialect)
    if (piece.kind !== 'gap') tokens.list.push(tokenOf(piece.kind, piece.text, sql, at, piece.end, dialect))
    at = piece.end
  }
  return tokens
}

function tokenOf(
  kind: Token['kind'],
  unquoted: string | undefined,
  sql: string,
  start: number,
  end: number,
  dialect: Dialect,
): Token {
  const raw = unquoted ?? sql.slice(start, end)
  const text = kind === 'word' ? raw.toLowerCase() : raw
  const name = kind === 'word' && dialect === 'postgres' ? text : raw
  return { kind, text, name, start, end }
}

function pieceAt(sql: string, at: number, dialect: Dialect): Piece {
  const char = sql[at] ?? ''
  if (/\s/.test(char)) return { kind: 'gap', end: at + 1 }
  const comment = commentEnd(sql, at, dialect)
  if (comment !== null) return { kind: 'gap', end: comment }
  const quoted = quotedAt(sql, at, dialect)
  if (quoted) return quoted
  const word = matchAt(WORD, sql, at)
  if (word !== null) return { kind: 'word', end: at + word.length }
  const long = matchAt(NUMBER, sql, at) ?? matchAt(PLACEHOLDER, sql, at)
  // `a::text` is a cast, and `::` no placeholder.
  if (sql.startsWith('::', at)) return { kind: 'other', end: at + 2 }
  return { kind: 'other', end: at + (long?.length ?? 1) }
}

function commentEnd(sql: string, at: number, dialect: Dialect): number | null {
  const isLine =
    dialect === 'mysql' ? sql[at] === '#' || /^--(?:\s|$)/.test(sql.slice(at, at + 3)) : sql.startsWith('--', at)
  if (isLine) {
    const end = sql.indexOf('\n', at)
    return end < 0 ? sql.length : end + 1
  }
  if (!sql.startsWith('/*', at)) return null
  return dialect === 'postgres' ? nestedEnd(sql, at) : endAfter(sql, '*/', at + 2)
}

/** PostgreSQL alone nests comments. */
function nestedEnd(sql: string, at: number): number {
  let depth = 0
  for (let place = at; place < sql.length; place++) {
    if (sql.startsWith('/*', place)) depth++
    else if (sql.startsWith('*/', place)) depth--
    else continue
    place++
    if (depth === 0) return place + 1
  }
  return sql.length
}

function quotedAt(sql: string, at: number, dialect: Dialect): Piece | null {
  const char = sql[at]
  if (dialect === 'postgres') {
    const prefix = matchAt(/(?:[ebxn]|u&)(?=')|u&(?=")/iy, sql, at)
    if (prefix !== null) return inQuotes(sql, at + prefix.length, prefix.toLowerCase() === 'e')
    const tag = matchAt(DOLLAR, sql, at)
    if (tag !== null) {
      const end = endAfter(sql, tag, at + tag.length)
      return { kind: 'string', end, text: sql.slice(at + tag.length, end - tag.length) }
    }
  }
  if (char === "'") return inQuotes(sql, at, dialect === 'mysql')
  if (char === '"') return inQuotes(sql, at, dialect === 'mysql', dialect === 'mysql' ? 'string' : 'name')
  if (char === '`' && dialect !== 'postgres') return inQuotes(sql, at, false, 'name')
  if (char === '[' && dialect === 'sqlite') {
    const end = endAfter(sql, ']', at + 1)
    return { kind: 'name', end, text: sql.slice(at + 1, end - 1) }
  }
  return null
}

/** The quote stands at `at`; twice the quote is one. */
function inQuotes(sql: string, at: number, hasBackslash: boolean, kind?: 'string' | 'name'): Piece {
  const quote = sql[at] ?? ''
  let text = ''
  let place = at + 1
  for (; place < sql.length; place++) {
    const char = sql[place] ?? ''
    if (char === '\\' && hasBackslash) text += sql[++place] ?? ''
    else if (char !== quote) text += char
    else if (sql[place + 1] === quote) text += sql[place++] ?? ''
    else break
  }
  return { kind: kind ?? (quote === '"' ? 'name' : 'string'), end: Math.min(place + 1, sql.length), text }
}

function endAfter(sql: string, closing: string, from: number): number {
  const end = sql.indexOf(closing, from)
  return end < 0 ? sql.length : end + closing.length
}

function matchAt(pattern: RegExp, sql: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(sql)?.[0] ?? null
}
