// What the application sets in each of its writes is set in Roster's too: in the owner's spelling, without being part of the
// change. Deletes set nothing, and a save that is asked for again is recognised all the same.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { momentOf, type Moment } from '../../shared/moments.ts'
import type { Change } from '../../shared/tables.ts'
import { describeOnEachEngine } from './engines.test-setup.ts'
import { openFaulty, type Faulty } from './save-faults.test-setup.ts'

const ddl = (set: string) =>
  readFileSync(join(import.meta.dirname, '../../../e2e/fixtures/ddl', `${set}.ddl.sql`), 'utf8').replace(/^--.*\n/, '')

describeOnEachEngine('columns that the application sets', (engine) => {
  const SETUP = engine.pick({
    sqlite:
      'CREATE TABLE `auth_user` (`id` integer PRIMARY KEY AUTOINCREMENT,`email` text NOT NULL,`active` numeric DEFAULT true,`created_at` datetime,`updated_at` datetime,`deleted_at` datetime);' +
      'CREATE UNIQUE INDEX `idx_auth_user_email` ON `auth_user`(`email`);' +
      `CREATE TABLE security (
\tid INTEGER NOT NULL, \n\temail VARCHAR(255) NOT NULL, \n\tfs_uniquifier VARCHAR(64) NOT NULL, \n\ttf_totp_secret VARCHAR(255), \n\tcreate_datetime DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL, \n\tupdate_datetime DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL, \n\tPRIMARY KEY (id), \n\tUNIQUE (fs_uniquifier)\n);
       CREATE TABLE "thing"(\n    "id" INTEGER PRIMARY KEY AUTOINCREMENT,\n    "name" CHAR(512),\n    "created_on" TIMESTAMP,\n    "modified_on" TIMESTAMP,\n    "modified_by" INTEGER\n);`,
    postgres: `${ddl('gorm-postgresql')}
      create table security (id serial primary key, email varchar(255) not null, fs_uniquifier varchar(64) not null unique,
        tf_totp_secret varchar(255), create_datetime timestamp default now() not null, update_datetime timestamp default now() not null);
      create table thing (id serial primary key, name varchar(512), note varchar(512), created_on timestamp, modified_on timestamp,
        modified_by integer);`,
    mysql: `${ddl('gorm-mariadb')}
      create table security (id integer not null auto_increment primary key, email varchar(255) not null,
        fs_uniquifier varchar(64) not null unique, tf_totp_secret varchar(255),
        create_datetime datetime not null default now(), update_datetime datetime not null default now());
      create table thing (id int auto_increment primary key, name varchar(512), created_on datetime, modified_on datetime,
        modified_by integer) character set utf8;
      create table stamped (id int auto_increment primary key, name varchar(512), created_on timestamp null default null,
        modified_on timestamp not null default '2001-01-01 00:00:00' on update current_timestamp) character set utf8;`,
  })
  const OLD = engine.pick({
    sqlite: '2001-02-03 04:05:06.789+00:00',
    postgres: '2001-02-03 04:05:06.789+00',
    mysql: '2001-02-03 04:05:06.789',
  })
  let faulty: Faulty
  let since = 0

  beforeAll(async () => {
    faulty = await openFaulty(engine, SETUP)
  }, 120_000)
  afterAll(() => faulty.close())
  beforeEach(async () => {
    await sql('delete from auth_user')
    for (const id of [1, 2]) {
      await sql(
        `insert into auth_user (id, email, created_at, updated_at) values (${id}, 'u${id}@x.org', '${OLD}', '${OLD}')`,
      )
    }
    since = Math.floor(Date.now() / 1000) * 1000
  })

  const sql = (text: string) => faulty.opened.sql(text)
  const api = () => faulty.opened.api.tables
  const call = (table = 'auth_user') => ({ profileId: faulty.opened.profileId, table })
  const save = (changes: Change[], table?: string) => api().save({ ...call(table), changes })
  const update = (id: number, values: Record<string, string>, original: Record<string, string>): Change => ({
    ...{ kind: 'update', id: `u${id} ${JSON.stringify(values)}`, key: [BigInt(id)], original, values },
  })
  const cell = async (what: string) => (await sql(`select ${what}`))[0]?.[0] ?? null
  /** The test's own instant of a text that says UTC, or no zone and means it. */
  const instant = ({ date, time }: Moment) =>
    Date.parse(`${date?.year}-${date?.month}-${date?.day}T${time?.hour}:${time?.minute}:${time?.second ?? '00'}Z`)

  function expectNow(text: string | null, pattern: RegExp): void {
    expect(text).toMatch(pattern)
    const moment = momentOf(String(text).replace(/[+]00$/, '+00:00'))
    expect(moment).not.toBeNull()
    expect(instant(moment as Moment)).toBeGreaterThanOrEqual(since)
    expect(instant(moment as Moment)).toBeLessThanOrEqual(Date.now())
  }
  const GORM = engine.pick({
    sqlite: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,3})?\+00:00$/,
    postgres: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,3})?\+00$/,
    mysql: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/,
  })

  it('GORM: a changed row has updated_at alone set, a new one both; the rest is as it was', async () => {
    await sql(`update auth_user set updated_at = null where id = 2`)
    await save([
      update(1, { email: 'new@x.org' }, { email: 'u1@x.org' }),
      { kind: 'insert', id: 'n', values: { id: 3n, email: 'n@x.org' } },
    ])
    const of = (column: string, id: number) => cell(`${column} from auth_user where id = ${id}`)
    expectNow(await of('updated_at', 1), GORM)
    expectNow(await of('updated_at', 3), GORM)
    expectNow(await of('created_at', 3), GORM)
    expect(await of('updated_at', 2)).toBeNull()
    const same = await sql(`select count(*) from auth_user where created_at = '${OLD}'`)
    expect(same).toEqual([['2']])
  })

  it('a value that the change gives stays', async () => {
    await save([
      { kind: 'insert', id: 'given', values: { id: 3n, email: 'n@x.org', updated_at: null, created_at: OLD } },
      update(2, { updated_at: OLD.replace('2001', '2002') }, { updated_at: OLD }),
    ])
    expect(await sql('select updated_at from auth_user where id = 3')).toEqual([[null]])
    expect(await cell('updated_at from auth_user where id = 2')).toContain('2002-02-0')
  })

  it('Flask-Security and the signature of PyDAL, whose modified_by is left alone', async () => {
    await save([{ kind: 'insert', id: 'a', values: { id: 1n, email: 'a@x.org', fs_uniquifier: 'a1' } }], 'security')
    const six = engine.pick({ sqlite: /\d\d\.\d{3}000$/, postgres: /\d\d(\.\d{1,3})?$/, mysql: /:\d\d$/ })
    expectNow(await cell('create_datetime from security'), six)
    expectNow(await cell('update_datetime from security'), six)
    await sql(
      `update security set create_datetime = '2001-01-01 00:00:00.000000', update_datetime = '2001-01-01 00:00:00.000000'`,
    )
    await save([update(1, { email: 'b@x.org' }, { email: 'a@x.org' })], 'security')
    expectNow(await cell('update_datetime from security'), six)
    expect(await cell('create_datetime from security')).toContain('2001-01-01')

    await save([{ kind: 'insert', id: 'b', values: { id: 1n, name: 'a' } }], 'thing')
    await sql('update thing set modified_by = 7, modified_on = null')
    await save([update(1, { name: 'b' }, { name: 'a' })], 'thing')
    const seconds = engine.pick({ sqlite: /:\d\d$/, postgres: /\d\d(\.\d{1,3})?$/, mysql: /:\d\d$/ })
    expectNow(await cell('modified_on from thing'), seconds)
    expectNow(await cell('created_on from thing'), seconds)
    expect(await cell('modified_by from thing')).toBe('7')
  })

  it('the SQL that is shown sets them, and a delete sets nothing', async () => {
    const changes = [update(1, { email: 'x@x.org' }, { email: 'u1@x.org' })]
    const { statements } = await api().sql({ ...call(), changes, most: 10 })
    const set = /set .*updated_at.* = '?\d{4}-|set .*updated_at.* = '/
    expect(statements.map(({ sql: text }) => text)).toEqual([expect.stringMatching(set)])
    // Not a guard: it stands before the WHERE alone.
    expect(statements[0]?.sql.split(/ where /i)[1]).not.toContain('updated_at')
    const remove: Change = { kind: 'delete', id: 'd', key: [1n], original: { email: 'u1@x.org' } }
    const shown = await api().sql({ ...call(), changes: [remove], most: 10 })
    expect(shown.statements[0]?.sql).not.toMatch(/\bset\b/i)
  })

  it('taking a save back sets them again; a row that comes back is as it was', async () => {
    const { id } = await save([update(1, { email: 'x@x.org' }, { email: 'u1@x.org' })])
    await sql(`update auth_user set updated_at = '${OLD}' where id = 1`)
    const back = await api().revertSql({ profileId: call().profileId, saveId: id ?? '', most: 10 })
    expect(back.statements[0]?.sql).toContain('updated_at')
    await api().revert({ profileId: call().profileId, saveId: id ?? '' })
    expect(await cell('email from auth_user where id = 1')).toBe('u1@x.org')
    expectNow(await cell('updated_at from auth_user where id = 1'), GORM)

    const before = await sql('select * from auth_user where id = 2')
    const gone = await save([{ kind: 'delete', id: 'd', key: [2n], original: { email: 'u2@x.org' } }])
    await api().revert({ profileId: call().profileId, saveId: gone.id ?? '' })
    expect(await sql('select * from auth_user where id = 2')).toEqual(before)
  })

  it('a new row that Roster has changed since, and changed back, can be taken back', async () => {
    const made = await save([{ kind: 'insert', id: 'made', values: { id: 3n, email: 'n@x.org' } }])
    await sql(`update auth_user set updated_at = '${OLD}' where id = 3`)
    await api().revert({ profileId: call().profileId, saveId: made.id ?? '' })
    expect(await sql('select id from auth_user where id = 3')).toEqual([])
  })

  it('a save whose answer was lost is found, and asked for again it writes nothing', async () => {
    const changes: Change[] = [
      update(1, { email: 'x@x.org' }, { email: 'u1@x.org' }),
      { kind: 'insert', id: 'lost', values: { id: 50n, email: 'lost@x.org' } },
    ]
    faulty.arm('lost-reply')
    const saved = await save(changes)
    expect(saved.interrupted).toEqual({ found: 2, of: 2 })
    await faulty.settled()
    const after = await sql('select * from auth_user order by id')
    expect(after).toHaveLength(3)
    expectNow(await cell('updated_at from auth_user where id = 1'), GORM)
    // As a page would that lost its own link meanwhile. Of a saved one, its new rows are remembered.
    await save(changes.slice(1))
    expect(await sql('select * from auth_user order by id')).toEqual(after)
    const outcome = await api().outcome({ ...call(), changes })
    expect(outcome).toMatchObject({ found: 2, of: 2 })

    faulty.arm('undelivered')
    const more = [update(2, { email: 'y@x.org' }, { email: 'u2@x.org' })]
    await expect(save(more)).rejects.toMatchObject({ code: 'INTERRUPTED', data: { found: 0, of: 1 } })
    await faulty.settled()
    expect(await sql('select * from auth_user order by id')).toEqual(after)
  })

  if (engine.dialect === 'sqlite') {
    it('a column of several spellings is set as its owner writes; one that a person leaves as typed is not', async () => {
      await sql(
        `update auth_user set updated_at = 1705314030 where id = 1; update auth_user set updated_at = '2024-01-15T10:20' where id = 2`,
      )
      const describe = () => api().describe({ ...call(), isFresh: true })
      const found = (await describe()).columns.find(({ name }) => name === 'updated_at')
      expect(found).toMatchObject({ codec: null, encoding: { basis: 'mixed' } })
      await save([update(1, { email: 'x@x.org' }, { email: 'u1@x.org' })])
      expectNow(await cell('updated_at from auth_user where id = 1'), GORM)
      await api().chooseEncoding({ ...call(), column: 'updated_at', choice: { codec: null } })
      await save([update(2, { email: 'y@x.org' }, { email: 'u2@x.org' })])
      expect(await cell('updated_at from auth_user where id = 2')).toBe('2024-01-15T10:20')
      await api().chooseEncoding({ ...call(), column: 'updated_at', choice: null })
    })
  }

  if (engine.dialect === 'mysql') {
    it('what the server sets with ON UPDATE is left to it', async () => {
      const { owner } = await api().describe(call('stamped'))
      expect(owner).toMatchObject({ name: 'pydal', touches: [{ column: 'created_on', on: 'insert' }] })
      expect(owner?.meanings.modified_on).toContain('The database changes it by itself.')
    })
  }

  it.runIf(engine.dialect !== 'sqlite')(
    'a login without the right to set them saves the rest, and is told so',
    async () => {
      const user = `touch_${Date.now().toString(36)}`
      const part = engine.pick({
        sqlite: '',
        postgres: `create role ${user} login password 'p'; grant select, update (email) on auth_user to ${user}`,
        mysql: `create user ${user} identified by 'p'; grant select, update (email) on auth_user to ${user}`,
      })
      for (const statement of part.split(';')) await sql(statement)
      const profileId = await faulty.opened.openAs(user, 'p')
      await api().save({
        profileId,
        table: 'auth_user',
        changes: [update(1, { email: 'p@x.org' }, { email: 'u1@x.org' })],
      })
      expect(await sql('select email from auth_user where id = 1')).toEqual([['p@x.org']])
      expect(await cell('updated_at from auth_user where id = 1')).toBe(OLD)
      const { notes, owner, columns } = await api().describe({ profileId, table: 'auth_user' })
      expect(notes).toContainEqual(
        expect.stringContaining('updated_at in every change, and the login of this profile has no'),
      )
      expect(owner?.touches.map(({ column }) => column)).not.toContain('updated_at')
      expect(columns.flatMap(({ name, isBarred }) => (isBarred ? [] : [name]))).toEqual(['email'])
      const barred = update(2, { active: '0' }, { active: '1' })
      await expect(api().save({ profileId, table: 'auth_user', changes: [barred] })).rejects.toMatchObject({
        code: 'VALUE_REFUSED',
        message: expect.stringContaining('no right to change active') as string,
      })
    },
  )
})
