// The traps of the interop reference that concern a whole table: each is told before editing, and is as it is told.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Change } from '../../shared/tables.ts'
import { describeOnEachEngine, type Opened } from '../tables/engines.test-setup.ts'

const ddl = (set: string) =>
  readFileSync(join(import.meta.dirname, '../../../e2e/fixtures/ddl', `${set}.ddl.sql`), 'utf8').replace(/^--.*\n/, '')

describeOnEachEngine('what a person should know of an owner’s table', (engine) => {
  const { dialect } = engine
  const server = engine.pick({ sqlite: '', postgres: 'postgresql', mysql: 'mariadb' })
  const GORM_SQLITE =
    'CREATE TABLE `auth_user` (`id` integer PRIMARY KEY AUTOINCREMENT,`email` text NOT NULL,`password` text,`active` numeric DEFAULT true,`deleted_at` datetime);' +
    'CREATE UNIQUE INDEX `idx_auth_user_email` ON `auth_user`(`email`);'
  const number = engine.pick({ sqlite: 'integer', postgres: 'integer', mysql: 'int' })
  const serial = engine.pick({
    sqlite: 'integer primary key',
    postgres: 'serial primary key',
    mysql: 'int auto_increment primary key',
  })
  const points = (column: string) =>
    engine.pick({
      sqlite: `${column} integer references staff (id) on delete cascade`,
      postgres: `${column} integer references staff (id) on delete cascade`,
      mysql: `${column} int, foreign key (${column}) references staff (id) on delete cascade`,
    })
  const old = dialect === 'mysql' ? ' character set utf8' : ''
  /** web2py's users with signature=True. */
  const STAFF = `create table staff (id ${serial}, email ${dialect === 'sqlite' ? 'char' : 'varchar'}(512), password varchar(512),
      registration_key varchar(512), reset_password_key varchar(512), registration_id varchar(512),
      ${points('created_by')}, ${points('modified_by')})${old};
    insert into staff (id, email) values (1, 'admin@x.org');
    insert into staff (id, email, created_by, modified_by) values (2, 'made@x.org', 1, 1), (3, 'by-made@x.org', 2, 3), (4, 'other@x.org', null, null);`
  const SECURITY = `create table security (id ${serial}, email varchar(255) not null, password varchar(255), active ${engine.pick({ sqlite: 'boolean', postgres: 'boolean', mysql: 'bool' })} not null,
      fs_uniquifier varchar(64) not null unique, level ${number});`
  let opened: Opened
  beforeAll(async () => {
    opened = await engine.open(`${dialect === 'sqlite' ? GORM_SQLITE : ddl(`gorm-${server}`)}\n${SECURITY}\n${STAFF}`)
  })
  afterAll(() => opened.close())
  const describe = (table: string) => opened.api.tables.describe({ profileId: opened.profileId, table })
  const save = (table: string, change: Change) =>
    opened.api.tables.save({ profileId: opened.profileId, table, changes: [change] })

  it('a soft-deleted row of GORM is no more to the application, and keeps its email', async () => {
    const { notes, owner } = await describe('auth_user')
    expect(notes).toEqual([expect.stringMatching(/deleted_at are deleted to the application .*holds its email/)])
    expect(owner?.meanings.deleted_at).toContain('soft delete')
    await opened.sql(`insert into auth_user (id, email, deleted_at) values (1, 'gone@x.org', '2024-01-15 10:20:30')`)
    const again: Change = { kind: 'insert', id: 'a', values: { id: 2n, email: 'gone@x.org' } }
    await expect(save('auth_user', again)).rejects.toMatchObject({ code: 'DUPLICATE' })
  })

  it('a text in a password of Flask-Security is the password: nothing can be typed there', async () => {
    const { notes, owner, columns } = await describe('security')
    expect(notes).toEqual([expect.stringMatching(/takes any text in password .*write NULL or set active to false/)])
    expect(owner?.meanings.password).toContain('in clear')
    expect(columns.find(({ name }) => name === 'password')?.isSecret).toBe(true)
    const typed: Change = {
      kind: 'insert',
      id: 'p',
      values: { id: 1n, email: 'p@x.org', fs_uniquifier: 'p', password: '!' },
    }
    await expect(save('security', typed)).rejects.toMatchObject({ code: 'VALUE_REFUSED' })
    expect(await opened.sql('select count(*) from security')).toEqual([['0']])
  })

  it('who deletes an administrator of web2py deletes the users that this one made: told, counted, and so', async () => {
    const { notes, owner } = await describe('staff')
    expect(owner).toMatchObject({ name: 'web2py' })
    expect(owner?.meanings.modified_by).toContain('Roster leaves it alone')
    expect(notes).toContainEqual(expect.stringMatching(/created_by or modified_by points .*ON DELETE CASCADE/))
    expect(notes).toContainEqual(expect.stringContaining('have the same email'))
    const reach = await opened.api.tables.deleteReach({ profileId: opened.profileId, table: 'staff', keys: [[1n]] })
    expect(reach).toEqual({
      direct: [{ table: 'staff', action: 'delete', rows: 1 }],
      further: [{ table: 'staff', action: 'delete', rows: 1, isAtLeast: false }],
    })
    await save('staff', { kind: 'delete', id: 'd', key: [1n], original: { email: 'admin@x.org' } })
    expect(await opened.sql('select id from staff')).toEqual([['4']])
  })

  if (dialect === 'mysql') {
    it('PyDAL’s tables are utf8mb3: the server refuses an emoji', async () => {
      const { notes } = await describe('staff')
      expect(notes).toContainEqual(expect.stringMatching(/utf8mb3, as PyDAL makes every table: it holds no emoji/))
      const emoji: Change = {
        ...{ kind: 'update', id: 'e', key: [4n], original: { email: 'other@x.org' }, values: { email: '😀@x.org' } },
      }
      await expect(save('staff', emoji)).rejects.toMatchObject({ code: 'VALUE_REFUSED' })
      expect(await opened.sql('select email from staff where id = 4')).toEqual([['other@x.org']])
    })

    it('all emoji are one to utf8mb4_general_ci: a row is found by its key, never by its email', async () => {
      await opened.sql(`create table fans (id int primary key, email varchar(255)) character set utf8mb4 collate utf8mb4_general_ci;
        insert into fans values (1, '🎉@x.org'), (2, '😀@x.org')`)
      await save('fans', {
        kind: 'update',
        id: 'f',
        key: [2n],
        original: { email: '😀@x.org' },
        values: { email: 'new@x.org' },
      })
      expect(await opened.sql('select email from fans order by id')).toEqual([['🎉@x.org'], ['new@x.org']])
      const wrong: Change = {
        kind: 'update',
        id: 'g',
        key: [1n],
        original: { email: '😀@x.org' },
        values: { email: 'x' },
      }
      await expect(save('fans', wrong)).rejects.toMatchObject({ code: 'CONFLICT' })
    })
  }
})
