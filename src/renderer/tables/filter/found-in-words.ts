// What the rows of a view have in common, in words that follow their number: "12 rows contain “ann”".
import type { Filter } from '../../../shared/filters.ts'
import { barOf, quickOf } from './quick.ts'

/** '' without a filter. */
export function foundInWords(count: number, filter: Filter | null): string {
  if (filter === null) return ''
  const quick = quickOf(filter)
  if (quick && barOf(filter) === null) return `${count === 1 ? 'contains' : 'contain'} “${quick.text}”`
  return count === 1 ? 'matches the filter' : 'match the filter'
}
