// The log as text, and its lines.
import { expect, test } from 'vitest'
import { logText, oneLine, statementNote } from './run-log.ts'

test('a statement takes one line, however it was written', () => {
  expect(oneLine('  create table a (\n  b  int\n)\t')).toBe('create table a ( b int )')
})

test('a copied log has times, numbers and how each statement ended', () => {
  const statement = { kind: 'statement', at: 1234, step: '1', number: 0, sql: 'drop\ntable a', ms: 5 } as const
  const text = logText([
    [
      { kind: 'text', at: 3, text: 'Took the lock.' },
      { ...statement, state: 'done' },
    ],
    [{ ...statement, number: 1, state: 'failed' }],
  ])
  expect(text.split('\n')).toEqual([
    '  0.003 s  Took the lock.',
    '  1.234 s  1  drop table a  -- 5 ms',
    '  1.234 s  2  drop table a  -- failed after 5 ms',
  ])
})

test('a statement that is under way has no time yet', () => {
  expect(statementNote({ state: 'running', ms: 0 })).not.toMatch(/\d/)
  expect(statementNote({ state: 'skipped', ms: 0 })).toBe('done before')
})
