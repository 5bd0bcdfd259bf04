// A run's state after each order of events that can happen.
import { expect, test } from 'vitest'
import type { MigrationEvent } from '../../shared/migrations.ts'
import { LOG_LIMIT, nextRun, startedRun, type MigrationRun } from './migration-run.ts'

const planned: MigrationEvent = { kind: 'planned', direction: 'up', steps: ['1.ts', '2.ts'] }
const step = (name: string, state: 'running' | 'done' | 'failed', ms = 0): MigrationEvent => ({
  kind: 'step',
  name,
  state,
  ms,
})

function after(...events: MigrationEvent[]): MigrationRun {
  return events.reduce((run, event) => nextRun(run, { kind: 'event', event }), startedRun('all'))
}

test('steps wait, run and are done with their time', () => {
  const run = after(planned, step('1.ts', 'running'), step('1.ts', 'done', 12), step('2.ts', 'running'))
  expect(run.steps).toEqual([
    { name: '1.ts', state: 'done', ms: 12 },
    { name: '2.ts', state: 'running', ms: 0 },
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
  expect(run.log).toHaveLength(LOG_LIMIT)
  expect(run.log[0]).toEqual({ at: 3, text: 'line 3' })
  expect(run.dropped).toBe(3)
})
