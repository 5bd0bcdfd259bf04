// Passwords of SSH servers: sent in one way, once, to a server whose key is known, and to nobody else.
import { mkdtempSync } from 'node:fs'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { causeOf } from '../db/failure-words.ts'
import {
  failureAt,
  knownHostsIn,
  ownFolder,
  quietly,
  settingsFor,
  startEcho,
  startPasswordServer,
  trusting,
  tunnelTo,
  type Echo,
  type PasswordServer,
} from './ssh.test-setup.ts'

const PASSWORD = 'canary-5514'
const folder = ownFolder()
let echo: Echo
beforeEach(async () => {
  echo = await startEcho()
  return () => echo[Symbol.asyncDispose]()
})
afterAll(() => folder.end())

async function tunnelWith(server: PasswordServer, secret: string | null) {
  // One list for each: the port of a server that has ended may be the next one's.
  const list = await trusting(mkdtempSync(folder.file('data-')), server)
  return tunnelTo(settingsFor(server, { auth: 'password' }), list, { secret })
}

async function echoes(server: PasswordServer): Promise<void> {
  const tunnel = await tunnelWith(server, PASSWORD)
  const stream = await tunnel.open(echo, quietly())
  stream.write('hello')
  expect(String(await new Promise((resolve) => stream.once('data', resolve)))).toBe('hello')
  await tunnel.close()
}

const refusedWith = { kind: 'authentication', role: 'ssh', code: 'ROSTER_SSH_PASSWORD' }

describe('a password', () => {
  it('goes out as a password where the server takes one, and never in two ways', async () => {
    await using server = await startPasswordServer(PASSWORD, ['publickey', 'keyboard-interactive', 'password'])
    await echoes(server)
    expect(server.tried).toEqual(['none', `password ${PASSWORD}`])
  })

  it('answers the one question that is asked', async () => {
    await using server = await startPasswordServer(PASSWORD, ['keyboard-interactive'])
    await echoes(server)
    expect(server.tried).toEqual(['none', `keyboard-interactive ${PASSWORD}`])
  })

  it.each([['password'], ['keyboard-interactive']] as const)(
    'that was refused is sent once, by %s, until a person wants it tried again',
    async (way) => {
      await using server = await startPasswordServer(PASSWORD, [way])
      const tunnel = await tunnelWith(server, 'wrong-7731')
      const failures = await Promise.all(Array.from({ length: 5 }, () => failureAt(tunnel, echo)))
      failures.push(await failureAt(tunnel, echo))
      for (const failure of failures) expect(failure).toMatchObject(refusedWith)
      expect(server.tried).toEqual(['none', `${way} wrong-7731`])
      tunnel.forgive()
      expect(await failureAt(tunnel, echo)).toMatchObject(refusedWith)
      expect(server.tried).toHaveLength(4)
      const cause = causeOf(failures[0] ?? refused(), { host: 'db', port: 1, database: 'people', user: 'bob' })
      expect(cause).toMatchObject({ reason: 'authentication', isTemporary: false })
      expect(cause.message).toBe(`The SSH server 127.0.0.1:${server.port} refused the user ann or the password.`)
      expect(JSON.stringify(cause)).not.toContain('7731')
      await tunnel.close()
    },
  )

  it('that makes the server hang up counts as refused', async () => {
    await using server = await startPasswordServer(PASSWORD, ['password'], { hangsUp: true })
    const tunnel = await tunnelWith(server, 'wrong')
    expect(await failureAt(tunnel, echo)).toMatchObject(refusedWith)
    expect(await failureAt(tunnel, echo)).toMatchObject(refusedWith)
    expect(server.tried).toEqual(['none', 'password wrong'])
  })

  it('is not sent where more is asked for, nor where none is taken', async () => {
    const questions = ['Password: ', 'Code: ']
    await using two = await startPasswordServer(PASSWORD, ['keyboard-interactive'], { questions })
    const more = await failureAt(await tunnelWith(two, PASSWORD), echo)
    expect(more).toMatchObject({ kind: 'tunnel', code: 'ROSTER_SSH_OTHER_WAYS' })
    expect(two.tried).toEqual(['none'])
    await using keys = await startPasswordServer(PASSWORD, ['publickey'])
    const none = await failureAt(await tunnelWith(keys, PASSWORD), echo)
    expect(none).toMatchObject({ kind: 'tunnel', code: 'ROSTER_SSH_OTHER_WAYS' })
    expect(none.message).toContain('publickey')
    expect(keys.tried).toEqual(['none'])
  })

  it('that is not given connects to nothing', async () => {
    await using server = await startPasswordServer(PASSWORD, ['password'])
    const failure = await failureAt(await tunnelWith(server, null), echo)
    expect(failure).toMatchObject({ kind: 'authentication', code: 'ROSTER_SSH_NO_PASSWORD' })
    expect(server.tried).toEqual([])
  })

  it('is not sent to a server that is not known: not even its user is', async () => {
    await using server = await startPasswordServer(PASSWORD, ['password'])
    const settings = settingsFor(server, { auth: 'password' })
    const tunnel = tunnelTo(settings, knownHostsIn(folder.file('nothing')), { secret: PASSWORD })
    expect(await failureAt(tunnel, echo)).toMatchObject({ kind: 'host-key' })
    expect(server.tried).toEqual([])
  })
})

function refused(): never {
  throw new Error('There is one.')
}
