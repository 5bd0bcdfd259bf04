// What is found of changes whose save nobody remembers, by the rows alone: said of each change, and never guessed.
import { afterEach, expect, it } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import type { Change } from '../../shared/tables.ts'
import { describeOnEachEngine, type Opened } from './engines.test-setup.ts'

describeOnEachEngine('looking for changes', (engine) => {
  let opened: Opened
  afterEach(() => opened.close())
  const open = async () => {
    const id = engine.pick({ sqlite: 'integer', postgres: 'serial', mysql: 'int auto_increment' })
    opened =
      await engine.open(`create table member (id ${id} primary key, email varchar(30) unique, note varchar(30), amount decimal(10,2));
      insert into member (id, email, note, amount) values (1, 'a', 'new', 1), (2, 'b', 'old', 1), (3, 'c', 'third', 1), (5, 'e', 'old', 1),
        (6, 'f', 'other', 1), (7, 'g', 'mine', 1);
      ${engine.pick({ sqlite: '', postgres: "select setval('member_id_seq', 7);", mysql: '' })}`)
  }
  const update = (id: bigint): Change => ({
    kind: 'update',
    id: `u${id}`,
    key: [id],
    original: { note: 'old' },
    values: { note: 'new' },
  })
  const remove = (id: bigint): Change => ({ kind: 'delete', id: `d${id}`, key: [id], original: { note: 'old' } })
  const insert = (id: string, values: Record<string, Cell>): Change => ({ kind: 'insert', id, values })
  const outcome = async (...changes: Change[]) => {
    const { profileId, api } = opened
    const found = await api.tables.outcome({ profileId, table: 'member', changes })
    expect(found.of).toBe(changes.length)
    expect(found.found).toBe(found.states.filter(({ state }) => state === 'saved').length)
    return Object.fromEntries(found.states.map(({ changeId, state }) => [changeId, state]))
  }

  it('tells updates and deletes by the key', async () => {
    await open()
    expect(await outcome(...[1n, 2n, 3n, 4n].map(update), ...[4n, 5n, 6n].map(remove))).toEqual({
      ...{ u1: 'saved', u2: 'not-saved', u3: 'changed-since', u4: 'changed-since' },
      ...{ d4: 'saved', d5: 'not-saved', d6: 'changed-since' },
    })
  })

  it('tells new rows by their key, by what is unique, or not at all', async () => {
    await open()
    expect(
      await outcome(
        insert('key', { id: 7n, email: 'g', note: 'mine' }),
        insert('other under the key', { id: 6n, email: 'f', note: 'mine' }),
        insert('no key', { id: 99n, note: 'mine' }),
        insert('unique', { email: 'g', note: 'mine' }),
        insert('other with the unique value', { email: 'f', note: 'mine' }),
        insert('no unique', { email: 'nobody', note: 'mine' }),
        // A row with these values is there, and it may be anyone's.
        insert('nothing names it', { note: 'mine' }),
      ),
    ).toEqual({
      key: 'saved',
      'other under the key': 'cannot-tell',
      'no key': 'not-saved',
      unique: 'saved',
      'other with the unique value': 'cannot-tell',
      'no unique': 'not-saved',
      'nothing names it': 'cannot-tell',
    })
  })

  it('looks before new rows are saved a second time, and saves nothing of a batch that is there in part', async () => {
    await open()
    const { profileId, api } = opened
    const save = (...changes: Change[]) => api.tables.save({ profileId, table: 'member', changes })
    // Nothing names the row, and the database writes the amount in its own way.
    const added = insert('new 1', {
      note: 'added',
      amount: engine.pick<Cell>({ sqlite: 1.5, postgres: '1.5', mysql: '1.5' }),
    })
    const first = await save(added)
    expect(first.interrupted).toBeNull()
    const again = await save(added)
    expect(again).toEqual({ ...first, id: null, interrupted: { found: 1, of: 1 } })
    await expect(save(added, update(2n))).rejects.toMatchObject({
      code: 'INTERRUPTED',
      data: {
        found: 1,
        of: 2,
        states: [
          { changeId: 'new 1', state: 'saved' },
          { changeId: 'u2', state: 'not-saved' },
        ],
      },
    })
    await save(update(2n))
    expect(await opened.sql("select count(*) from member where note in ('added', 'new')")).toEqual([['3']])
  })
})
