// What is said of a rehearsal: its rows, its tables, and its state after its events.
import { expect, test } from 'vitest'
import type { RehearsalEvent, TableChange } from '../../../shared/migration-runs.ts'
import { afterRehearsalEvent, LOG_LIMIT, noRehearsal } from './rehearsal-state.ts'
import { changeOf, rowsLost, rowWords } from './rehearsal-words.ts'

const change = (more: Partial<TableChange>): TableChange => ({
  name: 't',
  before: ['id integer'],
  after: ['id integer'],
  rowsBefore: 10,
  rowsAfter: 10,
  ...more,
})

test('lost rows are told, also of a table that is gone', () => {
  expect(rowWords(change({ rowsBefore: 12_345, rowsAfter: 12_000 }))).toEqual({
    counts: '12,345 → 12,000 rows',
    loss: '345 rows lost',
  })
  const gone = change({ after: [], rowsAfter: null })
  expect(rowWords(gone)).toEqual({ counts: '10 rows', loss: '10 rows lost' })
  expect(rowsLost([gone, change({ rowsAfter: 9 }), change({ rowsAfter: 12 })])).toBe(11)
})

test('a new table and a scratch schema lose nothing', () => {
  expect(rowWords(change({ before: [], rowsBefore: null, rowsAfter: 3 }))).toEqual({ counts: '3 rows', loss: null })
  expect(rowWords(change({ rowsBefore: null, rowsAfter: null }))).toBeNull()
  expect(rowsLost([change({ after: [], rowsBefore: null, rowsAfter: null })])).toBe(0)
})

test('a table is new, dropped, changed, or has other rows only', () => {
  expect(changeOf({ before: [], after: ['a'] })).toBe('new')
  expect(changeOf({ before: ['a'], after: [] })).toBe('dropped')
  expect(changeOf({ before: ['a'], after: ['b'] })).toBe('changed')
  expect(changeOf({ before: ['a'], after: ['a'] })).toBe('rows')
})

test('steps, lines and the end make the state', () => {
  const events: RehearsalEvent[] = [
    { kind: 'step', name: '1', state: 'running', ms: 0 },
    { kind: 'log', at: 3, text: 'hello' },
    { kind: 'step', name: '1', state: 'done', ms: 12 },
    { kind: 'step', name: '2', state: 'left-out', ms: 0 },
    { kind: 'finished', outcome: 'done', message: 'Rolled back.', changes: [], unchanged: 4, ms: 20 },
  ]
  expect(events.reduce(afterRehearsalEvent, noRehearsal)).toEqual({
    steps: [
      { name: '1', state: 'done', ms: 12 },
      { name: '2', state: 'left-out', ms: 0 },
    ],
    log: [{ at: 3, text: 'hello' }],
    dropped: 0,
    end: { outcome: 'done', message: 'Rolled back.', changes: [], unchanged: 4, ms: 20 },
  })
})

test('a long log loses its oldest lines and says how many', () => {
  let state = noRehearsal
  for (let at = 0; at < LOG_LIMIT + 2; at++) state = afterRehearsalEvent(state, { kind: 'log', at, text: 'x' })
  expect([state.log.length, state.dropped, state.log[0]!.at]).toEqual([LOG_LIMIT, 2, 2])
})
