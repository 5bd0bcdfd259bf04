// Held to the engines themselves: each statement goes out alone, by a protocol that takes no second one, and does what it should.
import { createConnection, type Connection } from 'mysql2/promise'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import { splitSql, wantsTransaction } from './split-sql.ts'

describeWithPostgres('SQL split for PostgreSQL', (server) => {
  let client: pg.Client
  beforeEach(async () => {
    const { host, port, user, password, database } = server()
    client = new pg.Client({ host, port, user, password, database, ssl: false })
    await client.connect()
    await client.query('create schema split_sql; set search_path to split_sql')
  })
  afterEach(async () => {
    await client.query('rollback')
    await client.query('drop schema split_sql cascade')
    await client.end()
  })
  /** The extended protocol refuses two statements in one text. */
  const send = async (text: string) => {
    const values: unknown[] = []
    for (const { sql } of splitSql(text, 'postgres')) {
      // The types of pg do not know the mode yet.
      const query = { text: sql, rowMode: 'array' as const, queryMode: 'extended' }
      const { rows } = await client.query<unknown[]>(query)
      values.push(...rows.flat())
    }
    return values
  }

  test('the protocol refuses what was not split', async () => {
    const query = { text: 'select 1; select 2', queryMode: 'extended' }
    await expect(client.query(query)).rejects.toThrow(/multiple commands/)
  })

  test('its quotes, comments, rules and functions', async () => {
    const values = await send(`
      create table a (b text); create table c (d text);
      create rule r as on insert to a do also (insert into c values (new.b || ';'); delete from c where d = ';');
      insert into a values ('x');
      create function f() returns int begin atomic select case when true then 1 end; select case 2 when 2 then 7 end; end;
      create or replace procedure p() language sql begin atomic insert into c values (';'); end;
      call p();
      do $a$ begin perform ';'; execute $$select ';'$$; end; $a$;
      select d from c order by d desc; /* a /* ; */ ; */
      select f(); -- ;
      select 'a\\', E'b\\';', e'c' -- x
        '\\';', U&'\\0041', $$;'$$;
      select 1 as "x;""y"; select 5--3;
      ;`)
    expect(values).toEqual(['x;', ';', 7, 'a\\', `b';`, `c';`, 'A', `;'`, 1, 5])
  })

  test('what it refuses inside of a transaction, and nothing else, wants none', async () => {
    await client.query(`create table a (b int); create index i on a (b); create type t as enum ('x')`)
    await client.query(`create table p (b int) partition by list (b); create table q partition of p for values in (1)`)
    for (const sql of [
      'create index concurrently j on a (b)',
      'drop index concurrently i',
      'reindex table concurrently a',
      'reindex (verbose) schema split_sql',
      'alter table p detach partition q concurrently',
      'vacuum',
      'vacuum (analyze) a',
      'cluster',
      'create database split_sql_never',
      'drop database split_sql_never',
      `alter system set work_mem = '1MB'`,
      'discard all',
      // What it takes.
      `alter type t add value 'y'`,
      'analyze a',
      'cluster a using i',
      'reindex table a',
      'truncate a',
      'create index k on a (b)',
      'alter table p detach partition q',
    ]) {
      await client.query('begin')
      const refusal = await client.query(sql).then(
        () => '',
        (error: unknown) => String(error),
      )
      await client.query('rollback')
      const isRefused = /cannot (run inside|be executed|run) .*transaction block/i.test(refusal)
      expect([sql, isRefused ? '' : refusal, wantsTransaction(sql, 'postgres')]).toEqual([sql, '', !isRefused])
    }
  })
})

describeWithMariadb('SQL split for MariaDB', (server) => {
  let connection: Connection
  beforeEach(async () => {
    const { host, port, user, password } = server()
    connection = await createConnection({ host, port, user, password, multipleStatements: false })
    await connection.query('drop database if exists split_sql')
    await connection.query('create database split_sql')
    await connection.query('use split_sql')
  })
  afterEach(async () => {
    await connection.query('drop database split_sql')
    await connection.end()
  })
  const send = async (text: string) => {
    const values: unknown[] = []
    for (const { sql } of splitSql(text, 'mysql')) {
      const [rows] = await connection.query({ sql, rowsAsArray: true })
      if (Array.isArray(rows)) values.push(...rows.flat())
    }
    return values
  }

  test('its quotes, comments and programs', async () => {
    const values = await send(`
      create table a (b varchar(20)) # ;
      ;
      create trigger one before insert on a for each row set new.b = concat(new.b, ';');
DELIMITER //
      create procedure p() begin declare n int default 0; while n < 2 do insert into a values ('p'); set n = n + 1; end while; end//
      create function f() returns int begin if true then return 7; end if; return 8; end //
DELIMITER ;
      call p();
      /*!50003 create trigger two before delete on a for each row begin set @x = ';'; set @y = old.b; end */;
      delete from a limit 1;
      select b, @x, @y from a; -- ;
      select f();
      select 'a\\';', "b\\"", \`c;\` from (select 1 as \`c;\`) t;
      select 5--3;
      select 2*/* ; */3;
      select /*! 1 + */ 1;
      select /*M!100000 ';', */ 1;
      --`)
    expect(values).toEqual(['p;', ';', 'p;', 7, `a';`, 'b"', 1, 8, 6, 2, ';', 1])
  })

  test('a program whose end cannot be told would have been cut, which it refuses', async () => {
    const program = 'create procedure p() begin select 1; end;'
    expect(() => splitSql(program, 'mysql')).toThrow(/DELIMITER/)
    await expect(connection.query('create procedure p() begin select 1')).rejects.toThrow(/syntax/)
  })
})
