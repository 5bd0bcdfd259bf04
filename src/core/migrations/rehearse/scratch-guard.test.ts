// Which statements may be sent to a scratch schema: none that could reach the original, or the server.
import { expect, it } from 'vitest'
import { inScratch, withoutOtherSchemas } from './scratch-copy.ts'
import { leavesScratch } from './scratch-guard.ts'

const schemas = new Set(['shop', 'other', 'mysql', 'information_schema', '5days', 'with space'])
const refused = (sql: string) => leavesScratch(sql, schemas)

it.each([
  "create table t (id int primary key, a varchar(20) default 'shop.users')",
  'create table if not exists t like u',
  'alter table users add column phone varchar(20), rename to people',
  'alter table `users` add constraint a foreign key (b) references posts (id)',
  'create unique index i on users (email)',
  'create or replace algorithm=merge definer=`a`@`b` sql security invoker view v as select u.id from users u',
  'create definer=`a`@`b` trigger t before insert on users for each row begin set new.a = 1; end',
  'drop table if exists a, b',
  'rename table a to b, c to d',
  "insert into users (email) values ('a@shop.com'), (?)",
  'update users u join posts p on p.user_id = u.id set u.a = p.b',
  'select * from information_schema.tables where table_schema = database()',
  'select t.* from `users` as t -- shop.users',
  'set names utf8mb4',
  'set session foreign_key_checks = 0',
  "set @a = 'shop.users', sql_mode = default",
  'start transaction',
  'begin',
  'savepoint trx1',
  'rollback to savepoint trx1',
  'lock tables users write',
  'unlock tables',
  '(select 1) union (select 2)',
  'with a as (select 1) select * from a',
  'truncate users',
  'show columns from users',
])('sends %s', (sql) => {
  expect(refused(sql)).toBeNull()
})

it.each([
  ['alter table shop.users add x int', 'names the schema shop'],
  ['alter table SHOP . users add x int', 'names the schema SHOP'],
  ['alter table `shop`.`users` add x int', 'names the schema shop'],
  ['alter table shop/* */./* */users add x int', 'names the schema shop'],
  ['alter table shop -- x\n.users add x int', 'names the schema shop'],
  ['drop table "shop".users', 'names the schema shop'],
  ['drop table 5days.users', 'names the schema 5days'],
  ['drop table `with space`.users', 'names the schema with space'],
  ['drop table shop.5users', 'names the schema shop'],
  ['drop table a, shop.b', 'names the schema shop'],
  ['rename table a to shop.b', 'names the schema shop'],
  ['alter table a rename to other.b', 'names the schema other'],
  ['insert into t select * from shop.users', 'names the schema shop'],
  ['update t, shop.users u set u.a = 1', 'names the schema shop'],
  ['select shop.f()', 'names the schema shop'],
  ['create view v as select * from shop.users', 'names the schema shop'],
  ['create trigger t before insert on a for each row insert into shop.log values (1)', 'names the schema shop'],
  ['alter table a add foreign key (b) references shop.users (id)', 'names the schema shop'],
  ['update mysql.user set x = 1', 'names the schema mysql'],
  ['use shop', 'USE is not sent'],
  ['/* a */ use shop', 'USE is not sent'],
  ["prepare s from 'drop table shop.users'", 'PREPARE is not sent'],
  ["prepare s from concat('drop table sh', 'op.users')", 'PREPARE is not sent'],
  ['execute s', 'EXECUTE is not sent'],
  ["execute immediate concat('drop table sh', 'op.users')", 'EXECUTE is not sent'],
  ['begin not atomic execute immediate @a; end', 'a block of statements'],
  ['create procedure p() execute immediate @a', 'EXECUTE runs text'],
  ['call p()', 'CALL is not sent'],
  ['do sleep(1)', 'DO is not sent'],
  ['handler users open', 'HANDLER is not sent'],
  ['drop database shop', 'DROP DATABASE'],
  ['create schema x', 'CREATE SCHEMA'],
  ['alter database character set utf8mb4', 'ALTER DATABASE'],
  ['create user a', 'CREATE USER'],
  ['create event e on schedule every 1 day do delete from a', 'CREATE EVENT'],
  ['drop function f', 'DROP FUNCTION'],
  ["create function f returns string soname 'x.so'", 'loads a library'],
  ['grant all on *.* to a', 'GRANT is not sent'],
  ['set global max_connections = 1', 'SET GLOBAL'],
  ['set @@global.max_connections = 1', 'SET GLOBAL'],
  ['set session a = 1, persist b = 2', 'SET PERSIST'],
  ["set password = 'x'", 'SET PASSWORD'],
  ['set default role a', 'SET DEFAULT'],
  ['set statement max_statement_time = 1 for drop database shop', 'SET STATEMENT'],
  ['/*!50000 drop table shop.users */', 'a comment that the server may run'],
  ["/*!99999 ' */ drop table shop.users -- '", 'a comment that the server may run'],
  ['flush tables', 'FLUSH is not sent'],
  ['load data infile "x" into table users', 'LOAD is not sent'],
  ["select * from users into outfile '/tmp/x'", 'OUTFILE reaches files'],
  ["create table t (id int) engine=federated connection='mysql://x'", 'reach elsewhere'],
  ['select release_all_locks()', 'RELEASE_ALL_LOCKS'],
  ['rename user a to b', 'for the whole server'],
  ['lock instance for backup', 'for the whole server'],
  ['kill 3', 'KILL is not sent'],
  ['', 'what it sends is not sent'],
])('refuses %s', (sql, words) => {
  expect(refused(sql)).toContain(words)
})

it('copies a table without what leads to other schemas, and with its own sequences', () => {
  const told = `CREATE TABLE \`a\` (
  \`id\` int DEFAULT nextval(\`shop\`.\`s\`),
  \`note\` text DEFAULT '\`shop\`.\`s\`',
  CONSTRAINT \`x\` FOREIGN KEY (\`id\`) REFERENCES \`b\` (\`id\`),
  CONSTRAINT \`y\` FOREIGN KEY (\`id\`) REFERENCES \`other\`.\`c\` (\`id\`)
) ENGINE=InnoDB`
  expect(inScratch(withoutOtherSchemas(told), 'shop', 'scratch')).toBe(`CREATE TABLE \`a\` (
  \`id\` int DEFAULT nextval(\`scratch\`.\`s\`),
  \`note\` text DEFAULT '\`shop\`.\`s\`',
  CONSTRAINT \`x\` FOREIGN KEY (\`id\`) REFERENCES \`b\` (\`id\`)
) ENGINE=InnoDB`)
})
