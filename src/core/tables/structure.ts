// What a table is made of, for people: the contract's `tables.structure`.
import type { TableStructure } from '../../shared/table-structure.ts'
import type { Database } from '../db/database.ts'
import { Refusal } from '../refusal.ts'

export async function structureOf(database: Database, table: string, signal: AbortSignal): Promise<TableStructure> {
  const structure = await database.structure(table, signal)
  if (!structure) throw new Refusal('TABLE_NOT_FOUND', `There is no table ${table} any more.`, { table })
  return structure
}
