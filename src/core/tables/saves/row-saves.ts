// The history of one row: what each save from here that is still kept did to it.
import { sameCell, type Cell, type ShownCell } from '../../../shared/cell.ts'
import type { RowSave } from '../../../shared/table-saves.ts'
import type { Change } from '../../../shared/tables.ts'
import type { TableShape } from '../../db/database.ts'
import { isSecretColumn, schemeOf } from '../../password-schemes.ts'
import type { Keeping } from './taking-back.ts'

const MOST = 100

const isKey = (a: readonly Cell[], b: readonly Cell[]) =>
  a.length === b.length && a.every((cell, index) => sameCell(cell, b[index]))

/** The newest first; a key that a save changed is followed to what it was before. Hashes are told by their schemes alone. */
export async function savesOfRow(
  { saves, profileId, place }: Keeping,
  shape: TableShape,
  key: readonly Cell[],
  signal: AbortSignal,
): Promise<RowSave[]> {
  const found: RowSave[] = []
  let now: readonly Cell[] = key
  for (const { id, at, refusal, reverts } of saves.list(profileId, place, shape.name)) {
    // Each is opened and read whole; nobody waits any more for the others.
    signal.throwIfAborted()
    const inverse = await saves.look(profileId, place, id)
    // A save may delete a row and add another of the same key: the inverse holds the newest first.
    const own = inverse?.filter((change) => isKey(keyAfter(shape, change), now)) ?? []
    for (const change of own) {
      found.push({ ...{ id, at, refusal, reverts }, kind: KINDS[change.kind], cells: cellsOf(change) })
      if (change.kind === 'update') now = shape.key.map((name, index) => change.values[name] ?? now[index] ?? null)
    }
    if (found.length >= MOST) break
  }
  return found.slice(0, MOST)
}

/** What the save did, by what takes it back. */
const KINDS: Record<Change['kind'], RowSave['kind']> = { update: 'update', insert: 'delete', delete: 'insert' }

/** Where the save left the row; of a deleted one where it was. */
function keyAfter(shape: TableShape, inverse: Change): readonly Cell[] {
  return inverse.kind === 'insert' ? shape.key.map((name) => inverse.values[name] ?? null) : inverse.key
}

function cellsOf(inverse: Change): RowSave['cells'] {
  const before: Record<string, Cell> = inverse.kind === 'delete' ? {} : inverse.values
  const after: Record<string, Cell> = inverse.kind === 'insert' ? {} : inverse.original
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.map((column) => ({
    column,
    from: shown(column, before[column] ?? null),
    to: shown(column, after[column] ?? null),
  }))
}

const shown = (column: string, cell: Cell): ShownCell =>
  isSecretColumn(column) && cell !== null ? { secret: schemeOf(textOf(cell)) } : cell

/** A hash may stand in a column of bytes. */
const textOf = (cell: Exclude<Cell, null>) =>
  cell instanceof Uint8Array ? Buffer.from(cell).toString('utf8') : String(cell)
