// Which columns are shown, in which order, and which of them stay at the start while the others scroll.
import type { ColumnLayout } from '../../shared/table-settings.ts'
import type { Column } from '../../shared/tables.ts'

export const plainLayout: ColumnLayout = { sizing: {}, order: [], hidden: {}, pinned: null }

/** Where nobody chose: the key, and the email beside it. */
export function pinnedNames(columns: readonly Column[], { pinned }: Pick<ColumnLayout, 'pinned'>): readonly string[] {
  if (pinned) return pinned
  const isEmail = ({ name, kind }: Column) => name.toLowerCase() === 'email' && kind === 'text'
  return columns.filter((column) => column.keyPosition > 0 || isEmail(column)).map(({ name }) => name)
}

/** The shown columns: pinned ones first, each part in the order a person gave it, else the table's. */
export function columnsInOrder(columns: readonly Column[], layout: ColumnLayout): readonly Column[] {
  const pinned = new Set(pinnedNames(columns, layout))
  const places = new Map(layout.order.map((name, index) => [name, index]))
  const placeOf = ({ name }: Column) => (pinned.has(name) ? -1 : 0) * 1e6 + (places.get(name) ?? layout.order.length)
  return columns.filter(({ name }) => layout.hidden[name] !== false).toSorted((a, b) => placeOf(a) - placeOf(b))
}
