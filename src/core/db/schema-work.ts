// How often schema work was done on a database: what was learnt of its tables before may no longer hold.
import type { Database } from './database.ts'

const counts = new WeakMap<Database, number>()

/** To be called when schema work has ended, well or not. */
export function noteSchemaWork(database: Database): void {
  counts.set(database, schemaWork(database) + 1)
}

/** Another number after each schema work. */
export function schemaWork(database: Database): number {
  return counts.get(database) ?? 0
}
