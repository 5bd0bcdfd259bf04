// Whose table it is, found once and kept as long as the table's shape stays the same.
import type { Owner } from '../../shared/owners.ts'
import type { Database, TableShape } from '../db/database.ts'
import { schemaWork } from '../db/schema-work.ts'
import { meaningsOf } from './meanings.ts'
import { ownerNotes } from './notes.ts'
import { recognise } from './recognise.ts'
import { signsOf } from './signs.ts'
import { touchesOf } from './touches.ts'
import { userColumnsOf } from './user-columns.ts'

/** The owner, and what to know of its table before editing. */
export interface Owned {
  owner: Owner
  notes: string[]
}

interface Known extends Owned {
  shape: string
}

const known = new WeakMap<Database, Map<string, Known>>()

function shapeText(database: Database, { columns, key, unique }: TableShape): string {
  const told = columns.map(({ name, type, default: preset, isBarred }) => [name, type, preset, isBarred])
  return JSON.stringify([told, key, unique, schemaWork(database)])
}

/** From the catalogue alone: no row is read. Answers at once where the shape was seen before. */
export async function ownerOf(database: Database, shape: TableShape, signal: AbortSignal): Promise<Owner> {
  return (await ownedOf(database, shape, signal)).owner
}

export async function ownedOf(database: Database, shape: TableShape, signal: AbortSignal): Promise<Owned> {
  const text = shapeText(database, shape)
  const before = known.get(database)?.get(shape.name)
  if (before?.shape === text) return before
  const { signs, isWhole } = await signsOf(database, shape, signal)
  const recognised = recognise(signs)
  const user = userColumnsOf(signs, recognised)
  const owner: Owner = {
    ...recognised,
    meanings: meaningsOf(signs, recognised),
    touches: touchesOf(signs, recognised),
    user,
  }
  const owned = { owner, notes: ownerNotes(signs, recognised, user) }
  const tables = known.get(database) ?? new Map<string, Known>()
  if (isWhole) known.set(database, tables.set(shape.name, { shape: text, ...owned }))
  return owned
}

/** What is known already; null before `ownerOf` has answered for this shape. */
export function ownerAtOnce(database: Database, shape: TableShape): Owner | null {
  const found = known.get(database)?.get(shape.name)
  return found?.shape === shapeText(database, shape) ? found.owner : null
}

/** When a person reloads: indexes and tables beside it, which the shape does not tell, may be others by now. */
export function forgetOwner(database: Database, table: string): void {
  known.get(database)?.delete(table)
}
