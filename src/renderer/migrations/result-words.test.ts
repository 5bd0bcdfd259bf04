// The one sentence after a run.
import { expect, test } from 'vitest'
import { startedRun, type MigrationRun, type RunResult } from './migration-run.ts'
import { halfWords, resultWords } from './result-words.ts'

const step = (name: string) => ({ name, state: 'done', ms: 1, statements: 1 }) as const
const run = (direction: 'up' | 'down', names: string[]): MigrationRun => ({
  ...startedRun({ kind: 'all' }, 0),
  direction,
  steps: names.map(step),
})
const result = (outcome: RunResult['outcome'], message = ''): RunResult => ({
  outcome,
  message,
  failedStep: null,
  ms: 41,
})

test('a good run is counted and timed', () => {
  expect(resultWords(run('up', ['1', '2', '3']), result('done'))).toBe('Applied 3 steps in 41 ms.')
  expect(resultWords(run('down', ['1']), result('done'))).toBe('Rolled back 1 step in 41 ms.')
})

test('any other end is told in the words of the host', () => {
  expect(resultWords(run('up', ['1']), result('failed', '1 failed: no such table.'))).toBe('1 failed: no such table.')
})

test('a run that left a step half done leads to where it is told at length', () => {
  const failed = { ...run('up', ['1']), result: { ...result('failed', 'long'), failedStep: '1' } }
  expect(halfWords({ ...failed, failedStatement: { step: '1', number: 2, sql: 'x' } })).toBe(
    '1 failed at statement 3 and is half done. Below stands what is in the database now.',
  )
  expect(halfWords(failed)).toMatch(/^1 failed and is half done\./)
})
