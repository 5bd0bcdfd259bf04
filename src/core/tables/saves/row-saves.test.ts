// What was saved of one row comes back as its history, on each engine; no hash is in it.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Change } from '../../../shared/tables.ts'
import { describeOnEachEngine, type Opened } from '../engines.test-setup.ts'

const HASH = '$2b$04$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234'

describeOnEachEngine('the saves of one row', (engine) => {
  let opened: Opened
  let tables = 0
  // One for all: each has a table of its own.
  beforeAll(async () => {
    opened = await engine.open('select 1')
  }, 60_000)
  afterAll(() => opened.close())
  const begin = async (values = `(1, 'ann', '${HASH}'), (2, 'bob', null)`, hash = 'varchar(255)') => {
    const table = `users_${(tables += 1)}`
    const columns = `id integer not null primary key, email varchar(100), password ${hash}`
    await opened.sql(`create table ${table} (${columns}); insert into ${table} values ${values};`)
    return table
  }
  const save = (table: string, changes: Change[]) =>
    opened.api.tables.save({ profileId: opened.profileId, table, changes })
  const rename = (id: bigint, from: string, to: string): Change => ({
    ...{ kind: 'update', id: `e ${id}`, key: [id], original: { email: from }, values: { email: to } },
  })
  const historyOf = async (table: string, id: bigint) => {
    const { api, profileId } = opened
    const { saves } = await api.tables.rowSaves({ profileId, table, key: [id] })
    return saves.map(({ kind, cells }) => [kind, cells])
  }

  it('are told the newest first, through a changed key, and without those of other rows', async () => {
    const at = await begin()
    await save(at, [rename(1n, 'ann', 'anna'), rename(2n, 'bob', 'rob')])
    await save(at, [{ kind: 'update', id: 'k', key: [1n], original: { id: 1n }, values: { id: 10n } }])
    await save(at, [rename(10n, 'anna', 'ann')])
    await save(at, [rename(2n, 'rob', 'bob')])
    expect(await historyOf(at, 10n)).toEqual([
      ['update', [{ column: 'email', from: 'anna', to: 'ann' }]],
      ['update', [{ column: 'id', from: 1n, to: 10n }]],
      ['update', [{ column: 'email', from: 'ann', to: 'anna' }]],
    ])
    expect(await historyOf(at, 99n)).toEqual([])
  })

  it('name a hash by its scheme, and stay when they were taken back', async () => {
    const at = await begin()
    const { api, profileId } = opened
    const original = { email: 'ann' }
    const { id } = await save(at, [{ kind: 'delete', id: 'd', key: [1n], original }])
    await api.tables.revert({ profileId, saveId: id ?? '' })
    const told = await historyOf(at, 1n)
    expect(told.map(([kind]) => kind)).toEqual(['insert', 'delete'])
    expect(told[1]?.[1]).toContainEqual({ column: 'password', from: { secret: 'bcrypt' }, to: null })
    expect(
      JSON.stringify(told, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain('$2b$')
  })

  it('name a password that was set by its schemes, before and after, in columns of bytes too', async () => {
    const bytes = engine.pick({ sqlite: 'blob', postgres: 'bytea', mysql: 'varbinary(255)' })
    const asText = await begin()
    const asBytes = await begin("(1, 'ann', null)", bytes)
    const { api, profileId, core } = opened
    const argon = '$argon2id$v=19$m=65536,t=3,p=4$am3tXctZyxkjpNS6d+495w$Aj7kPywEJLPG1bSHtV0w/fartIbA5H2RK2V4vA7u0mc'
    for (const table of [asText, asBytes]) {
      for (const [scheme, hash] of [
        ['argon2id', argon],
        ['none', null],
      ] as const) {
        const values = { password: core.keptHashes.keep(scheme, hash) }
        await api.tables.save({
          profileId,
          table,
          changes: [{ kind: 'update', id: 's', key: [1n], original: {}, values }],
        })
      }
      const { saves } = await api.tables.rowSaves({ profileId, table, key: [1n] })
      const before = table === asText ? { secret: 'bcrypt' } : null
      expect(saves.map(({ cells }) => cells)).toEqual([
        [{ column: 'password', from: { secret: 'argon2id' }, to: null }],
        [{ column: 'password', from: before, to: { secret: 'argon2id' } }],
      ])
    }
  })

  it('tell both, where one save deleted a row and added another of its key', async () => {
    const at = await begin()
    await save(at, [
      { kind: 'delete', id: 'd', key: [2n], original: { email: 'bob' } },
      { kind: 'insert', id: 'i', values: { id: 2n, email: 'rob' } },
    ])
    const told = await historyOf(at, 2n)
    expect(told.map(([kind]) => kind)).toEqual(['insert', 'delete'])
    expect(told[1]?.[1]).toContainEqual({ column: 'email', from: 'bob', to: null })
  })
})
