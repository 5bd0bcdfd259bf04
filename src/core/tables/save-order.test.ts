// The order of a save: rows that exchange values of a unique column are saved in one go, on every engine.
import fc from 'fast-check'
import { ORPCError } from '@orpc/server'
import { afterEach, describe, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import type { Change } from '../../shared/tables.ts'
import { describeOnEachEngine, type Opened } from './engines.test-setup.ts'
import { foldTogether } from './fold.ts'
import { orderOf } from './save-order.ts'
import type { Update } from './save-sql.ts'

const FULL = process.env.VERIFY === 'full'

const update = (id: bigint, original: Record<string, Cell>, values: Record<string, Cell>): Update => ({
  kind: 'update',
  id: `u${id}`,
  key: [id],
  original,
  values,
})

describe('the order of updates', () => {
  /** Runs the order on a set of values, as a database without deferred checks would. */
  function run(updates: readonly Update[]) {
    const held = new Map(updates.map(({ key, original }) => [String(key[0]), foldTogether([original.v])]))
    const order = orderOf(
      updates,
      { sets: [['v']], now: ({ original }, column) => original[column], shapeOf: () => '' },
      (circle) => (circle[0] as (typeof circle)[0]).update,
    )
    for (const { key } of order.parked.keys()) held.set(String(key[0]), `parked ${String(key[0])}`)
    for (const { key, values } of order.updates) {
      const wanted = foldTogether([values.v])
      for (const [other, value] of held) if (other !== String(key[0]) && value === wanted) return 'taken'
      held.set(String(key[0]), wanted)
    }
    return order
  }

  it('finds every value free for any exchange, and parks one row of each circle alone', () => {
    const rows = fc
      .integer({ min: 1, max: 40 })
      .chain((count) =>
        fc
          .shuffledSubarray([...Array(count).keys()], { minLength: count, maxLength: count })
          .map((to) => ({ count, to })),
      )
    const property = fc.property(rows, ({ to }) => {
      const updates = to.map((target, from) => update(BigInt(from), { v: `V${from} ` }, { v: `v${target}` }))
      const order = run(updates)
      if (order === 'taken') return false
      const seen = new Set<number>()
      let circles = 0
      for (const start of to.keys()) {
        if (seen.has(start) || to[start] === start) continue
        circles += 1
        for (let at = start; !seen.has(at); at = to[at] as number) seen.add(at)
      }
      return order.updates.length === updates.length && order.parked.size === circles
    })
    fc.assert(property, { seed: 4, numRuns: FULL ? 5_000 : 200 })
  })

  it('keeps those of one shape together, also in a chain of thousands', () => {
    const updates = Array.from({ length: 2_000 }, (_, i) => update(BigInt(i), { v: BigInt(i) }, { v: BigInt(i + 1) }))
    const order = run(updates)
    if (order === 'taken') throw new Error('A value was taken.')
    expect(order.parked.size).toBe(0)
    expect(order.updates[0]?.key).toEqual([1_999n])
  })
})

describeOnEachEngine('exchanging values', (engine) => {
  let opened: Opened
  afterEach(() => opened.close())
  const open = async (setup: string) => {
    opened = await engine.open(setup)
  }
  const saveTo = (table: string, ...changes: Change[]) =>
    opened.api.tables.save({ profileId: opened.profileId, table, changes })
  const refusal = async (saving: Promise<unknown>) => {
    const error: unknown = await saving.then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(ORPCError)
    return error as ORPCError<string, { changeId?: string; column?: string | null }>
  }
  const rows = (what = '*') => opened.sql(`select ${what} from t order by id`)
  const hex = (digit: string) => digit.repeat(64)

  it('two emails, and two fs_uniquifiers, which no row may be without', async () => {
    await open(`create table t (id integer primary key, email varchar(60) not null unique, fs_uniquifier varchar(64) not null unique);
      insert into t values (1, 'ann@example.com', '${hex('a')}'), (2, 'bob@example.com', '${hex('b')}')`)
    const saved = await saveTo(
      't',
      update(
        1n,
        { email: 'ann@example.com', fs_uniquifier: hex('a') },
        { email: 'bob@example.com', fs_uniquifier: hex('b') },
      ),
      update(
        2n,
        { email: 'bob@example.com', fs_uniquifier: hex('b') },
        { email: 'ann@example.com', fs_uniquifier: hex('a') },
      ),
    )
    expect(saved.rows.map((row) => row?.cells)).toEqual([
      [1n, 'bob@example.com', hex('b')],
      [2n, 'ann@example.com', hex('a')],
    ])
    expect(await rows()).toEqual([
      ['1', 'bob@example.com', hex('b')],
      ['2', 'ann@example.com', hex('a')],
    ])
  })

  it('three keys in a circle, and a fourth row that follows', async () => {
    await open(
      `create table t (id integer primary key, name varchar(10)); insert into t values (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')`,
    )
    await saveTo(
      't',
      update(1n, { id: 1n }, { id: 2n }),
      update(2n, { id: 2n }, { id: 3n }),
      update(3n, { id: 3n }, { id: 1n }),
      update(4n, { id: 4n }, { id: 5n }),
    )
    expect(await rows()).toEqual([
      ['1', 'c'],
      ['2', 'a'],
      ['3', 'b'],
      ['5', 'd'],
    ])
  })

  it('values that are unique in two columns together, of which one was not edited', async () => {
    await open(`create table t (id integer primary key, tenant integer not null, place integer not null, unique (tenant, place));
      insert into t values (1, 7, 1), (2, 7, 2), (3, 8, 1)`)
    await saveTo(
      't',
      update(1n, { place: 1n }, { place: 2n }),
      update(2n, { place: 2n }, { place: 1n }),
      update(3n, { tenant: 8n, place: 1n }, { tenant: 7n, place: 3n }),
    )
    expect(await rows()).toEqual([
      ['1', '7', '2'],
      ['2', '7', '1'],
      ['3', '7', '3'],
    ])
  })

  it('a value that a deleted row gives up, one that a new row takes, and a circle on NULL', async () => {
    await open(`create table t (id integer primary key, code varchar(5) unique);
      insert into t values (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')`)
    await saveTo(
      't',
      { kind: 'insert', id: 'n', values: { id: 9n, code: 'd' } },
      update(4n, { code: 'd' }, { code: 'a' }),
      { kind: 'delete', id: 'x', key: [1n], original: { code: 'a' } },
      update(2n, { code: 'b' }, { code: 'c' }),
      update(3n, { code: 'c' }, { code: 'b' }),
    )
    expect(await rows()).toEqual([
      ['2', 'c'],
      ['3', 'b'],
      ['4', 'a'],
      ['9', 'd'],
    ])
  })

  it('values that the collation takes for the same', async () => {
    const type = engine.pick({
      sqlite: 'varchar(20) collate nocase',
      postgres: 'citext',
      mysql: 'varchar(20) collate utf8mb4_unicode_ci',
    })
    await open(`${engine.pick({ sqlite: '', postgres: 'create extension citext;', mysql: '' })}
      create table t (id integer primary key, name ${type} not null unique); insert into t values (1, 'Ann'), (2, 'Bob')`)
    await saveTo('t', update(1n, { name: 'Ann' }, { name: 'BOB' }), update(2n, { name: 'Bob' }, { name: 'ann' }))
    expect(await rows()).toEqual([
      ['1', 'BOB'],
      ['2', 'ann'],
    ])
  })

  it('values that are unique by an index over an expression, or over a part of the rows', async () => {
    const index = engine.pick({
      sqlite: 'create unique index one on t (lower(email)); create unique index two on t (place) where place > 0;',
      postgres: 'create unique index one on t (lower(email)); create unique index two on t (place) where place > 0;',
      mysql: `alter table t add small varchar(60) generated always as (lower(email)) virtual;
        create unique index one on t (small); create unique index two on t (place);`,
    })
    await open(`create table t (id integer primary key, email varchar(60) not null, place integer not null);
      insert into t values (1, 'Ann@x.org', 1), (2, 'bob@x.org', 2); ${index}`)
    await saveTo(
      't',
      update(1n, { email: 'Ann@x.org' }, { email: 'BOB@x.org' }),
      update(2n, { email: 'bob@x.org' }, { email: 'ann@x.org' }),
    )
    await saveTo('t', update(1n, { place: 1n }, { place: 2n }), update(2n, { place: 2n }, { place: 1n }))
    expect(await rows('email, place')).toEqual([
      ['BOB@x.org', '2'],
      ['ann@x.org', '1'],
    ])
    const error = await refusal(saveTo('t', update(1n, { email: 'BOB@x.org' }, { email: 'ANN@x.org' })))
    expect(['DUPLICATE', 'VALUE_REFUSED']).toContain(error.code)
  })

  it('meets a conflict in the middle of an exchange, and names it', async () => {
    await open(`create table t (id integer primary key, email varchar(60) not null unique);
      insert into t values (1, 'a@x.org'), (2, 'changed@x.org'), (3, 'c@x.org')`)
    const error = await refusal(
      saveTo(
        't',
        update(1n, { email: 'a@x.org' }, { email: 'b@x.org' }),
        update(2n, { email: 'b@x.org' }, { email: 'c@x.org' }),
        update(3n, { email: 'c@x.org' }, { email: 'a@x.org' }),
      ),
    )
    expect(error.code).toBe('CONFLICT')
    expect((error.data as { conflicts: unknown }).conflicts).toEqual([
      {
        ...{ changeId: 'u2', key: [2n], isGone: false },
        columns: [{ column: 'email', base: 'b@x.org', theirs: 'changed@x.org', mine: 'c@x.org' }],
      },
    ])
    expect(await rows()).toHaveLength(3)
  })

  it('meets a conflict where the value in the way is one that the conflict keeps', async () => {
    await open(`create table t (id integer primary key, email varchar(60) not null unique, note varchar(9));
      insert into t values (1, 'a@x.org', 'n'), (2, 'b@x.org', 'theirs')`)
    const error = await refusal(
      saveTo(
        't',
        update(1n, { email: 'a@x.org', note: 'n' }, { email: 'b@x.org', note: 'm' }),
        update(2n, { email: 'b@x.org', note: 'n' }, { email: 'c@x.org', note: 'm' }),
      ),
    )
    expect(error.code).toBe('CONFLICT')
    expect(error.data).toMatchObject({
      conflicts: [{ changeId: 'u2', columns: [{ column: 'note', theirs: 'theirs' }] }],
    })
  })

  it('says so where no other value can be held meanwhile', async () => {
    const flag = engine.pick({ sqlite: 'boolean', postgres: 'boolean', mysql: 'tinyint(1)' })
    await open(
      `create table t (id integer primary key, is_first ${flag} not null unique); insert into t values (1, ${engine.pick({ sqlite: '1', postgres: 'true', mysql: '1' })}), (2, ${engine.pick({ sqlite: '0', postgres: 'false', mysql: '0' })})`,
    )
    const [yes, no] = engine.pick<[Cell, Cell]>({ sqlite: [1n, 0n], postgres: ['t', 'f'], mysql: [1n, 0n] })
    const error = await refusal(
      saveTo('t', update(1n, { is_first: yes }, { is_first: no }), update(2n, { is_first: no }, { is_first: yes })),
    )
    expect(error.code).toBe('VALUE_REFUSED')
    expect(error.data).toMatchObject({ changeId: 'u1', column: 'is_first' })
    expect(error.message).toContain('exchange their values of is_first')
  })

  it('says so where a rule takes none of the values that could be held meanwhile', async () => {
    await open(`create table t (id integer primary key, code varchar(9) not null unique, check (code in ('a', 'b')));
      insert into t values (1, 'a'), (2, 'b')`)
    const error = await refusal(
      saveTo('t', update(1n, { code: 'a' }, { code: 'b' }), update(2n, { code: 'b' }, { code: 'a' })),
    )
    expect(error.code).toBe('VALUE_REFUSED')
    expect(error.message).toContain('exchange')
    expect(error.data).toMatchObject({ column: 'code' })
    expect(await rows()).toEqual([
      ['1', 'a'],
      ['2', 'b'],
    ])
  })

  it('goes past a trigger that writes in small letters, and says so where it bends the value that is held meanwhile', async () => {
    const trigger = (change: string) =>
      engine.pick({
        sqlite: `create trigger bend after update of code on t begin update t set code = ${change} where id = new.id; end`,
        postgres: `create function bend() returns trigger language plpgsql as 'begin new.code := ${change.replaceAll("'", "''")}; return new; end';
          create trigger bend before update on t for each row execute function bend()`,
        mysql: `create trigger bend before update on t for each row set new.code = ${change}`,
      })
    await open(`create table t (id integer primary key, code varchar(40) not null unique);
      insert into t values (1, 'aaaa'), (2, 'bbbb'); ${trigger('lower(new.code)')}`)
    const exchange = [update(1n, { code: 'aaaa' }, { code: 'BBBB' }), update(2n, { code: 'bbbb' }, { code: 'AAAA' })]
    await saveTo('t', ...exchange)
    expect(await rows()).toEqual([
      ['1', 'bbbb'],
      ['2', 'aaaa'],
    ])
    await opened.close()
    await open(`create table t (id integer primary key, code varchar(40) not null unique);
      insert into t values (1, 'aaaa'), (2, 'bbbb'); ${trigger('upper(new.code)')}`)
    const error = await refusal(saveTo('t', ...exchange))
    expect(error.code).toBe('VALUE_REFUSED')
    expect(error.message).toContain('a trigger may have changed it')
  })

  it('hundreds of pairs at once', async () => {
    const count = FULL ? 10_000 : 400
    await open(`create table t (id integer primary key, email varchar(60) not null unique)`)
    const email = (id: number) => `user${id}@example.com`
    for (let from = 1; from <= count; from += 400) {
      const list = Array.from({ length: 400 }, (_, i) => `(${from + i}, '${email(from + i)}')`)
      await opened.sql(`insert into t values ${list.join()}`)
    }
    const partner = (id: number) => (id % 2 === 0 ? id - 1 : id + 1)
    const changes = Array.from({ length: count }, (_, i) =>
      update(BigInt(i + 1), { email: email(i + 1) }, { email: email(partner(i + 1)) }),
    )
    await saveTo('t', ...changes)
    expect(await rows('email')).toEqual(changes.map(({ values }) => [values.email]))
  })
})
