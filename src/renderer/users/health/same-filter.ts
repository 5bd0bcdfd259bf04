// Whether two filters ask the same.
import type { Filter } from '../../../shared/filters.ts'

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
