// Knows what the engines' command lines take for themselves and never send: a server would not understand it, or it does harm.
import type { Dialect } from '../../../shared/profiles.ts'

export const CLIENT_ONLY =
  'A backslash outside of quotes begins a command for psql or mysql, which is not run here. Take the command out, or put what it would read into this file.'
const ONLY_MYSQL =
  'is a command for the mysql client, which is not run here. Take it out, or put what it would read into this file.'
const ONLY_SQLITE =
  'A line that begins with a dot is a command for the sqlite3 program, which is not run here. Take it out, or put what it would read into this file.'

/** No statement of MySQL or MariaDB begins with one of these. */
const MYSQL_COMMAND =
  /(?:source|system|tee|notee|pager|nopager|charset|connect|rehash|prompt|ego|go|edit|print|status|clear|quit|exit|warnings|nowarning)(?![\w$\u0080-\uffff(.])/iy
const DELIMITER = /delimiter(?=[ \t\r\n]|$)[ \t]*(\S*)[^\n]*/iy

/** A command that begins here, between two statements: the delimiter that counts from `end` on, or why it is not run. */
export function commandAt(
  text: string,
  at: number,
  dialect: Dialect,
): { delimiter: string; end: number } | { refused: string } | null {
  if (dialect === 'sqlite') return /^\.[A-Za-z]/.test(text.slice(at, at + 2)) ? { refused: ONLY_SQLITE } : null
  if (dialect !== 'mysql') return null
  DELIMITER.lastIndex = at
  const found = DELIMITER.exec(text)
  if (found) {
    const delimiter = found[1] ?? ''
    if (delimiter !== '') return { delimiter, end: at + found[0].length }
    return { refused: 'DELIMITER needs the characters that end a statement from here on, for example //.' }
  }
  MYSQL_COMMAND.lastIndex = at
  const command = MYSQL_COMMAND.exec(text)?.[0]
  return command === undefined ? null : { refused: `${command.toUpperCase()} ${ONLY_MYSQL}` }
}

/** A backslash that is in no quotes. SQL has none, apart from \N, which is an old name of NULL in MySQL. */
export function isClientBackslash(text: string, at: number, dialect: Dialect): boolean {
  if (text[at] !== '\\' || dialect === 'sqlite') return false
  return dialect === 'postgres' || text[at + 1] !== 'N'
}
