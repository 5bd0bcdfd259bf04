// Changes that the host has made ready for a table, staged there as if a person had made them: one step of undo.
import type { Change } from '../../shared/tables.ts'
import { rowIdOf } from '../grid/row-id.ts'
import { changeStaged } from './staged-edits.ts'
import { next } from './staged-history.ts'

/**
 * What is staged already stays, and cells of both take the new value; their guard is what was seen first. Rows that are marked
 * for deletion are left alone. Answers with how many changes were taken.
 */
export function stageChanges(profileId: string, table: string, added: readonly Change[]): number {
  let taken = 0
  changeStaged(profileId, table, (staged) => {
    const changes = [...staged.changes]
    const places = new Map(changes.map(({ id }, place) => [id, place]))
    taken = 0
    for (const change of added) {
      const id = change.kind === 'insert' ? `new ${change.id}` : rowIdOf(change.key)
      const place = places.get(id)
      const before = place === undefined ? undefined : changes[place]
      const after = before ? merged(before, change) : { ...change, id }
      if (after === null) continue
      taken += 1
      if (place === undefined) places.set(id, changes.push(after) - 1)
      else changes[place] = after
    }
    return next(staged, changes)
  })
  return taken
}

function merged(before: Change, change: Change): Change | null {
  if (before.kind !== 'update' || change.kind !== 'update') return null
  const repairs = [...new Set([...(before.repairs ?? []), ...(change.repairs ?? [])])]
  return {
    ...before,
    original: { ...change.original, ...before.original },
    values: { ...before.values, ...change.values },
    ...(repairs.length > 0 && { repairs }),
  }
}
