// Whose table it is, found once and kept as long as the table's shape stays the same.
import type { Owner } from '../../shared/owners.ts'
import type { Database, TableShape } from '../db/database.ts'
import { schemaWork } from '../db/schema-work.ts'
import { meaningsOf } from './meanings.ts'
import { recognise } from './recognise.ts'
import { signsOf } from './signs.ts'
import { touchesOf } from './touches.ts'
import { userColumnsOf } from './user-columns.ts'

interface Known {
  shape: string
  owner: Owner
}

const known = new WeakMap<Database, Map<string, Known>>()

function shapeText(database: Database, { columns, key, unique }: TableShape): string {
  const told = columns.map(({ name, type, default: preset }) => [name, type, preset])
  return JSON.stringify([told, key, unique, schemaWork(database)])
}

/** From the catalogue alone: no row is read. Answers at once where the shape was seen before. */
export async function ownerOf(database: Database, shape: TableShape, signal: AbortSignal): Promise<Owner> {
  const before = ownerAtOnce(database, shape)
  if (before) return before
  const signs = await signsOf(database, shape, signal)
  const recognised = recognise(signs)
  const owner: Owner = {
    ...recognised,
    meanings: meaningsOf(signs, recognised),
    touches: touchesOf(signs, recognised),
    user: userColumnsOf(signs, recognised),
  }
  const tables = known.get(database) ?? new Map<string, Known>()
  known.set(database, tables.set(shape.name, { shape: shapeText(database, shape), owner }))
  return owner
}

/** What is known already; null before `ownerOf` has answered for this shape. */
export function ownerAtOnce(database: Database, shape: TableShape): Owner | null {
  const found = known.get(database)?.get(shape.name)
  return found?.shape === shapeText(database, shape) ? found.owner : null
}
