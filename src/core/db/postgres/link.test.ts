// A link to a real PostgreSQL: values as the server writes them, reads that cannot write, and a COMMIT that is believed
// only when the server said so.
import { expect, it, vi } from 'vitest'
import { startFakePostgres } from '../../../../scripts/servers/fake-postgres.ts'
import { startProxy } from '../../../../scripts/servers/fault-proxy.ts'
import { describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import { connect } from './connect.ts'
import { constraint } from './errors.ts'
import { failureOf, fakeLogin, linkTo, loginTo, quietly, readOf, rowsOf } from './postgres.test-setup.ts'
import { outcomeOf, serverUse, sessionState, stopSession, stopStatement } from './sessions.ts'

describeWithPostgres('a link', (server) => {
  it('gives whole numbers as bigint, bytes as bytes, and everything else as the text that was sent', async () => {
    const link = await linkTo(server())
    const sql = `select 1 as a, 2::int8 as a, 3::int2, 4::oid, '\\x00ff'::bytea, ''::bytea, true, 1.50::numeric,
                        0.1::float8, 'a'::char(3), timestamp '2026-11-22 01:02:03.000001', null, null::int, ''`
    const { columns, rows } = await link.query({ sql, values: [] })
    expect(columns.slice(0, 2)).toEqual(['a', 'a'])
    expect(rows).toEqual([
      [
        ...[1n, 2n, 3n, 4n, new Uint8Array([0, 255]), new Uint8Array(), 't', '1.50'],
        ...['0.1', 'a  ', '2026-11-22 01:02:03.000001', null, null, ''],
      ],
    ])
    await link.end()
  })

  it('binds values whose type the server finds out, and refuses what would not arrive', async () => {
    const link = await linkTo(server())
    const sql = 'select $1::text, $2::int8, $3::float8, $4::bytea, $5::text'
    const bytes = new Uint8Array(Buffer.from('x\0\u{1F600}y')).subarray(1)
    expect(await rowsOf(link, sql, ['é\u{1F600}', 2n ** 62n, -0, bytes, null])).toEqual([
      ['é\u{1F600}', 2n ** 62n, '0', bytes, null],
    ])
    for (const text of ['a\0b', '\ud83d', 'x\udc00']) {
      const failure = await failureOf(link.query({ sql: 'select $1::text', values: [text] }))
      expect(failure.code).toBe('ROSTER_VALUE')
      expect(constraint(failure)).toMatchObject({ kind: 'type' })
    }
    expect(await failureOf(link.query({ sql: 'select $1::int', values: ['secret'] }))).toMatchObject({
      code: '22P02',
      message: 'invalid input syntax for type integer',
    })
    await link.end()
  })

  it('runs one statement, however many the text holds', async () => {
    const link = await linkTo(server())
    expect(await failureOf(link.query({ sql: 'select 1; select 2', values: [] }))).toMatchObject({ code: '42601' })
    await link.end()
  })

  it('reads and never writes outside of a transaction, also through a function', async () => {
    await server().admin(`create table written (id int); create sequence counted;
      create function sly() returns int language plpgsql as $$ begin insert into written values (1); return 1; end $$`)
    const link = await linkTo(server())
    for (const sql of ['insert into written values (1)', 'select sly()', `select nextval('counted')`]) {
      expect(await failureOf(link.query({ sql, values: [] }))).toMatchObject({ kind: 'read-only', code: '25006' })
    }
    await link.begin()
    await link.query({ sql: 'select sly()', values: [] })
    await link.commit()
    expect(await server().admin('select count(*) from written')).toEqual([['1']])
    await link.end()
  })

  it('never writes for a read-only login, in a transaction neither', async () => {
    await server().admin('create table kept (id int)')
    const link = await linkTo(server(), { isReadOnly: true })
    await link.begin()
    const write = 'insert into kept values (1)'
    expect(await failureOf(link.run({ sql: write, values: [] }))).toMatchObject({ kind: 'read-only' })
    await link.rollback()
    await link.begin()
    const sql = `select set_config('transaction_read_only', 'off', true)`
    await link.query({ sql: 'select 1 from kept', values: [] })
    expect((await failureOf(link.query({ sql, values: [] }))).code).toBe('25001')
    await link.rollback()
    expect(await server().admin('select count(*) from kept')).toEqual([['0']])
    await link.end()
  })

  it('counts what was changed', async () => {
    await server().admin('create table counting as select n from generate_series(1, 5) n')
    const link = await linkTo(server())
    await link.begin()
    expect(await link.run({ sql: 'update counting set n = n where n > $1', values: [2n] })).toEqual({
      changes: 3,
      lastKey: null,
    })
    await link.rollback()
    await link.end()
  })

  it('does not take ROLLBACK for an answer to COMMIT', async () => {
    await server().admin('create table swallowed (id int primary key)')
    const link = await linkTo(server())
    await link.begin()
    await link.run({ sql: 'insert into swallowed values (1)', values: [] })
    await link.run({ sql: 'insert into swallowed values (1)', values: [] }).catch(() => undefined)
    expect(await failureOf(link.commit())).toMatchObject({ kind: 'failed-transaction', code: '25P02' })
    expect(await server().admin('select count(*) from swallowed')).toEqual([['0']])
    // It is out of the transaction, and good for another.
    await link.begin()
    await link.run({ sql: 'insert into swallowed values (1)', values: [] })
    await link.commit()
    await link.end()
  })

  it('hands out the error of a COMMIT that the server refuses', async () => {
    await server().admin(`create table parents (id int primary key);
      create table children (parent int references parents deferrable initially deferred)`)
    const link = await linkTo(server())
    await link.begin()
    await link.run({ sql: 'insert into children values (7)', values: [] })
    expect(constraint(await failureOf(link.commit()))).toMatchObject({ kind: 'foreign-key', columns: ['parent'] })
    await link.end()
  })

  it('tells afterwards what became of a transaction', async () => {
    await server().admin('create table outcomes (id int)')
    const [link, other] = [await linkTo(server()), await linkTo(server())]
    const marks: (string | null)[] = []
    for (const end of ['commit', 'rollback'] as const) {
      await link.begin()
      expect(await link.mark()).toBeNull()
      await link.run({ sql: 'insert into outcomes values (1)', values: [] })
      marks.push(await link.mark())
      expect(await outcomeOf(readOf(other), marks.at(-1) ?? '')).toBe('in-progress')
      await link[end]()
    }
    const [committed, rolledBack] = marks
    expect(await outcomeOf(readOf(other), committed ?? '')).toBe('committed')
    expect(await outcomeOf(readOf(other), rolledBack ?? '')).toBe('rolled-back')
    // Of a server that never heard of it: the rows have to tell.
    expect(await outcomeOf(readOf(other), String(2n ** 40n + 12_345n))).toBe('ended')
    await Promise.all([link.end(), other.end()])
  })

  it('has committed or not when the answer to COMMIT is cut off, and says neither', async () => {
    await server().admin('create table cut (id int)')
    for (const when of ['before', 'after'] as const) {
      await using proxy = await startProxy(server())
      proxy.onClientBytes = (bytes) => {
        if (!bytes.includes('COMMIT')) return undefined
        return when === 'before' ? 'cut' : 'drop-reply'
      }
      const link = await connect(loginTo({ ...server(), port: proxy.port }), quietly())
      await link.begin()
      await link.run({ sql: 'insert into cut values (1)', values: [] })
      const mark = await link.mark()
      expect(await failureOf(link.commit())).toMatchObject({ kind: 'lost' })
      expect(link.isDead).toBe(true)
      const other = await linkTo(server())
      const outcome = await vi.waitFor(async () => {
        const found = await outcomeOf(readOf(other), mark ?? '')
        if (found === 'in-progress') throw new Error('not yet')
        return found
      })
      expect(outcome).toBe(when === 'before' ? 'rolled-back' : 'committed')
      await other.end()
    }
  })

  it('stops a statement and ends a session from another one, and looks whether they are there', async () => {
    const [link, other] = [await linkTo(server()), await linkTo(server())]
    const sleeping = failureOf(link.query({ sql: 'select pg_sleep(20)', values: [] }))
    const state = () => sessionState(readOf(other), link.session)
    await vi.waitFor(async () => expect(await state()).toEqual({ isThere: true, isRunning: true }))
    await other.query(stopStatement(link.session))
    expect(await sleeping).toMatchObject({ kind: 'cancelled', code: '57014' })
    expect(await state()).toEqual({ isThere: true, isRunning: false })
    const ended = new Promise<void>((resolve) => link.onEnd(resolve))
    const again = failureOf(link.query({ sql: 'select pg_sleep(20)', values: [] }))
    await vi.waitFor(async () => expect((await state()).isRunning).toBe(true))
    await other.query(stopSession(link.session))
    expect(await again).toMatchObject({ kind: 'lost' })
    expect(link.isDead).toBe(true)
    await ended
    await vi.waitFor(async () => expect(await state()).toEqual({ isThere: false, isRunning: false }))
    expect(await failureOf(link.ping())).toMatchObject({ kind: 'lost' })
    await other.end()
  })

  it('waits at most 5 s for a lock, and for nobody in a transaction that says nothing', async () => {
    await server().admin('create table locked (id int); insert into locked values (1)')
    const [holder, waiter] = [await linkTo(server()), await linkTo(server())]
    await holder.begin()
    await holder.run({ sql: 'update locked set id = 2', values: [] })
    await waiter.begin()
    await waiter.query({ sql: `select set_config('lock_timeout', '50ms', true)`, values: [] })
    expect(await failureOf(waiter.run({ sql: 'update locked set id = 3', values: [] }))).toMatchObject({
      kind: 'lock-timeout',
      code: '55P03',
    })
    await waiter.rollback()
    await holder.query({ sql: `select set_config('idle_in_transaction_session_timeout', '50ms', false)`, values: [] })
    await vi.waitFor(() => expect(holder.isDead).toBe(true))
    await waiter.end()
  })

  it('ends when it is told to, and leaves no session behind', async () => {
    const role = server().unique('leaver')
    await server().admin(`create role ${role} login password 'p'`)
    const count = () => server().admin(`select count(*) from pg_stat_activity where usename = '${role}'`)
    const links = await Promise.all([1, 2, 3].map(() => linkTo(server(), { user: role, password: 'p' })))
    expect(await count()).toEqual([['3']])
    const told = vi.fn()
    for (const link of links) link.onEnd(told)
    await links[0]?.end()
    links[1]?.destroy()
    const running = failureOf(links[2]?.query({ sql: 'select pg_sleep(20)', values: [] }) ?? Promise.resolve())
    const began = performance.now()
    await links[2]?.end()
    expect(performance.now() - began).toBeLessThan(1500)
    expect(await running).toMatchObject({ kind: 'lost' })
    await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(3))
    await links[2]?.end()
    const late = vi.fn()
    links[0]?.onEnd(late)
    await vi.waitFor(() => expect(late).toHaveBeenCalledTimes(1))
  })

  it('takes statements in turn, whoever calls', async () => {
    const link = await linkTo(server())
    const numbers = Array.from({ length: 50 }, (_, index) => BigInt(index))
    const answers = numbers.map((number) => rowsOf(link, 'select $1::int8', [number]))
    expect((await Promise.all(answers)).map(([row]) => row?.[0])).toEqual(numbers)
    await link.ping()
    await link.end()
  })

  it('takes all statements of many rows before the next thing that is asked', async () => {
    await server().admin('create table whole (id int)')
    const link = await linkTo(server())
    const rows = Array.from({ length: 20_000 }, (_, index) => [BigInt(index)])
    await link.begin()
    const [added] = await Promise.all([link.bulk('whole', ['id'], rows), link.commit()])
    expect(added).toBe(20_000)
    expect(await server().admin('select count(*) from whole')).toEqual([['20000']])
    await link.end()
  })

  it('says a goodbye that nobody answers for 1 s at most', async () => {
    await using proxy = await startProxy(server())
    const link = await connect(loginTo({ ...server(), port: proxy.port }), quietly())
    await proxy.mode('blackhole')
    const began = performance.now()
    await link.end()
    expect(performance.now() - began).toBeLessThan(1500)
  })

  it('inserts many rows, with every kind of value, and says which value was refused', async () => {
    await server()
      .admin(`create schema "odd.one"; create table "odd.one"."a""b" (id int primary key, "t.x" text, b bytea,
      active boolean, at timestamp)`)
    const link = await linkTo(server())
    const rows = Array.from({ length: 2501 }, (_, index) => [
      BigInt(index),
      index % 3 === 0 ? null : `é${index}`,
      new Uint8Array([index % 256, 0]),
      index % 2 === 0 ? 't' : 'f',
      '2026-11-22 01:02:03.000001',
    ])
    const columns = ['id', 't.x', 'b', 'active', 'at']
    await link.begin()
    expect(await link.bulk('"odd.one"."a""b"', columns, rows)).toBe(2501)
    await link.commit()
    const sums = `select count(*), count("t.x"), sum(get_byte(b, 0)), count(*) filter (where active) from "odd.one"."a""b"`
    expect(await rowsOf(link, sums)).toEqual([[2501n, 1667n, 313_066n, 1251n]])
    await link.begin()
    expect(await failureOf(link.bulk('"odd.one"."a""b"', columns, [rows[0] ?? []]))).toMatchObject({
      code: '23505',
      columns: ['id'],
    })
    await link.rollback()
    await link.end()
  })

  it('knows how many sessions the server has', async () => {
    const role = server().unique('counter')
    await server().admin(`create role ${role} login password 'p'`)
    const link = await linkTo(server(), { user: role, password: 'p' })
    const use = await serverUse(readOf(link))
    expect(use?.limit).toBeGreaterThan(1)
    expect(use?.used).toBeGreaterThanOrEqual(1)
    await link.end()
  })
})

it('is dead as soon as the protocol is out of step', async () => {
  // A message of a kind that there is not, and a row that nobody asked for.
  for (const bytes of ['J\0\0\0\u0004', 'D\0\0\0\u0006\0\0Z\0\0\0\u0005ID\0\0\0\u0006\0\0']) {
    await using fake = await startFakePostgres({
      onQuery: ({ sql }) => (sql === 'odd' ? { bytes: Buffer.from(bytes) } : undefined),
    })
    const link = await connect(fakeLogin(fake), quietly())
    const odd = link.query({ sql: 'odd', values: [] }).catch(() => undefined)
    await vi.waitFor(() => expect(link.isDead).toBe(true))
    await odd
    expect(await failureOf(link.ping())).toMatchObject({ kind: 'lost' })
  }
})
