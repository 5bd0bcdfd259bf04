// Changes of the list of saved filters: each name is there once.
import type { Filter } from '../../../shared/filters.ts'
import type { SavedFilter } from '../../../shared/table-settings.ts'
import { plain } from './filter-tree.ts'

export type Change = (before: SavedFilter[]) => SavedFilter[]

/** Kept under this name; what had the name before is replaced in its place. */
export function saved(name: string, whole: Filter): Change {
  const filter = plain(whole) ?? whole
  return (before) =>
    before.some((each) => each.name === name)
      ? before.map((each) => (each.name === name ? { name, filter } : each))
      : [...before, { name, filter }]
}

/** Under another name; what had that name before is gone. */
export function renamed(name: string, next: string): Change {
  return (before) =>
    before
      .filter((each) => each.name === name || each.name !== next)
      .map((each) => (each.name === name ? { ...each, name: next } : each))
}
