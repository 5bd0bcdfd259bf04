// knex for schema work on a real PostgreSQL: its own decoding, one connection, and no success that the server has not given.
import { expect, it, vi } from 'vitest'
import { startProxy } from '../../../../scripts/servers/fault-proxy.ts'
import { describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import { inKnexTransaction } from '../knex-transaction.test-setup.ts'
import { openKnex } from './knex.ts'
import { failureOf, loginTo, quietly } from './postgres.test-setup.ts'

describeWithPostgres('knex', (server) => {
  const open = (other: Parameters<typeof loginTo>[1] = {}, options: Parameters<typeof quietly>[0] = {}) =>
    openKnex(loginTo(server(), other), quietly(options))
  const sessions = async () => {
    const sql = `select count(*) from pg_stat_activity where application_name = 'Roster'`
    return (await server().admin(sql))[0]?.[0]
  }

  it('builds and reads in its own way, on one connection, and tells every statement', async () => {
    const told: string[] = []
    const { knex, session, ...schema } = await openKnex(loginTo(server()), {
      ...quietly(),
      onSql: (sql) => told.push(sql),
    })
    await knex.schema.createTable('built', (table) => {
      table.increments('id')
      table.timestamp('at')
    })
    const rows = await knex('built')
      .insert({ at: new Date(0) })
      .returning(['id', 'at'])
    expect(rows).toEqual([{ id: 1, at: new Date(0) }])
    const pids = await Promise.all(
      [1, 2, 3].map(() => knex.raw<{ rows: { pid: number }[] }>('select pg_backend_pid() pid')),
    )
    expect(new Set(pids.map((one) => String(one?.rows[0]?.pid)))).toEqual(new Set([session]))
    expect(told[0]).toBe('create table "built" ("id" serial primary key, "at" timestamptz)')
    await schema.close()
    await vi.waitFor(async () => expect(await sessions()).toBe('0'))
  })

  it('writes nothing for a read-only login', async () => {
    const { knex, ...schema } = await open({ isReadOnly: true })
    expect(await failureOf(knex.raw('create table never (id int)'))).toMatchObject({ kind: 'read-only' })
    await schema.close()
  })

  it('does not take ROLLBACK for an answer to COMMIT, nor a refusal for success', async () => {
    const { knex, ...schema } = await open()
    await knex.raw('create table once (id int primary key deferrable initially deferred)')
    const swallowed = inKnexTransaction(knex, async (trx) => {
      await trx('once').insert({ id: 1 })
      await trx.raw('select 1/0').catch(() => undefined)
    })
    expect(await failureOf(swallowed)).toMatchObject({ kind: 'failed-transaction' })
    const refused = inKnexTransaction(knex, (trx) => trx('once').insert([{ id: 1 }, { id: 1 }]))
    expect(await failureOf(refused)).toMatchObject({ kind: 'constraint', code: '23505' })
    expect(await inKnexTransaction(knex, (trx) => trx('once').insert({ id: 2 }).returning('id'))).toEqual([{ id: 2 }])
    expect(await server().admin('select id from once')).toEqual([['2']])
    await schema.close()
  })

  it('opens no second connection when the first has ended', async () => {
    const { knex, session, ...schema } = await open()
    await server().admin(`select pg_terminate_backend(${session})`)
    for (const _ of [1, 2]) expect(await failureOf(knex.raw('select 1'))).toMatchObject({ kind: 'lost' })
    expect(await sessions()).toBe('0')
    await schema.close()
  })

  it('ends at an abort, whatever runs', async () => {
    const control = new AbortController()
    const { knex, ...schema } = await open({}, { signal: control.signal })
    const running = failureOf(knex.raw('select pg_sleep(30)'))
    await vi.waitFor(async () =>
      expect(await server().admin(`select count(*) from pg_stat_activity where query = 'select pg_sleep(30)'`)).toEqual(
        [['1']],
      ),
    )
    const began = performance.now()
    control.abort()
    expect(await running).toMatchObject({ kind: 'lost' })
    await schema.close()
    expect(performance.now() - began).toBeLessThan(500)
  })

  it('says a goodbye that nobody answers for 1 s at most', async () => {
    await using proxy = await startProxy(server())
    const { knex, ...schema } = await openKnex(loginTo({ ...server(), port: proxy.port }), quietly())
    await knex.raw('select 1')
    await proxy.mode('blackhole')
    const began = performance.now()
    await schema.close()
    expect(performance.now() - began).toBeLessThan(1500)
  })
})
