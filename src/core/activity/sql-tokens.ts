// SQL as tokens, for finding out which column a value belongs to. Knows the spellings of all engines at once, and judges nothing.

export interface Token {
  kind: 'word' | 'quoted' | 'string' | 'placeholder' | 'other'
  text: string
  /** Where it begins in the SQL. */
  at: number
}

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[eEnNxXbB]?'(?:[^'\\]|''|\\[\s\S])*(?:'|$)|\$([A-Za-z_]*)\$[\s\S]*?(?:\$\1\$|$)|"(?:[^"]|"")*(?:"|$)|`(?:[^`]|``)*(?:`|$)|\$\d+|\?|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|[(),;=.]|[^\s\w]|\d[\w.]*/g

/** Comments are left out. A string that is cut off runs to the end. */
export function tokensOf(sql: string): Token[] {
  return Array.from(sql.matchAll(TOKEN), (match): Token | null => {
    const text = match[0]
    const at = match.index
    const first = text[0] ?? ''
    if (text.startsWith('--') || text.startsWith('/*')) return null
    if (text === '?' || /^\$\d/.test(text)) return { kind: 'placeholder', text, at }
    if (first === "'" || /^[eEnNxXbB]'/.test(text) || /^\$\w*\$/.test(text)) return { kind: 'string', text, at }
    if (first === '"' || first === '`') return { kind: 'quoted', text, at }
    if (/^[A-Za-z_\u0080-\uffff]/.test(text)) return { kind: 'word', text, at }
    return { kind: 'other', text, at }
  }).filter((token) => token !== null)
}

/** The name that a word or a quoted name stands for. */
export function nameOf({ kind, text }: Token): string {
  if (kind === 'word') return text
  const quote = text[0] ?? ''
  return text.slice(1, -1).replaceAll(quote + quote, quote)
}
