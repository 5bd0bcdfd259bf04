// Statements of each engine, as its own command line would tell them apart.
import { describe, expect, test } from 'vitest'
import type { Dialect } from '../../../shared/profiles.ts'
import { ownTransaction, splitSql, wantsTransaction } from './split-sql.ts'

const ALL: Dialect[] = ['sqlite', 'postgres', 'mysql']
const sqlOf = (text: string, dialect: Dialect) => splitSql(text, dialect).map(({ sql }) => sql)

describe.each(ALL)('%s', (dialect) => {
  test.each([
    ['nothing', '', []],
    ['blanks and semicolons', ' ;\n;;\t', []],
    ['only comments', '-- a;\n/* b; */', []],
    ['two statements', 'select 1; select 2', ['select 1', 'select 2']],
    ['an end without a semicolon, and blanks', '\n select 1 \n', ['select 1']],
    ['semicolons in strings', `select ';'; select 'it''s;'`, [`select ';'`, `select 'it''s;'`]],
    ['semicolons in names', `select 1 as "a;""b"; select 2`, [`select 1 as "a;""b"`, 'select 2']],
    ['semicolons in comments', 'select 1 -- a;b\n, 2; /* ; */ select 3', ['select 1 -- a;b\n, 2', 'select 3']],
    ['quotes in comments', `select 1 -- it's\n; /* " ' */ select 2`, ['select 1', 'select 2']],
    ['comments in strings', `select '-- a'; select '/* b'`, [`select '-- a'`, `select '/* b'`]],
    ['comments around, but not inside', '/* a */ select /* b */ 1 /* c */; -- d', ['select /* b */ 1']],
    ['a byte order mark', '\uFEFFselect 1', ['select 1']],
    ['carriage returns', 'select 1;\r\n-- a\r\nselect\r\n2;\r\n', ['select 1', 'select\r\n2']],
    ['begin and commit', 'begin; select 1; commit', ['begin', 'select 1', 'commit']],
    ['a case', `select case when 1 then ';' end; select 2`, [`select case when 1 then ';' end`, 'select 2']],
    ['letters of other scripts', 'select é, 日本; select 2', ['select é, 日本', 'select 2']],
  ])('%s', (_what, text, expected) => expect(sqlOf(text, dialect)).toEqual(expected))

  test('a statement’s line is where it begins', () => {
    expect(splitSql('-- a\n\nselect\n1;\n/* b\n */ select 2; select 3', dialect).map(({ line }) => line)).toEqual([
      3, 6, 6,
    ])
  })

  test.each([
    ['string', `select 1;\nselect 'a;\nselect 2;`, /^Line 2: The string that opens here is never closed\.$/],
    ['name', `select 1;\n\nselect "a;`, /^Line 3: /],
    ['comment', `select 1;\n/* a;`, /^Line 2: The comment/],
  ])('a %s that is never closed is told with its line', (_what, text, words) => {
    expect(() => splitSql(text, dialect)).toThrow(words)
    expect(() => wantsTransaction(text, dialect)).toThrow(words)
  })

  test('5 MB are split in no time, whatever they are', () => {
    const long = 'x'.repeat(1_000_000)
    const texts = [
      `select '${long}';`,
      `-- ${long}\n`,
      `/* ${long} */`,
      `${"('a''b'),".repeat(100_000)}`,
      ' '.repeat(1_000_000),
    ]
    const began = performance.now()
    splitSql(`${texts.join(' ')}; ${'select 1;'.repeat(100_000)}`, dialect)
    const ms = performance.now() - began
    console.log(`5 MB of SQL for ${dialect} were split in ${ms.toFixed(0)} ms.`)
    expect(ms).toBeLessThan(3_000)
  })
})

describe('postgres', () => {
  const dialect = 'postgres'
  test.each([
    ['a backslash is a letter', `select 'a\\'; select 2`, [`select 'a\\'`, 'select 2']],
    ['but not in E strings', `select E'a\\';'; select 2`, [`select E'a\\';'`, 'select 2']],
    ['which may go on', `select e'a'\n  '\\';'; select 2`, [`select e'a'\n  '\\';'`, 'select 2']],
    [
      'also behind a comment',
      `select e'a' -- b\n -- c\n '\\';'; select 2`,
      [`select e'a' -- b\n -- c\n '\\';'`, 'select 2'],
    ],
    ['a word that ends in e is none', `select like'a\\'; select 2`, [`select like'a\\'`, 'select 2']],
    [
      'other prefixes',
      `select B'1', X'f', N'a\\', U&'\\0041'; select 2`,
      [`select B'1', X'f', N'a\\', U&'\\0041'`, 'select 2'],
    ],
    ['dollar quotes', `select $$;'$$; select $a$;$$;$b$;$a$`, [`select $$;'$$`, 'select $a$;$$;$b$;$a$']],
    ['dollars in names', 'select a$$b; select 2; select $1', ['select a$$b', 'select 2', 'select $1']],
    ['a number before a dollar quote', 'select 1$$;$$; select 2', ['select 1$$;$$', 'select 2']],
    ['nested comments', '/* a /* ; */ ; */ select 1; select 2', ['select 1', 'select 2']],
    ['dashes without a blank', 'select 5--3;\n; select 2', ['select 5', 'select 2']],
    ['a hash is an operator', `select '1'::jsonb #> '{}'; select 2`, [`select '1'::jsonb #> '{}'`, 'select 2']],
    ['brackets', 'select a[1]; select 2', ['select a[1]', 'select 2']],
    [
      'a rule of several statements',
      'create rule r as on insert to a do also (insert into b values (1); delete from c); select 2',
      ['create rule r as on insert to a do also (insert into b values (1); delete from c)', 'select 2'],
    ],
    [
      'BEGIN ATOMIC',
      `create or replace function f() returns int begin atomic select 1; select case when true then 1 end; end; select 2`,
      [
        'create or replace function f() returns int begin atomic select 1; select case when true then 1 end; end',
        'select 2',
      ],
    ],
    [
      'BEGIN ATOMIC of a procedure',
      `CREATE PROCEDURE p() BEGIN ATOMIC INSERT INTO a VALUES (1); END; SELECT 2`,
      ['CREATE PROCEDURE p() BEGIN ATOMIC INSERT INTO a VALUES (1); END', 'SELECT 2'],
    ],
    [
      'atomic elsewhere',
      'create table begin_atomic (atomic int); begin; end',
      ['create table begin_atomic (atomic int)', 'begin', 'end'],
    ],
    ['COPY from a file', `copy a from '/stdin'; select 2`, [`copy a from '/stdin'`, 'select 2']],
    ['stdin as a name', 'select stdin from stdin; select 2', ['select stdin from stdin', 'select 2']],
  ])('%s', (_what, text, expected) => expect(sqlOf(text, dialect)).toEqual(expected))

  test.each([
    ['\\i other.sql', /^Line 1: A backslash outside of quotes/],
    ['select 1;\n\\copy a from b', /^Line 2: /],
    ['select 1 \\gset', /^Line 1: /],
    ['select 1;\ncopy a (b) from stdin;\n1\n\\.', /^Line 2: COPY with STDIN/],
    ['copy a from stdin', /^Line 1: COPY/],
    ['COPY a TO STDOUT;', /^Line 1: COPY/],
    ['select 1;\nselect (1;\nselect 2;', /^Line 2: A parenthesis/],
    ['create function f() returns int begin atomic select 1;', /^Line 1: BEGIN ATOMIC/],
    ['select $a$ b $$', /^Line 1: The dollar quote/],
    ['/* /* */', /^Line 1: The comment/],
  ])('%j is refused', (text, words) => expect(() => splitSql(text, dialect)).toThrow(words))
})

describe('mysql', () => {
  const dialect = 'mysql'
  const trigger = 'create trigger t before insert on a for each row begin set new.b = 1; end'
  test.each([
    ['backslashes', `select 'a\\';', "b\\";"; select 2`, [`select 'a\\';', "b\\";"`, 'select 2']],
    ['backticks have none', 'select `a\\`; select `b``;`', ['select `a\\`', 'select `b``;`']],
    ['a hash', 'select 1 # a;\n; select 2', ['select 1', 'select 2']],
    ['dashes without a blank', 'select 5--3; select 2', ['select 5--3', 'select 2']],
    ['dashes at the end', 'select 1;\n--', ['select 1']],
    ['comments do not nest', '/* a /* b */ select 1; select 2', ['select 1', 'select 2']],
    ['what it runs in comments', '/*!40101 SET NAMES utf8 */; select 1', ['/*!40101 SET NAMES utf8 */', 'select 1']],
    ['what MariaDB runs', `/*M!100100 select ';' */; select 1`, [`/*M!100100 select ';' */`, 'select 1']],
    ['a comment inside of that', '/*! select /* ; */ 1 */; select 2', ['/*! select /* ; */ 1 */', 'select 2']],
    ['hints', 'select /*+ BKA(a) */ 1; select 2', ['select /*+ BKA(a) */ 1', 'select 2']],
    ['a star before a comment', 'select 2*/* a */3; select 2', ['select 2*/* a */3', 'select 2']],
    ['DELIMITER', `delimiter //\n${trigger}//\nDELIMITER ;\nselect 1;`, [trigger, 'select 1']],
    [
      'DELIMITER with dollars',
      `DELIMITER $$\n${trigger}$$\nselect 1 $$ DELIMITER ;\nselect 2`,
      [trigger, 'select 1', 'select 2'],
    ],
    ['a delimiter in a string', `DELIMITER //\nselect '//'//\n-- //\nselect 2//`, [`select '//'`, 'select 2']],
    ['two semicolons', `DELIMITER ;;\n/*!50003 ${trigger} */;;\nDELIMITER ;\n`, [`/*!50003 ${trigger} */`]],
    ['a dump’s trigger', `/*!50003 ${trigger} */; select 1`, [`/*!50003 ${trigger} */`, 'select 1']],
    [
      'delimiter as a column',
      'create table a (\ndelimiter int); select 2',
      ['create table a (\ndelimiter int)', 'select 2'],
    ],
    [
      'programs of one statement',
      'create trigger t before insert on a for each row set new.b = 1; create function f() returns int return case when 1 then 2 end; create procedure p() select if(1, 2, repeat(3, 4)); select 2',
      [
        'create trigger t before insert on a for each row set new.b = 1',
        'create function f() returns int return case when 1 then 2 end',
        'create procedure p() select if(1, 2, repeat(3, 4))',
        'select 2',
      ],
    ],
    [
      'words of programs as names',
      'create table event (begin int, loop_ int, `while` int); create view v as select `begin` from event; alter table a add event int',
      [
        'create table event (begin int, loop_ int, `while` int)',
        'create view v as select `begin` from event',
        'alter table a add event int',
      ],
    ],
    ['NULL’s old name', 'select \\N; select 2', ['select \\N', 'select 2']],
    ['source as a name', 'select source from source; select 2', ['select source from source', 'select 2']],
  ])('%s', (_what, text, expected) => expect(sqlOf(text, dialect)).toEqual(expected))

  test.each([
    ['create procedure p() begin /*! select 1 */; end;', /stored program/],
    [`select 1;\n${trigger};`, /^Line 2: A stored program .* "DELIMITER/],
    ['create definer=`a`@`b` procedure p() begin select 1; end;', /stored program/],
    [
      'CREATE OR REPLACE DEFINER = a@b AGGREGATE FUNCTION f() RETURNS INT LOOP FETCH GROUP NEXT ROW; END LOOP;',
      /stored program/,
    ],
    ['create event e on schedule every 1 day do begin delete from a; end', /stored program/],
    ['create procedure p() if 1 then select 1; end if;', /stored program/],
    ['create procedure p() case when 1 then select 1; end case;', /stored program/],
    ['create procedure p() while 1 do select 1; end while;', /stored program/],
    ['create procedure p() repeat select 1; until 1 end repeat;', /stored program/],
    ['begin not atomic select 1; end', /stored program/],
    ['if 1 then select 1; end if', /stored program/],
    ['source other.sql', /^Line 1: SOURCE is a command for the mysql client/],
    ['select 1;\n\\. other.sql', /^Line 2: A backslash/],
    ['select 1\\G', /^Line 1: A backslash/],
    ['DELIMITER\nselect 1', /^Line 1: DELIMITER needs/],
    ['select 1;\n/*!40101 select 1;', /^Line 2: The comment/],
    ['select `a', /^Line 1: The quote/],
  ])('%j is refused', (text, words) => expect(() => splitSql(text, dialect)).toThrow(words))
})

describe('sqlite', () => {
  const dialect = 'sqlite'
  const trigger = `create trigger t after insert on a begin
    update a set b = case when c then 1 else 2 end; -- end;
    select 'end;'; end`
  test.each([
    ['a trigger', `${trigger}; select 2`, [trigger, 'select 2']],
    ['a trigger at the end', trigger, [trigger]],
    [
      'a temporary trigger',
      `create temp ${trigger.slice(7)}; select 2`,
      [`create temp ${trigger.slice(7)}`, 'select 2'],
    ],
    ['an explained trigger', `explain ${trigger}; select 2`, [`explain ${trigger}`, 'select 2']],
    [
      'comments before END',
      'create trigger t after insert on a begin select 1; /* ; */ end /* a */ ; select 2',
      ['create trigger t after insert on a begin select 1; /* ; */ end', 'select 2'],
    ],
    ['a table called trigger', 'create table trigger (a); select 2', ['create table trigger (a)', 'select 2']],
    ['brackets and backticks', 'select [a;b], `c;``d`; select 2', ['select [a;b], `c;``d`', 'select 2']],
    ['a backslash is a letter', `select 'a\\'; select 2`, [`select 'a\\'`, 'select 2']],
    ['comments do not nest', '/* a /* b */ select 1; select 2', ['select 1', 'select 2']],
    ['dashes without a blank', 'select 5--3;\n; select 2', ['select 5', 'select 2']],
  ])('%s', (_what, text, expected) => expect(sqlOf(text, dialect)).toEqual(expected))

  test.each([
    ['.read other.sql', /^Line 1: A line that begins with a dot/],
    ['select 1;\n.tables', /^Line 2: /],
    ['create trigger t after insert on a begin select 1; select 2;', /^Line 1: This trigger has no END/],
    ['select [a', /^Line 1: The bracket/],
  ])('%j is refused', (text, words) => expect(() => splitSql(text, dialect)).toThrow(words))
})

describe('transactions', () => {
  test.each([
    ...ALL.map((dialect) => [dialect, 'create table a (b int)', true] as const),
    ...ALL.map((dialect) => [dialect, '-- roster: no transaction\nselect 1', false] as const),
    ...ALL.map((dialect) => [dialect, '-- Adds it.\n\n/* Roster: no-transaction */ select 1', false] as const),
    ...ALL.map((dialect) => [dialect, '-- transaction: false\nselect 1', false] as const),
    ...ALL.map((dialect) => [dialect, 'select 1;\n-- transaction: false', true] as const),
    ...ALL.map((dialect) => [dialect, '-- transaction: false is not needed\nselect 1', true] as const),
    ...ALL.map((dialect) => [dialect, `select '\n-- transaction: false'`, true] as const),
    ['postgres', 'CREATE UNIQUE INDEX CONCURRENTLY a ON b (c)', false],
    ['postgres', 'select 1; create index /* x */ concurrently a on b (c)', false],
    ['postgres', 'drop index concurrently if exists a', false],
    ['postgres', 'create index a on b (c)', true],
    ['postgres', 'create index "concurrently" on b (c)', true],
    ['postgres', 'refresh materialized view concurrently a', true],
    ['postgres', 'reindex (verbose) table concurrently a', false],
    ['postgres', 'reindex table a', true],
    ['postgres', 'alter table a detach partition b concurrently', false],
    ['postgres', `alter type a add value 'b'`, true],
    ['postgres', 'vacuum', false],
    ['postgres', 'create database a', false],
    ['postgres', 'drop database if exists a', false],
    ['postgres', 'alter database a set timezone to utc', true],
    ['postgres', 'create tablespace a location $$/b$$', false],
    ['postgres', `alter system set work_mem = '1MB'`, false],
    ['postgres', 'select 1 -- vacuum', true],
    ['sqlite', 'vacuum', false],
    ['sqlite', `attach 'a' as b`, false],
    ['sqlite', 'pragma journal_mode = wal', false],
    ['sqlite', 'pragma main.journal_mode = wal', false],
    ['sqlite', 'pragma foreign_keys = off', true],
    ['mysql', 'create database a', true],
  ] as const)('%s: %j wants one: %s', (dialect, text, wants) => expect(wantsTransaction(text, dialect)).toBe(wants))

  test.each([
    ...ALL.flatMap((dialect) =>
      ['BEGIN', 'commit', 'ROLLBACK', 'begin /* a */ transaction'].map((sql) => [dialect, sql, true] as const),
    ),
    ...ALL.flatMap((dialect) =>
      ['savepoint a', 'release savepoint a', 'rollback to a', 'create table commit_log (a int)', `select 'commit'`].map(
        (sql) => [dialect, sql, false] as const,
      ),
    ),
    ['postgres', 'start transaction', true],
    ['postgres', 'end', true],
    ['postgres', 'abort', true],
    ['postgres', `prepare transaction 'a'`, true],
    ['postgres', 'rollback transaction to savepoint a', false],
    ['postgres', 'prepare a as select 1', false],
    ['postgres', 'do $$ begin null; end $$', false],
    ['mysql', 'start transaction', true],
    ['mysql', '/*!40000 COMMIT */', true],
    ['mysql', 'set autocommit = 0', true],
    ['mysql', 'SET SESSION autocommit=0', true],
    ['mysql', `xa start 'a'`, true],
    ['mysql', 'lock tables a write', true],
    ['mysql', 'rollback work to savepoint a', false],
    ['sqlite', 'begin immediate', true],
    ['sqlite', 'end transaction', true],
    ['sqlite', 'rollback transaction to a', false],
  ] as const)('%s: %j is a transaction of its own: %s', (dialect, sql, is) => {
    const expected = is ? { sql, line: 2 } : null
    expect(ownTransaction(`select 1;\n${sql}; select 2`, dialect)).toEqual(expected)
  })
})
