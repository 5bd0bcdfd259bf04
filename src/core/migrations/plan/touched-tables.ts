// The tables that a statement names where a table is meant, whatever kind of statement it is.
import type { Dialect } from '../../../shared/profiles.ts'
import { readerOf } from './reader.ts'
import type { Token } from './tokens.ts'

/** Words before a table's name, wherever they stand. ON means a table in a few statements only. */
const BEFORE = new Set(['from', 'join', 'into', 'update', 'references', 'using'])
/** A keyword where a name could stand. */
const NO_NAME = new Set(['select', 'lateral', 'only', 'values', 'set', 'of', 'nowait', 'skip', 'rows', 'cascade', 'no'])
const STATEMENTS = new Set([
  'select',
  'with',
  'insert',
  'update',
  'delete',
  'merge',
  'replace',
  'values',
  'table',
  'explain',
])

/** Names as parts: [["app", "users"], ["posts"]]. Names of WITH are left out; the same table may come twice. */
export function tablesNamed(tokens: readonly Token[], dialect: Dialect): string[][] {
  const found: string[][] = []
  const own = namesOfWith(tokens)
  const groups: { isStatement: boolean }[] = [{ isStatement: true }]
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]
    if (!token) break
    if (token.kind === 'other' && token.text === '(') {
      const next = tokens[at + 1]
      groups.push({ isStatement: next?.kind === 'word' && STATEMENTS.has(next.text) })
    } else if (token.kind === 'other' && token.text === ')') groups.pop()
    if (token.kind !== 'word' || !BEFORE.has(token.text)) continue
    if (!meansTable(tokens, at, groups.at(-1)?.isStatement ?? true)) continue
    found.push(...listAt(tokens, at + 1, token.text, dialect))
  }
  return found.filter((parts) => parts.length > 1 || !own.has(parts[0] ?? ''))
}

function meansTable(tokens: readonly Token[], at: number, isInStatement: boolean): boolean {
  const word = tokens[at]?.text
  const before = tokens[at - 1]
  const wordBefore = before?.kind === 'word' ? before.text : ''
  // extract(year from x), substring(x from 1), and `is distinct from`.
  if (word === 'from') {
    return isInStatement && wordBefore !== 'values' && !(wordBefore === 'distinct' && isAfterIs(tokens, at - 1))
  }
  // `for update`, `on update cascade`, `do update set`, `on duplicate key update`, and rights.
  if (word === 'update') return !/^(?:for|key|on|do|or|before|after|then|of)$/.test(wordBefore)
  // join … using (column), create index … using btree
  if (word === 'using') {
    const head = tokens[0]?.text
    const next = tokens[at + 1]
    return (head === 'delete' || head === 'merge' || head === 'with') && !(next?.kind === 'other' && next.text === '(')
  }
  return true
}

function isAfterIs(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]?.text
  return before === 'is' || (before === 'not' && tokens[at - 2]?.text === 'is')
}

/** Names between commas, with their aliases stepped over; a bracket ends it (it is looked into by itself). */
function listAt(tokens: readonly Token[], from: number, after: string, dialect: Dialect): string[][] {
  const found: string[][] = []
  const reader = readerOf(tokens.slice(from))
  for (;;) {
    reader.skip('only', 'lateral', 'table', ...(after === 'update' ? ['low_priority', 'ignore'] : []))
    if (after === 'update' && reader.take('or')) reader.next()
    while (reader.takeMark('('));
    if (NO_NAME.has(reader.word) || isVariable(reader.here, dialect)) return found
    // A file, or a value; SQLite alone takes a name in single quotes.
    if (reader.here?.kind === 'string' && dialect !== 'sqlite') return found
    const name = reader.name()
    if (!name) return found
    const isCall = reader.here?.kind === 'other' && reader.here.text === '('
    if (!isCall || after === 'into' || after === 'references' || isPragma(name)) found.push(name)
    if (after !== 'from' && after !== 'update' && after !== 'using') return found
    if (isCall) return found
    reader.take('as')
    const isAlias = reader.here?.kind === 'name' || (reader.word !== '' && !NOT_ALIAS.has(reader.word))
    if (isAlias) reader.next()
    if (!reader.takeMark(',')) return found
  }
}

const NOT_ALIAS = new Set([
  'where',
  'set',
  'join',
  'inner',
  'left',
  'right',
  'full',
  'cross',
  'natural',
  'on',
  'using',
  'order',
  'group',
  'limit',
  'returning',
  'union',
  'having',
  'for',
  'window',
  'fetch',
  'offset',
])

/** SQLite's pragmas as tables: pragma_table_info('users'). */
const isPragma = (name: readonly string[]) => /^pragma_/i.test(name.at(-1) ?? '')

/** `select … into @n` */
const isVariable = (token: Token | null, dialect: Dialect) =>
  dialect === 'mysql' && (token?.text.startsWith('@') === true || /^(?:outfile|dumpfile)$/.test(token?.text ?? ''))

/** `with a as (…), b (x) as (…)`: names that stand before `as (`, after WITH or a comma. */
function namesOfWith(tokens: readonly Token[]): Set<string> {
  const names = new Set<string>()
  if (!tokens.some(({ kind, text }) => kind === 'word' && text === 'with')) return names
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'word' || token.text !== 'as') continue
    let open = at + 1
    while (tokens[open]?.text === 'not' || tokens[open]?.text === 'materialized') open++
    if (tokens[open]?.text !== '(') continue
    let before = at - 1
    if (tokens[before]?.text === ')') while (before > 0 && tokens[before--]?.text !== '(');
    const name = tokens[before]
    if (name && name.kind !== 'other') names.add(name.name)
  }
  return names
}
