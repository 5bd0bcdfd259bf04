// Line breaks as the stored text has them: a text field in a page knows only one kind and would change all others.

export type LineBreaks = 'LF' | 'CRLF' | 'CR' | 'mixed'

const signs = { LF: '\n', CRLF: '\r\n', CR: '\r', mixed: '\n' } as const

/** The kind of line breaks in a text; LF when it has none. */
export function lineBreaksOf(text: string): LineBreaks {
  const kinds = new Set(text.match(/\r\n|\r|\n/g) ?? ['\n'])
  if (kinds.size > 1) return 'mixed'
  return kinds.has('\r\n') ? 'CRLF' : kinds.has('\r') ? 'CR' : 'LF'
}

/** A text from a field of the page, with the line breaks of the stored text; mixed ones become LF. */
export function withLineBreaks(text: string, kind: LineBreaks): string {
  return text.replace(/\r\n|\r|\n/g, signs[kind])
}
