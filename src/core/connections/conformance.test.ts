// Phase P0 of the retry table: every code of it while connecting, from fake servers, and the action taken equals the table.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFakeMysql } from '../../../scripts/servers/fake-mysql.ts'
import { startFakePostgres } from '../../../scripts/servers/fake-postgres.ts'
import type { Answer } from '../../../scripts/servers/fake-server.ts'
import type { ConnectionState } from '../../shared/connections.ts'
import { coreWithServers, type CoreWithServers } from './servers.test-setup.ts'

/**
 * `wait`: as many attempts as the profile has. `slowly`: the next one after a second or more. `stop`: one attempt.
 * Written down from the specification, not from the code: at P0 nothing was sent, so that what is replayed or unknown in later
 * phases is a try again, or a stop.
 */
type Expected = 'wait' | 'slowly' | 'stop'

const POSTGRES: Readonly<Record<string, Expected>> = {
  '57P03': 'wait',
  '57P01': 'wait',
  '57P02': 'wait',
  '08000': 'wait',
  '08001': 'wait',
  '08003': 'wait',
  '08006': 'wait',
  '08004': 'stop',
  '08007': 'stop',
  '40003': 'stop',
  '08P01': 'stop',
  '53300': 'slowly',
  '53100': 'stop',
  '53200': 'stop',
  '53400': 'stop',
  '28P01': 'stop',
  '28000': 'stop',
  '3D000': 'stop',
  '42501': 'stop',
  '40001': 'wait',
  '40P01': 'wait',
  '23505': 'stop',
  '55P03': 'stop',
  '57014': 'stop',
  '25P02': 'stop',
  '25006': 'stop',
  XX001: 'stop',
  XX002: 'stop',
  '58030': 'stop',
}

/** Number, SQLSTATE, and the server's words where they decide. */
const MYSQL: readonly [code: number, sqlState: string, expected: Expected, message?: string][] = [
  [1040, '08004', 'slowly'],
  [1203, '42000', 'slowly'],
  [1226, '42000', 'stop'],
  [1129, 'HY000', 'stop'],
  [1130, 'HY000', 'stop'],
  [1045, '28000', 'stop'],
  [1698, '28000', 'stop'],
  [1044, '42000', 'stop'],
  [1049, '42000', 'stop'],
  [1053, '08S01', 'wait'],
  [1927, '70100', 'wait'],
  [4031, 'HY000', 'wait'],
  [1213, '40001', 'wait'],
  [1205, 'HY000', 'stop'],
  [1047, '08S01', 'wait', 'WSREP has not yet prepared node for application use'],
  [1180, 'HY000', 'stop'],
  [1290, 'HY000', 'stop', 'The MariaDB server is running with the --read-only option'],
  [1836, 'HY000', 'stop'],
  [1792, '25006', 'stop'],
  [1317, '70100', 'stop'],
  [3024, 'HY000', 'stop'],
  [1969, '70100', 'stop'],
  [1114, 'HY000', 'stop'],
  [1021, 'HY000', 'stop'],
  [1030, 'HY000', 'stop'],
  [1153, '08S01', 'stop'],
]

/** What needs no code. Nonsense is known by the first word of the answer; later it looks like a message that never ends. */
const BROKEN: readonly (readonly [answer: 'close' | 'reset' | 'garbage', Expected])[] = [
  ['close', 'wait'],
  ['reset', 'wait'],
  ['garbage', 'stop'],
]
const LATER = BROKEN.filter(([answer]) => answer !== 'garbage')

const TRIES = 3
const VARIABLE = 'ROSTER_TEST_CONFORMANCE'
const PASSWORD = 'canary-9d2e41'

let core: CoreWithServers
beforeAll(async () => {
  process.env[VARIABLE] = PASSWORD
  core = await coreWithServers()
})
/** Codes (and broken answers) in a phase whose action was the table's. */
const checked = { postgres: 0, mysql: 0 }
afterAll(async () => {
  await core.close()
  const { postgres, mysql } = checked
  if (process.env.VERIFY === 'full')
    console.log(
      `FIGURE conformance while connecting: ${postgres} pairs of code and phase on postgres, ${mysql} on mysql`,
    )
})

function check(kind: 'postgres' | 'mysql', action: Expected, expected: Expected): void {
  expect(action).toBe(expected)
  checked[kind] += 1
}

interface Fake {
  readonly host: string
  readonly port: number
  readonly seen: { connections: number; attempts: number }
  stop(): Promise<void>
}

/** Opens a profile of the fake, and says which action that was. */
async function actionOf(kind: 'postgres' | 'mysql', fake: Fake): Promise<Expected> {
  const at = { kind, host: fake.host, port: fake.port, database: 'people', user: 'ann', password: '' }
  const secret = { kind: 'environment' as const, variable: VARIABLE }
  const profileId = await core.add(at, { tries: TRIES, delay: 0.1, secret })
  try {
    await core.api.connections.open({ profileId })
    const isDecided = (state: ConnectionState) =>
      state.state === 'failed' || (state.state === 'waiting' && state.nextTryAt !== null)
    const first = await core.until(profileId, isDecided)
    const pause = first.state === 'waiting' ? (first.nextTryAt ?? 0) - Date.now() : 0
    if (pause > 500) {
      expect(pause).toBeGreaterThan(900)
      expect(fake.seen.connections).toBe(1)
      return 'slowly'
    }
    const last = await core.until(profileId, ({ state }) => state === 'failed')
    if (last.state !== 'failed') throw new Error('It failed.')
    expect(last.history.length).toBe(fake.seen.connections)
    if (fake.seen.connections === 1) expect(last.cause?.isTemporary).toBe(false)
    expect(JSON.stringify(last)).not.toContain(PASSWORD)
    await new Promise((resolve) => setTimeout(resolve, 250))
    if (fake.seen.connections === 1) return 'stop'
    expect(fake.seen.connections).toBe(TRIES)
    return 'wait'
  } finally {
    await core.api.connections.close({ profileId })
    await fake.stop()
  }
}

describe.concurrent('postgres', () => {
  for (const when of ['before-password', 'after-password'] as const) {
    const failing = (answer: Answer) =>
      startFakePostgres({ password: PASSWORD, onConnect: (connect) => (connect.when === when ? answer : 'ok') })

    test.each(Object.entries(POSTGRES))(`%s ${when}: %s`, async (code, expected) => {
      const fake = await failing({ error: { code } })
      check('postgres', await actionOf('postgres', fake), expected)
    })

    test.each(when === 'before-password' ? BROKEN : LATER)(`%s ${when}: %s`, async (answer, expected) => {
      check('postgres', await actionOf('postgres', await failing(answer)), expected)
    })
  }

  test('a server that says nothing is given 5 s, and waited for', async () => {
    const fake = await startFakePostgres({ onAccept: () => 'hang' })
    await silent('postgres', fake)
  })
})

describe.concurrent('mysql', () => {
  for (const when of ['greeting', 'before-password', 'after-password'] as const) {
    const failing = (answer: Answer) =>
      startFakeMysql({
        password: PASSWORD,
        ...(when === 'greeting'
          ? { onAccept: () => answer }
          : { onConnect: (connect) => (connect.when === when ? answer : 'ok') }),
      })

    test.each(MYSQL)(`%i (%s) ${when}: %s`, async (code, sqlState, expected, message) => {
      const fake = await failing({ error: { code, sqlState, ...(message !== undefined && { message }) } })
      check('mysql', await actionOf('mysql', fake), expected)
    })

    test.each(when === 'greeting' ? BROKEN : LATER)(`%s ${when}: %s`, async (answer, expected) => {
      check('mysql', await actionOf('mysql', await failing(answer)), expected)
    })
  }

  test('a server that says nothing is given 5 s, and waited for', async () => {
    const fake = await startFakeMysql({ onAccept: () => 'hang' })
    await silent('mysql', fake)
  })
})

async function silent(kind: 'postgres' | 'mysql', fake: Fake): Promise<void> {
  const at = { kind, host: fake.host, port: fake.port, database: 'people', user: 'ann', password: '' }
  const secret = { kind: 'environment' as const, variable: VARIABLE }
  const profileId = await core.add(at, { tries: 2, delay: 0.1, secret })
  const began = performance.now()
  await core.api.connections.open({ profileId })
  await core.until(profileId, (state) => state.state === 'waiting' && state.cause?.reason === 'no-answer', 8_000)
  expect(performance.now() - began).toBeGreaterThan(4_500)
  expect(performance.now() - began).toBeLessThan(6_500)
  await core.api.connections.close({ profileId })
  await fake.stop()
}
