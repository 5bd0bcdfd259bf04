// Which columns hold JSON by their declared type.
import type { Column } from '../../shared/tables.ts'

export function isJsonType({ type }: Pick<Column, 'type'>): boolean {
  return /^jsonb?$/i.test(type.trim())
}
