// What takes a save back: the changes that lead from what it left to what was there before, guarded by what it left.
import type { Cell } from '../../../shared/cell.ts'
import { sameCell } from '../../../shared/cell.ts'
import type { Change } from '../../../shared/tables.ts'
import type { TableShape } from '../../db/database.ts'
import { isSecretColumn } from '../../password-schemes.ts'
import type { SaveResult } from '../save.ts'

const LOST_TEXT =
  'It replaced text that is not valid in the encoding of its file, and such text cannot be written again.'

export type Inverse = { changes: Change[] } | { why: string }

/**
 * `why` in words, when it cannot be taken back. Rows that were deleted hold their password hashes: never for a page. `touched`:
 * columns that each save sets by itself, which say nothing of whether somebody changed the row since.
 */
export function inverseOf(
  shape: TableShape,
  changes: readonly Change[],
  images: SaveResult['images'],
  touched: ReadonlySet<string>,
): Inverse {
  if (images.isTextLost) return { why: LOST_TEXT }
  const inverse: Change[] = []
  for (const [index, change] of changes.entries()) {
    const { id } = change
    const written = images.written.get(id)
    switch (change.kind) {
      case 'delete': {
        if (!images.deleted) return { why: 'The rows that it deleted were too large to be kept (more than 20 MB).' }
        const row = images.deleted.get(id)
        if (!row) return { why: 'What the deleted rows held is not known.' }
        inverse.push({ kind: 'insert', id, values: named(shape, row, () => true) })
        break
      }
      case 'insert': {
        const key = written?.key
        if (!written || !key) return { why: 'The database did not tell the keys of the rows that it added.' }
        const row = images.rows[index]
        const isSeen = (name: string) => !isSecretColumn(name) && !touched.has(name)
        const original = row ? named(shape, row, isSeen) : written.cells
        inverse.push({ kind: 'delete', id, key: [...key], original: { ...original } })
        break
      }
      case 'update': {
        if (!written?.key) return { why: 'What the changed rows hold is not known.' }
        const names = Object.keys(change.values).filter((name) => !sameCell(written.cells[name], change.original[name]))
        if (names.length === 0) break
        const of = (cells: Readonly<Record<string, Cell>>) =>
          Object.fromEntries(names.map((name) => [name, cells[name] ?? null]))
        inverse.push({
          ...{ kind: 'update', id, key: [...written.key] },
          ...{ original: of(written.cells), values: of(change.original) },
        })
      }
    }
  }
  // Backwards: a row that another one points to came before it, and comes back before it.
  return inverse.length > 0 ? { changes: inverse.reverse() } : { why: 'It changed nothing.' }
}

function named(shape: TableShape, row: readonly Cell[], keeps: (name: string) => boolean): Record<string, Cell> {
  return Object.fromEntries(
    shape.columns.flatMap(({ name }, index) => (keeps(name) ? [[name, row[index] ?? null] as const] : [])),
  )
}
