// Cuts SQL into pieces as each engine's own lexer does, so that nothing in quotes or comments is taken for the end of a statement.
import type { Dialect } from '../../../shared/profiles.ts'

/**
 * `word`: not in quotes, so a keyword, a name or a number. `opening` and `closing`: the marks around what MySQL and MariaDB
 * run although it looks like a comment. `other`: one character.
 */
export interface Piece {
  kind: 'space' | 'comment' | 'word' | 'quoted' | 'opening' | 'closing' | 'other'
  end: number
}

/** Something is opened and never closed. `at` is where it opens. */
export class NeverClosed extends Error {
  readonly at: number
  readonly what: string

  constructor(at: number, what: string) {
    super(`The ${what} that opens here is never closed.`)
    this.name = 'NeverClosed'
    this.at = at
    this.what = what
  }
}

const SPACE = /[ \t\n\r\f\v]+/y
const WORDS = {
  // A number ends before a dollar sign, which may begin a quote.
  postgres: /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.\u0080-\uffff]*/y,
  mysql: /[\w$\u0080-\uffff]+/y,
  sqlite: /[\w$\u0080-\uffff]+/y,
}
const DOLLAR_QUOTE = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y
const EXECUTED_COMMENT = /\/\*M?!\d*/y
/** A string that goes on after a line break is one string, and keeps the rules of its first part (PostgreSQL, section 4.1.2.1). */
const CONTINUED = /[ \t\f\v]*(?:--[^\n\r]*)?[\n\r](?:[ \t\n\r\f\v]+|--[^\n\r]*[\n\r])*'/y

/**
 * The piece that begins at `at`, which is inside of the text. `isOpened`: between `opening` and `closing`; elsewhere the same
 * two characters are a star and a slash. Throws NeverClosed.
 */
export function pieceAt(text: string, at: number, dialect: Dialect, isOpened = false): Piece {
  const space = endOf(SPACE, text, at)
  if (space !== null) return { kind: 'space', end: space }
  const comment = commentEnd(text, at, dialect)
  if (comment !== null) return { kind: 'comment', end: comment }
  if (dialect === 'mysql') {
    const opening = endOf(EXECUTED_COMMENT, text, at)
    if (opening !== null) return { kind: 'opening', end: opening }
    if (isOpened && text.startsWith('*/', at)) return { kind: 'closing', end: at + 2 }
  }
  const quoted = quotedEnd(text, at, dialect)
  if (quoted !== null) return { kind: 'quoted', end: quoted }
  const word = endOf(WORDS[dialect], text, at)
  if (word !== null) return { kind: 'word', end: word }
  return { kind: 'other', end: at + 1 }
}

function commentEnd(text: string, at: number, dialect: Dialect): number | null {
  if (isLineComment(text, at, dialect)) {
    // To PostgreSQL a carriage return ends the line as well.
    const end = dialect === 'postgres' ? searchFrom(/[\n\r]/g, text, at) : text.indexOf('\n', at)
    return end < 0 ? text.length : end
  }
  if (!text.startsWith('/*', at)) return null
  if (dialect === 'mysql' && /^(?:!|M!)/.test(text.slice(at + 2, at + 4))) return null
  if (dialect === 'postgres') return nestedEnd(text, at)
  return after(text, '*/', at, at + 2, 'comment')
}

function isLineComment(text: string, at: number, dialect: Dialect): boolean {
  if (dialect === 'mysql') {
    if (text[at] === '#') return true
    // "5--3" is eight: MySQL wants a blank, a control character or the end behind the dashes.
    return text.startsWith('--', at) && (at + 2 >= text.length || text.charCodeAt(at + 2) <= 0x20)
  }
  return text.startsWith('--', at)
}

/** PostgreSQL alone nests comments. */
function nestedEnd(text: string, at: number): number {
  const marks = /\/\*|\*\//g
  marks.lastIndex = at
  let depth = 0
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return marks.lastIndex
  }
  throw new NeverClosed(at, 'comment')
}

function quotedEnd(text: string, at: number, dialect: Dialect): number | null {
  const char = text[at]
  if (dialect === 'postgres') {
    if ((char === 'E' || char === 'e') && text[at + 1] === "'") return escapedEnd(text, at)
    const body = endOf(DOLLAR_QUOTE, text, at)
    if (body !== null) return after(text, text.slice(at, body), at, body, 'dollar quote')
  }
  if (char === "'") return quoteEnd(text, at, dialect === 'mysql')
  if (char === '"') return quoteEnd(text, at, dialect === 'mysql')
  if (char === '`' && dialect !== 'postgres') return quoteEnd(text, at, false)
  if (char === '[' && dialect === 'sqlite') return after(text, ']', at, at + 1, 'bracket')
  return null
}

/** PostgreSQL's E'...', which may go on after a line break. */
function escapedEnd(text: string, at: number): number {
  let end = quoteEnd(text, at + 1, true)
  for (let next = endOf(CONTINUED, text, end); next !== null; next = endOf(CONTINUED, text, end)) {
    end = quoteEnd(text, next - 1, true)
  }
  return end
}

/** Twice the quote is one. */
function quoteEnd(text: string, at: number, hasBackslash: boolean): number {
  const quote = text[at] ?? ''
  const marks = hasBackslash ? new RegExp(`[${quote}\\\\]`, 'g') : new RegExp(quote, 'g')
  for (let place = at + 1; place < text.length;) {
    const mark = searchFrom(marks, text, place)
    if (mark < 0) break
    if (text[mark] === quote && text[mark + 1] !== quote) return mark + 1
    place = mark + 2
  }
  throw new NeverClosed(at, quote === "'" ? 'string' : 'quote')
}

function after(text: string, closing: string, opened: number, from: number, what: string): number {
  const end = text.indexOf(closing, from)
  if (end < 0) throw new NeverClosed(opened, what)
  return end + closing.length
}

function searchFrom(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.exec(text)?.index ?? -1
}

function endOf(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : null
}
