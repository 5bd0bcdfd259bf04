// The line below the grid: what is seen of how many rows, as counted when, and how long the last page took.
import type { Filter } from '../../shared/filters.ts'
import type { Sort } from '../../shared/tables.ts'
import { duration, plural } from '../ui/wording.ts'
import { foundInWords } from './filter/found-in-words.ts'
import type { TableState } from './table-model.ts'
import css from './table-screen.module.css'

/** Milliseconds since 1970 as local time of day to the second. */
export function timeOfDay(milliseconds: number): string {
  return new Date(milliseconds).toLocaleTimeString('en-GB')
}

interface StatusLineProps {
  state: TableState
  /** Stored rows in sight, numbered from 1; null when none are. */
  seen: { first: number; last: number } | null
}

export function StatusLine({ state, seen }: StatusLineProps) {
  const { counted, filter, sort, loadTime, selected, problem } = state
  // What went wrong is said above the grid; nothing is counted any more then.
  const uncounted = problem ? 'Rows not counted' : 'Counting rows'
  const range = seen && `Rows ${seen.first.toLocaleString('en-US')} to ${seen.last.toLocaleString('en-US')}`
  return (
    <div className={css.status}>
      <span aria-label="Row count">{counted ? countInWords(counted, filter) : uncounted}</span>
      {range && counted && counted.count > 0 && <span>{range}</span>}
      {selected.size > 1 && <span>{plural(selected.size, 'row')} chosen</span>}
      {sort && <span>{sortInWords(sort)}</span>}
      {loadTime !== null && <span className={css.statusEnd}>Loaded in {duration(loadTime)}</span>}
    </div>
  )
}

function countInWords({ count, at }: { count: number; at: number }, filter: Filter | null): string {
  const when = `counted ${timeOfDay(at)}`
  return `${[plural(count, 'row'), foundInWords(count, filter)].filter(Boolean).join(' ')}, ${when}`
}

function sortInWords({ column, direction }: Sort): string {
  return `Sorted by ${column}, ${direction === 'asc' ? 'ascending' : 'descending'}`
}
