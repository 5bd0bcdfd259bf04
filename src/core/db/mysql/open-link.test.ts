// A link in use: what may be written, when COMMIT is believed, how sessions are watched and ended, and what is not lost.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startFakeMysql } from '../../../../scripts/servers/fake-mysql.ts'
import { describeWithMariadb } from '../../../../scripts/servers/missing.ts'
import type { Link } from '../server/link.ts'
import { mysql } from './mysql.ts'
import { failureOf, fakeLogin, linkTo, loginTo, quietly, readOf, rowsOf, run } from './mysql.test-setup.ts'

describeWithMariadb(
  'a link to MariaDB',
  (server) => {
    let link: Link
    beforeAll(() => server().admin('create table t (id int primary key auto_increment, n int, u varchar(20) unique)'))
    beforeEach(async () => {
      await server().admin('delete from t; insert into t (id, n) values (1, 1), (2, 2)')
      link = await linkTo(server())
    })
    afterEach(() => link.destroy())

    const stored = async () => (await server().admin('select id, n from t order by id')).map((row) => row.join())

    describe('writes', () => {
      it('nothing outside of a transaction', async () => {
        for (const sql of [
          'update t set n = 9',
          'delete from t',
          'create table x (a int)',
          'truncate t',
          'drop table t',
        ])
          expect(await failureOf(run(link, sql))).toMatchObject({ kind: 'read-only', code: '1792' })
        expect(await stored()).toEqual(['1,1', '2,2'])
      })

      it('nothing at all for a read-only login, because the server refuses', async () => {
        const reader = await linkTo(server(), { isReadOnly: true })
        await reader.begin()
        expect(await failureOf(run(reader, 'update t set n = 9'))).toMatchObject({ kind: 'read-only', code: '1792' })
        await reader.rollback()
        expect(await failureOf(reader.bulk('t', ['n'], [[3n]]))).toMatchObject({ kind: 'read-only' })
        expect(await stored()).toEqual(['1,1', '2,2'])
        reader.destroy()
      })

      it('in a transaction, and reads only afterwards', async () => {
        await link.begin()
        expect(await run(link, 'update t set n = n + 10')).toEqual({ changes: 2, lastKey: null })
        await link.commit()
        expect(await stored()).toEqual(['1,11', '2,12'])
        expect(await failureOf(run(link, 'delete from t'))).toMatchObject({ kind: 'read-only' })
      })

      it('counts the rows it found, also where nothing had to change', async () => {
        await link.begin()
        expect((await run(link, 'update t set n = n')).changes).toBe(2)
        expect((await run(link, 'update t set n = 1 where id = 3')).changes).toBe(0)
        await link.rollback()
      })

      it('tells the key of a new row, and keeps a zero a zero', async () => {
        await server().admin(
          'create table keys_of (id bigint unsigned primary key auto_increment, n int); alter table keys_of auto_increment = 9223372036854775900',
        )
        await link.begin()
        expect((await run(link, 'insert into keys_of (n) values (1)')).lastKey).toBe(9223372036854775900n)
        await run(link, 'insert into keys_of values (0, 2)')
        await link.commit()
        expect(await rowsOf(link, 'select id from keys_of order by id')).toEqual([[0n], [9223372036854775900n]])
      })

      it('no value that would have to be bent to fit', async () => {
        await server().admin(`create table fits (id int primary key, price decimal(5,2), d date);
        insert into fits values (1, 1.5, '2024-01-01')`)
        for (const [set, columns] of [
          ["price = cast('1.005' as decimal(4,3))", ['price']],
          ["price = '1.005'", ['price']],
          ["d = '2024-01-15 10:20:30'", ['d']],
        ] as const) {
          await link.begin()
          const failure = await failureOf(run(link, `update fits set ${set}`))
          expect([set, failure.kind, failure.columns]).toEqual([set, 'constraint', columns])
          expect(await failureOf(link.commit())).toMatchObject({ kind: 'failed-transaction' })
          await link.rollback()
        }
        await link.begin()
        expect((await run(link, "update fits set price = '1.50', d = '2024-02-29'")).changes).toBe(1)
        await link.commit()
        expect(await rowsOf(link, 'select price, d from fits')).toEqual([['1.50', '2024-02-29']])
      })

      it('many rows at once, in statements that the server takes', async () => {
        await server().admin('create table many (id int primary key, t mediumtext)')
        const rows = Array.from({ length: 300 }, (_, id) => [BigInt(id), "é'\\\0".repeat(15_000)] as const)
        await link.begin()
        expect(await link.bulk('many', ['id', 't'], rows)).toBe(300)
        await link.commit()
        expect(await rowsOf(link, 'select count(*), count(distinct t), max(char_length(t)) from many')).toEqual([
          [300n, 1n, 60000n],
        ])
      })
    })

    describe('COMMIT', () => {
      it('is not sent after any error, however small', async () => {
        await link.begin()
        await run(link, 'update t set n = 100 where id = 1')
        expect(await failureOf(run(link, 'update nowhere set n = 1'))).toMatchObject({ code: '1146' })
        await run(link, 'update t set n = 100 where id = 2')
        expect(await failureOf(link.commit())).toMatchObject({ kind: 'failed-transaction' })
        await link.rollback()
        expect(await stored()).toEqual(['1,1', '2,2'])
      })

      it('would save half of a batch after a lock wait: here it does not', async () => {
        const other = await linkTo(server())
        await other.begin()
        await run(other, 'update t set n = 50 where id = 2')
        await link.begin()
        await run(link, 'update t set n = 100 where id = 1')
        const began = performance.now()
        expect(await failureOf(run(link, 'update t set n = 100 where id = 2'))).toMatchObject({
          kind: 'lock-timeout',
          code: '1205',
        })
        expect(performance.now() - began).toBeGreaterThan(4000)
        expect(performance.now() - began).toBeLessThan(8000)
        await other.rollback()
        expect(await failureOf(link.commit())).toMatchObject({ kind: 'failed-transaction' })
        await link.rollback()
        expect(await stored()).toEqual(['1,1', '2,2'])
        other.destroy()
      })

      it('is refused outside of a transaction, and after a deadlock, whose transaction is gone', async () => {
        expect(await failureOf(link.commit())).toMatchObject({ kind: 'failed-transaction' })
        const other = await linkTo(server())
        await Promise.all([link.begin(), other.begin()])
        await run(link, 'update t set n = 10 where id = 1')
        await run(other, 'update t set n = 20 where id = 2')
        const results = await Promise.all([
          failureOf(run(link, 'update t set n = 10 where id = 2')),
          failureOf(run(other, 'update t set n = 20 where id = 1')),
        ])
        const loser = results[0].kind === 'deadlock' ? link : other
        expect(results.map(({ code }) => code).sort()).toEqual(['', '1213'])
        await run(loser, 'update t set n = 1000 where id = 1').catch(() => undefined)
        expect(await failureOf(loser.commit())).toMatchObject({ kind: 'failed-transaction' })
        await loser.rollback()
        await (loser === link ? other : link).commit()
        expect((await stored()).join()).not.toContain('1000')
        other.destroy()
      }, 20_000)

      it('is not believed after something has ended the transaction by the way', async () => {
        await link.begin()
        await run(link, 'update t set n = 7 where id = 1')
        // As a procedure may do.
        expect(await failureOf(run(link, 'commit'))).toMatchObject({ kind: 'outcome-unknown' })
        expect(await failureOf(link.commit())).toMatchObject({ kind: 'failed-transaction' })
      })

      it.each([
        ['close', 'lost'],
        ['reset', 'lost'],
        [{ error: { code: 1180 } }, 'outcome-unknown'],
        [{ error: { code: 1213, sqlState: '40001' } }, 'deadlock'],
        [{ error: { code: 1047, message: 'WSREP has not yet prepared node for application use' } }, 'not-in-cluster'],
      ] as const)('answered with %j fails as %s', async (answer, kind) => {
        await using fake = await startFakeMysql({ onQuery: ({ sql }) => (sql === 'COMMIT' ? answer : undefined) })
        const faked = await mysql.connect(fakeLogin(fake), quietly())
        await faked.begin()
        await run(faked, 'update t set n = 1')
        expect(await failureOf(faked.commit())).toMatchObject({ kind })
        faked.destroy()
      })

      it('answered with OK by a server that is still in the transaction is unknown', async () => {
        await using fake = await startFakeMysql({
          // An OK whose status says "in a transaction".
          onQuery: ({ sql }) =>
            sql === 'COMMIT' ? { bytes: Buffer.from([7, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0]) } : undefined,
        })
        const faked = await mysql.connect(fakeLogin(fake), quietly())
        await faked.begin()
        expect(await failureOf(faked.commit())).toMatchObject({ kind: 'outcome-unknown' })
        faked.destroy()
      })
    })

    describe('sessions', () => {
      it('are watched, and their statements stopped, from another', async () => {
        const other = await linkTo(server())
        const state = () => mysql.sessionState(readOf(other), link.session)
        expect(await state()).toEqual({ isThere: true, isRunning: false })
        const sleeping = failureOf(rowsOf(link, 'select sleep(20) from t'))
        await vi.waitFor(async () => expect(await state()).toEqual({ isThere: true, isRunning: true }))
        const began = performance.now()
        await other.query(mysql.stopStatement(link.session))
        await sleeping
        expect(performance.now() - began).toBeLessThan(1000)
        expect(await rowsOf(link, 'select 1')).toEqual([[1n]])
        const counting = failureOf(rowsOf(link, 'select count(*) from seq_1_to_1000000000 where sin(seq) > 2'))
        await vi.waitFor(async () => expect((await state()).isRunning).toBe(true))
        await other.query(mysql.stopStatement(link.session))
        expect(await counting).toMatchObject({ kind: 'cancelled', code: '1317' })
        other.destroy()
      })

      it('end from outside: what ran fails as lost, and so does everything after it', async () => {
        const other = await linkTo(server())
        const ended = vi.fn()
        link.onEnd(ended)
        const sleeping = failureOf(rowsOf(link, 'select sleep(20)'))
        await vi.waitFor(async () =>
          expect((await mysql.sessionState(readOf(other), link.session)).isRunning).toBe(true),
        )
        await other.query(mysql.stopSession(link.session))
        expect(['lost', 'cancelled']).toContain((await sleeping).kind)
        await vi.waitFor(() => expect(link.isDead).toBe(true))
        expect(await failureOf(rowsOf(link, 'select 1'))).toMatchObject({ kind: 'lost' })
        expect(await failureOf(link.ping())).toMatchObject({ kind: 'lost' })
        expect(ended).toHaveBeenCalledTimes(1)
        const gone = { isThere: false, isRunning: false }
        await vi.waitFor(async () => expect(await mysql.sessionState(readOf(other), link.session)).toEqual(gone))
        other.destroy()
      })

      it('are told apart from later ones with the same number', async () => {
        const other = await linkTo(server())
        const mark = (await link.mark()) ?? ''
        expect(await mysql.outcomeOf(readOf(other), mark)).toBe('in-progress')
        expect(await mysql.outcomeOf(readOf(other), `${link.session} 10.9.8.7:6`)).toBe('ended')
        await link.end()
        await vi.waitFor(async () => expect(await mysql.outcomeOf(readOf(other), mark)).toBe('ended'))
        other.destroy()
      })

      it('are counted', async () => {
        const use = await mysql.serverUse(readOf(link))
        expect(use?.limit).toBe(151)
        expect(use?.used).toBeGreaterThanOrEqual(1)
      })

      it('fail at once when their socket is ended here, and leave nothing on the server', async () => {
        const sleeping = failureOf(rowsOf(link, 'select sleep(1)'))
        link.destroy()
        expect(await sleeping).toMatchObject({ kind: 'lost' })
        const there = () => server().admin(`select 1 from information_schema.processlist where id = ${link.session}`)
        await vi.waitFor(async () => expect(await there()).toEqual([]), 5000)
      })

      it('are 100 in turn, and none is left', async () => {
        const count = async () => Number((await server().admin("show global status like 'Threads_connected'"))[0]?.[1])
        const before = await count()
        for (let index = 0; index < 100; index += 1) {
          const one = await linkTo(server())
          if (index % 2) await one.end()
          else one.destroy()
        }
        await vi.waitFor(async () => expect(await count()).toBeLessThanOrEqual(before), 5000)
      })
    })

    it('tells what the server is', async () => {
      const facts = await mysql.facts(readOf(link), loginTo(server()))
      expect(facts).toMatchObject({ dialect: 'mysql', readOnly: null })
      expect(facts.version).toMatch(/^(MariaDB|MySQL) \d+\.\d+\.\d+$/)
      expect(facts.encoding).toMatch(/^(utf8mb4|latin1)$/)
      expect(facts.size).toBeGreaterThan(0)
      const details = Object.fromEntries(facts.details.map(({ name, value }) => [name, value]))
      expect(details['SQL mode']).toContain('STRICT_ALL_TABLES')
      expect(details['Time zone']).toMatch(/^\+00:00/)
      expect(JSON.stringify(facts)).not.toContain(server().password)
      expect((await mysql.facts(readOf(link), loginTo(server(), { isReadOnly: true }))).readOnly).toBe(
        'The profile is read-only.',
      )
    })
  },
  { own: true },
)

describeWithMariadb(
  'a server that is stopped',
  (server) => {
    let link: Link
    beforeEach(async () => {
      link = await linkTo(server())
    })
    afterAll(() => link.destroy())

    it('is noticed by an idle link, and by one that waits', async () => {
      const ended = new Promise<void>((resolve) => link.onEnd(resolve))
      const waiting = failureOf(rowsOf(link, 'select sleep(20)'))
      await server().kill()
      expect(await waiting).toMatchObject({ kind: 'lost' })
      await ended
      expect(await failureOf(linkTo(server()))).toMatchObject({ kind: 'refused' })
      await server().restart()
      const again = await linkTo(server())
      const idleEnded = new Promise<void>((resolve) => again.onEnd(resolve))
      await server().stop()
      await idleEnded
      expect(await failureOf(again.ping())).toMatchObject({ kind: 'lost' })
      await server().restart()
    })
  },
  { own: true },
)
