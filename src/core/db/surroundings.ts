// What the engines say alike about a table: words on what to know before editing, and keys that point to it.
import type { TableStructure } from '../../shared/table-structure.ts'
import type { Referrer } from './database.ts'

/** Names in a sentence; of many only the first. */
export function few(names: readonly string[]): string {
  const most = 5
  return names.length > most ? `${names.slice(0, most).join(', ')} and ${names.length - most} more` : names.join(', ')
}

/** None without triggers. */
export function triggerNotes(names: readonly string[]): string[] {
  if (names.length === 0) return []
  const what = names.length === 1 ? 'A trigger runs' : 'Triggers run'
  return [
    `${what} when rows are saved (${few(names)}): the database may store something else than was typed, change other rows, or refuse. Rows are read again after each save.`,
  ]
}

/** Why a view is not edited. `how`: what would take changes of it, as the beginning of a sentence; null when nothing would. */
export function viewReason(how: string | null): string {
  const plain = 'A view: its rows come from other tables, and are changed there.'
  return how === null
    ? plain
    : `${plain} ${how}, but a view has no key that names a single row, so a save could not be checked.`
}

/** Keys that point to `table`, as its structure tells them. */
export function pointingHere(table: string, referrers: readonly Referrer[]): TableStructure['referrers'] {
  return referrers.map(({ table: from, columns, pointsTo, rule }) => ({
    from,
    columns,
    table,
    pointsTo,
    onDelete: rule,
  }))
}
