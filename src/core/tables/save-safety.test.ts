// Saves that could lose what nobody meant to change: rows that follow an exchange, edits made after an interrupted save, rows
// that point to each other, and rows that SQLite would delete to make room.
import { ORPCError } from '@orpc/server'
import { afterEach, describe, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import type { Change } from '../../shared/tables.ts'
import { describeOnEachEngine, openFile, type Opened } from './engines.test-setup.ts'

const update = (id: bigint, original: Record<string, Cell>, values: Record<string, Cell>): Change => ({
  ...{ kind: 'update', id: `u${id}`, key: [id] },
  ...{ original, values },
})
const insert = (id: string, values: Record<string, Cell>): Change => ({ kind: 'insert', id, values })

const refusal = async (saving: Promise<unknown>) => {
  const error: unknown = await saving.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ORPCError)
  return error as ORPCError<string, { states?: unknown }>
}

describeOnEachEngine('saving without a loss', (engine) => {
  let opened: Opened
  afterEach(() => opened.close())
  const save = (...changes: Change[]) => opened.api.tables.save({ profileId: opened.profileId, table: 't', changes })
  const revert = (saveId: string | null) =>
    opened.api.tables.revert({ profileId: opened.profileId, saveId: saveId ?? '' })
  const rows = (of = 't') => opened.sql(`select * from ${of} order by id`)

  it('takes rows along that follow a value which is exchanged', async () => {
    opened = await engine.open(`create table t (id integer primary key, code varchar(20) unique);
      create table follower (id integer primary key, code varchar(20),
        foreign key (code) references t (code) on update cascade);
      insert into t values (1, 'a'), (2, 'b');
      insert into follower values (10, 'a'), (20, 'b')`)
    await save(update(1n, { code: 'a' }, { code: 'b' }), update(2n, { code: 'b' }, { code: 'a' }))
    expect(await rows('follower')).toEqual([
      ['10', 'b'],
      ['20', 'a'],
    ])
  })

  it('takes no edit for saved that was changed after the save, and writes no new row twice', async () => {
    const id = engine.pick({ sqlite: 'integer', postgres: 'serial', mysql: 'int auto_increment' })
    opened = await engine.open(`create table t (id ${id} primary key, name varchar(20))`)
    await save(insert('n1', { name: 'one' }), insert('n2', { name: 'two' }))
    const together = await refusal(save(insert('n1', { name: 'edited' }), insert('n2', { name: 'two' })))
    expect(together).toMatchObject({
      code: 'INTERRUPTED',
      data: {
        states: [
          { changeId: 'n1', state: 'changed-since' },
          { changeId: 'n2', state: 'saved' },
        ],
      },
    })
    expect((await refusal(save(insert('n1', { name: 'edited' })))).code).toBe('INTERRUPTED')
    expect(await rows()).toEqual([
      ['1', 'one'],
      ['2', 'two'],
    ])
    // Once the row is gone, nothing could be written twice.
    await opened.sql('delete from t where id = 1')
    await save(insert('n1', { name: 'edited' }))
    expect((await rows()).map(([, name]) => name).sort()).toEqual(['edited', 'two'])
  })

  it('writes a new row once that is saved again while its save is under way', async () => {
    const pause = engine.pick({
      sqlite: '',
      postgres: `create function pause() returns trigger language plpgsql as 'begin perform pg_sleep(0.2); return new; end';
        create trigger pausing before insert on t for each row execute function pause();`,
      mysql: 'create trigger pausing before insert on t for each row set @pause = sleep(0.2);',
    })
    const id = engine.pick({ sqlite: 'integer', postgres: 'serial', mysql: 'int auto_increment' })
    opened = await engine.open(`create table t (id ${id} primary key, name varchar(20)); ${pause}`)
    const { api, profileId } = opened
    await api.tables.describe({ profileId, table: 't' })
    const row = insert('n1', { name: 'one' })
    const [first, second] = await Promise.all([save(row), save(row)])
    expect(second.rows[0]?.key).toEqual(first.rows[0]?.key)
    expect(await rows()).toHaveLength(1)
  })

  it('takes rows back that point to each other', async () => {
    opened = await engine.open(`create table t (id integer primary key, parent integer,
      foreign key (parent) references t (id)); insert into t values (1, null), (2, 1)`)
    const remove = (id: bigint, parent: Cell): Change => ({
      ...{ kind: 'delete', id: `d${id}`, key: [id] },
      original: { parent },
    })
    const removed = await save(remove(2n, 1n), remove(1n, null))
    await revert(removed.id)
    expect(await rows()).toEqual([
      ['1', null],
      ['2', '1'],
    ])
    const added = await save(insert('n5', { id: 5n, parent: null }), insert('n6', { id: 6n, parent: 5n }))
    await revert(added.id)
    expect(await rows()).toHaveLength(2)
  })
})

describe('a table with ON CONFLICT REPLACE', () => {
  it('is read only: a save would delete a row without a word', async () => {
    const opened =
      await openFile(`create table t (id integer primary key, email text unique on /* so */ conflict replace);
      create table kind (id integer primary key, note text not null on conflict replace default 'on conflict replace');
      insert into t values (1, 'a'), (2, 'b')`)
    try {
      const { api, profileId } = opened
      const change = update(1n, { email: 'a' }, { email: 'b' })
      const error = await refusal(api.tables.save({ profileId, table: 't', changes: [change] }))
      expect(error.code).toBe('READ_ONLY')
      expect(error.message).toContain('ON CONFLICT REPLACE')
      expect(await opened.sql('select id from t')).toHaveLength(2)
      expect((await api.tables.describe({ profileId, table: 'kind' })).readOnly).toBeNull()
    } finally {
      await opened.close()
    }
  })
})
