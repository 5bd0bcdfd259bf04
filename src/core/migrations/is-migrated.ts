// Whether a database is at head: what a profile that waits for its migrations waits for.
import type { Database } from '../db/database.ts'
import { builtinSteps } from './builtin.ts'
import { readLedger } from './old-ledger.ts'

/**
 * True when every step that Roster has stands in the ledger. Only reads. Rejects with what `database.read` throws, also with
 * a ledger that another tool left half made.
 */
export async function isMigrated(database: Database, signal: AbortSignal): Promise<boolean> {
  const { rows } = await readLedger(database, signal)
  const applied = new Set(rows.map(({ name }) => name))
  return builtinSteps.every(({ name }) => applied.has(name))
}
