// Statements that take rows away or change all of them: DELETE and UPDATE without WHERE, wherever they stand.
import { readerOf } from './reader.ts'
import type { Token } from './tokens.ts'

/** What is lost, in words. */
export function lostRows(tokens: readonly Token[]): string[] {
  return heads(tokens).flatMap((at) => {
    const rest = ownLevel(tokens, at)
    const reader = readerOf(rest)
    const isDelete = reader.take('delete')
    if (!isDelete) reader.next()
    if (rest.some(({ kind, text }) => kind === 'word' && text === 'where')) return []
    const isLimited = rest.some(({ kind, text }) => kind === 'word' && (text === 'limit' || text === 'current'))
    const how = isLimited ? 'rows' : 'all rows'
    const table = tableOf(rest, isDelete)
    return [`${isDelete ? 'Deletes' : 'Changes'} ${how} of ${table}: it has no WHERE.`]
  })
}

/** Places of DELETE and UPDATE that begin a statement: the first word, behind a bracket, or behind WITH's definitions. */
function heads(tokens: readonly Token[]): number[] {
  // A trigger's or a function's body runs later, if at all.
  if (tokens[0]?.text === 'create' || tokens[0]?.text === 'grant' || tokens[0]?.text === 'revoke') return []
  return [...tokens.keys()].filter((at) => {
    const token = tokens[at]
    if (token?.kind !== 'word' || (token.text !== 'delete' && token.text !== 'update')) return false
    const before = tokens[at - 1]
    if (!before) return true
    if (before.kind === 'word') return before.text === 'analyze'
    const next = tokens[at + 1]
    return before.kind === 'other' && /^[()]$/.test(before.text) && next?.kind !== 'other'
  })
}

/** The statement's own tokens: up to the bracket that closes it, without what stands in brackets of its own. */
function ownLevel(tokens: readonly Token[], from: number): Token[] {
  const own: Token[] = []
  let depth = 0
  for (const token of tokens.slice(from)) {
    const isMark = token.kind === 'other'
    if (isMark && token.text === ')') depth--
    if (depth < 0) break
    if (depth === 0) own.push(token)
    if (isMark && token.text === '(') depth++
  }
  return own
}

function tableOf(own: readonly Token[], isDelete: boolean): string {
  const from = isDelete ? own.findIndex(({ kind, text }) => kind === 'word' && text === 'from') : 0
  const reader = readerOf(own.slice(from + 1))
  reader.skip('only', 'low_priority', 'quick', 'ignore')
  if (reader.take('or')) reader.next()
  return (reader.name() ?? ['a table']).join('.')
}
