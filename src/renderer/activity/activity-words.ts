// One statement in words: for a line of the list, for the clipboard, and for being looked for.
import type { ActivityEntry } from '../../shared/activity.ts'
import { duration, plural } from '../ui/wording.ts'

/** Milliseconds since 1970 as local time of day with milliseconds: "09:05:01.250". */
export function timeInWords(at: number): string {
  const date = new Date(at)
  return `${date.toLocaleTimeString('en-GB')}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

export function oneLine(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim()
}

/** "0.4 ms", "12 ms", "under way". */
export function spentInWords({ duration: spent }: Pick<ActivityEntry, 'duration'>): string {
  if (spent === null) return 'under way'
  return spent < 10 ? `${spent.toFixed(1)} ms` : duration(spent)
}

export function rowsInWords({ rows, error, sql }: Pick<ActivityEntry, 'rows' | 'error' | 'sql'>): string {
  if (error !== null) return error === 'cancelled' ? 'cancelled' : 'failed'
  // What begins and ends a transaction has no rows to tell of.
  return rows === null || /^(begin|commit|rollback)\b/i.test(sql) ? '' : plural(rows, 'row')
}

/** For the clipboard: all there is, in lines. */
export function entryText(entry: ActivityEntry): string {
  const { at, role, sql, values, times, error } = entry
  const facts = [timeInWords(at), role, spentInWords(entry), rowsInWords(entry), times > 1 && `${times} times`]
  const lines = [`-- ${facts.filter(Boolean).join(', ')}`, `${sql};`]
  if (values.length > 0) lines.push(`-- values: ${values.join(', ')}`)
  if (error !== null) lines.push(`-- ${error}`)
  return lines.join('\n')
}

export interface ActivityFilter {
  text: string
  role: ActivityEntry['role'] | 'all' | 'failed'
}

export function matches({ text, role }: ActivityFilter, entry: ActivityEntry): boolean {
  if (role === 'failed' ? entry.error === null : role !== 'all' && entry.role !== role) return false
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return true
  return [entry.sql, ...entry.values, entry.error ?? ''].some((part) => part.toLowerCase().includes(wanted))
}
