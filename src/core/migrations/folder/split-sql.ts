// Splits a file of SQL into its statements as the engine's own command line does, and refuses what only that could run.
import type { Dialect } from '../../../shared/profiles.ts'
import { commandAt, isClientBackslash, CLIENT_ONLY } from './client-commands.ts'
import { NeverClosed, pieceAt, type Piece } from './sql-pieces.ts'
import { SqlProblem } from './sql-problem.ts'
import { asksForNoTransaction, cannotBeInTransaction, controlsTransaction } from './sql-transaction.ts'
import { shapeOf } from './statement-end.ts'

export interface SplitStatement {
  /** Without what ends it, and without comments around it. */
  sql: string
  /** Where it begins, counted from 1. */
  line: number
}

/**
 * False when a comment before the first statement asks for it ("roster: no transaction", "transaction: false"), or when the
 * engine refuses one of the statements inside of a transaction. Throws SqlProblem.
 */
export function wantsTransaction(text: string, dialect: Dialect): boolean {
  const statements = splitSql(text, dialect)
  if (asksForNoTransaction(text, dialect)) return false
  return !statements.some(({ sql }) => cannotBeInTransaction(sql, dialect))
}

/**
 * The first statement with which the file begins or ends a transaction itself, or locks tables, which on MySQL keeps all that
 * others would write; savepoints are none. Null when there is none. Throws SqlProblem.
 */
export function ownTransaction(text: string, dialect: Dialect): SplitStatement | null {
  return splitSql(text, dialect).find(({ sql }) => controlsTransaction(sql, dialect)) ?? null
}

/**
 * Throws SqlProblem: a quote, comment or parenthesis is never closed, a line is a command for psql, mysql or sqlite3, or
 * the end of a stored program cannot be told. MySQL: a backslash escapes, as the SQL modes of Roster's sessions have it.
 */
export function splitSql(text: string, dialect: Dialect): SplitStatement[] {
  const lineOf = lineCounter(text)
  const refuse = (at: number, words: string) => new SqlProblem(lineOf(at), words)
  const statements: SplitStatement[] = []
  let delimiter = ';'
  let shape = shapeOf(dialect, false)
  /** Of the statement that is read now; -1 between two. */
  let start = -1
  let end = -1
  /** Where comments that MySQL runs were opened. */
  let opened: number[] = []

  function finish(): void {
    if (start >= 0) {
      if (opened[0] !== undefined) throw refuse(opened[0], 'The comment that opens here is never closed.')
      const refused = shape.refusedAtEnd()
      if (refused !== null) throw refuse(start, refused)
      statements.push({ sql: text.slice(start, end), line: lineOf(start) })
    }
    start = end = -1
    opened = []
    shape = shapeOf(dialect, delimiter !== ';')
  }

  for (let at = text.startsWith('\uFEFF') ? 1 : 0; at < text.length;) {
    if (delimiter !== ';' && text.startsWith(delimiter, at)) {
      finish()
      at += delimiter.length
      continue
    }
    const command = start < 0 ? commandAt(text, at, dialect) : null
    if (command !== null) {
      if ('refused' in command) throw refuse(at, command.refused)
      delimiter = command.delimiter
      at = command.end
      finish()
      continue
    }
    const { kind, end: whole } = cut(text, at, dialect, opened.length > 0, refuse)
    // A name may hold the delimiter's characters ("END$$"); the delimiter comes first.
    const within = delimiter === ';' || kind !== 'word' ? -1 : text.indexOf(delimiter, at + 1)
    const stop = within < 0 ? whole : Math.min(within, whole)
    if (kind === 'other' && text[at] === ';' && opened.length === 0) {
      // A dump's trigger stands in comments that MySQL runs, and those tell its end.
      const isComment = text.startsWith('/*', start) && text.startsWith('*/', end - 2)
      const answer = isComment ? 'end' : shape.atSemicolon()
      if (typeof answer === 'object') throw refuse(start < 0 ? at : start, answer.refused)
      if (answer === 'end') {
        finish()
        at = stop
        continue
      }
    }
    if (kind === 'other' && isClientBackslash(text, at, dialect)) throw refuse(at, CLIENT_ONLY)
    if (kind === 'opening') opened.push(at)
    if (kind === 'closing') opened.pop()
    if (kind !== 'space' && kind !== 'comment') {
      if (start < 0) start = at
      end = stop
      if (kind === 'word' || kind === 'other') shape.see(text.slice(at, stop), kind === 'word')
      if (kind === 'quoted') shape.see('quoted', false)
    }
    at = stop
  }
  finish()
  return statements
}

function cut(
  text: string,
  at: number,
  dialect: Dialect,
  isOpened: boolean,
  refuse: (at: number, words: string) => SqlProblem,
): Piece {
  try {
    return pieceAt(text, at, dialect, isOpened)
  } catch (error) {
    if (error instanceof NeverClosed) throw refuse(error.at, error.message)
    throw error
  }
}

function lineCounter(text: string): (at: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (at) => {
    let [low, high] = [0, starts.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= at) low = middle + 1
      else high = middle
    }
    return low
  }
}
