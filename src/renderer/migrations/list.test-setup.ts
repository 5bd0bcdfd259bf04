// Steps and lists as the host sends them, for the tests of what the screen makes of them.
import type { HalfStep, MigrationList, MigrationStep } from '../../shared/migration-steps.ts'

export function step(name: string, state: MigrationStep['state'], more: Partial<MigrationStep> = {}): MigrationStep {
  const isApplied = state !== 'pending' && state !== 'out-of-order' && state !== 'half'
  return {
    name,
    ledgerName: null,
    kind: state === 'missing' ? null : 'module',
    state,
    batch: isApplied ? 1 : null,
    appliedAt: null,
    appliedBy: null,
    person: null,
    ms: null,
    summary: '',
    problem: null,
    ...more,
  }
}

export function listOf(steps: MigrationStep[], more: Partial<MigrationList> = {}): MigrationList {
  return {
    folder: { path: null, trust: 'built-in', content: '', files: [], problem: null },
    steps,
    lastBatch: [],
    isAtHead: steps.every(({ state }) => state === 'applied'),
    blocked: null,
    note: null,
    lock: null,
    half: null,
    otherTools: [],
    adoptable: [],
    ...more,
  }
}

export function halfOf(name: string, more: Partial<HalfStep> = {}): HalfStep {
  return {
    name,
    direction: 'up',
    startedAt: '2026-11-22T09:00:00.000Z',
    person: 'ann@laptop',
    error: null,
    statements: [],
    message: '',
    choices: { resume: null, undo: null, markApplied: null, markNotApplied: null },
    resumeFrom: 0,
    ...more,
  }
}
