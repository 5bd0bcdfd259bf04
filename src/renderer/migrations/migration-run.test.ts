// A run's state after each order of events that can happen.
import { expect, test } from 'vitest'
import type { MigrationEvent } from '../../shared/migration-runs.ts'
import { nextRun, startedRun, type MigrationRun } from './migration-run.ts'
import { BLOCK, LOG_LIMIT, lineCount } from './run-log.ts'
import { cancelledWords, progressWords } from './run-words.ts'

const planned: MigrationEvent = { kind: 'planned', direction: 'up', steps: ['1.ts', '2.ts'] }
const step = (name: string, state: 'running' | 'done' | 'failed', ms = 0): MigrationEvent => ({
  kind: 'step',
  name,
  state,
  ms,
})

function after(...events: MigrationEvent[]): MigrationRun {
  return events.reduce((run, event) => nextRun(run, { kind: 'event', event }), startedRun({ kind: 'all' }, 0))
}

test('steps wait, run and are done with their time', () => {
  const run = after(planned, step('1.ts', 'running'), step('1.ts', 'done', 12), step('2.ts', 'running'))
  expect(run.steps).toEqual([
    { name: '1.ts', state: 'done', ms: 12, statements: 0 },
    { name: '2.ts', state: 'running', ms: 0, statements: 0 },
  ])
  expect(run).toMatchObject({ phase: 'running', direction: 'up', result: null })
})

test('finished ends the run with its own words', () => {
  const run = after(planned, {
    kind: 'finished',
    outcome: 'done',
    failedStep: null,
    message: 'Applied 2 steps.',
    ms: 41,
  })
  expect(run).toMatchObject({ phase: 'over', result: { outcome: 'done', message: 'Applied 2 steps.', ms: 41 } })
})

test('a failed step is shown as failed even when only the end names it', () => {
  const run = after(planned, step('1.ts', 'running'), {
    kind: 'finished',
    outcome: 'failed',
    failedStep: '1.ts',
    message: 'Step 1.ts failed.',
    ms: 5,
  })
  expect(run.steps.map(({ state }) => state)).toEqual(['failed', 'waiting'])
})

test('cancelling stays until the events end, and a late end by itself wins', () => {
  const running = after(planned, step('1.ts', 'running'))
  const asked = nextRun(running, { kind: 'cancel' })
  expect(asked.phase).toBe('cancelling')
  const cut = nextRun(asked, { kind: 'broke', message: 'Stopped.' })
  expect(cut.result).toEqual({ outcome: 'cancelled', message: 'Stopped.', failedStep: null, ms: null })
  expect(cut.steps[0]!.state).toBe('waiting')
  const finished: MigrationEvent = { kind: 'finished', outcome: 'done', failedStep: null, message: 'Applied.', ms: 3 }
  expect(nextRun(asked, { kind: 'event', event: finished }).result!.outcome).toBe('done')
})

test('events that break off without a cancel leave the outcome unknown', () => {
  expect(nextRun(after(planned), { kind: 'broke', message: 'Link lost.' }).result!.outcome).toBe('unknown')
})

test('nothing changes a run that is over', () => {
  const run = nextRun(after(planned), { kind: 'broke', message: 'x' })
  expect(nextRun(run, { kind: 'event', event: step('1.ts', 'running') })).toBe(run)
  expect(nextRun(run, { kind: 'cancel' })).toBe(run)
})

test('a very long log loses its oldest lines and says how many', () => {
  const lines = Array.from({ length: LOG_LIMIT + 3 }, (_, at): MigrationEvent => ({
    kind: 'log',
    at,
    text: `line ${at}`,
  }))
  const run = after(...lines)
  expect(run.dropped).toBe(BLOCK)
  expect(lineCount(run.log)).toBe(LOG_LIMIT - BLOCK + 3)
  expect(run.log.flat()[0]).toEqual({ kind: 'text', at: BLOCK, text: `line ${BLOCK}` })
  expect(run.log.flat().at(-1)).toMatchObject({ at: LOG_LIMIT + 2 })
})

const statement = (
  number: number,
  state: 'running' | 'done' | 'failed' | 'skipped',
  ms = 0,
  name = '1.ts',
): MigrationEvent => ({
  kind: 'statement',
  at: 10 + number,
  step: name,
  number,
  sql: `create table t${number}`,
  state,
  ms,
})

test('a statement has one line from when it is sent to how it ended', () => {
  const run = after(
    planned,
    step('1.ts', 'running'),
    statement(0, 'skipped'),
    statement(1, 'running'),
    { kind: 'log', at: 12, text: 'a word in between' },
    statement(1, 'done', 7),
    statement(2, 'running'),
  )
  expect(run.log.flat()).toMatchObject([
    { kind: 'statement', number: 0, state: 'skipped' },
    { kind: 'statement', number: 1, state: 'done', ms: 7, at: 11 },
    { kind: 'text', text: 'a word in between' },
    { kind: 'statement', number: 2, state: 'running' },
  ])
  expect(run.steps[0]).toMatchObject({ state: 'running', statements: 2 })
  expect(progressWords(run)).toBe('Running 1.ts, step 1 of 2, 2 statements so far.')
})

test('after a cancel the step that was under way is named', () => {
  expect(cancelledWords(after(planned, step('1.ts', 'done'), step('2.ts', 'running')))).toMatch(
    /^Cancelled while 2\.ts was run\. /,
  )
  expect(cancelledWords(after(planned))).toMatch(/^Cancelled\. /)
  expect(cancelledWords(after({ ...planned, direction: 'down' }, step('2.ts', 'running')))).toMatch(/rolled back/)
})

test('the statement that failed is kept whole, with its step', () => {
  const run = after(
    planned,
    step('2.ts', 'running'),
    statement(4, 'running', 0, '2.ts'),
    statement(4, 'failed', 3, '2.ts'),
  )
  expect(run.failedStatement).toEqual({ step: '2.ts', number: 4, sql: 'create table t4' })
  expect(run.log.flat()).toHaveLength(1)
})

test('the same statement of a step that runs once more gets a line of its own', () => {
  const run = after(planned, statement(0, 'running'), statement(0, 'failed'), statement(0, 'running'))
  expect(run.log.flat()).toHaveLength(2)
})

test('waiting for the lock is said until something happens', () => {
  const waiting = after({ kind: 'waiting', at: 0, message: 'ann@laptop holds it.' })
  expect(progressWords(waiting)).toBe('Waiting for the lock. ann@laptop holds it.')
  expect(nextRun(waiting, { kind: 'event', event: planned }).waiting).toBeNull()
  expect(nextRun(waiting, { kind: 'broke', message: 'x' }).waiting).toBeNull()
  expect(progressWords(nextRun(waiting, { kind: 'cancel' }))).toBe('Cancelling.')
})

test('a statement’s line is found where it is the last of a full block', () => {
  const before = Array.from({ length: BLOCK - 1 }, (_, at): MigrationEvent => ({ kind: 'log', at, text: 'x' }))
  const between: MigrationEvent = { kind: 'log', at: 1, text: 'in between' }
  const run = after(...before, statement(0, 'running'), between, statement(0, 'done', 4))
  expect(lineCount(run.log)).toBe(BLOCK + 1)
  expect(run.log[0]!.at(-1)).toMatchObject({ number: 0, state: 'done', ms: 4 })
})
