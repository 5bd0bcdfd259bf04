// The lines of a SQLite file: each statement that it keeps, taken apart, because its pragmas leave out checks and collations.
import { tokensOf, type Token } from '../plan/tokens.ts'
import { collectParts, joined, textOf, type Ask } from './parts.ts'
import type { Snapshot } from './snapshot.ts'

export async function readSqlite(ask: Ask): Promise<Snapshot> {
  const parts = collectParts()
  const rows = await ask(SCHEMA)
  for (const row of rows) {
    const [type, name, table, sql] = [textOf(row.type), textOf(row.name), textOf(row.tbl_name), textOf(row.sql)]
    if (type === 'table') parts.add('table', name, ...tableLines(sql))
    else if (type === 'view') parts.add('view', name, plain(tokensOf(sql, 'sqlite').list, sql))
    else parts.add(parts.has('view', table) ? 'view' : 'table', table, otherLine(type, sql))
  }
  return { parts: parts.list(), sequences: new Map() }
}

/** Automatic indexes have no text; their table's has it. */
const SCHEMA = `
  SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND substr(name, 1, 7) <> 'sqlite_'
  ORDER BY CASE type WHEN 'table' THEN 1 WHEN 'view' THEN 2 WHEN 'index' THEN 3 ELSE 4 END, name`

/** Each definition between the outer parentheses is a line, and what follows them is one. */
function tableLines(sql: string): string[] {
  const tokens = tokensOf(sql, 'sqlite').list
  if (tokens[1]?.text === 'virtual') return [plain(tokens.slice(1), sql)]
  const lines: string[] = []
  let depth = 0
  let line: Token[] = []
  for (const token of tokens) {
    if (isSign(token, ')')) depth--
    const isEnd = (depth === 0 && isSign(token, ')')) || (depth === 1 && isSign(token, ','))
    if (isEnd) {
      lines.push(definition(line, sql))
      line = []
    } else if (depth > 0) line.push(token)
    else if (lines.length > 0) line.push(token)
    if (isSign(token, '(')) depth++
  }
  return [...lines, plain(line, sql).toLowerCase()].filter((text) => text !== '')
}

const isSign = ({ kind, text }: Token, sign: string) => kind === 'other' && text === sign

/** "CONSTRAINT a FOREIGN KEY(b) REFERENCES t(c)" is "foreign key a (b) → t (c)", as of the other engines. */
function definition(tokens: Token[], sql: string): string {
  const line = plain(tokens, sql)
  const found = /^(?:constraint (\S+) )?(primary key|unique|foreign key) ?(\(.*)$/s.exec(line)
  if (!found) return line
  const [, name = '', words = '', rest = ''] = found
  const key = words === 'foreign key' ? rest.replace(/\) ?references (.+?) ?\(/s, ') → $1 (') : rest
  return joined(words, name, key)
}

/** "CREATE UNIQUE INDEX a ON t(b)" is "unique index a (b)"; a trigger keeps its words. */
function otherLine(type: string, sql: string): string {
  const line = plain(tokensOf(sql, 'sqlite').list.slice(1), sql)
  return type === 'index' ? line.replace(/^(unique )?index (.+?) on .+? ?\(/s, '$1index $2 (') : line
}

/** Lays out alike what was written differently: blanks, comments, quotes around simple names, the case of SQL's own words. */
function plain(tokens: readonly Token[], sql: string): string {
  let text = ''
  let end = tokens[0]?.start ?? 0
  for (const token of tokens) {
    text += `${token.start > end ? ' ' : ''}${word(token, sql)}`
    end = token.end
  }
  return text
}

function word(token: Token, sql: string): string {
  const raw = sql.slice(token.start, token.end)
  if (token.kind === 'word') return WORDS.has(token.text) ? token.text : raw
  return token.kind === 'name' && /^[a-z_]\w*$/i.test(token.text) && !WORDS.has(token.text.toLowerCase())
    ? token.text
    : raw
}

const WORDS = new Set(
  `action after always and as asc autoincrement before begin between by cascade check collate conflict constraint create current_date
  current_time current_timestamp default deferrable deferred delete desc each else end exists foreign for from generated glob
  if immediate in index initially insert instead into is isnull key like match no not notnull null of on or primary references
  replace restrict row select set stored table temp temporary then trigger unique update using values view virtual when
  where without`.split(/\s+/),
)
