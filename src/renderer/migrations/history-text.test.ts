// The history as text: one line an entry, in columns.
import { expect, test } from 'vitest'
import type { HistoryEntry } from '../../shared/migration-steps.ts'
import { historyFileName, historyText } from './history-text.ts'

const entry = (more: Partial<HistoryEntry>): HistoryEntry => ({
  id: 'a',
  name: '001-users.ts',
  direction: 'up',
  outcome: 'done',
  startedAt: '2026-11-22T09:05:07.123Z',
  ms: 41,
  person: 'ann@laptop',
  databaseUser: 'owner',
  batch: 1,
  statements: 3,
  error: null,
  ...more,
})

test('columns are padded, errors take one line, and what was no run has no direction', () => {
  const text = historyText(
    [
      entry({ outcome: 'failed', direction: 'down', error: 'no such table: a\n  at line 3', ms: 2300 }),
      entry({ outcome: 'marked-applied', statements: 0, ms: null }),
    ],
    'Migrations of shop',
  )
  expect(text.split('\n')).toEqual([
    'Migrations of shop',
    '',
    'When                     Step          What         Outcome            Who         Database user  Took   Statements  Error',
    '-'.repeat(122),
    '2026-11-22 09:05:07 UTC  001-users.ts  Rolled back  Failed             ann@laptop  owner          2.3 s  3           no such table: a at line 3',
    '2026-11-22 09:05:07 UTC  001-users.ts               Marked as applied  ann@laptop  owner',
    '',
  ])
})

test('the file’s name is one that every system takes', () => {
  const day = new Date('2026-11-22T23:00:00Z')
  expect(historyFileName('Kunden: Köln/Ost', day)).toBe('migrations-Kunden-Köln-Ost-2026-11-22.txt')
  expect(historyFileName('../..', day)).toBe('migrations-database-2026-11-22.txt')
})
