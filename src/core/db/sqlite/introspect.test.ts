// What a table looks like, told from SQLite's catalogue, for the shapes that people and tools make.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createHeadlessHost } from '../../../headless/host.ts'
import { kindOf, maxLengthOf } from './column-kind.ts'
import { makeFile, makeFolder, never, openForTest, statement } from './sqlite.test-setup.ts'

function open(sql: string) {
  const folder = makeFolder()
  const file = makeFile(join(folder, 'a.db'), sql)
  return openForTest(createHeadlessHost({ version: 'test', dataFolder: folder }), { file })
}

/** `auth_user` as the writers of the interop reference declare it. */
const writers: [name: string, ddl: string, columns: string, unique: string[][], indexed: string[]][] = [
  [
    'SQLAlchemy',
    `CREATE TABLE auth_user (\n\tid INTEGER NOT NULL, \n\temail VARCHAR(255) NOT NULL, \n\tpassword VARCHAR(255), \n\tactive BOOLEAN,
       fs_uniquifier VARCHAR(64), confirmed_at DATETIME, PRIMARY KEY (id), UNIQUE (email), UNIQUE (fs_uniquifier))`,
    'id integer, email text 255, password text 255, active boolean, fs_uniquifier text 64, confirmed_at datetime',
    [['email'], ['fs_uniquifier']],
    ['id', 'email', 'fs_uniquifier'],
  ],
  [
    'Alembic',
    `CREATE TABLE "auth_user" (id INTEGER NOT NULL, email VARCHAR(255) NOT NULL, password VARCHAR(255), active BOOLEAN DEFAULT 1,
       fs_uniquifier VARCHAR(64), confirmed_at DATETIME, PRIMARY KEY (id), CONSTRAINT uq_auth_user_email UNIQUE (email),
       CONSTRAINT uq_auth_user_fs_uniquifier UNIQUE (fs_uniquifier)); CREATE INDEX ix_auth_user_active ON auth_user (active)`,
    'id integer, email text 255, password text 255, active boolean, fs_uniquifier text 64, confirmed_at datetime',
    [['email'], ['fs_uniquifier']],
    ['id', 'email', 'active', 'fs_uniquifier'],
  ],
  [
    'Flask-Security',
    `CREATE TABLE auth_user (password VARCHAR(255), username VARCHAR(255), us_totp_secrets TEXT, id INTEGER NOT NULL,
       email VARCHAR(255) NOT NULL, active BOOLEAN NOT NULL, login_count INTEGER, fs_uniquifier VARCHAR(64) NOT NULL,
       create_datetime DATETIME DEFAULT CURRENT_TIMESTAMP NOT NULL, PRIMARY KEY (id), UNIQUE (username), UNIQUE (email),
       UNIQUE (fs_uniquifier))`,
    'password text 255, username text 255, us_totp_secrets text, id integer, email text 255, active boolean, login_count integer, fs_uniquifier text 64, create_datetime datetime',
    [['username'], ['email'], ['fs_uniquifier']],
    ['username', 'id', 'email', 'fs_uniquifier'],
  ],
  [
    'PyDAL',
    `CREATE TABLE "auth_user"( "id" INTEGER PRIMARY KEY AUTOINCREMENT, "email" CHAR(512) NOT NULL UNIQUE, "password" CHAR(512),
       "active" CHAR(1), "fs_uniquifier" CHAR(512) UNIQUE, "confirmed_at" TIMESTAMP )`,
    'id integer, email text 512, password text 512, active text 1, fs_uniquifier text 512, confirmed_at datetime',
    [['email'], ['fs_uniquifier']],
    ['id', 'email', 'fs_uniquifier'],
  ],
  [
    'web2py',
    `CREATE TABLE "auth_user"( "id" INTEGER PRIMARY KEY AUTOINCREMENT, "first_name" CHAR(128), "email" CHAR(512),
       "registration_key" CHAR(512) )`,
    'id integer, first_name text 128, email text 512, registration_key text 512',
    [],
    ['id'],
  ],
  [
    'GORM',
    'CREATE TABLE `auth_user` (`id` integer PRIMARY KEY AUTOINCREMENT,`email` text NOT NULL,`password` text,`active` numeric DEFAULT true,`fs_uniquifier` text,`confirmed_at` datetime,`deleted_at` datetime);' +
      'CREATE INDEX `idx_auth_user_deleted_at` ON `auth_user`(`deleted_at`); CREATE UNIQUE INDEX `idx_auth_user_fs_uniquifier` ON `auth_user`(`fs_uniquifier`); CREATE UNIQUE INDEX `idx_auth_user_email` ON `auth_user`(`email`)',
    'id integer, email text, password text, active decimal, fs_uniquifier text, confirmed_at datetime, deleted_at datetime',
    [['fs_uniquifier'], ['email']],
    ['id', 'email', 'fs_uniquifier', 'deleted_at'],
  ],
  [
    'knex',
    "CREATE TABLE `auth_user` (`id` integer not null primary key autoincrement, `email` varchar(255) not null, `active` boolean default '1', `confirmed_at` datetime); CREATE UNIQUE INDEX u ON auth_user (email)",
    'id integer, email text 255, active boolean, confirmed_at datetime',
    [['email']],
    ['id', 'email'],
  ],
]

test.each(writers)('auth_user as %s makes it', async (_, ddl, columns, unique, indexed) => {
  const shape = await open(ddl).describe('auth_user', never)
  expect(shape).toMatchObject({ name: 'auth_user', kind: 'table', key: ['id'], unique, readOnly: null })
  const told = shape?.columns.map(({ name, kind, maxLength }) => [name, kind, maxLength].filter(Boolean).join(' '))
  expect(told?.join(', ')).toBe(columns)
  expect(shape?.columns.filter((column) => column.isIndexed).map(({ name }) => name)).toEqual(indexed)
  expect(shape?.columns.find(({ name }) => name === 'id')).toMatchObject({
    isAutomatic: true,
    isNullable: false,
    keyPosition: 1,
  })
})

test('tables and views that people made are listed in order, the engine’s own are not', async () => {
  const database = open(`
    CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO b DEFAULT VALUES; ANALYZE;
    CREATE TABLE A (v); CREATE VIEW c AS SELECT v FROM A; CREATE TABLE sqlitish (v); CREATE TABLE "sqlite" (v);
    CREATE VIRTUAL TABLE notes USING fts5(body);`)
  expect(await database.tables(never)).toEqual([
    { name: 'A', kind: 'table' },
    { name: 'b', kind: 'table' },
    { name: 'c', kind: 'view' },
    { name: 'notes', kind: 'table' },
    { name: 'sqlite', kind: 'table' },
    { name: 'sqlitish', kind: 'table' },
  ])
  expect(await database.describe('sqlite_sequence', never)).toBeNull()
  expect(await database.describe('no such table', never)).toBeNull()
  expect((await database.describe('c', never))?.readOnly).toMatch(/^A view/)
  expect((await database.describe('notes', never))?.readOnly).toMatch(/^A virtual table/)
  expect((await database.describe('notes', never))?.columns.map(({ name }) => name)).toEqual(['body'])
  expect((await database.describe('notes_data', never))?.readOnly).toMatch(/virtual table keeps its data/)
})

test('keys: the primary key, or a unique key without NULLs, or none', async () => {
  const database = open(`
    CREATE TABLE pair (b TEXT NOT NULL, a TEXT NOT NULL, v, PRIMARY KEY (a, b)) WITHOUT ROWID;
    CREATE TABLE code (v, n INT UNIQUE, m INT NOT NULL, k TEXT NOT NULL, UNIQUE (n, m), UNIQUE (k, m));
    CREATE TABLE loose (a INT UNIQUE, b INT NOT NULL);
    CREATE UNIQUE INDEX partial ON loose (b) WHERE b > 0; CREATE UNIQUE INDEX expression ON loose (b + 1);
    CREATE TABLE text_key (id VARCHAR(36) PRIMARY KEY, v);
    CREATE TABLE backwards (id INTEGER PRIMARY KEY DESC, v);
    CREATE TABLE int_key (id INT PRIMARY KEY, v);`)
  const keyOf = async (table: string) => {
    const shape = await database.describe(table, never)
    return { key: shape?.key, unique: shape?.unique, automatic: shape?.columns.filter((c) => c.isAutomatic).length }
  }
  expect(await keyOf('pair')).toEqual({ key: ['a', 'b'], unique: [], automatic: 0 })
  expect(await keyOf('code')).toEqual({ key: ['k', 'm'], unique: [['n'], ['n', 'm'], ['k', 'm']], automatic: 0 })
  expect(await keyOf('loose')).toEqual({ key: [], unique: [['a']], automatic: 0 })
  expect(await keyOf('text_key')).toEqual({ key: ['id'], unique: [], automatic: 0 })
  expect(await keyOf('backwards')).toEqual({ key: ['id'], unique: [], automatic: 0 })
  expect(await keyOf('int_key')).toEqual({ key: ['id'], unique: [], automatic: 0 })
  const pair = await database.describe('pair', never)
  expect(pair?.columns.map(({ name, keyPosition, isIndexed }) => [name, keyPosition, isIndexed])).toEqual([
    ['b', 2, false],
    ['a', 1, true],
    ['v', 0, false],
  ])
})

test('generated columns, defaults, lengths and indexes', async () => {
  const database = open(`
    CREATE TABLE t (id INTEGER PRIMARY KEY, a INT NOT NULL DEFAULT (1 + 1), b TEXT DEFAULT 'x''y', c VARCHAR ( 40 ) NULL,
      d AS (a * 2), e INT GENERATED ALWAYS AS (a * 3) STORED, f);
    CREATE INDEX i1 ON t (c, a); CREATE INDEX i2 ON t (b) WHERE b IS NOT NULL; CREATE INDEX i3 ON t (lower(b), f);`)
  const shape = await database.describe('T', never)
  expect(shape?.name).toBe('t')
  const column = (name: string) => shape?.columns.find((one) => one.name === name)
  expect(column('a')).toMatchObject({ default: '1 + 1', isNullable: false, isIndexed: false })
  expect(column('b')).toMatchObject({ default: "'x''y'", isIndexed: false })
  expect(column('c')).toMatchObject({ maxLength: 40, default: null, isNullable: true, isIndexed: true })
  expect(column('d')).toMatchObject({ isGenerated: true, isAutomatic: true, type: '', kind: 'other' })
  expect(column('e')).toMatchObject({ isGenerated: true, isAutomatic: true, kind: 'integer' })
  expect(column('f')).toMatchObject({ type: '', kind: 'other', isGenerated: false, isIndexed: false })
})

test('any name works: quotes, blanks, dots, emoji, key words', async () => {
  const names = ['select', 'a "b" \'c\'', ' blank ', 'x.y, z', '👩‍👩‍👧 ñ', 'a`b[c]', '%_']
  const database = open(
    names
      .map((name) => `CREATE TABLE ${q(name)} (${q(name)} TEXT PRIMARY KEY, ${q(`${name}2`)} INT UNIQUE);`)
      .join('\n'),
  )
  expect(new Set((await database.tables(never)).map(({ name }) => name))).toEqual(new Set(names))
  for (const name of names) {
    const shape = await database.describe(name, never)
    expect(shape).toMatchObject({ name, key: [name], unique: [[`${name}2`]] })
    expect(database.quote(name)).toBe(q(name))
    const { columns } = await database.read(statement(`SELECT * FROM ${database.quote(name)}`), never)
    expect(columns).toEqual([name, `${name}2`])
  }
})

const q = (name: string) => `"${name.replaceAll('"', '""')}"`

test.each([
  ['TINYINT(1)', 'integer', null],
  ['BIGINT UNSIGNED', 'integer', null],
  ['double precision', 'real', null],
  ['DECIMAL(10,2)', 'decimal', null],
  ['timestamp with time zone', 'datetime', null],
  ['time', 'time', null],
  ['DATE', 'date', null],
  ['NVARCHAR(64)', 'text', 64],
  ['CHARACTER VARYING(20)', 'text', 20],
  ['CLOB', 'text', null],
  ['BLOB(16)', 'binary', null],
  ['VARBINARY(16)', 'binary', null],
  ['', 'other', null],
  ['GEOMETRY', 'other', null],
])('declared %s is %s', (declared, kind, length) => {
  expect(kindOf(declared)).toBe(kind)
  expect(maxLengthOf(declared)).toBe(length)
})
