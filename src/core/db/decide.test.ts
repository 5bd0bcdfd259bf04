// The retry table, row by row, as it is specified: what is done about each kind in each phase, and what a person is told.
import { describe, expect, test } from 'vitest'
import { decide } from './decide.ts'
import { causeOf } from './failure-words.ts'
import type { Action, FailureKind, Phase } from './failure.ts'

const PHASES: Phase[] = ['connecting', 'idle', 'reading', 'transaction', 'writing', 'committing']

/** Written out on its own, in the order of PHASES; a single action holds in all. */
const SPECIFIED: Record<FailureKind, string> = {
  refused: 'wait wait wait replay unknown unknown',
  'no-answer': 'wait wait wait replay unknown unknown',
  unreachable: 'wait wait wait replay unknown unknown',
  'name-temporary': 'wait wait wait replay unknown unknown',
  'name-unknown': 'again-once wait wait replay unknown unknown',
  starting: 'wait wait wait replay unknown unknown',
  lost: 'wait wait wait replay unknown unknown',
  'outcome-unknown': 'unknown',
  'too-many-connections': 'wait-slowly',
  'user-limit': 'stop',
  'host-blocked': 'stop',
  authentication: 'stop',
  'no-database': 'stop',
  'no-privilege': 'stop',
  serialization: 'replay',
  deadlock: 'replay',
  'lock-timeout': 'stop replay-once replay-once replay-once replay-once replay-once',
  cancelled: 'stop',
  timeout: 'stop',
  'read-only': 'stop',
  'not-in-cluster': 'wait wait wait replay replay unknown',
  constraint: 'stop',
  resources: 'stop',
  damaged: 'stop',
  protocol: 'stop',
  tls: 'stop',
  unsafe: 'stop',
  tunnel: 'stop',
  'host-key': 'stop',
  local: 'stop',
  'stale-plan': 'prepare-again prepare-again prepare-again replay-once prepare-again replay-once',
  'failed-transaction': 'stop',
  busy: 'stop',
  'busy-snapshot': 'replay',
  other: 'stop',
}
const kinds = Object.keys(SPECIFIED) as FailureKind[]
const failure = (kind: FailureKind, message = 'its own words') => ({ kind, code: 'X1', message })
const at = { host: 'db1', port: 5432, database: 'people', user: 'ann', password: 'canary-7c1f' }

describe('decide', () => {
  test.each(kinds)('%s', (kind) => {
    const specified = SPECIFIED[kind].split(' ')
    const found = PHASES.map((phase) => decide(failure(kind), phase))
    expect(found).toEqual(specified.length === 1 ? PHASES.map(() => specified[0]) : specified)
  })

  test('a profile that waits for its database waits for its name and for its database, when connecting', () => {
    for (const kind of kinds) {
      const waited = decide(failure(kind), 'connecting', { waitForDatabase: true })
      const isAbsent = kind === 'no-database' || kind === 'name-unknown'
      expect(waited).toBe<Action>(isAbsent ? 'wait' : decide(failure(kind), 'connecting'))
      for (const phase of PHASES.slice(1)) {
        expect(decide(failure(kind), phase, { waitForDatabase: true })).toBe(decide(failure(kind), phase))
      }
    }
  })
})

describe('words', () => {
  test.each(kinds)('%s says what happened and what to do, and no password', (kind) => {
    const cause = causeOf(failure(kind, 'no entry for canary-7c1f'), at)
    expect(cause.message).toMatch(/^[A-Z].*/)
    expect(cause.hint).toMatch(/\.$/)
    expect(`${cause.message} ${cause.hint} ${cause.detail}`).not.toMatch(/canary|!|oops|please|\bwe\b/i)
    expect(cause.isTemporary).toBe(['wait', 'wait-slowly'].includes(decide(failure(kind), 'connecting')))
  })

  test('the cause names the place, the hint the settings', () => {
    expect(causeOf(failure('refused', 'connect ECONNREFUSED'), at)).toEqual({
      reason: 'refused',
      message: 'Nothing listens at db1:5432 yet.',
      hint: 'Start the server, or correct the host and the port (5432) of the profile.',
      detail: 'connect ECONNREFUSED (X1)',
      isTemporary: true,
    })
    expect(causeOf(failure('no-database'), at, { waitForDatabase: true }).isTemporary).toBe(true)
  })

  test('a password that is also a name is not given away by being struck out', () => {
    const cause = causeOf(failure('authentication', 'refused for user ann'), { ...at, password: 'ann' })
    expect(cause.detail).toBe('refused for user ann (X1)')
  })
})
