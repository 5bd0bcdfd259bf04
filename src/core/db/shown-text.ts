// A value in a sentence for people: in quotes, and only its beginning when it is long.
import type { Cell } from '../../shared/cell.ts'

export function shownText(value: Exclude<Cell, null>): string {
  if (value instanceof Uint8Array) return `(${value.length} bytes)`
  const text = String(value)
  return text === '' ? 'empty text' : `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`
}
