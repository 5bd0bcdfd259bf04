// The history as text: to be kept with a change request, or sent to somebody.
import type { HistoryEntry } from '../../shared/migration-steps.ts'
import { duration } from '../ui/wording.ts'
import { utcTime } from './step-words.ts'

export const outcomeWords: Record<HistoryEntry['outcome'], string> = {
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
  half: 'Half done',
  running: 'Running',
  adopted: 'Adopted',
  'marked-applied': 'Marked as applied',
  'marked-not-applied': 'Marked as not applied',
  renamed: 'Renamed in the ledger',
  'lock-repaired': 'Lock repaired',
}

/** What was done with the step; empty where it was no run. */
export function directionWords({ direction, outcome }: Pick<HistoryEntry, 'direction' | 'outcome'>): string {
  const isRun = ['done', 'failed', 'cancelled', 'half', 'running'].includes(outcome)
  return isRun ? (direction === 'up' ? 'Run' : 'Rolled back') : ''
}

const heads = ['When', 'Step', 'What', 'Outcome', 'Who', 'Database user', 'Took', 'Statements', 'Error']

/** The entry's cells, in the order of `heads`. */
export function historyCells(entry: HistoryEntry): string[] {
  return [
    utcTime(entry.startedAt),
    entry.name,
    directionWords(entry),
    outcomeWords[entry.outcome],
    entry.person,
    entry.databaseUser,
    entry.ms === null ? '' : duration(entry.ms),
    directionWords(entry) === '' ? '' : String(entry.statements),
    entry.error ?? '',
  ]
}

/** Columns padded with blanks, the newest first. Errors take one line, so that each entry does. */
export function historyText(entries: readonly HistoryEntry[], title: string): string {
  const rows = [heads, ...entries.map((entry) => historyCells(entry).map((cell) => cell.replace(/\s+/g, ' ').trim()))]
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
  const [head, ...rest] = lines
  return `${[title, '', head, '-'.repeat(head!.length), ...rest].join('\n')}\n`
}

/** A file name that every system takes. */
export function historyFileName(profileName: string, now: Date): string {
  const name = profileName.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '') || 'database'
  return `migrations-${name.slice(0, 60)}-${now.toISOString().slice(0, 10)}.txt`
}
