// A read of rows made safe for a plan: no locks, and no more rows than are needed.
import type { Dialect } from '../../../shared/profiles.ts'
import type { SinkAnswer } from '../step.ts'
import { tokensOf, type Token } from './tokens.ts'

/** Rows that a step gets of one read at most; one more is asked for, to know whether there are. */
export const ROW_LIMIT = 1_000

/**
 * The same read for at most 1,001 rows, without FOR UPDATE and its like, which a read-only session refuses. Null when it
 * cannot be limited (EXPLAIN, SHOW, PRAGMA): its answer is short by itself.
 */
export function limitedRead(sql: string, dialect: Dialect, bindings: readonly unknown[]): string | null {
  const { list } = tokensOf(sql, dialect)
  const first = list.find(({ text }) => text !== '(')
  if (first?.kind !== 'word' || !/^(?:select|with|values|table)$/.test(first.text)) return null
  const top = topLevel(list)
  const lock = top.findIndex((token, index) => isLock(token, top[index + 1]))
  const end = top[lock]?.start ?? top.find(({ kind, text }) => kind === 'other' && text === ';')?.start ?? sql.length
  const read = sql.slice(0, end).trimEnd()
  const limit = top.findIndex(({ kind, text }) => kind === 'word' && /^(?:limit|fetch|offset)$/.test(text))
  // Behind a comment that runs to the end of its line.
  if (limit < 0) return `${read}\nlimit ${ROW_LIMIT + 1}`
  return hasSmallLimit(top, limit, bindings) ? read : `select * from (${read}\n) as roster_plan limit ${ROW_LIMIT + 1}`
}

/** Takes the last row away where there are more than the limit, and says so. */
export function withinLimit(answer: SinkAnswer, tables: readonly string[]): { answer: SinkAnswer; note?: string } {
  const list = answer.kind === 'response' ? listIn(answer.response) : null
  if (!list || list.length <= ROW_LIMIT) return { answer }
  list.length = ROW_LIMIT
  const many = ROW_LIMIT.toLocaleString('en')
  const whose = tables.length > 0 ? ` of ${tables.join(', ')}` : ''
  return {
    answer,
    note: `The step reads more than ${many} rows${whose}: it was planned with the first ${many} of them.`,
  }
}

/** pg answers with an object, mysql2 with rows and fields, better-sqlite3 with rows. */
function listIn(response: unknown): unknown[] | null {
  if (Array.isArray(response)) return Array.isArray(response[0]) ? (response[0] as unknown[]) : (response as unknown[])
  const result = response as { rows?: unknown; rowCount?: number }
  if (!Array.isArray(result.rows)) return null
  result.rowCount = Math.min(result.rows.length, ROW_LIMIT)
  return result.rows as unknown[]
}

function topLevel(tokens: readonly Token[]): Token[] {
  const top: Token[] = []
  let depth = 0
  for (const token of tokens) {
    if (token.kind === 'other' && token.text === '(') depth++
    if (depth === 0) top.push(token)
    if (token.kind === 'other' && token.text === ')') depth--
  }
  return top
}

function isLock(token: Token, next: Token | undefined): boolean {
  if (token.kind !== 'word' || next?.kind !== 'word') return false
  return (
    (token.text === 'for' && /^(?:update|share|no|key)$/.test(next.text)) ||
    (token.text === 'lock' && next.text === 'in')
  )
}

/** LIMIT with a number, or with the last value that is bound. */
function hasSmallLimit(top: readonly Token[], at: number, bindings: readonly unknown[]): boolean {
  const [word, value, ...rest] = top.slice(at)
  if (word?.text !== 'limit' || value === undefined) return false
  const place = /^\$(\d+)$/.exec(value.text)
  const isOnly = value.text === '?' && rest.every(({ text }) => text !== '?')
  const bound = place ? bindings[Number(place[1]) - 1] : isOnly ? bindings.at(-1) : value.text
  const number =
    typeof bound === 'number' || typeof bound === 'bigint' || /^\d+$/.test(String(bound)) ? Number(bound) : NaN
  return rest[0]?.text !== ',' && number <= ROW_LIMIT
}
