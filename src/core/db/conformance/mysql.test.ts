// The retry table against a fake MySQL that emits every code of it in P1 to P5: what Roster then does is what it says.
// P0, connecting, is in `core/connections/conformance.test.ts`.
import { describe, expect, test } from 'vitest'
import { startFakeMysql } from '../../../../scripts/servers/fake-mysql.ts'
import type { Answer } from '../../../../scripts/servers/fake-server.ts'
import { check } from './checks.test-setup.ts'
import { PHASES, takenFor, type Deviation, type Says, type Way } from './table.test-setup.ts'
import { play, playRefused, type FakeEngine, type Outcome } from './conformance.test-setup.ts'
import { mysql } from '../mysql/mysql.ts'

/** Of each pair; what only sometimes goes wrong shows in more than one. */
const ROUNDS = process.env.VERIFY === 'full' ? 5 : 1

const PLACE = '127.0.0.1:40000'

const engine: FakeEngine = {
  dialect: mysql,
  look: /SELECT HOST .*PROCESSLIST WHERE ID = \d+/,
  looksAtRows: true,
  lookedFor: ({ sql }) => /\d+$/.exec(sql)?.[0] ?? '',
  markOf: (session) => String(session),
  // There is no way to ask for a transaction: only whether its session is still there.
  outcome: (said, nth): Answer => ({ rows: said === 'in-progress-first' && nth === 1 ? [[PLACE]] : [] }),
  async start(script, port) {
    let last = 0
    const fake = await startFakeMysql({
      ...(port !== undefined && { port }),
      onConnect: ({ when }) => (when === 'before-password' ? undefined : script.onConnect((last += 1))),
      onQuery: ({ sql, session }) =>
        /PROCESSLIST WHERE ID = CONNECTION_ID\(\)$/.test(sql)
          ? { rows: [[PLACE]] }
          : script.onQuery({ sql, values: [], session: session.id }),
    })
    return {
      port: fake.port,
      connections: () => fake.seen.connections,
      stop: () => fake.stop(),
      end(how) {
        for (const session of fake.sessions) {
          if (how === 'reset') session.reset()
          else if (typeof how === 'object' && 'error' in how) session.failIdle(how.error)
          else session.close()
        }
      },
    }
  },
}

type Code = readonly [code: number, sqlState: string, says: Says, more?: { ends?: true; message?: string }]

const CODES: readonly Code[] = [
  // Of the driver's numbers for a lost connection, as a proxy hands them on.
  [2006, 'HY000', 'lost', { ends: true }],
  [2013, 'HY000', 'lost', { ends: true }],
  [2055, 'HY000', 'lost', { ends: true }],
  [1053, '08S01', 'lost', { ends: true }],
  [1927, '70100', 'lost', { ends: true }],
  [4031, 'HY000', 'lost', { ends: true }],
  [1040, '08004', 'slow', { ends: true }],
  [1203, '42000', 'slow', { ends: true }],
  [1226, '42000', 'stop'],
  [1129, 'HY000', 'stop'],
  [1130, 'HY000', 'stop'],
  [1045, '28000', 'stop'],
  [1698, '28000', 'stop'],
  [1044, '42000', 'stop'],
  [1049, '42000', 'stop'],
  [1205, 'HY000', 'replay-once'],
  [1213, '40001', 'replay'],
  [1020, 'HY000', 'replay'],
  [1047, '08S01', 'wait', { message: 'WSREP has not yet prepared node for application use' }],
  [1180, 'HY000', 'unknown'],
  [1290, 'HY000', 'read-only', { message: 'The MariaDB server is running with the --read-only option' }],
  [1836, 'HY000', 'read-only'],
  [1792, '25006', 'read-only'],
  [1317, '70100', 'stop'],
  [3024, 'HY000', 'stop'],
  [1969, '70100', 'stop'],
  [1114, 'HY000', 'stop'],
  [1021, 'HY000', 'stop'],
  [1030, 'HY000', 'stop'],
  [1153, '08S01', 'stop'],
]

const ways: Way[] = [
  ...CODES.map(([code, sqlState, says, { ends = false, message } = {}]): Way => {
    const error = { code, sqlState, close: ends, ...(message !== undefined && { message }) }
    return { name: String(code), says, ends, how: { error } }
  }),
  { name: 'closed', says: 'lost', ends: true, how: 'close' },
  { name: 'reset', says: 'lost', ends: true, how: 'reset' },
  { name: 'silence', says: 'lost', ends: true, how: 'hang', only: PHASES.filter((phase) => phase !== 'idle') },
  { name: 'silence for 5 s', says: 'wait', ends: true, how: 'hang', only: ['idle'] },
  { name: 'no TLS', says: 'stop', ends: true, how: 'no-tls', only: ['idle'] },
  {
    name: 'packets out of order',
    says: 'lost',
    ends: true,
    how: { bytes: Buffer.from([7, 0, 0, 9, 0, 0, 0, 2, 0, 0, 0]) },
    only: ['reading', 'transaction', 'writing', 'committing'],
  },
]

/** Where the table is not followed to the letter, and why. */
const DEVIATIONS: readonly Deviation[] = [
  {
    names: ['1180'],
    phase: 'idle',
    instead: 'wait',
    why: 'Nothing was sent, so that nothing can be unknown: connecting is tried once more.',
  },
  {
    names: ['1040', '1203'],
    phase: 'transaction',
    instead: 'stop',
    why: 'Only a new connection is told so. From an open one it is some other limit, whose words are shown.',
  },
]

describe.concurrent('mysql', () => {
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
const sent = ['begin', 'a', 'b', 'commit', '|', 'look', 'rows']

test('mysql: nothing listens for a while: it is waited for, and what was not sent runs once', async () => {
  expect(await playRefused(engine)).toEqual({ value: '7', reads: 1 })
})

describe.concurrent('mysql: what a look after a lost COMMIT finds', () => {
  test('the session is gone, and the rows have the changes: saved', async () => {
    expect(await lose('committed')).toMatchObject({ trace: sent, value: 'saved', looks: ['1'] })
  })

  test('the rows have none of them: nothing was saved, and nothing is run again', async () => {
    expect(await lose('rolled-back')).toMatchObject({ trace: sent, value: undefined, error: { code: 'INTERRUPTED' } })
  })

  test('the session is still there: asked again until it is gone, before the rows are looked at', async () => {
    const trace = [...sent.slice(0, -1), 'look', 'rows']
    expect(await lose('in-progress-first')).toMatchObject({ trace, value: 'saved' })
  })

  test('the rows cannot tell either: unknown stays unknown', async () => {
    expect(await lose('cannot-tell')).toMatchObject({ trace: sent, error: { code: 'OUTCOME_UNKNOWN' } })
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
