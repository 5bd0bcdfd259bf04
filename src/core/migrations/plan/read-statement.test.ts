// What statements are taken for: reads and none, tables, what they make, drop, rename and lose.
import { describe, expect, it } from 'vitest'
import type { Dialect } from '../../../shared/profiles.ts'
import { readStatement } from './read-statement.ts'

const DIALECTS: readonly Dialect[] = ['postgres', 'mysql', 'sqlite']

describe('a read', () => {
  it.each([
    'select * from users',
    '(select 1) union (select 2)',
    '  -- a comment\n/* and another */ select 1',
    'with a as (select 1) select * from a',
    'select * from users for update',
    'select * from users order by id for no key update of users skip locked',
    "select 'delete from users; drop table users'",
    'select extract(year from born) from users',
    'select replace(email, 1, 2), left(email, 3) from users',
    'values (1), (2)',
    'explain select * from users',
    'select "update", "delete" from users',
  ])('is %s', (sql) => {
    for (const dialect of DIALECTS)
      expect(readStatement(sql, dialect)).toMatchObject({ isRead: true, destructive: null })
  })

  it.each<[Dialect, string]>([
    ['mysql', 'show full fields from `users` where field = ?'],
    ['mysql', 'describe users'],
    ['mysql', 'desc users'],
    ['mysql', 'select insert(a, 1, 2, 3) from users'],
    ['postgres', 'show search_path'],
    ['postgres', 'table users'],
    ['postgres', 'select $$insert; delete$$, $x$ drop $x$ from users'],
    ['sqlite', 'pragma table_info(`users`)'],
    ['sqlite', 'PRAGMA foreign_keys'],
    ['sqlite', 'pragma main.user_version'],
    ['sqlite', 'select [update] from [delete]'],
  ])('of %s is %s', (dialect, sql) => {
    expect(readStatement(sql, dialect).isRead).toBe(true)
  })

  it.each<[Dialect, string]>([
    ['postgres', ''],
    ['postgres', 'anything else'],
    ['postgres', 'explain analyze select * from users'],
    ['postgres', 'explain (costs off, analyze) delete from users'],
    ['postgres', "select nextval('users_id_seq')"],
    ['postgres', 'select pg_catalog.setval($1, 1)'],
    ['postgres', 'select "nextval"($1)'],
    ['postgres', 'select pg_advisory_lock(1)'],
    ['postgres', 'select lo_unlink(1)'],
    ['postgres', 'with gone as (delete from users returning *) select * from gone'],
    ['postgres', 'with a as (select 1) delete from users'],
    ['postgres', 'with a as (select 1) update "users" set a = 1'],
    ['postgres', 'with a as not materialized (insert into users values (1) returning *) table a'],
    ['postgres', 'select * into copy from users'],
    ['postgres', 'select 1; delete from users where id = 1'],
    ['postgres', "select E'\\'; select ' ; delete from users where id = 1; --'"],
    ['postgres', '/* a /* nested */ still one */ delete from users where id = 1'],
    ['mysql', 'analyze select * from users'],
    ['mysql', 'explain analyze select * from users'],
    ['mysql', "select * from users into outfile '/tmp/x'"],
    ['mysql', 'select get_lock(1, 2)'],
    ['mysql', 'select next value for s'],
    ['mysql', "select 'a\\'' /*!50000 into outfile 'x' */"],
    ['mysql', 'select 1 # and\n; drop table users'],
    ['mysql', 'show_all'],
    ['sqlite', 'pragma foreign_keys = off'],
    ['sqlite', 'pragma user_version(3)'],
    ['sqlite', 'pragma wal_checkpoint'],
    ['sqlite', 'show tables'],
    ['sqlite', "select load_extension('x')"],
    ['sqlite', 'vacuum'],
  ])('of %s is not "%s"', (dialect, sql) => {
    expect(readStatement(sql, dialect)).toMatchObject({ isRead: false, isCatalogRead: false })
  })

  it.each<[Dialect, string, boolean]>([
    ['postgres', 'select * from information_schema.tables where table_name = ?', true],
    ['postgres', "select 1 from pg_constraint c join pg_class t on t.oid = c.conrelid where conname = 'x'", true],
    ['postgres', 'select version()', true],
    ['postgres', 'select my_count()', false],
    ['postgres', 'select * from pg_stat_user_tables', false],
    ['postgres', 'select exists (select 1 from information_schema.columns)', true],
    ['postgres', 'select * from information_schema.tables, users', false],
    ['mysql', 'SELECT KCU.TABLE_NAME FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE AS KCU JOIN t USING(a)', false],
    ['mysql', 'show columns from `users`', true],
    ['mysql', 'show status', false],
    ['mysql', 'select * from users', false],
    ['sqlite', "select * from sqlite_master where type = 'table' and name = ?", true],
    ['sqlite', 'select * from pragma_table_info(?)', true],
    ['sqlite', 'PRAGMA table_info(`users`)', true],
    ['sqlite', 'PRAGMA foreign_key_check', false],
    ['sqlite', 'select seq from sqlite_sequence', false],
  ])('of the catalog, %s: %s: %s', (dialect, sql, isCatalogRead) => {
    expect(readStatement(sql, dialect)).toMatchObject({ isRead: true, isCatalogRead })
  })
})

describe('tables', () => {
  it.each<[Dialect, string, string[]]>([
    [
      'postgres',
      'select * from Users u, app."Posts" as p left join c on c.a = u.a where u.x is distinct from p.y',
      ['users', 'app.Posts', 'c'],
    ],
    ['mysql', 'select * from Users join (select * from `b c`) d using (id)', ['Users', 'b c']],
    ['sqlite', 'insert into [a] select "x" from "b" where y in (select z from c)', ['a', 'b', 'c']],
    ['postgres', 'with a as (select * from b) select * from a, generate_series(1, 2) g', ['b']],
    ['postgres', 'update only users set a = 1 from b where b.id = users.id', ['users', 'b']],
    ['mysql', 'update a, b set a.x = b.x where a.id = b.id', ['a', 'b']],
    ['postgres', 'delete from users using b where true', ['users', 'b']],
    ['mysql', 'delete a, b from a join b on a.x = b.x where 1', ['a', 'b']],
    ['postgres', 'create table a (id int references b (id) on delete cascade on update cascade)', ['a', 'b']],
    ['postgres', 'create unique index concurrently if not exists i on only app.a using btree (x)', ['app.a']],
    ['mysql', 'alter table `a` add constraint `k` foreign key (`x`) references `b` (`id`)', ['a', 'b']],
    ['postgres', 'drop table if exists a, "b" cascade', ['a', 'b']],
    ['mysql', 'rename table a to b, c to d', ['a', 'c']],
    ['postgres', 'truncate table a, b restart identity', ['a', 'b']],
    ['postgres', "copy users from '/tmp/x'", ['users']],
    ['mysql', "load data local infile 'x' into table users", ['users']],
    ['mysql', 'insert ignore users values (1)', ['users']],
    ['sqlite', 'insert or replace into users values (1)', ['users']],
    ['postgres', 'comment on column app.users.email is $1', ['app.users']],
    ['postgres', 'create trigger t after insert or update of a on users execute function f()', ['users']],
    ['sqlite', 'create trigger t after update on users begin update x set a = 1; end', ['users']],
    ['postgres', 'create table p partition of parent for values from (minvalue) to (10)', ['p']],
    ['postgres', 'grant select, update on users to public', []],
  ])('%s: %s', (dialect, sql, tables) => {
    expect(readStatement(sql, dialect).tables.sort()).toEqual([...tables].sort())
  })

  it('that say their schema are told apart, but for those of the catalog', () => {
    const sql =
      'select app.f(1), information_schema.x(2) from "app"."a", b, information_schema.tables where app.a in (1)'
    expect(readStatement(sql, 'mysql').qualified).toEqual(['app.f'])
    expect(readStatement(sql, 'postgres').qualified).toEqual(['app.a', 'app.f'])
    expect(readStatement('drop index `app`.`i`', 'sqlite').qualified).toEqual(['app.i'])
    expect(readStatement('rename table a to other.a', 'mysql').qualified).toEqual(['other.a'])
  })
})

describe('a change of the schema', () => {
  it('tells what it creates, drops and renames', () => {
    expect(readStatement('create table if not exists "Users" (id int)', 'postgres').creates).toEqual([
      { kind: 'table', table: null, name: 'Users' },
    ])
    expect(
      readStatement('alter table users add column a int, drop column if exists b, drop "c"', 'postgres'),
    ).toMatchObject({
      isSchemaChange: true,
      creates: [{ kind: 'column', table: 'users', name: 'a' }],
      drops: [
        { kind: 'column', table: 'users', name: 'b' },
        { kind: 'column', table: 'users', name: 'c' },
      ],
    })
    expect(readStatement('alter table `a` rename to `b`', 'sqlite').renames).toEqual([
      { kind: 'table', table: null, from: 'a', to: 'b' },
    ])
    expect(readStatement('alter table app.a rename to b', 'postgres').renames[0]).toMatchObject({
      from: 'app.a',
      to: 'app.b',
    })
    expect(readStatement('alter table "a" rename "x" to "y"', 'postgres').renames).toEqual([
      { kind: 'column', table: 'a', from: 'x', to: 'y' },
    ])
    expect(readStatement('alter table `a` change `x` `y` varchar(10) NOT NULL', 'mysql').renames).toEqual([
      { kind: 'column', table: 'a', from: 'x', to: 'y' },
    ])
    expect(readStatement('rename table a to b', 'mysql').renames).toHaveLength(1)
  })

  it('tells what becomes of columns', () => {
    const columns = (sql: string, dialect: Dialect) => readStatement(sql, dialect).columns
    expect(columns('alter table a alter column "x" type numeric(10, 2) using ("x"::numeric)', 'postgres')).toEqual([
      { table: 'a', column: 'x', how: 'type', type: 'numeric(10,2)', isNotNull: false, hasDefault: false, words: '' },
    ])
    expect(columns('alter table a add x character varying (20) not null', 'postgres')).toMatchObject([
      { table: 'a', column: 'x', how: 'add', type: 'character varying(20)', isNotNull: true, hasDefault: false },
    ])
    expect(columns('alter table a add (x int unsigned not null default 1, y text)', 'mysql')).toMatchObject([
      { table: 'a', column: 'x', how: 'add', type: 'int unsigned', isNotNull: true, hasDefault: true },
      { table: 'a', column: 'y', how: 'add', type: 'text', isNotNull: false, hasDefault: false },
    ])
    expect(columns("alter table a modify column x enum('a','b') null after y", 'mysql')).toMatchObject([
      { how: 'redefine', type: "enum('a','b')" },
    ])
    expect(
      columns('alter table a alter x set not null, alter y drop default', 'postgres').map(({ how }) => how),
    ).toEqual(['set-not-null', 'drop-default'])
  })

  it.each<[Dialect, string, RegExp]>([
    ['postgres', 'drop table users', /Drops the table users with all its rows/],
    ['mysql', 'alter table users drop email', /Drops the column email of users with its values/],
    ['sqlite', 'alter table users drop column email', /column email/],
    ['postgres', 'drop schema app cascade', /schema app with everything in it/],
    ['postgres', 'drop view v', /view v/],
    ['postgres', 'drop materialized view if exists v', /materialized view v/],
    ['mysql', 'truncate users', /all rows of users/],
    ['postgres', 'delete from users', /all rows of users/],
    ['mysql', 'delete from users limit 5', /Deletes rows of users/],
    ['postgres', 'update users set a = (select b from c where c.id = users.id)', /Changes all rows of users/],
    ['postgres', 'with x as (delete from a returning *) insert into b select * from x where x.id = 1', /all rows of a/],
    ['mysql', 'create or replace table users (id int)', /Drops the table users, if it is there/],
    ['mysql', 'alter table users drop partition p', /partition of users/],
    ['postgres', 'select 1; drop table users', /table users/],
    ['mysql', 'select 1 /*!; drop table users */', /table users/],
    ['postgres', 'drop type mood cascade', /type mood with every column/],
  ])('loses something, %s: %s', (dialect, sql, words) => {
    expect(readStatement(sql, dialect).destructive).toMatch(words)
  })

  it.each<[Dialect, string]>([
    ['postgres', 'delete from users where id = 1'],
    ['postgres', 'insert into a values (1) on conflict (id) do update set a = 1'],
    ['mysql', 'insert into a values (1) on duplicate key update a = 1'],
    ['postgres', 'drop index i'],
    ['mysql', 'alter table a drop index i, drop foreign key f, drop primary key'],
    ['postgres', 'alter table a drop constraint c'],
    ['postgres', 'create table a (b text)'],
    ['postgres', 'create function f() returns void language sql as $$ delete from users; drop table a $$'],
    ['sqlite', 'create trigger t after insert on a begin delete from b; end'],
    ['postgres', "comment on table a is 'drop table a'"],
  ])('loses nothing, %s: %s', (dialect, sql) => {
    expect(readStatement(sql, dialect)).toMatchObject({ destructive: null, isRead: false })
  })

  it('notes what breaks programs or slows them down', () => {
    expect(readStatement('drop index i', 'postgres').notes.join()).toMatch(/no rows are lost/)
    expect(readStatement('alter table a rename to b', 'sqlite').notes.join()).toMatch(/old name fail/)
    expect(readStatement('alter table a drop constraint c', 'postgres').notes.join()).toMatch(/c of a/)
  })
})

describe('a transaction', () => {
  it.each<[Dialect, string]>([
    ['postgres', 'create index concurrently i on a (b)'],
    ['postgres', 'CREATE UNIQUE INDEX CONCURRENTLY i ON a (b)'],
    ['postgres', 'drop index concurrently i'],
    ['postgres', 'reindex index concurrently i'],
    ['postgres', 'vacuum (full) a'],
    ['postgres', 'create database x'],
    ['postgres', 'alter system set work_mem = 1'],
    ['sqlite', 'vacuum'],
    ['sqlite', 'pragma journal_mode = wal'],
  ])('is no place for %s: %s', (dialect, sql) => {
    expect(readStatement(sql, dialect).cannotRunInTransaction).toMatch(/inside a transaction/)
  })

  it('is a place for the rest', () => {
    for (const sql of [
      'create index i on a (concurrently)',
      'drop table a',
      "select 'vacuum'",
      'create table vacuum (a int)',
    ]) {
      for (const dialect of DIALECTS) expect(readStatement(sql, dialect).cannotRunInTransaction).toBeNull()
    }
  })

  it('is begun and ended by statements of the session', () => {
    for (const sql of [
      'BEGIN;',
      'savepoint trx1',
      'RELEASE trx1',
      'rollback to savepoint x',
      'set local x = 1',
      'COMMIT',
    ]) {
      expect(readStatement(sql, 'postgres')).toMatchObject({ isSession: true, isRead: false, isSchemaChange: false })
    }
    expect(readStatement('set global max_connections = 1', 'mysql').isSession).toBe(false)
    expect(readStatement('begin; drop table a', 'postgres')).toMatchObject({ isSession: false, isSchemaChange: true })
  })
})

describe('any text', () => {
  it('is read to its end, however broken', () => {
    for (const sql of [
      "'",
      '"',
      '/*',
      '$$',
      '$a$ $b$',
      '`',
      '[',
      "e'\\",
      'alter table',
      'create',
      'drop table ,',
      ';;',
      'with',
      'rename table',
      '((((',
    ]) {
      for (const dialect of DIALECTS) expect(readStatement(sql, dialect).isRead).toBe(false)
    }
  })
})
