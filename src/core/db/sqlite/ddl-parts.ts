// Parts of SQLite's own CREATE statements that no pragma tells: expressions of an index, its condition, CHECK constraints.

interface Token {
  text: string
  start: number
  end: number
  /** Open brackets around it. */
  depth: number
}

/** Quoted text and names, comments, words, single letters. Inside of quotes the quote is doubled; brackets have no such rule. */
const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[^]*?(?:\*\/|$)|[\p{L}\p{N}_$]+|\S/gu

function tokensOf(sql: string): Token[] {
  let depth = 0
  const tokens: Token[] = []
  for (const { 0: text, index } of sql.matchAll(TOKEN)) {
    if (text.startsWith('--') || text.startsWith('/*')) continue
    if (text === ')') depth -= 1
    tokens.push({ text, start: index, end: index + text.length, depth })
    if (text === '(') depth += 1
  }
  return tokens
}

/** What stands in the first brackets, between its commas, and what follows them. */
function bracketed(sql: string): { parts: string[]; rest: string } {
  const tokens = tokensOf(sql)
  const open = tokens.findIndex(({ text, depth }) => text === '(' && depth === 0)
  const close = tokens.findIndex(({ text, depth }, index) => index > open && text === ')' && depth === 0)
  const [from, to] = [tokens[open], tokens[close]]
  if (!from || !to) return { parts: [], rest: '' }
  const parts: string[] = []
  let start = from.end
  for (const { text, depth, start: at, end } of tokens.slice(open + 1, close)) {
    if (text !== ',' || depth !== 1) continue
    parts.push(sql.slice(start, at).trim())
    start = end
  }
  parts.push(sql.slice(start, to.start).trim())
  return { parts, rest: sql.slice(to.end).trim() }
}

/** Of a CREATE INDEX: what it is over, as it was written, and its condition. */
export function indexParts(sql: string): { columns: string[]; where: string | null } {
  const { parts, rest } = bracketed(sql)
  const where = /^where\b([^]*?);?\s*$/i.exec(rest)?.[1]?.trim()
  return { columns: parts, where: where ?? null }
}

/** A name without its quotes, whichever of SQLite's four they are; any other text as it is. */
export const unquoted = (name: string) =>
  /^(".*"|`.*`|'.*')$/s.test(name)
    ? name.slice(1, -1).replaceAll(name.charAt(0).repeat(2), name.charAt(0))
    : /^\[.*\]$/s.test(name)
      ? name.slice(1, -1)
      : name

/** Of a CREATE TABLE: its CHECK constraints, those of columns too. The name of one that has none is ''. */
export function checksOf(sql: string): { name: string; definition: string }[] {
  return bracketed(sql).parts.flatMap((part) => {
    const tokens = tokensOf(part)
    return tokens.flatMap(({ text, depth, start }, index) => {
      const next = tokens[index + 1]
      if (depth !== 0 || text.toUpperCase() !== 'CHECK' || next?.text !== '(') return []
      const close = tokens.find(({ text, depth, start }) => text === ')' && depth === 0 && start > next.start)
      const isNamed = tokens[index - 2]?.depth === 0 && tokens[index - 2]?.text.toUpperCase() === 'CONSTRAINT'
      const name = isNamed ? unquoted(tokens[index - 1]?.text ?? '') : ''
      return [{ name, definition: part.slice(start, close?.end) }]
    })
  })
}
