// Connecting: what is told on the way, what is never sent, what ends it, and how often a password is tried.
import { createServer, type Socket } from 'node:net'
import { describe, expect, it, vi } from 'vitest'
import { startFakeMysql, type MysqlAuth } from '../../../../scripts/servers/fake-mysql.ts'
import { describeWithMariadb } from '../../../../scripts/servers/missing.ts'
import { mysql } from './mysql.ts'
import { failureOf, fakeLogin, linkTo, listening, loginTo, phasesOf, quietly, rowsOf } from './mysql.test-setup.ts'

describeWithMariadb(
  'connecting to MariaDB',
  (server) => {
    it('tells every phase, and looks a name up', async () => {
      expect(await phasesOf(loginTo(server(), { host: 'localhost' }))).toEqual([
        'resolve',
        'connect',
        'authenticate',
        'ready',
      ])
      expect(await phasesOf(loginTo(server()))).toEqual(['connect', 'authenticate', 'ready'])
      expect(await phasesOf(loginTo(server(), { password: 'wrong' }))).toEqual(['connect', 'authenticate'])
      expect(await phasesOf(loginTo(server(), { host: 'nowhere.invalid' }))).toEqual(['resolve'])
    })

    it('tries a wrong password exactly once', async () => {
      const denied = () => server().log().split('Access denied').length - 1
      const before = denied()
      expect(await failureOf(linkTo(server(), { password: 'wrong' }))).toMatchObject({
        kind: 'authentication',
        code: '1045',
      })
      await vi.waitFor(() => expect(denied()).toBe(before + 1))
    })

    it('tells what is missing', async () => {
      expect(await failureOf(linkTo(server(), { database: 'nowhere' }))).toMatchObject({
        kind: 'no-database',
        code: '1049',
      })
      const user = server().unique('narrow')
      await server().admin(`create user ${user} identified by 'p'`)
      const login = { user, password: 'p' }
      expect(await failureOf(linkTo(server(), login))).toMatchObject({ kind: 'no-privilege', code: '1044' })
      expect(await failureOf(linkTo(server(), { host: 'nowhere.invalid' }))).toMatchObject({ kind: 'name-unknown' })
      const listener = createServer()
      const port = await listening(listener)
      await new Promise((resolve) => listener.close(resolve))
      expect(await failureOf(linkTo(server(), { port }))).toMatchObject({ kind: 'refused' })
      expect(await failureOf(linkTo(server(), { tls: 'verify' }))).toMatchObject({ kind: 'tls' })
    })

    it('says who it is, and leaves no session behind', async () => {
      const link = await linkTo(server())
      expect(await rowsOf(link, 'select connection_id()')).toEqual([[BigInt(link.session)]])
      await link.end()
      expect(link.isDead).toBe(true)
      const there = () => server().admin(`select 1 from information_schema.processlist where id = ${link.session}`)
      await vi.waitFor(async () => expect(await there()).toEqual([]))
    })
  },
  { own: true },
)

describe('logging in', () => {
  const ways: [auth: MysqlAuth, announce: 'mysql_native_password' | 'caching_sha2_password'][] = [
    ['native', 'mysql_native_password'],
    ['native', 'caching_sha2_password'],
    ['caching-fast', 'caching_sha2_password'],
    ['caching-fast', 'mysql_native_password'],
  ]
  it.for(ways)('answers the challenge of %s, announced as %s', async ([auth, announce]) => {
    await using fake = await startFakeMysql({ auth, announce })
    const link = await mysql.connect(fakeLogin(fake), quietly())
    await link.end()
    expect([fake.seen.attempts, fake.seen.clearBytes, fake.wasSent('secret')]).toEqual([1, 0, false])
  })

  it.for(['caching-full', 'sha256', 'clear'] as const)(
    'gives the password itself to nobody unverified: %s',
    async (auth) => {
      for (const announce of ['mysql_native_password', 'caching_sha2_password'] as const) {
        await using fake = await startFakeMysql({ auth, announce })
        expect(await failureOf(mysql.connect(fakeLogin(fake), quietly()))).toMatchObject({ kind: 'unsafe' })
        expect(await failureOf(mysql.openKnex(fakeLogin(fake), quietly()))).toMatchObject({ kind: 'unsafe' })
        expect([fake.seen.clearBytes, fake.wasSent('secret')]).toEqual([0, false])
      }
    },
  )

  it('does not know the plugin of MySQL before 4.1', async () => {
    await using fake = await startFakeMysql({ auth: 'old' })
    expect(await failureOf(mysql.connect(fakeLogin(fake), quietly()))).toMatchObject({ kind: 'authentication' })
    expect(fake.wasSent('secret')).toBe(false)
  })

  it.for(['native', 'caching-fast'] as const)('tries a wrong password once: %s', async (auth) => {
    await using fake = await startFakeMysql({ auth, password: 'another' })
    expect(await failureOf(mysql.connect(fakeLogin(fake), quietly()))).toMatchObject({ kind: 'authentication' })
    expect([fake.seen.attempts, fake.seen.connections]).toEqual([1, 1])
  })

  const errors: [code: number, kind: string][] = [
    [1040, 'too-many-connections'],
    [1129, 'host-blocked'],
    [1045, 'authentication'],
    [1049, 'no-database'],
    [1044, 'no-privilege'],
    [1226, 'user-limit'],
  ]
  it.for(errors)('tells error %i in every phase', async ([code, kind]) => {
    const answer = { error: { code } }
    const phases = [
      { onAccept: () => answer },
      ...(['before-password', 'after-password'] as const).map((phase) => ({
        onConnect: ({ when }: { when: string }) => (when === phase ? answer : undefined),
      })),
      { onQuery: () => answer },
    ]
    for (const options of phases) {
      await using fake = await startFakeMysql(options)
      expect(await failureOf(mysql.connect(fakeLogin(fake), quietly()))).toMatchObject({ kind, code: String(code) })
      expect(fake.seen.connections).toBe(1)
    }
  })

  it.for(['close', 'reset', 'garbage', 'hang'] as const)(
    'notices in every phase that nothing sensible comes: %s',
    async (answer) => {
      const phases = [{ onAccept: () => answer }, { onConnect: () => answer }, { onQuery: () => answer }]
      for (const options of phases) {
        await using fake = await startFakeMysql(options)
        const { kind } = await failureOf(mysql.connect(fakeLogin(fake), quietly({ limit: 400 })))
        const kinds = {
          close: ['lost'],
          reset: ['lost'],
          garbage: ['protocol', 'lost', 'no-answer'],
          hang: ['no-answer'],
        }
        expect(kinds[answer]).toContain(kind)
        await vi.waitFor(() => expect(fake.sessions.size).toBe(0))
      }
    },
  )
})

describe('the session', () => {
  const lies: [name: string, value: string][] = [
    ['character_set_results', 'latin1'],
    ['sql_mode', 'ANSI_QUOTES'],
    ['sql_mode', 'NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'],
    ['time_zone', 'SYSTEM'],
    ['autocommit', 'OFF'],
    ['transaction_read_only', 'OFF'],
    ['innodb_lock_wait_timeout', '50'],
    ['foreign_key_checks', 'OFF'],
  ]
  it.for(lies)('is refused when %s is %s after all', async ([name, value]) => {
    await using fake = await startFakeMysql({
      onQuery: ({ sql, session }) => {
        if (!sql.startsWith('SHOW SESSION')) return undefined
        const told = session.settings.answer(sql) as { rows: string[][] }
        return { rows: told.rows.map((row) => (row[0] === name ? [name, value] : row)), columns: ['a', 'b'] }
      },
    })
    const failure = await failureOf(mysql.connect(fakeLogin(fake), quietly()))
    expect(failure).toMatchObject({ kind: 'protocol', code: 'ROSTER_SESSION' })
    expect(failure.message).toContain(name)
  })

  it('gives no file away, and does not go on with who asked for one', async () => {
    await using fake = await startFakeMysql({
      onQuery: ({ sql }) => (sql === 'select 1' ? { localInfile: import.meta.filename } : undefined),
    })
    const link = await mysql.connect(fakeLogin(fake), quietly())
    expect(await failureOf(link.query({ sql: 'select 1', values: [] }))).toMatchObject({ kind: 'unsafe' })
    expect([link.isDead, fake.seen.fileBytes]).toEqual([true, 0])
  })
})

describe('limits of connecting', () => {
  it('ends within 100 ms of an abort, and the socket is gone', async () => {
    for (const tls of ['off', 'verify'] as const) {
      const sockets = new Set<Socket>()
      const listener = createServer((socket) => {
        sockets.add(socket)
        socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
        socket.resume()
      })
      const port = await listening(listener)
      const control = new AbortController()
      const connecting = mysql.connect(fakeLogin({ port }, { tls }), quietly({ signal: control.signal }))
      await vi.waitFor(() => expect(sockets.size).toBe(1))
      const reason = new Error('enough')
      const began = performance.now()
      control.abort(reason)
      await expect(connecting).rejects.toBe(reason)
      expect(performance.now() - began).toBeLessThan(100)
      await vi.waitFor(() => expect(sockets.size).toBe(0))
      listener.close()
    }
  })

  it.for(['before-password', 'after-password', 'session'] as const)(
    'so it does while the server hangs: %s',
    async (where) => {
      await using fake = await startFakeMysql({
        onConnect: ({ when }) => (when === where ? 'hang' : undefined),
        onQuery: () => (where === 'session' ? 'hang' : undefined),
      })
      const control = new AbortController()
      const connecting = mysql.connect(fakeLogin(fake), quietly({ signal: control.signal }))
      await vi.waitFor(() => expect(fake.seen.connections).toBe(1))
      await new Promise((resolve) => setTimeout(resolve, 50))
      const began = performance.now()
      control.abort(new Error('enough'))
      await expect(connecting).rejects.toThrow('enough')
      expect(performance.now() - began).toBeLessThan(100)
      await vi.waitFor(() => expect(fake.sessions.size).toBe(0))
    },
  )

  it('gives up after its limit', async () => {
    await using fake = await startFakeMysql({ onAccept: () => 'hang' })
    const began = performance.now()
    expect(await failureOf(mysql.connect(fakeLogin(fake), quietly({ limit: 300 })))).toMatchObject({
      kind: 'no-answer',
    })
    expect(performance.now() - began).toBeLessThan(600)
  })

  it('tells what is no MySQL', async () => {
    const listener = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.write('SSH-2.0-OpenSSH_9.2\r\n')
    })
    const port = await listening(listener)
    expect(await failureOf(mysql.connect(fakeLogin({ port }), quietly()))).toMatchObject({ kind: 'protocol' })
    listener.close()
  })
})
