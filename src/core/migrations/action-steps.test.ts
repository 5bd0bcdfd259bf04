// Which steps each action takes, in which order, and what it refuses in which words.
import { describe, expect, it } from 'vitest'
import type { HalfStep, MigrationList, MigrationStep, StepState } from '../../shared/migration-steps.ts'
import { Refusal } from '../refusal.ts'
import { stepsOf } from './action-steps.ts'

function step(name: string, state: StepState, batch: number | null = null, more: Partial<MigrationStep> = {}) {
  return {
    name,
    ledgerName: null,
    kind: 'module' as const,
    state,
    batch,
    appliedAt: null,
    appliedBy: null,
    person: null,
    ms: null,
    summary: '',
    problem: null,
    ...more,
  }
}

function list(steps: MigrationStep[], more: Partial<MigrationList> = {}): MigrationList {
  return {
    folder: { path: null, trust: 'built-in', content: '', files: [], problem: null },
    steps,
    lastBatch: [],
    isAtHead: false,
    blocked: null,
    note: null,
    lock: null,
    half: null,
    otherTools: [],
    adoptable: [],
    ...more,
  }
}

const half = (name: string, choices: Partial<HalfStep['choices']> = {}): HalfStep => ({
  name,
  direction: 'up',
  startedAt: '',
  person: '',
  error: null,
  statements: [],
  message: '',
  choices: { resume: null, undo: null, markApplied: null, markNotApplied: null, ...choices },
  resumeFrom: 2,
})

function refusal(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof Refusal && error.code === 'STEP_REFUSED') return error.message
    throw error
  }
  throw new Error('It was not refused.')
}

const steps = [
  step('1.ts', 'applied', 1),
  step('2.ts', 'out-of-order'),
  step('3.ts', 'changed', 2),
  step('4.ts', 'renamed', 1, { ledgerName: 'four.ts' }),
  step('5.ts', 'pending'),
  step('6.ts', 'pending'),
]
const now = list(steps, { lastBatch: ['3.ts'] })

describe('up', () => {
  it('takes what is pending, in the order of the list', () => {
    expect(stepsOf({ kind: 'all' }, now)).toEqual({ direction: 'up', names: ['2.ts', '5.ts', '6.ts'] })
    expect(stepsOf({ kind: 'next' }, now)).toEqual({ direction: 'up', names: ['2.ts'] })
    expect(stepsOf({ kind: 'up-to', name: '5.ts' }, now)).toEqual({ direction: 'up', names: ['2.ts', '5.ts'] })
    expect(stepsOf({ kind: 'all' }, list(steps.slice(0, 1)))).toEqual({ direction: 'up', names: [] })
  })

  it('refuses a step that is applied, or not there', () => {
    expect(refusal(() => stepsOf({ kind: 'up-to', name: '3.ts' }, now))).toBe('3.ts is applied already.')
    expect(refusal(() => stepsOf({ kind: 'up-to', name: '9.ts' }, now))).toMatch(/no step 9.ts any more/)
  })
})

describe('down', () => {
  it('takes the last batch, or what was applied since, the newest first', () => {
    expect(stepsOf({ kind: 'rollback' }, now)).toEqual({ direction: 'down', names: ['3.ts'] })
    expect(stepsOf({ kind: 'down-to', name: '4.ts' }, now)).toEqual({ direction: 'down', names: ['3.ts', '4.ts'] })
    expect(stepsOf({ kind: 'down-to', name: '1.ts' }, now).names).toEqual(['3.ts', '4.ts', '1.ts'])
    expect(stepsOf({ kind: 'rollback' }, list([]))).toEqual({ direction: 'down', names: [] })
  })

  it('goes by the times of the ledger inside of a batch', () => {
    const at = (name: string, appliedAt: string) => step(name, 'applied', 1, { appliedAt })
    const mixed = list([at('1.ts', '2026-01-01T00:00:02Z'), at('2.ts', '2026-01-01T00:00:01Z')])
    expect(stepsOf({ kind: 'down-to', name: '1.ts' }, mixed).names).toEqual(['1.ts'])
  })

  it('refuses what has no file, and says which', () => {
    const gone = list([step('1.ts', 'applied', 1), step('2.ts', 'missing', 1)], { lastBatch: ['2.ts', '1.ts'] })
    expect(refusal(() => stepsOf({ kind: 'rollback' }, gone))).toMatch(/^2\.ts would have to be undone/)
    expect(refusal(() => stepsOf({ kind: 'down-to', name: '1.ts' }, gone))).toMatch(/^2\.ts would have to be undone/)
    expect(refusal(() => stepsOf({ kind: 'down-to', name: '5.ts' }, now))).toMatch(/is not applied/)
  })
})

describe('a half step', () => {
  const stuck = list([...steps.slice(0, 1), step('2.ts', 'half')], { half: half('2.ts') })

  it('is taken up again, or undone the other way', () => {
    expect(stepsOf({ kind: 'resume', name: '2.ts', from: 2 }, stuck)).toEqual({ direction: 'up', names: ['2.ts'] })
    expect(stepsOf({ kind: 'undo', name: '2.ts' }, stuck)).toEqual({ direction: 'down', names: ['2.ts'] })
  })

  it('comes before everything else, and only as it allows', () => {
    for (const kind of ['all', 'next', 'rollback'] as const) {
      expect(refusal(() => stepsOf({ kind }, stuck))).toMatch(/^2\.ts ended in the middle/)
    }
    const shut = { ...stuck, half: half('2.ts', { resume: 'It has changed since.' }) }
    expect(refusal(() => stepsOf({ kind: 'resume', name: '2.ts', from: 0 }, shut))).toBe('It has changed since.')
    expect(refusal(() => stepsOf({ kind: 'undo', name: '1.ts' }, stuck))).toMatch(/did not end in the middle/)
    expect(refusal(() => stepsOf({ kind: 'undo', name: '1.ts' }, now))).toMatch(/did not end in the middle/)
  })
})
