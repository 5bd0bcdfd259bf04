// Knows, word by word, where a statement goes on although a semicolon stands there, and what is no SQL for a server at all.
import type { Dialect } from '../../../shared/profiles.ts'

/** What one statement has shown of itself so far. Made anew for every statement. */
export interface StatementShape {
  /** An unquoted word, or one character of punctuation, in the order of the text. */
  see(piece: string, isWord: boolean): void
  /** Whether a semicolon here ends the statement; `refused` when that cannot be told or must not be run. */
  atSemicolon(): 'end' | 'inside' | { refused: string }
  /** Why the statement cannot be run as it is, asked when it is over; null when it can. */
  refusedAtEnd(): string | null
}

/** `isDelimited`: the file has set a delimiter of its own, so that semicolons are the statement's. */
export function shapeOf(dialect: Dialect, isDelimited: boolean): StatementShape {
  if (dialect === 'postgres') return postgresShape()
  return dialect === 'mysql' ? mysqlShape(isDelimited) : sqliteShape()
}

function postgresShape(): StatementShape {
  const first: string[] = []
  let last = ''
  let parentheses = 0
  let blocks = 0
  let isCopy = false
  return {
    see(piece, isWord) {
      if (piece === '(') parentheses++
      else if (piece === ')') parentheses = Math.max(0, parentheses - 1)
      if (!isWord) {
        last = piece
        return
      }
      const word = piece.toLowerCase()
      if (first.length < 5) first.push(word)
      // The body of a function in SQL's own words, as psql looks for it.
      if (parentheses === 0 && isRoutine(first)) {
        if (last === 'begin' && word === 'atomic') blocks++
        else if (blocks > 0 && word === 'case') blocks++
        else if (blocks > 0 && word === 'end') blocks--
      }
      if (first[0] === 'copy' && /^std(?:in|out)$/.test(word) && /^(?:from|to)$/.test(last)) isCopy = true
      last = word
    },
    // A rule may hold several statements in parentheses.
    atSemicolon: () => (isCopy ? { refused: COPY } : parentheses > 0 || blocks > 0 ? 'inside' : 'end'),
    refusedAtEnd() {
      if (isCopy) return COPY
      if (parentheses > 0) return 'A parenthesis of this statement is never closed.'
      return blocks > 0 ? 'BEGIN ATOMIC of this statement has no END.' : null
    },
  }
}

const COPY =
  'COPY with STDIN or STDOUT is between psql and its user, and is not run here. Write INSERT statements, or import the data in another way.'

function isRoutine(first: readonly string[]): boolean {
  const [create, ...rest] = first
  if (create !== 'create') return false
  const kind = rest[0] === 'or' && rest[1] === 'replace' ? rest[2] : rest[0]
  return kind === 'function' || kind === 'procedure'
}

function mysqlShape(isDelimited: boolean): StatementShape {
  const head = programHead()
  let words = 0
  let last = ''
  let cases = 0
  let isCompound = false
  return {
    see(piece, isWord) {
      const word = isWord ? piece.toLowerCase() : piece
      if (isWord) words++
      if (isWord) head.see(word)
      // BEGIN alone begins a transaction; MariaDB runs a block that is no routine as BEGIN NOT ATOMIC.
      if (words === 1 && STARTS_COMPOUND.test(word)) isCompound = true
      if (words === 2 && last === 'begin' && word === 'not') isCompound = true
      if (head.isProgram()) {
        if (word === 'case') cases++
        else if (word === 'end' && cases > 0) cases--
        else if (/^(?:begin|loop|while)$/.test(word) || (word === 'then' && cases === 0)) isCompound = true
        else if (last === 'repeat' && word !== '(') isCompound = true
      }
      last = word
    },
    atSemicolon: () => (isDelimited ? 'inside' : isCompound || cases > 0 ? { refused: PROGRAM } : 'end'),
    refusedAtEnd: () => null,
  }
}

/** Reads "CREATE OR REPLACE DEFINER = `a`@`b` AGGREGATE FUNCTION" up to the word that tells what is made. */
function programHead(): { see(word: string): void; isProgram(): boolean } {
  let state: 'start' | 'create' | 'definer' | 'program' | 'other' = 'start'
  return {
    see(word) {
      if (state === 'start') state = word === 'create' || word === 'alter' ? 'create' : 'other'
      else if (state === 'program' || state === 'other') return
      else if (/^(?:procedure|function|trigger|event|package)$/.test(word)) state = 'program'
      else if (word === 'definer') state = 'definer'
      else if (/^(?:view|sql)$/.test(word)) state = 'other'
      // Words behind DEFINER are a user's name.
      else if (state === 'create' && !/^(?:or|replace|aggregate)$/.test(word)) state = 'other'
    },
    isProgram: () => state === 'program',
  }
}

/** MariaDB takes such statements outside of routines too. */
const STARTS_COMPOUND = /^(?:if|case|loop|while|repeat|for)$/
const PROGRAM =
  'A stored program has semicolons of its own, so that its end cannot be told. Put "DELIMITER //" on a line before it, "//" behind it and "DELIMITER ;" on a line after it.'

/** SQLite's own rule (sqlite3_complete): a trigger ends at ";END;" alone. */
function sqliteShape(): StatementShape {
  const first: string[] = []
  let before = ''
  let last = ''
  return {
    see(piece, isWord) {
      const word = isWord ? piece.toLowerCase() : piece
      if (isWord && first.length < 4) first.push(word)
      before = last
      last = word
    },
    atSemicolon() {
      if (!isTrigger(first)) return 'end'
      return before === ';' && last === 'end' ? 'end' : 'inside'
    },
    refusedAtEnd() {
      // The last END needs no semicolon.
      return isTrigger(first) && !(before === ';' && last === 'end')
        ? 'This trigger has no END behind its last statement.'
        : null
    },
  }
}

function isTrigger(first: readonly string[]): boolean {
  const [create, second, third] = first[0] === 'explain' ? first.slice(1) : first
  if (create !== 'create') return false
  return second === 'trigger' || (/^temp(?:orary)?$/.test(second ?? '') && third === 'trigger')
}
