// The knex over a sink: what it sends, what it does not, and how transactions and withheld results behave, without a process.
import type { Knex } from 'knex'
import { describe, expect, test } from 'vitest'
import type { Dialect } from '../../../shared/profiles.ts'
import { ResultUsed, type SinkAnswer } from '../step.ts'
import { never, recorder, sqliteSink } from './program.test-setup.ts'
import { runInProcess } from './run-in-process.ts'
import { withSinkKnex } from './sink-knex.ts'

const response: Record<Dialect, SinkAnswer> = {
  sqlite: { kind: 'response', response: [], context: { changes: 0, lastID: 0 } },
  postgres: { kind: 'response', response: { command: 'SELECT', rows: [], fields: [], rowCount: 0 } },
  mysql: { kind: 'response', response: [[], []] },
}

interface Given {
  dialect?: Dialect
  isInTransaction?: boolean
  version?: string
  sink?: ReturnType<typeof recorder>
  stuckAfter?: number
}

/** The statements that were sent; rejects as the run does. */
async function sentBy(work: (knex: Knex) => unknown, given: Given = {}): Promise<string[]> {
  const { dialect = 'sqlite', isInTransaction = false, version, stuckAfter } = given
  const sink = given.sink ?? recorder(() => response[dialect])
  const options = { isInTransaction, signal: never }
  await runInProcess(dialect, sink, options, (own) =>
    withSinkKnex(dialect, own, { ...options, version, stuckAfter }, work),
  )
  return sink.sent
}

describe('in a transaction that the caller has begun', () => {
  test('the step gets a transaction, and its own become savepoints with names that do not change', async () => {
    const work = async (trx: Knex) => {
      expect(trx.isTransaction).toBe(true)
      await trx.transaction((inner) => inner.raw('select 1'))
      const inner = await trx.transaction()
      await inner.raw('select 2')
      await inner.rollback()
      await expect(trx.transaction(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
      await trx.batchInsert('a', [{ b: 1 }])
    }
    const sent = await sentBy(work, { isInTransaction: true })
    expect(sent).toEqual([
      ...['SAVEPOINT trx2;', 'select 1', 'RELEASE SAVEPOINT trx2;'],
      ...['SAVEPOINT trx3;', 'select 2', 'ROLLBACK TO SAVEPOINT trx3'],
      ...['SAVEPOINT trx4;', 'ROLLBACK TO SAVEPOINT trx4'],
      ...['SAVEPOINT trx5;', 'insert into `a` (`b`) values (?)', 'RELEASE SAVEPOINT trx5;'],
    ])
    expect(await sentBy(work, { isInTransaction: true })).toEqual(sent)
  })

  test.each<[what: string, word: string, work: (trx: Knex.Transaction) => unknown]>([
    ['commit()', 'COMMIT', (trx) => trx.commit()],
    ['a commit() that nothing waits for', 'COMMIT', (trx) => void trx.commit().then(undefined, () => undefined)],
    ['rollback()', 'ROLLBACK', (trx) => trx.rollback(new Error('asked for'))],
    ['a rollback() whose error is caught', 'ROLLBACK', (trx) => trx.rollback().catch(() => undefined)],
    ['COMMIT as SQL', 'commit', (trx) => trx.raw('commit')],
    [
      'BEGIN as SQL, caught',
      '/* a */ begin immediate',
      (trx) => trx.raw('/* a */ begin immediate').then(null, () => null),
    ],
    ['ROLLBACK as SQL', 'ROLLBACK', (trx) => trx.raw('ROLLBACK')],
  ])('%s ends the step in words', async (_, word, work) => {
    const sink = recorder(() => response.sqlite)
    const run = sentBy((trx) => work(trx as Knex.Transaction), { isInTransaction: true, sink })
    await expect(run).rejects.toThrow(`The step sends ${word} inside the transaction that Roster keeps around it`)
    expect(sink.sent).toEqual([])
  })

  test('nothing is sent after it tried to commit', async () => {
    const sink = recorder(() => response.sqlite)
    const work = async (trx: Knex) => {
      await trx.raw('commit').catch(() => undefined)
      await trx.raw('drop table a').catch(() => undefined)
    }
    await expect(sentBy(work, { isInTransaction: true, sink })).rejects.toThrow('The step sends commit')
    expect(sink.sent).toEqual([])
  })

  test('several statements in one text are looked at one by one', async () => {
    const send = (sql: string) => sentBy((trx) => trx.raw(sql), { isInTransaction: true, dialect: 'postgres' })
    await expect(send('create table a (b int); commit; drop table a')).rejects.toThrow('The step sends commit inside')
    const fine = [
      `create table a (b int); insert into a values (1); savepoint s; rollback to savepoint s`,
      `create function f() returns int language plpgsql as $$ begin commit; return 1; end $$; select 1`,
      `create function f() returns int begin atomic select 1; select 2; end; select 1`,
      `insert into a values ('; commit;')`,
    ]
    for (const sql of fine) expect(await send(sql)).toEqual([sql])
  })

  test('the error of the step is what the run ends with', async () => {
    const own = new Error('mine')
    await expect(sentBy(() => Promise.reject(own), { isInTransaction: true })).rejects.toBe(own)
  })
})

describe('outside of a transaction', () => {
  test('transactions are the step’s own', async () => {
    const work = async (knex: Knex) => {
      expect(knex.isTransaction).toBeFalsy()
      await knex.transaction(async (trx) => {
        await trx.raw('select 1')
        await trx.transaction((inner) => inner.raw('select 2'))
      })
      await knex.raw('BEGIN')
      await knex.raw('COMMIT')
    }
    expect(await sentBy(work)).toEqual([
      ...['BEGIN;', 'select 1', 'SAVEPOINT trx2;', 'select 2', 'RELEASE SAVEPOINT trx2;', 'COMMIT;', 'BEGIN', 'COMMIT'],
    ])
  })

  test('two at the same time go one after the other, and a statement beside them waits', async () => {
    const one = (n: number) => async (trx: Knex) => {
      await trx.raw(`select ${n}`)
      await trx.raw(`select ${n}`)
    }
    const work = (knex: Knex) =>
      Promise.all([knex.transaction(one(1)), knex.transaction(one(2)), knex.raw('select 3'), knex.transaction(one(4))])
    // knex asks for a transaction's connection when it is made, and for a statement's when it is awaited.
    expect(await sentBy(work)).toEqual([
      ...['BEGIN;', 'select 1', 'select 1', 'COMMIT;', 'BEGIN;', 'select 2', 'select 2', 'COMMIT;'],
      ...['BEGIN;', 'select 4', 'select 4', 'COMMIT;', 'select 3'],
    ])
  })

  test('a statement that forgot its transaction fails instead of waiting for ever', async () => {
    const work = (knex: Knex) => knex.transaction(() => knex.raw('select 1'))
    await expect(sentBy(work, { stuckAfter: 100 })).rejects.toThrow(
      'The step sends a statement outside of its own transaction',
    )
  })

  test('a statement that takes long is waited for, whatever waits behind it', async () => {
    const sink = recorder(async () => {
      await new Promise((resolve) => setTimeout(resolve, 300))
      return response.sqlite
    })
    const work = (knex: Knex) => Promise.all([knex.transaction((trx) => trx.raw('select 1')), knex.raw('select 2')])
    expect(await sentBy(work, { stuckAfter: 100, sink })).toEqual(['BEGIN;', 'select 1', 'COMMIT;', 'select 2'])
  })

  test('destroying knex does no harm', async () => {
    const work = async (knex: Knex) => {
      await knex.destroy()
      await knex.raw('select 1')
    }
    expect(await sentBy(work)).toEqual(['select 1'])
  })
})

describe('a rebuilt table of SQLite', () => {
  test('has the same statements each time', async () => {
    const sent: string[][] = []
    for (let round = 0; round < 2; round++) {
      const sink = await sqliteSink()
      await sink.send({ sql: 'create table a (id integer primary key, b text, c text)', bindings: [] })
      await runInProcess('sqlite', sink, { isInTransaction: false, signal: never }, (own) =>
        withSinkKnex('sqlite', own, { isInTransaction: false, signal: never }, async (knex) => {
          await knex.schema.alterTable('a', (t) => void t.dropColumn('b'))
          await knex.schema.alterTable('a', (t) => void t.string('c').notNullable().alter())
        }),
      )
      sent.push(sink.sent.map(({ sql }) => sql))
    }
    expect(sent[0]).toEqual(sent[1])
    expect(sent[0]?.join()).toContain('_knex_temp_alter001')
  })
})

describe('SQL that depends on the server', () => {
  test('is MariaDB’s on MariaDB', async () => {
    const work = (knex: Knex) =>
      knex.schema.alterTable(
        'a',
        (t) => void (t as unknown as { dropUniqueIfExists(columns: string[]): void }).dropUniqueIfExists(['b']),
      )
    const given = { dialect: 'mysql' as const }
    expect(await sentBy(work, { ...given, version: 'MariaDB 10.11.19' })).toEqual([
      'alter table `a` drop index if exists `a_b_unique`',
    ])
    await expect(sentBy(work, { ...given, version: 'MySQL 8.4.0' })).rejects.toThrow('not supported for mysql')
  })

  test('is PostgreSQL’s of that version', async () => {
    const work = (knex: Knex) => knex.schema.createTable('a', (t) => void t.json('b'))
    const given = { dialect: 'postgres' as const }
    expect(await sentBy(work, { ...given, version: 'PostgreSQL 16.14' })).toEqual(['create table "a" ("b" json)'])
    expect(await sentBy(work, { ...given, version: 'PostgreSQL 9.1.3' })).toEqual(['create table "a" ("b" text)'])
  })

  test('names the session’s database, whichever that is', async () => {
    const sink = recorder(() => response.mysql)
    await sentBy((knex) => knex('a').columnInfo(), { dialect: 'mysql', sink })
    expect(sink.sent).toEqual([
      'select * from information_schema.columns where table_name = ? and table_schema = database()',
    ])
  })
})

describe('a withheld result', () => {
  test.each<[what: string, work: (knex: Knex) => Promise<unknown>]>([
    ['an insert', (knex) => knex('a').insert({ b: 1 })],
    ['an insert with returning', (knex) => knex('a').insert({ b: 1 }).returning('id')],
    ['several inserts', (knex) => knex.batchInsert('a', [{ b: 1 }, { b: 2 }], 1).returning('id' as never)],
    ['an update', (knex) => knex('a').update({ b: 1 })],
    ['a delete', (knex) => knex('a').del()],
    ['a new table', (knex) => knex.schema.createTable('a', (t) => void t.increments())],
    ['several changes', (knex) => knex.schema.createTable('a', (t) => void t.string('b').index()).dropTable('c')],
    ['SQL', (knex) => knex.raw('vacuum')],
    ['rows', (knex) => knex('a').select()],
    ['one column', (knex) => knex('a').pluck('b')],
    ['a transaction’s value', (knex) => knex.transaction((trx) => trx('a').insert({ b: 1 }))],
  ])('of %s may be awaited, handed on and thrown away', async (_, work) => {
    for (const dialect of ['sqlite', 'postgres', 'mysql'] as const) {
      for (const isInTransaction of [true, false]) {
        await sentBy(async (knex) => ({ kept: await work(knex) }), { sink: recorder(), dialect, isInTransaction })
      }
    }
  })

  type Use = (knex: Knex) => Promise<unknown>
  test.each<[what: string, work: Use]>([
    ['its length', async (knex) => (await knex('a').select()).length],
    [
      'its rows',
      async (knex) => {
        for (const row of await knex('a').select()) void row
      },
    ],
    ['its count', async (knex) => (await knex('a').update({ b: 1 })) > 0],
    ['its count as text', async (knex) => `${await knex('a').del()}`],
    [
      'its key',
      async (knex) => {
        const [id] = await knex('a').insert({ b: 1 })
        return Number(id)
      },
    ],
    [
      'its key in the next statement',
      async (knex) => {
        const [id] = await knex('a').insert({ b: 1 })
        await knex('c').insert({ a: id })
      },
    ],
    ['its JSON', async (knex) => JSON.stringify(await knex('a').select())],
    ['its keys', async (knex) => Object.keys(await knex.raw<object>('select 1'))],
    ['one row', (knex) => knex('a').first()],
    ['a table being there', (knex) => knex.schema.hasTable('a')],
    ['a column being there', (knex) => knex.schema.hasColumn('a', 'b')],
    ['the columns', (knex) => knex('a').columnInfo()],
  ])('ends the step when it is used: %s', async (_, work) => {
    for (const dialect of ['sqlite', 'postgres', 'mysql'] as const) {
      const quietly = async (knex: Knex) => {
        try {
          await work(knex)
        } catch {
          /* Swallowed by the step. */
        }
        await knex.raw('select 2').catch(() => undefined)
      }
      for (const use of [work, quietly]) {
        const sink = recorder()
        await expect(sentBy(use, { sink, dialect })).rejects.toBeInstanceOf(ResultUsed)
        expect(sink.sent).toHaveLength(1)
      }
    }
  })

  test('its words are its own, though knex writes the statement before an error: in a transaction of the step', async () => {
    const work = (knex: Knex) =>
      knex.transaction(async (trx) => {
        for (const row of await trx<{ b: number }>('a').select('b')) await trx('a').update({ b: row.b })
      })
    for (const isInTransaction of [true, false]) {
      const sink = recorder(({ sql }) => (/^select/.test(sql) ? { kind: 'withheld' } : response.sqlite))
      const run = sentBy(work, { sink, isInTransaction })
      await expect(run).rejects.toThrow(
        /^The step uses the result of a statement that was not sent: select `b` from `a`$/,
      )
    }
  })
})
