// The filter of a number, and whether it is what the grid shows.
import type { Filter } from '../../../shared/filters.ts'
import type { HealthFact } from '../../../shared/health.ts'
import { commitEdit } from '../../tables/table-edits.ts'
import type { TableModel } from '../../tables/table-model.ts'

/** The same conditions in the same order; each time a filter comes from the host it is another object. */
export function sameFilter(a: Filter | null, b: Filter | null): boolean {
  return a === b || (a !== null && b !== null && textOf(a) === textOf(b))
}

/** Values that JSON has no text for are marked, so that 1 and '1' stay two values. */
const textOf = (filter: Filter) =>
  JSON.stringify(filter, (_, value: unknown) => {
    if (typeof value === 'bigint') return { bigint: String(value) }
    return value instanceof Uint8Array ? { bytes: Array.from(value) } : value
  })

export function isShown(model: TableModel, { filter }: HealthFact): boolean {
  return filter !== null && sameFilter(model.state.filter, filter)
}

/** Shows the rows of a number, and all rows again when they are shown already. The filter that was there before is replaced. */
export function toggleFact(model: TableModel, fact: HealthFact): void {
  if (!fact.filter || !commitEdit(model)) return
  model.changeView({ filter: isShown(model, fact) ? null : fact.filter })
}
