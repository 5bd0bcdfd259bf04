// Who made a table, by signs of each library. Source: interop.md of the reference, section 2, from tables made by the libraries.
import type { OwnerName, Writer } from '../../shared/owners.ts'
import { byDjango, byDjangoBeside, byRoster } from './by-django.ts'
import { byGorm } from './by-gorm.ts'
import { byPydal } from './by-pydal.ts'
import { byAlembicBeside, byFlaskSecurity, bySqlalchemy, byVersionTable } from './by-sqlalchemy.ts'
import type { Signs } from './signs.ts'

export interface Recognised {
  name: OwnerName
  writer: Writer
  words: string
  /** The strongest first. */
  evidence: string[]
}

const UNKNOWN: Recognised = { name: 'unknown', writer: 'unknown', words: 'unknown', evidence: [] }

/**
 * The first that finds signs wins: columns of an application's own tell more than the library below it, and what the table
 * itself shows more than what stands beside it.
 */
const KNOWN: readonly ((signs: Signs) => Recognised | null)[] = [
  byVersionTable,
  byPydal,
  byDjango,
  byRoster,
  byGorm,
  byFlaskSecurity,
  byAlembicBeside,
  bySqlalchemy,
  byDjangoBeside,
]

export function recognise(signs: Signs): Recognised {
  for (const by of KNOWN) {
    const found = by(signs)
    if (found) return found
  }
  return UNKNOWN
}
