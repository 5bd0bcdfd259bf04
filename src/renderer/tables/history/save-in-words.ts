// A save in words: what it did.
import type { SavedBatch } from '../../../shared/table-saves.ts'
import { plural } from '../../ui/wording.ts'

/** "2 rows changed, 1 new row, 3 rows deleted". */
export function saveInWords({
  updates,
  inserts,
  deletes,
}: Pick<SavedBatch, 'updates' | 'inserts' | 'deletes'>): string {
  const parts = [
    updates > 0 && `${plural(updates, 'row')} changed`,
    inserts > 0 && plural(inserts, 'new row'),
    deletes > 0 && `${plural(deletes, 'row')} deleted`,
  ]
  return parts.filter((part) => part !== false).join(', ') || 'nothing changed'
}
