// Rehearsals on real SQLite files: what they show, and that nothing of them is kept, however they end.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { createHeadlessHost } from '../../../headless/host.ts'
import { LONG_QUERY, makeFile, makeFolder, openForTest, readFile } from '../../db/sqlite/sqlite.test-setup.ts'
import { never, openSchemaSession, rehearsing, step } from './rehearse.test-setup.ts'
import { readSnapshot } from './snapshot.ts'

const TABLES = `
  create table account (
    -- who
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, \`email\` varchar(255) NOT NULL COLLATE NOCASE UNIQUE,
    "active" boolean DEFAULT ('T, or F'), born text generated always as (substr(email, 1, 2)) stored,
    CONSTRAINT positive CHECK (id > 0));
  create unique index "account_born" on "account" ("born" desc, active, id) where born is not null;
  create table post (id integer primary key, account_id int, constraint by_whom foreign key(\`account_id\`) references \`account\`(\`id\`)
    on delete CASCADE) strict;
  create view glad as select email from account;
  create trigger touch after update on account begin update post set id = id; select 1; end;
  insert into account (email) with recursive n(i) as (select 1 union all select i + 1 from n where i < 100) select 'p' || i from n;
  insert into post (account_id) select id from account where id <= 50;
`

const host = () => createHeadlessHost({ version: 'test', dataFolder: makeFolder() })

function open(journal = 'delete') {
  const file = makeFile(join(makeFolder(), 'a.db'), `pragma journal_mode = ${journal}; ${TABLES}`)
  return { file, database: openForTest(host(), { file }) }
}

/** Everything that is in it, by its own words. */
function dump(file: string) {
  return {
    schema: readFile(file, 'select * from sqlite_schema order by name'),
    rows: ['account', 'post', 'sqlite_sequence'].map((table) => readFile(file, `select * from ${table}`)),
    check: readFile(file, 'pragma integrity_check'),
  }
}

describe('rehearsing on SQLite', () => {
  it('shows the schema line by line, however it is written', async () => {
    const { database } = open()
    const session = await openSchemaSession(database, never)
    const { parts } = await readSnapshot(session)
    await session.close()
    expect(parts.map(({ kind, name, lines }) => [`${kind} ${name}`, ...lines])).toEqual([
      [
        'table account',
        'id INTEGER not null primary key autoincrement',
        'email varchar(255) not null collate NOCASE unique',
        "active boolean default ('T, or F')",
        'born text generated always as (substr(email, 1, 2)) stored',
        'constraint positive check (id > 0)',
        'unique index account_born (born desc, active, id) where born is not null',
        'trigger touch after update on account begin update post set id = id; select 1; end',
      ],
      [
        'table post',
        'id integer primary key',
        'account_id int',
        'foreign key by_whom (account_id) → account (id) on delete cascade',
        'strict',
      ],
      ['view glad', 'create view glad as select email from account'],
    ])
  })

  it.each(['delete', 'wal'])('shows before and after with exact counts, and keeps nothing (%s)', async (journal) => {
    const { file, database } = open(journal)
    const [before, bytes] = [dump(file), readFileSync(file)]
    const told = await rehearsing(database, [
      step('001', [
        'alter table account add column phone varchar(20)',
        'create index account_phone on account (phone)',
      ]),
      step('002', [
        'delete from Account where id > 90',
        'create table tag (id int)',
        'insert into tag values (1), (2)',
      ]),
      step('003', ['drop view glad', 'delete from post']),
    ])
    expect(dump(file)).toEqual(before)
    if (journal === 'delete') expect(readFileSync(file).equals(bytes)).toBe(true)
    expect(told.message).toMatch(
      /^3 steps rehearsed\. Everything was rolled back, and the schema is as before\. Other programs could not write to the file for \d+\.\d s\.$/,
    )
    expect([told.outcome, told.steps]).toEqual(['done', ['001: done', '002: done', '003: done']])
    expect(told.changes.map(({ name, rowsBefore, rowsAfter }) => [name, rowsBefore, rowsAfter])).toEqual([
      ['account', 100, 90],
      ['glad', null, null],
      ['tag', null, 2],
      ['post', 50, 0],
    ])
    expect(told.logs[0]).toMatch(/^The file has \d+ kB\./)
  })

  it('says which statement failed and why, and keeps nothing', async () => {
    const { file, database } = open()
    const before = dump(file)
    const told = await rehearsing(database, [
      step('001', ['create table fine (id int)']),
      step('002', ['create table half (id int)', 'insert into nowhere values (1)']),
    ])
    expect(dump(file)).toEqual(before)
    expect(told.message).toMatch(
      /^002 failed: statement 2 \(insert into nowhere values \(1\)\): no such table: nowhere\. Before it, 1 step went well\. Everything was rolled back/,
    )
    expect(told.changes.map(({ name }) => name)).toEqual(['fine'])
  })

  it('finds rows that would point nowhere at COMMIT, and loses no child of a table that is built anew', async () => {
    const { file, database } = open()
    const before = dump(file)
    const told = await rehearsing(database, [step('001', ['delete from account where id <= 3'])])
    expect(told.message).toMatch(
      /^001 failed: 3 rows of "post" would point to rows of "account" that are not there, and COMMIT would be refused\./,
    )
    const rebuilt = await rehearsing(database, [
      step('001', [
        'create table new (id integer primary key, email text)',
        'insert into new select id, email from account',
        'drop view glad',
        'drop table account',
        'alter table new rename to account',
      ]),
    ])
    expect(rebuilt.outcome).toBe('done')
    expect(rebuilt.changes.map(({ name, rowsBefore, rowsAfter }) => [name, rowsBefore, rowsAfter])).toEqual([
      ['account', 100, 100],
      ['glad', null, null],
    ])
    expect(dump(file)).toEqual(before)
  })

  it.each([
    'commit',
    '-- done\ncommit',
    ';; commit',
    'end',
    'rollback',
    'rollback transaction to roster_step',
    'begin',
  ])('cannot be ended by %s', async (sql) => {
    const { file, database } = open()
    const before = dump(file)
    const told = await rehearsing(database, [
      step('001', ['create table kept (id int)', sql, 'create table too (id int)']),
    ])
    expect(dump(file)).toEqual(before)
    expect(told.message).toMatch(/^001 was not rehearsed: it sends (COMMIT|END|ROLLBACK|BEGIN) itself/)
  })

  it('leaves out what cannot run in a transaction, and a file beside it', async () => {
    const { file, database } = open()
    const before = dump(file)
    for (const sql of ['vacuum', 'pragma journal_mode = wal', `attach '${file}x' as x`]) {
      const told = await rehearsing(database, [step('001', [sql]), step('002', ['select 1'])])
      expect([told.outcome, told.steps]).toEqual(['done', ['001: left-out', '002: left-out']])
    }
    expect(dump(file)).toEqual(before)
  })

  it('can be cancelled in the middle of a statement, and the file is as before', async () => {
    const { file, database } = open()
    const before = dump(file)
    const abort = new AbortController()
    const began = performance.now()
    const told = await rehearsing(database, [step('001', ['delete from post', 'drop view glad', LONG_QUERY])], {
      signal: abort.signal,
      onEvent: (event) => {
        if (event.kind === 'log' && event.text.startsWith('WITH RECURSIVE'))
          setTimeout(() => abort.abort(new Error('stop')), 200)
      },
    })
    expect(performance.now() - began).toBeLessThan(5_000)
    expect([told.outcome, told.message]).toEqual([
      'cancelled',
      'Cancelled. Everything was rolled back, and the schema is as before.',
    ])
    expect(dump(file)).toEqual(before)
    const other = new Sqlite(file)
    other.exec('create table free (id int)')
    other.close()
  })

  it('reads 1,000 tables in well under 2 s', async () => {
    const tables = Array.from(
      { length: 1000 },
      (_, n) =>
        `create table t${n} (id integer primary key, a text not null default 'x', b int references t0, unique (a, b)); create index i${n} on t${n} (b);`,
    )
    const file = makeFile(join(makeFolder(), 'a.db'), `begin; ${tables.join('\n')} commit`)
    const session = await openSchemaSession(openForTest(host(), { file }), never)
    const began = performance.now()
    const { parts } = await readSnapshot(session)
    const took = performance.now() - began
    await session.close()
    console.log(`SQLite: ${parts.length} parts read in ${Math.round(took)} ms`)
    expect(parts.length).toBe(1000)
    expect(parts[7]?.lines.length).toBe(5)
    expect(took).toBeLessThan(2_000)
  })
})
