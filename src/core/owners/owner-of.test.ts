// Whose table it is: every set that the libraries made is recognised, on each engine; and what they made in other ways.
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { describeOnEachEngine, openFile, type Opened } from '../tables/engines.test-setup.ts'

const fixtures = join(import.meta.dirname, '../../../e2e/fixtures')
const ddl = (set: string) => readFileSync(join(fixtures, 'ddl', `${set}.ddl.sql`), 'utf8')

const describeTable = ({ api, profileId }: Opened, table: string) => api.tables.describe({ profileId, table })

interface Told {
  name: string
  writer: string
  words: string
  user: Record<string, unknown>
}

const noUser = { username: null, gate: null, uniquifier: null, deletedAt: null, createdAt: null }
const model = {
  ...noUser,
  ...{ email: 'email', password: 'password', active: 'active' },
  ...{ confirmedAt: 'confirmed_at', uniquifier: 'fs_uniquifier' },
}

/** As the manifest of the fixtures names who wrote each set. */
const sets: Record<string, Told> = {
  sqlalchemy: { name: 'sqlalchemy', writer: 'sqlalchemy', words: 'SQLAlchemy', user: model },
  alembic: { name: 'alembic', writer: 'sqlalchemy', words: 'SQLAlchemy with Alembic', user: model },
  'flask-security': {
    ...{ name: 'flask-security', writer: 'sqlalchemy', words: 'Flask-Security (SQLAlchemy)' },
    user: { ...model, username: 'username', createdAt: 'create_datetime' },
  },
  pydal: { name: 'pydal', writer: 'pydal', words: 'PyDAL', user: model },
  web2py: {
    ...{ name: 'web2py', writer: 'pydal', words: 'web2py (PyDAL)' },
    user: {
      ...{ ...noUser, email: 'email', password: 'password', active: null, confirmedAt: null },
      gate: { column: 'registration_key', blocked: ['blocked', 'disabled'], pending: ['pending'], others: 'pending' },
    },
  },
  py4web: {
    ...{ name: 'py4web', writer: 'pydal', words: 'py4web (PyDAL)' },
    user: {
      ...{ ...noUser, email: 'email', password: 'password', active: null, confirmedAt: null },
      gate: {
        ...{ column: 'action_token', blocked: ['account-blocked'], others: 'open' },
        pending: ['pending-registration:', 'pending-approval'],
      },
    },
  },
  gorm: {
    ...{ name: 'gorm', writer: 'gorm', words: 'GORM v2' },
    user: { ...model, deletedAt: 'deleted_at', createdAt: 'created_at' },
  },
}

describe('the sets of the interop fixtures, SQLite', () => {
  it.each(Object.entries(sets))('%s', async (set, told) => {
    const opened = await openFile('')
    try {
      copyFileSync(join(fixtures, `${set}-sqlite.db`), opened.name)
      const { owner } = await describeTable(opened, 'auth_user')
      expect(owner).toMatchObject({ ...told, evidence: expect.arrayContaining([expect.any(String)]) as string[] })
    } finally {
      await opened.close()
    }
  })
})

describeOnEachEngine('whose table it is', (engine) => {
  const { dialect } = engine
  const q = engine.pick({ sqlite: '"', postgres: '"', mysql: '`' })

  describe('told by the table itself', () => {
    const packaged = ddl('flask-security-mariadb')
      .replaceAll('auth_user', `${q}user${q}`)
      .replaceAll('auth_role', 'role')
      .replaceAll('(now())', 'CURRENT_TIMESTAMP')
    const GORM_V1 = engine.pick({
      sqlite: `CREATE TABLE "accounts" ("id" integer primary key autoincrement,"created_at" datetime,"updated_at" datetime,"deleted_at" datetime,"email" varchar(255) NOT NULL,"active" bool);`,
      postgres: `CREATE TABLE "accounts" ("id" serial,"created_at" timestamp with time zone,"updated_at" timestamp with time zone,"deleted_at" timestamp with time zone,"email" varchar(255) NOT NULL,"active" boolean, PRIMARY KEY ("id"));`,
      mysql: `CREATE TABLE accounts (id int unsigned AUTO_INCREMENT, created_at datetime NULL, updated_at datetime NULL, deleted_at datetime NULL, email varchar(255) NOT NULL, active boolean, PRIMARY KEY (id));`,
    })
    const SETUP = `
      create table heads (version_num VARCHAR(32) NOT NULL, CONSTRAINT heads_pkc PRIMARY KEY (version_num));
      insert into heads values ('a1');
      create table people (id integer primary key, email varchar(255) not null unique, password varchar(255),
        active boolean not null, fs_uniquifier varchar(64) not null unique);
      ${engine.pick({
        mysql: packaged,
        postgres: packaged.replaceAll('DATETIME', 'TIMESTAMP').replaceAll('INTEGER NOT NULL AUTO_INCREMENT', 'SERIAL'),
        sqlite: packaged.replaceAll('INTEGER NOT NULL AUTO_INCREMENT', 'INTEGER NOT NULL'),
      })}
      ${GORM_V1} CREATE UNIQUE INDEX uix_accounts_email ON accounts (email);
      create table users (id integer primary key, email varchar(255) unique, passwd varchar(255), url varchar(512));
      create index idx_users_url on users (url);
      create table letters (id integer primary key, email varchar(255), url varchar(512));
      create table sizes (id integer primary key, size char(1), code char(1));
      create table "Members" ("Id" integer primary key, "Email" varchar(255) not null unique, "Password" varchar(255),
        "isActive" boolean, "fs_Uniquifier" varchar(64) not null unique, "confirmedAt" date);
      ${dialect === 'postgres' ? 'create schema app; create table app.staff (id int primary key, email varchar(120), password text); create index ix_app_staff_email on app.staff (email);' : ''}
      create view "Shown" as select "Id", "Email", "Password" from "Members";`
    let opened: Opened
    beforeAll(async () => {
      opened = await engine.open(SETUP.replaceAll('"', q))
    })
    afterAll(() => opened.close())
    const ownerIn = async (table: string) => (await describeTable(opened, table)).owner

    it('a table of Alembic, under any name, is written by nobody else', async () => {
      const { owner, readOnly } = await describeTable(opened, 'heads')
      expect(owner).toMatchObject({ name: 'alembic', words: 'Alembic', user: null })
      expect(readOnly).toContain('Alembic')
      const saving = opened.api.tables.save({
        ...{ profileId: opened.profileId, table: 'heads' },
        changes: [{ kind: 'update', id: 'a', key: ['a1'], original: {}, values: { version_num: 'b2' } }],
      })
      await expect(saving).rejects.toMatchObject({ code: 'READ_ONLY' })
      expect(await opened.sql('select version_num from heads')).toEqual([['a1']])
    })

    it.skipIf(dialect !== 'postgres')('a model of SQLAlchemy in a schema of its own', async () => {
      const found = await ownerIn('app.staff')
      expect(found).toMatchObject({ name: 'sqlalchemy', user: { email: 'email', password: 'password' } })
      expect(found?.evidence).toEqual(['ix_app_staff_email is named as SQLAlchemy names indexes and constraints.'])
    })

    it('a model of one’s own for Flask-Security, in a table of any name', async () => {
      const found = await ownerIn('people')
      expect(found).toMatchObject({ name: 'flask-security', user: { email: 'email', uniquifier: 'fs_uniquifier' } })
      expect(found?.evidence[0]).toBe(
        `fs_uniquifier ${engine.pick({ sqlite: 'varchar(64)', postgres: 'character varying(64)', mysql: 'varchar(64)' })} is unique: Flask-Security knows sessions by it.`,
      )
    })

    it('the packaged model of Flask-Security in its default table, beside its roles', async () => {
      expect(await ownerIn('user')).toMatchObject({ name: 'flask-security', user: { email: 'email' } })
      expect(await ownerIn('role')).toMatchObject({ name: 'flask-security', user: null })
      expect(await ownerIn('roles_users')).toMatchObject({ name: 'flask-security', user: null })
    })

    it('GORM v1', async () => {
      expect(await ownerIn('accounts')).toMatchObject({
        ...{ name: 'gorm', writer: 'gorm', words: 'GORM v1' },
        user: { email: 'email', active: 'active', deletedAt: 'deleted_at', password: null },
      })
    })

    it('what shows no owner has none, though its rows may be users', async () => {
      expect(await ownerIn('users')).toMatchObject({
        ...{ name: 'unknown', writer: 'unknown', evidence: [], touches: [] },
        user: { email: 'email', password: 'passwd' },
      })
      expect(await ownerIn('letters')).toMatchObject({ name: 'unknown', user: null })
      expect(await ownerIn('sizes')).toMatchObject({ name: 'unknown', user: null })
    })

    it('names in mixed case, and a view, which has no owner but may show users', async () => {
      const user = { email: 'Email', password: 'Password', active: 'isActive', confirmedAt: 'confirmedAt' }
      const table = await ownerIn('Members')
      expect(table).toMatchObject({ name: 'flask-security', user: { ...user, uniquifier: 'fs_Uniquifier' } })
      const view = await ownerIn('Shown')
      expect(view).toMatchObject({ name: 'unknown', user: { email: 'Email', password: 'Password' } })
    })
  })

  describe('told by what stands beside it as well', () => {
    let opened: Opened | null = null
    afterEach(async () => {
      await opened?.close()
      opened = null
    })
    const begin = async (setup: string) => (opened = await engine.open(setup))

    const server = engine.pick({ sqlite: null, postgres: 'postgresql', mysql: 'mariadb' })
    if (server) {
      it('the sets of the interop fixtures', async () => {
        const at = await begin('create table other (id integer primary key)')
        for (const [set, told] of Object.entries(sets)) {
          await at.sql(ddl(`${set}-${server}`))
          const fresh = { profileId: at.profileId, table: 'auth_user', isFresh: true }
          const { owner } = await at.api.tables.describe(fresh)
          expect(owner, set).toMatchObject({
            ...told,
            evidence: expect.arrayContaining([expect.any(String)]) as string[],
          })
          const names = (await at.api.tables.list(fresh)).map(({ name }) => `${q}${name}${q}`)
          await at.sql(
            dialect === 'mysql'
              ? `set foreign_key_checks = 0; drop table ${names.join(', ')}`
              : `drop table ${names.join(', ')} cascade`,
          )
        }
      })
    }

    it('Django', async () => {
      const flag = engine.pick({ sqlite: 'bool', postgres: 'boolean', mysql: 'bool' })
      const date = engine.pick({ sqlite: 'datetime', postgres: 'timestamp with time zone', mysql: 'datetime(6)' })
      const at = await begin(
        `create table django_migrations (id integer primary key, app varchar(255) not null, name varchar(255) not null);
         create table auth_user (id integer not null primary key, password varchar(128) not null, last_login ${date} null,
           is_superuser ${flag} not null, username varchar(150) not null unique, last_name varchar(150) not null,
           email varchar(254) not null, is_staff ${flag} not null, is_active ${flag} not null, date_joined ${date} not null);
         create table shop_order (id integer not null primary key, paid ${flag} not null);`,
      )
      expect((await describeTable(at, 'auth_user')).owner).toMatchObject({
        ...{ name: 'django', writer: 'django', words: 'Django' },
        user: { email: 'email', username: 'username', active: 'is_active', createdAt: 'date_joined' },
        touches: [{ column: 'date_joined', on: 'insert' }],
      })
      expect((await describeTable(at, 'shop_order')).owner).toMatchObject({ name: 'django', user: null })
    })

    it('the table of the built-in migrations', async () => {
      const at = await begin('create table other (id integer primary key)')
      const run = { profileId: at.profileId, action: { kind: 'all' as const } }
      for await (const event of await at.api.migrations.run(run)) void event
      const { owner, columns } = await describeTable(at, 'auth_user')
      expect(owner).toMatchObject({ name: 'roster', writer: 'sqlalchemy', words: 'Roster’s migrations', user: model })
      expect(owner?.touches).toEqual([])
      expect(columns.find(({ name }) => name === 'active')?.codec).toMatchObject({ kind: 'boolean' })
    })

    it('is asked for once, and again after a reload', async () => {
      const at = await begin('create table users (id integer primary key, email varchar(255), password varchar(255))')
      const table = { profileId: at.profileId, table: 'users' }
      const nameOf = async (how: object) => (await at.api.tables.describe({ ...table, ...how })).owner?.name ?? null
      expect(await nameOf({ isQuick: true })).toBeNull()
      expect(await nameOf({})).toBe('unknown')
      await at.sql('create table alembic_version (version_num varchar(32) not null primary key)')
      expect(await nameOf({})).toBe('unknown')
      expect(await nameOf({ isQuick: true })).toBe('unknown')
      expect(await nameOf({ isFresh: true })).toBe('alembic')
    })

    if (dialect === 'postgres') {
      it('in another schema, beside the tables of that schema', async () => {
        const at = await begin(
          `create schema "My.App"; create schema other;
           create table "My.App".alembic_version (version_num varchar(32) not null primary key);
           create table "My.App"."User" (id serial primary key, email varchar(255), password varchar(255));
           create table other."User" (id serial primary key, email varchar(255), password varchar(255));`,
        )
        const names = (await at.api.tables.list({ profileId: at.profileId })).map(({ name }) => name)
        const [own, other] = ['"My.App".User', 'other.User']
        expect(names).toEqual(expect.arrayContaining([own, other]))
        expect((await describeTable(at, own)).owner).toMatchObject({ name: 'alembic', user: { email: 'email' } })
        expect((await describeTable(at, other)).owner).toMatchObject({ name: 'unknown', user: { email: 'email' } })
      })

      it('PyDAL over its adapter with native booleans', async () => {
        const at = await begin(ddl('pydal-postgresql').replace('"active" CHAR(1)', '"active" BOOLEAN'))
        const { owner } = await describeTable(at, 'auth_user')
        expect(owner).toMatchObject({ name: 'pydal', words: 'PyDAL, postgres3', user: { active: 'active' } })
        expect(owner?.evidence).toContainEqual(expect.stringContaining('postgres3'))
        expect(owner?.meanings).not.toHaveProperty('active')
      })
    }
  })
})
