// The retry table against a fake PostgreSQL that emits every code of it in P1 to P5: what Roster then does is what it says.
// P0, connecting, is in `core/connections/conformance.test.ts`.
import { describe, expect, test } from 'vitest'
import { startFakePostgres, type Answer } from '../../../../scripts/servers/fake-postgres.ts'
import { check } from './checks.test-setup.ts'
import { PHASES, takenFor, type Deviation, type Says, type Way } from './table.test-setup.ts'
import { play, playRefused, type FakeEngine, type Outcome } from './conformance.test-setup.ts'
import { postgres } from '../postgres/postgres.ts'

/** Of each pair; what only sometimes goes wrong shows in more than one. */
const ROUNDS = process.env.VERIFY === 'full' ? 5 : 1

const STATUS = { committed: 'committed', 'rolled-back': 'aborted', 'cannot-tell': null } as const

const engine: FakeEngine = {
  dialect: postgres,
  look: /pg_xact_status/,
  looksAtRows: false,
  lookedFor: ({ values }) => values.join(),
  // The number that the fake gives to the transactions of a session.
  markOf: (session) => String(1000 + session),
  outcome(said, nth): Answer {
    if (said === 'in-progress-first') return { rows: [[nth === 1 ? 'in progress' : 'committed']] }
    return { rows: [[STATUS[said]]] }
  },
  async start(script, port) {
    let last = 0
    const fake = await startFakePostgres({
      ...(port !== undefined && { port }),
      auth: 'none',
      onConnect: ({ when }) => (when === 'before-password' ? undefined : script.onConnect((last += 1))),
      onQuery: ({ sql, values, session }) => script.onQuery({ sql, values, session: session.id }),
    })
    return {
      port: fake.port,
      connections: () => fake.seen.connections,
      stop: () => fake.stop(),
      end(how) {
        for (const session of fake.sessions) {
          if (how === 'reset') session.reset()
          else if (typeof how === 'object' && 'error' in how) session.fail({ ...how.error, severity: 'FATAL' })
          else session.close()
        }
      },
    }
  },
}

/** After `!` the server ends the session with it, or nobody can go on with it. */
const CODES: Readonly<Partial<Record<Says, string>>> = {
  wait: '57P03!',
  lost: '57P01! 57P02! 08000! 08001! 08003! 08006! 25P03!',
  unknown: '08007 40003',
  slow: '53300!',
  replay: '40001 40P01',
  ask: '55P03',
  prepare: '26000 0A000',
  stop: '08004! 08P01! 53100 53200 53400 28P01 28000 3D000 42501 23505 23P01 57014 25P02 25006 XX001 XX002 58030',
}

const MESSAGES: Record<string, string> = { '0A000': 'cached plan must not change result type' }

const ways: Way[] = [
  ...Object.entries(CODES).flatMap(([says, codes]) =>
    codes.split(' ').map((word): Way => {
      const code = word.replace('!', '')
      const ends = word.endsWith('!')
      const message = MESSAGES[code]
      const error = { code, ...(ends && { severity: 'FATAL' as const }), ...(message !== undefined && { message }) }
      return { name: code, says: says as Says, ends, how: { error } }
    }),
  ),
  { name: 'closed', says: 'lost', ends: true, how: 'close' },
  { name: 'reset', says: 'lost', ends: true, how: 'reset' },
  { name: 'silence', says: 'lost', ends: true, how: 'hang', only: PHASES.filter((phase) => phase !== 'idle') },
  { name: 'silence for 5 s', says: 'wait', ends: true, how: 'hang', only: ['idle'] },
  { name: 'no TLS', says: 'stop', ends: true, how: 'no-tls', only: ['idle'] },
  {
    name: 'an answer of no protocol',
    says: 'stop',
    ends: true,
    how: { bytes: Buffer.from([1, 0, 0, 0, 4]) },
    only: ['reading', 'transaction', 'writing', 'committing'],
  },
  // A transaction that had failed is answered so, without an error.
  {
    name: 'COMMIT told as ROLLBACK',
    says: 'stop',
    ends: false,
    how: { tag: 'ROLLBACK' },
    only: ['committing'],
  },
]

/** Where the table is not followed to the letter, and why. */
const DEVIATIONS: readonly Deviation[] = [
  {
    names: ['08007', '40003', '26000', '0A000'],
    phase: 'idle',
    instead: 'wait',
    why: 'Nothing was sent, so that nothing can be unknown or stale: connecting is tried once more.',
  },
  ...(['transaction', 'committing'] as const).map((phase): Deviation => ({
    ...{ names: ['55P03'], phase, instead: 'replay-once' },
    why: 'As for 1205: after the 5 s of lock_timeout the batch is run once more, and then a person is asked.',
  })),
  { names: ['55P03'], phase: 'reading', instead: 'again', why: 'As for 1205: once more, then a person is asked.' },
  {
    names: ['53300'],
    phase: 'transaction',
    instead: 'stop',
    why: 'Only a new connection is told so. From an open one it is some other limit, whose words are shown.',
  },
  ...(['transaction', 'committing'] as const).map((phase): Deviation => ({
    ...{ names: ['26000', '0A000'], phase, instead: 'replay-once' },
    why: 'The statement has ended its transaction; the next one prepares anew. The table leaves it open.',
  })),
]

describe.concurrent('postgres', () => {
  for (const phase of PHASES) {
    const pairs = ways
      .filter((way) => (way.only ?? PHASES).includes(phase))
      .map((way) => ({ way, phase, ...takenFor(way, phase, DEVIATIONS) }))
    test.each(pairs.map((pair) => [pair.way.name, pair.taken, pair] as const))(
      `${phase}: %s: %s`,
      async (_name, taken, { way }) => {
        for (let round = 0; round < ROUNDS; round += 1) await check(engine, way, phase, taken)
      },
    )
  }
})

const committed = { name: 'closed', says: 'lost', ends: true, how: 'close' } as const
const lose = (outcome: Outcome) => play({ engine, way: committed, phase: 'committing', times: 'once', outcome })
const sent = ['begin', 'a', 'b', 'commit', '|', 'look']

test('postgres: nothing listens for a while: it is waited for, and what was not sent runs once', async () => {
  expect(await playRefused(engine)).toEqual({ value: '7', reads: 1 })
})

describe.concurrent('postgres: what a look after a lost COMMIT finds', () => {
  test('committed: saved', async () => {
    expect(await lose('committed')).toMatchObject({ trace: sent, value: 'saved', looks: ['1001'] })
  })

  test('aborted: nothing was saved, and nothing is run again', async () => {
    expect(await lose('rolled-back')).toMatchObject({ trace: sent, value: undefined, error: { code: 'INTERRUPTED' } })
  })

  test('in progress: asked again until it is over', async () => {
    expect(await lose('in-progress-first')).toMatchObject({ trace: [...sent, 'look'], value: 'saved' })
  })

  test('the server does not know the transaction: the rows are looked at, and unknown stays unknown', async () => {
    expect(await lose('cannot-tell')).toMatchObject({
      ...{ trace: [...sent, 'rows'], value: undefined },
      error: { code: 'OUTCOME_UNKNOWN' },
    })
  })
})

test('every deviation differs from the table', () => {
  for (const { names, phase, instead } of DEVIATIONS) {
    for (const name of names) {
      const way = ways.find((each) => each.name === name)
      expect(way && takenFor(way, phase, []).taken, `${name} ${phase}`).not.toBe(instead)
      expect(way).toBeDefined()
    }
  }
})
