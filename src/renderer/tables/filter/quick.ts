// The quick search as one condition of the view's filter, beside the conditions of the filter bar.
import { where, type Condition, type Filter } from '../../../shared/filters.ts'

/** The conditions that were typed into the search field: they are shown there, and not as chips. */
const typed = new WeakSet<Filter>()

export interface Quick {
  condition: Condition
  /** Null for any column of text. */
  column: string | null
  text: string
}

/** What the search field asks; null when nothing was typed there, or when the filter was replaced since. */
export function quickOf(filter: Filter | null): Quick | null {
  const condition = partsOf(filter).find((part) => typed.has(part))
  if (condition?.kind !== 'condition' || condition.test.test !== 'contains') return null
  return { condition, column: condition.column, text: condition.test.text }
}

/** The filter without what was typed into the search field: what the filter bar shows. */
export function barOf(filter: Filter | null): Filter | null {
  const quick = quickOf(filter)
  return quick === null ? filter : (partsOf(filter).find((part) => part !== quick.condition) ?? null)
}

/** The same conditions of the bar with another text in the search field; '' for none. */
export function withQuick(filter: Filter | null, column: string | null, text: string): Filter | null {
  const condition = text === '' ? null : where(column, { test: 'contains', text })
  if (condition) typed.add(condition)
  return both(condition, barOf(filter))
}

/** The same text in the search field with other conditions in the bar. */
export function withBar(filter: Filter | null, bar: Filter | null): Filter | null {
  return both(quickOf(filter)?.condition ?? null, bar)
}

function both(quick: Condition | null, bar: Filter | null): Filter | null {
  if (quick === null || bar === null) return quick ?? bar
  const group: Filter = { kind: 'group', join: 'and', parts: [quick, bar] }
  pairs.add(group)
  return group
}

/** The groups that `both` made: the quick search, then the bar. */
const pairs = new WeakSet<Filter>()

const partsOf = (filter: Filter | null): Filter[] => {
  if (filter === null) return []
  return filter.kind === 'group' && pairs.has(filter) ? filter.parts : [filter]
}
