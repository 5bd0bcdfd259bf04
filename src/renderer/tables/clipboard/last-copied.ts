// What this page copied last as one cell: pasted again, its text is that one value, also with tabs and line breaks in it.

let lastText: string | null = null

export function rememberOneCell(text: string | null): void {
  lastText = text
}

export function isOneCell(text: string): boolean {
  return text === lastText
}
