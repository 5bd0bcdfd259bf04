// The filter of a number, and whether it is what the grid shows.
import type { HealthFact } from '../../../shared/health.ts'
import { commitEdit } from '../../tables/table-edits.ts'
import type { TableModel } from '../../tables/table-model.ts'
import { sameFilter } from './same-filter.ts'

export function isShown(model: TableModel, { filter }: HealthFact): boolean {
  return filter !== null && sameFilter(model.state.filter, filter)
}

/** Shows the rows of a number, and all rows again when they are shown already. The filter that was there before is replaced. */
export function toggleFact(model: TableModel, fact: HealthFact): void {
  if (!fact.filter || !commitEdit(model)) return
  model.changeView({ filter: isShown(model, fact) ? null : fact.filter })
}
