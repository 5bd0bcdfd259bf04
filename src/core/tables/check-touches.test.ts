// A new row without what its owner sets by rule is no problem: the save sets it. Without anything else that is needed it is one.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Change } from '../../shared/tables.ts'
import { describeOnEachEngine } from './engines.test-setup.ts'
import { openFaulty, type Faulty } from './save-faults.test-setup.ts'

describeOnEachEngine('what the owner sets in a new row', (engine) => {
  let faulty: Faulty
  const key = engine.pick({
    sqlite: 'integer not null primary key',
    postgres: 'serial primary key',
    mysql: 'integer not null auto_increment primary key',
  })
  const moment = engine.pick({ sqlite: 'DATETIME', postgres: 'timestamp', mysql: 'datetime' })

  beforeAll(async () => {
    faulty = await openFaulty(
      engine,
      `create table auth_user (id ${key}, email varchar(255) not null, fs_uniquifier varchar(64) not null unique,
        tf_totp_secret varchar(255), create_datetime ${moment} not null, update_datetime ${moment} not null)`,
    )
  }, 120_000)
  afterAll(() => faulty.close())

  it('is asked of nobody, and NULL there is refused', async () => {
    const table = { profileId: faulty.opened.profileId, table: 'auth_user' }
    const { tables } = faulty.opened.api
    expect((await tables.describe(table)).owner?.name).toBe('flask-security')
    const values = { email: 'new@x.org', fs_uniquifier: 'x' }
    const insert: Change = { kind: 'insert', id: 'new', values }
    expect(await tables.check({ ...table, changes: [insert] })).toEqual({ problems: [] })
    const changes: Change[] = [
      { ...insert, id: 'null', values: { ...values, create_datetime: null } },
      { ...insert, id: 'none', values: { email: 'none@x.org' } },
    ]
    const { problems } = await tables.check({ ...table, changes })
    expect(problems.map(({ changeId, column }) => `${changeId} ${column}`)).toEqual([
      'null create_datetime',
      'none fs_uniquifier',
    ])
    expect((await tables.save({ ...table, changes: [insert] })).rows).toHaveLength(1)
  })
})
