// knex on one connection: the project's own migrations, its own decoding, and an end that reaches the server.
import knexModule from 'knex'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, it, vi } from 'vitest'
import { startFakeMysql } from '../../../../scripts/servers/fake-mysql.ts'
import { describeWithMariadb } from '../../../../scripts/servers/missing.ts'
import { inKnexTransaction } from '../knex-transaction.test-setup.ts'
import { mysql } from './mysql.ts'
import { failureOf, fakeLogin, loginTo, quietly } from './mysql.test-setup.ts'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

type Opened = Awaited<ReturnType<typeof mysql.openKnex>>

describeWithMariadb(
  'knex on MariaDB',
  (server) => {
    const opened: Opened[] = []
    async function open(
      other: Parameters<typeof loginTo>[1] = {},
      options: Partial<Parameters<typeof mysql.openKnex>[1]> = {},
    ) {
      const one = await mysql.openKnex(loginTo(server(), other), { ...quietly(), ...options })
      opened.push(one)
      return one
    }
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.close()
    })
    const isThere = async (session: string) =>
      (await server().admin(`select 1 from information_schema.processlist where id = ${session}`)).length > 0

    it('runs on one session, tells every statement, and is gone when it is closed', async () => {
      const heard: string[] = []
      const one = await open({}, { onSql: (sql) => heard.push(sql) })
      const { knex, session } = one
      await knex.schema.createTable('made', (table) => {
        table.increments()
        table.bigInteger('big')
        table.datetime('at', { precision: 6 })
      })
      await knex('made').insert({ big: '9007199254740993', at: new Date('2024-01-15T10:20:30.123Z') })
      // knex's own decoding, as migrations expect it; the date is taken as UTC, as the session writes it.
      expect(await knex('made').first()).toEqual({
        id: 1,
        big: '9007199254740993',
        at: new Date('2024-01-15T10:20:30.123Z'),
      })
      expect(await server().admin('select at from made')).toEqual([['2024-01-15 10:20:30.123000']])
      expect(
        await Promise.all(
          [1, 2, 3].map(() =>
            knex.raw('select connection_id() id').then(([[row]]: [[{ id: number }]]) => String(row.id)),
          ),
        ),
      ).toEqual([session, session, session])
      expect(heard.filter((sql) => sql.startsWith('create table'))).toHaveLength(1)
      await one.close()
      await vi.waitFor(async () => expect(await isThere(session)).toBe(false))
    })

    it('keeps no answer for as long as the connection is open', async () => {
      const { knex } = await open()
      const answers: WeakRef<object>[] = []
      for (let at = 0; at < 20; at += 1)
        answers.push(new WeakRef((await knex.raw<object[]>(`select ${at} n`))[0] ?? {}))
      // What was just read is held until the turn ends.
      await new Promise((resolve) => setImmediate(resolve))
      gc()
      expect(answers.filter((answer) => answer.deref() !== undefined).length).toBeLessThan(3)
    })

    it('keeps all of a transaction, or nothing, and says which', async () => {
      const { knex } = await open()
      await knex.schema.createTable('kept', (table) => void table.integer('n').primary())
      await inKnexTransaction(knex, async (trx) => {
        await trx('kept').insert({ n: 1 })
      })
      await expect(
        inKnexTransaction(knex, async (trx) => {
          await trx('kept').insert({ n: 2 })
          await trx('kept').insert({ n: 1 })
        }),
      ).rejects.toMatchObject({ errno: 1062 })
      expect(await server().admin('select n from kept')).toEqual([['1']])
    })

    it('does not go on after the server has undone the transaction, whatever the migration catches', async () => {
      const [one, two] = [await open(), await open()]
      await one.knex.schema.createTable('dead', (table) => void table.integer('id').primary())
      await one.knex('dead').insert([{ id: 1 }, { id: 2 }])
      await one.knex.raw('alter table dead add n int')
      const meet = Promise.withResolvers<undefined>()
      let arrived = 0
      const work = (knex: typeof one.knex, first: number, second: number) =>
        inKnexTransaction(knex, async (trx) => {
          await trx('dead')
            .where({ id: first })
            .update({ n: first * 10 })
          arrived += 1
          if (arrived === 2) meet.resolve(undefined)
          await meet.promise
          await trx('dead')
            .where({ id: second })
            .update({ n: second * 10 })
            .catch(() => undefined)
          // Without the guard this would be a transaction of its own, and the half of the work would stay.
          await trx('dead').insert({ id: first + 10 })
        })
      const results = await Promise.allSettled([work(one.knex, 1, 2), work(two.knex, 2, 1)])
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      const rows = await server().admin('select id from dead where id > 10')
      expect(rows).toHaveLength(1)
    })

    it('cannot write for a read-only login', async () => {
      const { knex } = await open({ isReadOnly: true })
      for (const sql of ['create table x (a int)', 'insert into kept values (9)', 'drop table kept'])
        expect(await failureOf(knex.raw(sql))).toMatchObject({ kind: 'read-only', code: '1792' })
    })

    it('ends on the server when it is aborted in the middle of a statement', async () => {
      const control = new AbortController()
      const { knex, session } = await open({}, { signal: control.signal })
      const sleeping = failureOf(knex.raw('select count(*) from seq_1_to_1000000000 where sin(seq) > 2'))
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(await isThere(session)).toBe(true)
      const began = performance.now()
      control.abort(new Error('enough'))
      expect(await sleeping).toMatchObject({ kind: 'lost' })
      expect(performance.now() - began).toBeLessThan(100)
      await vi.waitFor(async () => expect(await isThere(session)).toBe(false), 3000)
      expect(await failureOf(knex.raw('select 1'))).toMatchObject({ kind: 'lost' })
    })

    it('never opens a second connection', async () => {
      const { knex, session } = await open()
      await server().admin(`kill ${session}`)
      await vi.waitFor(async () => expect(await failureOf(knex.raw('select 1'))).toMatchObject({ kind: 'lost' }))
      expect(await failureOf(knex.raw('select 1'))).toMatchObject({ kind: 'lost' })
    })

    it('shares its ledger with the knex of the command line', async () => {
      const { knex } = await open()
      const source = {
        getMigrations: () => Promise.resolve(['001-a.ts']),
        getMigrationName: (name: string) => name,
        getMigration: () =>
          Promise.resolve({
            up: (k: typeof knex) => k.schema.createTable('from_migration', (table) => void table.increments()),
            down: () => Promise.resolve(),
          }),
      }
      expect(await knex.migrate.latest({ migrationSource: source })).toEqual([1, ['001-a.ts']])
      const { host, port, user, password, database } = server()
      const plain = knexModule({ client: 'mysql2', connection: { host, port, user, password, database } })
      expect(await plain.migrate.list({ migrationSource: source })).toMatchObject([[{ name: '001-a.ts' }], []])
      await plain.destroy()
    })
  },
  { own: true },
)

it('gives no file away', async () => {
  await using fake = await startFakeMysql({
    onQuery: ({ sql }) => (sql.includes('users') ? { localInfile: import.meta.filename } : undefined),
  })
  const opened = await mysql.openKnex(fakeLogin(fake), quietly())
  await opened.knex.raw('select * from users').catch(() => undefined)
  expect(fake.seen.fileBytes).toBe(0)
  await opened.close()
})
