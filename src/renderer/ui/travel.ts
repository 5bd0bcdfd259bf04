// Going from one table to another: whoever knows where to says it here, and the app opens it. Back and forward are kept there.
import type { Cell } from '../../shared/cell.ts'
import type { Filter } from '../../shared/filters.ts'

export interface Destination {
  profileId: string
  /** As `tables.list` names it. */
  table: string
  /** Which of its rows: the one with this key, or those of a filter; null stays where the table was left. */
  rows: { key: readonly Cell[]; column: string } | { filter: Filter } | null
}

type Listener = (destination: Destination) => void
let listener: Listener | null = null

export function travelTo(destination: Destination): void {
  listener?.(destination)
}

/** The app alone listens. */
export function onTravel(next: Listener): () => void {
  listener = next
  return () => {
    if (listener === next) listener = null
  }
}
