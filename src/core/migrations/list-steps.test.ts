// Every state a step can be in, out of what folder, ledger and journal say.
import { describe, expect, it } from 'vitest'
import { keyOf } from './folder/step-name.ts'
import type { LedgerRow } from './ledger.ts'
import { appliedFrom, listSteps, type Known } from './list-steps.ts'
import type { JournalEntry } from './run/journal.ts'
import type { StepFile } from './step.ts'

const file = (name: string, checksum = `sum of ${keyOf(name)}`): StepFile => ({
  name,
  key: keyOf(name),
  kind: name.endsWith('.sql') ? 'sql' : 'module',
  files: [],
  checksum,
  summary: `What ${name} does.`,
})
const row = (name: string, batch = 1): LedgerRow => ({
  name,
  key: keyOf(name),
  batch,
  appliedAt: '2026-01-01T00:00:00.000Z',
})
const entry = (step: string, more: Partial<JournalEntry> = {}): JournalEntry => ({
  id: step,
  run: 'r',
  step,
  direction: 'up',
  outcome: 'done',
  batch: 1,
  checksum: `sum of ${keyOf(step)}`,
  source: null,
  isAtomic: true,
  statementsDone: 1,
  person: 'ada@mill',
  databaseUser: 'ada',
  session: '1',
  startedAt: '2026-01-01T00:00:00.000Z',
  ms: 12,
  error: null,
  ...more,
})

const list = (known: Partial<Known>) => listSteps({ files: [], rows: [], entries: [], half: null, ...known })
const states = (known: Partial<Known>) => list(known).map(({ name, state }) => [name, state])

describe('states', () => {
  it('applied, out of order and pending', () => {
    const files = [file('1.ts'), file('2.ts'), file('3.ts'), file('4.ts')]
    const steps = list({ files, rows: [row('1.ts'), row('3.ts')] })
    expect(steps.map(({ state }) => state)).toEqual(['applied', 'out-of-order', 'applied', 'pending'])
    expect(steps[1]?.problem).toBe('3.ts is applied already; this step would be run after that.')
    expect([steps[0]?.problem, steps[3]?.problem]).toEqual([null, null])
  })

  it('is the same step under another extension', () => {
    const rows = [row('1.js'), row('2.sql'), row('3.ts')]
    const steps = list({ files: [file('1.ts'), file('2.up.sql'), file('3.ts')], rows })
    expect(steps.map(({ name, state, ledgerName, problem }) => [name, state, ledgerName, problem])).toEqual([
      ['1.ts', 'applied', '1.js', null],
      ['2.up.sql', 'applied', '2.sql', null],
      ['3.ts', 'applied', null, null],
    ])
  })

  it('changed, only where Roster has run what the ledger has', () => {
    const files = [file('1.ts', 'new'), file('2.ts', 'new'), file('3.ts', 'new'), file('4.ts', 'new')]
    const rows = [row('1.ts'), row('2.ts', 2), row('3.ts'), row('4.ts')]
    const entries = [
      entry('1.ts'),
      // Run by the command line since: its batch is another.
      entry('2.ts'),
      // Undone by Roster, and then run elsewhere.
      entry('3.ts'),
      entry('3.ts', { direction: 'down' }),
      // Failed since, which changes nothing of the row.
      entry('4.ts'),
      entry('4.ts', { direction: 'down', outcome: 'failed' }),
    ]
    expect(states({ files, rows, entries })).toEqual([
      ['1.ts', 'changed'],
      ['2.ts', 'applied'],
      ['3.ts', 'applied'],
      ['4.ts', 'changed'],
    ])
  })

  it('renamed, by the content; each row once', () => {
    const rows = [row('1.ts'), row('0.ts')]
    const entries = [entry('1.ts', { checksum: 'same' }), entry('0.ts', { checksum: 'other' })]
    const steps = list({ files: [file('2.ts', 'same'), file('3.ts', 'same')], rows, entries })
    expect(steps.map(({ name, state, ledgerName }) => [name, state, ledgerName])).toEqual([
      ['0.ts', 'missing', null],
      ['2.ts', 'renamed', '1.ts'],
      ['3.ts', 'pending', null],
    ])
    // Its name now tells its place, not the one in the ledger.
    const moved = {
      files: [file('1.ts', 'same'), file('5.ts')],
      rows: [row('9.ts')],
      entries: [entry('9.ts', { checksum: 'same' })],
    }
    expect(states(moved)).toEqual([
      ['1.ts', 'renamed'],
      ['5.ts', 'pending'],
    ])
  })

  it('missing, with what the journal remembers', () => {
    const [step] = list({ rows: [row('1.ts')], entries: [entry('1.ts')] })
    expect(step).toMatchObject({ state: 'missing', kind: null, person: 'ada@mill', ms: 12, appliedBy: 'run' })
    expect(step?.problem).toMatch(/its file is not in the folder/)
  })

  it('half, with a row (down), without (up), and without its file', () => {
    const files = [file('1.ts'), file('2.ts')]
    expect(states({ files, rows: [row('1.ts')], half: '1.ts' })[0]).toEqual(['1.ts', 'half'])
    expect(states({ files, half: '1.js' })[0]).toEqual(['1.ts', 'half'])
    expect(states({ files, rows: [row('9.ts')], half: '9.ts' })[2]).toEqual(['9.ts', 'half'])
    expect(states({ files, half: '9.ts' })[2]).toEqual(['9.ts', 'half'])
  })
})

it('says who wrote the row of the ledger', () => {
  const files = ['1.ts', '2.ts', '3.ts', '4.ts'].map((name) => file(name))
  const rows = files.map(({ name }) => row(name))
  const entries = [
    entry('1.ts'),
    entry('2.ts', { outcome: 'adopted', ms: 5 }),
    entry('3.ts', { outcome: 'marked-applied', batch: null }),
  ]
  const told = list({ files, rows, entries }).map(({ appliedBy, person, ms }) => [appliedBy, person, ms])
  expect(told).toEqual([
    ['run', 'ada@mill', 12],
    ['adopted', 'ada@mill', null],
    ['marked', 'ada@mill', null],
    ['elsewhere', null, null],
  ])
})

it('sorts as knex does: by code unit, whatever the case', () => {
  const files = ['b.ts', 'B.ts', '10.ts', '9.ts'].map((name) => file(name))
  expect(states({ files }).map(([name]) => name)).toEqual(['10.ts', '9.ts', 'B.ts', 'b.ts'])
})

it('finds the record that a row comes from, by any name of the step', () => {
  const known: Known = {
    files: [file('2.ts', 'same')],
    rows: [row('1.js')],
    entries: [entry('1.js', { checksum: 'same', source: '[]' })],
    half: null,
  }
  expect(appliedFrom(known, '2.ts')?.source).toBe('[]')
  expect(appliedFrom(known, '1.ts')?.source).toBe('[]')
  expect(appliedFrom(known, '3.ts')).toBeNull()
})
