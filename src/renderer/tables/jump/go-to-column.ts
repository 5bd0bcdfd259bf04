// The column whose values "Go to …" takes, and what is typed turned into a value to look for.
import type { Cell } from '../../../shared/cell.ts'
import type { Column, Sort, TableDescription } from '../../../shared/tables.ts'
import { parseCell } from '../../grid/cell-text.ts'

/** The column the view is sorted by; without an order of its own the email, else the column one stands in, else the key. */
export function goToColumn({
  description,
  sort,
  current,
}: {
  description: TableDescription | null
  sort: Sort | null
  current: { column: string } | null
}): Column | null {
  const columns = description?.columns ?? []
  const named = (name: string | undefined) => columns.find((column) => column.name === name && !column.isSecret)
  const email = columns.find(({ name, isSecret }) => !isSecret && name.toLowerCase() === 'email')
  return named(sort?.column) ?? email ?? named(current?.column) ?? named(description?.key[0]) ?? null
}

/** A year, or a year and a month, stands for its first day. */
function wholeDate(typed: string): string {
  if (/^\d{4}$/.test(typed)) return `${typed}-01-01`
  return /^\d{4}-\d{2}$/.test(typed) ? `${typed}-01` : typed
}

/** The value as the column stores it. Text is taken as it is: its beginning is enough to go there. */
export function parseGoTo(
  typed: string,
  column: Column,
  dialect: TableDescription['dialect'],
): { value: Cell } | { error: string } {
  const text = typed.trim()
  if (text === '') return { error: `Type the ${column.name} to go to, or how it begins.` }
  if (column.kind === 'text' && !column.codec) return { value: text }
  const moment = column.codec?.kind === 'moment' ? column.codec.shape : null
  // Dates that are stored as text sort as text: what was typed is the beginning of one.
  if (moment?.storage === 'text' && /^\d/.test(text)) return { value: text }
  const isDate = moment !== null && moment.of !== 'time'
  const first = parseCell(text, column, { present: undefined, dialect })
  const parsed =
    'error' in first && isDate ? parseCell(wholeDate(text), column, { present: undefined, dialect }) : first
  if (!('error' in parsed)) return parsed
  const midnight = isDate ? parseCell(`${wholeDate(text)} 00:00:00`, column, { present: undefined, dialect }) : parsed
  return 'error' in midnight ? parsed : midnight
}
