// Text of rows and fields, as spreadsheets put it on the clipboard and write it to files: TSV and CSV, read and written.

/** Null is an empty field without quotes; '' is one with them. */
export type Field = string | null

/** Reads rows of fields. A quote inside a field that does not begin with one is a letter like any other. */
export function readDelimited(text: string, delimiter: string): Field[][] {
  const rows: Field[][] = []
  let row: Field[] = []
  let at = 0
  while (at < text.length || row.length > 0) {
    const { field, end } = readField(text, at, delimiter)
    row.push(field)
    at = end
    if (text[at] === delimiter) {
      at += 1
      // A delimiter at the very end is followed by one more field, an empty one.
      if (at < text.length) continue
      row.push(null)
    }
    rows.push(row)
    row = []
    if (text.startsWith('\r\n', at)) at += 2
    else at += 1
  }
  return rows
}

function readField(text: string, start: number, delimiter: string): { field: Field; end: number } {
  const quoted = text[start] === '"' ? readQuoted(text, start, delimiter) : null
  if (quoted) return quoted
  let end = start
  while (end < text.length && text[end] !== delimiter && !isBreak(text[end])) end += 1
  return { field: end === start ? null : text.slice(start, end), end }
}

/** Null when the quotes do not enclose the whole field: then they are part of the text. */
function readQuoted(text: string, start: number, delimiter: string): { field: string; end: number } | null {
  let at = start + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return null
    if (text[quote + 1] === '"') {
      at = quote + 2
      continue
    }
    const next = text[quote + 1]
    if (next !== undefined && next !== delimiter && !isBreak(next)) return null
    return { field: text.slice(start + 1, quote).replaceAll('""', '"'), end: quote + 1 }
  }
}

const isBreak = (letter: string | undefined) => letter === '\n' || letter === '\r'

function quoted(field: string): string {
  return `"${field.replaceAll('"', '""')}"`
}

/** What `readDelimited` reads as the very same fields. */
export function writeDelimited(rows: readonly (readonly Field[])[], delimiter: string, lineBreak: string): string {
  const needsQuotes = new RegExp(`^$|^"|[\\r\\n${delimiter}]${delimiter === ',' ? '|"' : ''}`)
  const write = (field: Field) => (field === null ? '' : needsQuotes.test(field) ? quoted(field) : field)
  const text = rows.map((row) => row.map(write).join(delimiter)).join(lineBreak)
  // A last row of one empty field would be no row at all.
  const last = rows.at(-1)
  return last?.length === 1 && last[0] === null ? `${text}${lineBreak}` : text
}

/**
 * What a pasted text holds: a block of fields, or one value as it is. Tabs and lines make a block; so do lines of the same
 * number of fields with commas or semicolons between them.
 */
export function readPasted(text: string): { rows: Field[][]; by: 'tabs' | 'commas' | 'lines' } | { text: string } {
  if (!/[\t\r\n]/.test(text)) return { text }
  const byTabs = readDelimited(text, '\t')
  if (text.includes('\t')) return { rows: byTabs, by: 'tabs' }
  for (const delimiter of [',', ';']) {
    const rows = readDelimited(text, delimiter)
    const width = rows[0]?.length ?? 0
    if (rows.length > 1 && width > 1 && rows.every((row) => row.length === width)) return { rows, by: 'commas' }
  }
  return { rows: byTabs, by: 'lines' }
}
