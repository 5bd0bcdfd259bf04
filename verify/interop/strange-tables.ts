// Tables of strangers, as each engine lets people make them.
import type { Dialect } from '../../src/shared/profiles.ts'

interface More {
  /** How SQL names a table that Roster names otherwise. */
  sql?: Record<string, string>
  computed?: string[]
  encoding?: BufferEncoding
  undeletable?: string[]
}
export type Strange = [what: string, setup: string, more?: More]

const SQLITE: Strange[] = [
  [
    'names',
    `create table "Us""er.s" ("a.b" integer primary key, "select" text, "x y" text, "ü" text, "it's" text, "a?b" text, "C" text collate nocase, "[x]" text, "\`t\`" text);
    insert into "Us""er.s" values (1, 'a', '=1+1', '<b>x</b>', 'A', '?', 'ann', 'x', 'y'), (2, 'A', ' ', '', 'a ', ':a', 'ANN', null, 'y ');
    create table "main.t" (k text primary key, v text) without rowid; insert into "main.t" values ('a', 'x'), ('A', 'y'), ('a ', 'x ');
    create table "sqlitex" (k blob primary key, v); insert into "sqlitex" values (x'00', 1), (x'', 1.0), ('', '1'), (1, x'31');
    create table "😀" ("😀" integer primary key, "a\nb" text); insert into "😀" values (1, 'a'), (2, 'b');`,
  ],
  [
    'values',
    `create table v (id integer primary key, t text, i integer, r real, n numeric, b blob, x, d datetime, f boolean);
    insert into v values
      (1, 'plain', 1, 1.0, 1, x'00ff', 1, '2024-01-01 00:00:00.000000', 1),
      (-9223372036854775808, 'x' || char(0) || 'y', 9223372036854775807, -0.0, '1e400', x'', 1.0, '1969-12-31 23:59:59.999999', 0),
      (9007199254740993, '', 'text', 9e999, 0.1, 'text', '1', '9999-12-31 23:59:59.999999', 2),
      (5, null, x'31', 5e-324, '12345678901234567890', 5, x'31', 1705314030, 'T'),
      (6, cast(x'ff61' as text), 1.5, 'nan', null, cast(x'c328' as text), null, '', null),
      (7, '=cmd|x', -1, 1e15, '  5', 1.5, '1.0', cast(x'80' as text), '');
    create table flags (id integer primary key, active boolean, at datetime, on_day date);
    insert into flags values (1, 1, '2024-01-15 10:20:30.000000', '2024-01-15'), (2, 0, '0001-01-01 00:00:00.000000', '0000-00-00'), (3, null, null, null), (4, 1, '9999-12-31 23:59:59.999999', '9999-12-31');`,
  ],
  [
    'keys',
    `create table c (a text, b integer, c blob, v text, primary key (a, b, c)); insert into c values ('x', 1, x'00', 'a'), ('X', 1, x'00', 'b'), ('x', 1, '0', 'c'), (null, 1, x'', 'd');
    create table nocase (k text collate nocase primary key, v text); insert into nocase values ('a', 'x'), ('b', 'y'), ('é', 'z'), ('É', 'w');
    create table rt (k text collate rtrim primary key, v text); insert into rt values ('a ', 'x'), ('b', 'y');
    create table d (id integer primary key desc, v text); insert into d values (1, 'a'), (2, 'b');
    create table intk (id int primary key, v text); insert into intk values (1, 'a'), ('x', 'b'), (1.5, 'c'), (null, 'd');
    create table un (a text unique, b text not null unique, v text); insert into un values (null, 'x', 'a'), (null, 'y', 'b'), ('q', 'z', 'c');
    create table par (id integer primary key, e text, d int); create unique index par1 on par (e) where d is null; create unique index par2 on par (lower(e), d);
    insert into par values (1, 'a', null), (2, 'b', 1), (3, 'c', null), (4, 'd', 2);
    create table nokey (v text); insert into nokey values ('a');
    create table rowid_taken (rowid text, oid text, _rowid_ text, v text); insert into rowid_taken values ('a', 'b', 'c', 'd');
    create table realk (k real primary key, v text); insert into realk values (0.1, 'a'), (1e300, 'b'), (-0.0, 'c'), (5, 'd');`,
  ],
  [
    'strict',
    `create table s (id integer primary key, i int, r real, t text, b blob, a any) strict;
    insert into s values (1, 5, 5, 'x', x'00', '5'), (2, null, 0.1, '', x'', 5), (3, -1, 9e999, char(0), null, 5.0), (9223372036854775807, 0, -1, 'é', x'ff', x'35');
    create table w (a text, b int, v any, primary key (b, a)) strict, without rowid; insert into w values ('x', 1, 1), ('y', 1, 1.0), ('X', 2, '1');`,
  ],
  [
    'generated',
    `create table g (id integer primary key, e text, v text as (lower(e)) virtual, s text generated always as (upper(e)) stored, n int as (length(e)) unique);
    insert into g (e) values ('Ann'), ('Bobby'), ('C');
    create table gk (e text, k text generated always as (lower(e)) stored unique not null, v text); insert into gk (e, v) values ('Ann', 'x'), ('BOB', 'y');`,
  ],
  [
    'checks and triggers',
    `create table ch (id integer primary key, f boolean check (f in (0, 1)), e text check (length(e) < 5)); insert into ch values (1, 0, 'abcd'), (2, 1, ''), (3, null, null);
    create table tr (id integer primary key, e text, at text); create trigger tr1 after update of e on tr begin update tr set at = 'touched' where id = new.id; end; insert into tr values (1, 'a', 'x'), (2, 'b', 'y');
    create table fk (id integer primary key, up integer references fk(id) on delete cascade, n integer references ch(id)); insert into fk values (1, null, 1), (2, 1, 2), (3, 2, null);`,
    { computed: ['at'], undeletable: ['fk'] },
  ],
  [
    'utf16le',
    `pragma encoding = 'UTF-16le'; create table t (id integer primary key, v text, w text); insert into t values (1, 'añ😀', 'a'), (2, 'x' || char(0), ''), (3, null, cast(x'3dd84100' as text)), (4, char(0xfeff) || 'b', ' ');`,
    { encoding: 'utf16le' },
  ],
]

const POSTGRES: Strange[] = [
  [
    'names',
    `create schema "App Two"; create schema "a.b"; create table "Us""er.s" ("a.b" integer primary key, "select" text, "x y" text, "ü" text, "it's" text, "a?b" text, "C" text, "$1" text, "[oid]" text);
    insert into "Us""er.s" values (1, 'a', '=1+1', '<b>x</b>', 'A', '?', 'ann', 'x', 'y'), (2, 'A', ' ', '', 'a ', ':a', 'ANN', null, 'y ');
    create table "App Two"."user" (id bigint primary key, v text); insert into "App Two"."user" values (1, 'a'), (9007199254740993, 'b');
    create table "user" (id bigint primary key, w text); insert into "user" values (1, 'a'), (2, 'b');
    create table "a.b"."c.d" (id bigint primary key, w text); insert into "a.b"."c.d" values (1, 'a'), (2, 'b');
    create table "User" (id int primary key, w text); insert into "User" values (1, 'a'), (2, 'b');`,
    {
      sql: {
        'App Two.user': '"App Two"."user"',
        '"App Two".user': '"App Two"."user"',
        '"Us""er.s"': '"Us""er.s"',
        '"a.b"."c.d"': '"a.b"."c.d"',
      },
    },
  ],
  [
    'values',
    `create type mood as enum ('glad', 'it''s', 'A'); create type pair as (a int, b text); create domain mail as text check (value like '%@%'); create domain num as bigint;
    create table v (id bigint primary key, t text, n numeric, d double precision, r real, at timestamp, atz timestamptz, at0 timestamp(0), day date, tm time, tz timetz, iv interval, b bytea, f boolean, m mood, p pair, e mail, nn num, arr text[], ia int[], j json, jb jsonb, u uuid, c char(5), bt bit(3), ip inet, mo money, x xml, rg tstzrange);
    insert into v values
     (1, 'a', 1.0, 0.1, 0.1, '2024-01-15 10:20:30.000001', '2024-03-31 02:30:00+00', '2024-01-01', '2024-02-29', '24:00:00', '12:00:00+15:59', '1 year -2 mons', '\\x00ff', true, 'glad', '(1,"a b")', 'a@b', 9007199254740993, '{a,NULL,"NULL","a,b",""}', '{1,NULL}', '{"a":1, "a":2}', '{"b": 1.00}', '00000000-0000-0000-0000-000000000000', 'a', '101', '192.168.0.1/24', 1.5, '<a/>', '[2024-01-01,infinity)'),
     (9223372036854775807, '', 'NaN', 'Infinity', '-0', 'infinity', '-infinity', '0001-01-01 BC', '4713-01-01 BC', '00:00:00.000001', '00:00:00-15:59:59', '-178000000 years', '', false, 'it''s', '(,)', '@', -1, '{}', '{{1,2},{3,4}}', 'null', 'null', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '', '000', '::1', -92233720368547758.08, 'text', 'empty'),
     (-5, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null),
     (4, E'=1+1\\t\\r\\n', 1e-30, '-0', 'NaN', '294276-12-31 23:59:59.999999', '4713-01-01 00:00:00+00 BC', '1969-12-31 23:59:59', 'infinity', '23:59:59.999999', '00:00:00.000001+00', '00:00:00.000001', '\\x5c78', null, 'A', '(1,"")', '@ ', 0, array[E'\\n', '{'], '[0:1]={1,2}', '  {}', '1.0', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '  a', '111', '10.0.0.0/8', 0, '<?xml version="1.0"?><a/>', '(,)');`,
  ],
  [
    'keys',
    `create table c (a text, b date, c bytea, v text, primary key (a, b, c)); insert into c values ('x', '2024-01-01', '\\x00', 'a'), ('X', 'infinity', '\\x', 'b'), ('x ', '0001-01-01 BC', '\\x00', 'c');
    create table un (a text unique, b text not null unique, v text); insert into un values (null, 'x', 'a'), (null, 'y', 'b'), ('q', 'z', 'c');
    create table par (id int primary key, e text, d int); create unique index par1 on par (e) where d is null; create unique index par2 on par (lower(e), d); insert into par values (1, 'a', null), (2, 'b', 1), (3, 'c', null), (4, 'd', 2);
    create table nd (a int, b int, v text, unique nulls not distinct (a, b)); insert into nd values (null, 1, 'x'), (1, null, 'y');
    create table nokey (v text); insert into nokey values ('a'), ('a');
    create table ix (k text not null, v text); create unique index ixu on ix (k); insert into ix values ('a', 'x'), ('A', 'y');
    create table inc (k int not null, w int, v text, unique (k) include (w)); insert into inc values (1, 1, 'x'), (2, 2, 'y');
    create table defd (k int primary key deferrable initially deferred, v text); insert into defd values (1, 'x'), (2, 'y');
    create table ts (k timestamptz primary key, v text); insert into ts values ('2024-03-31 02:30:00.000001+02', 'x'), ('infinity', 'y'), ('0001-01-01 00:00:00+00 BC', 'z');
    create table nk (k numeric primary key, v text); insert into nk values (1.0, 'x'), (1e-20, 'y'), ('NaN', 'z');
    create table fk8 (k double precision primary key, v text); insert into fk8 values (0.1, 'x'), ('-0', 'y'), ('Infinity', 'z'), ('NaN', 'w');
    create table uk (k uuid primary key, v text); insert into uk values ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'x'), ('00000000-0000-0000-0000-000000000000', 'y');
    create table ck (k char(5) primary key, v text); insert into ck values ('a', 'x'), ('b    ', 'y');
    create table ak (k int[] primary key, v text); insert into ak values ('{1,2}', 'x'), ('{}', 'y');
    create table excl (id int primary key, r int4range, exclude using gist (r with &&)); insert into excl values (1, '[1,5)'), (2, '[5,9)');
    create collation ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    create table cik (k text collate ci primary key, e text collate ci unique, v text); insert into cik values ('a', 'Ann', 'x'), ('b', 'Bob', 'y'), ('é', 'c', 'z');`,
  ],
  [
    'generated',
    `create table g (id int generated always as identity primary key, e text, s text generated always as (upper(e)) stored unique); insert into g (e) values ('Ann'), ('bob');
    create table gd (id int generated by default as identity primary key, e text); insert into gd (e) values ('Ann'), ('bob');
    create table sp (id serial primary key, e text default 'x', at timestamptz default now()); insert into sp (e, at) values ('a', '2024-01-01'), ('b', null);
    create table ident (a int generated always as identity, k text primary key, v text); insert into ident (k, v) values ('x', 'a'), ('y', 'b');`,
  ],
  [
    'parts, heirs, triggers',
    `create table pt (id int, at date, v text, primary key (id, at)) partition by range (at); create table pt1 partition of pt for values from ('2024-01-01') to ('2025-01-01'); create table pt2 partition of pt default; insert into pt values (1, '2024-05-05', 'a'), (2, '2030-01-01', 'b'), (3, 'infinity', 'c');
    create table par (id int primary key, v text); create table kid (x int) inherits (par); insert into par values (1, 'a'); insert into kid values (1, 'b', 2);
    create table tr (id int primary key, e text, at text); create function f() returns trigger language plpgsql as 'begin new.at := ''touched''; return new; end'; create trigger t before update on tr for each row execute function f(); insert into tr values (1, 'a', 'x'), (2, 'b', 'y');
    create table lat (id int primary key, v text); create function g() returns trigger language plpgsql as 'begin update lat set v = upper(v) where id = new.id and v <> upper(v); return null; end'; create constraint trigger lt after update on lat deferrable initially deferred for each row execute function g(); insert into lat values (1, 'A'), (2, 'B');
    create table fk (id int primary key, up int references fk on delete cascade deferrable initially deferred, v text); insert into fk values (1, null, 'a'), (2, 1, 'b'), (3, 2, null);`,
    { computed: ['at'], undeletable: ['fk'] },
  ],
]

const MYSQL: Strange[] = [
  [
    'names',
    "create table `Us\"er.s` (`a.b` integer primary key, `select` varchar(20), `x y` varchar(20), `ü` varchar(20), `it's` varchar(20), `a?b` varchar(20), `b``t` varchar(20)); insert into `Us\"er.s` values (1, 'a', '=1+1', '<b>x</b>', 'A', '?', 'ann'), (2, 'A', ' ', '', 'a ', ':a', 'ANN'); create table `User` (id int primary key, v text); create table `user` (id int primary key, w text); insert into `User` values (1, 'a'), (2, 'b'); insert into `user` values (1, 'a'), (2, 'b')",
  ],
  [
    'values',
    `set sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO'; set time_zone = '+00:00';
    create table v (id bigint unsigned primary key, t text, n decimal(30,10), d double, f float, at datetime, at3 datetime(3), at6 datetime(6), ts timestamp null, ts6 timestamp(6) null, day date, tm time(6), y year, b1 bit(1), b8 bit(8), b64 bit(64), t1 tinyint(1), tu tinyint unsigned, bin binary(4), vb varbinary(10), bl blob, e enum('a','B','','it''s'), s set('x','y'), j json, z int(8) unsigned zerofill, c char(5), u uuid, ip inet6, pt point);
    insert into v values
     (18446744073709551615, 'a', 1.5, 0.1, 0.1, '0000-00-00', '2024-01-01 00:00:00.001', '9999-12-31 23:59:59.999999', '1970-01-01 00:00:01', '2038-01-19 03:14:07.999999', '0000-00-00', '-838:59:59.999999', 0, b'1', b'101', 18446744073709551615, 2, 255, 'a', 'a', 0x00ff, 'a', 'x,y', '{"a": 1.0, "a": 2}', 42, 'a', '00000000-0000-0000-0000-000000000001', '::1', point(1,2)),
     (0, '', 0, '-0', 3.3, '1000-01-01 00:00:00', '0000-00-00', '1969-12-31 23:59:59.000001', '0000-00-00', '2024-03-31 02:30:00.000001', '1000-01-01', '838:59:59.999999', 2155, b'0', b'0', 0, 0, 0, '', '', '', '', '', 'null', 0, '', '00000000-0000-0000-0000-000000000000', '::', point(-0.1, 1e300)),
     (9007199254740993, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null),
     (7, '=1+1\\0 ', -99999999999999999999.9999999999, 1.7976931348623157e308, 1234567.9, '2024-02-30 12:00:00', '9999-12-31 23:59:59.999', '2024-01-01', '2024-10-27 01:30:00', '2024-01-01', '2024-00-00', '00:00:00.000001', 1901, b'1', b'11111111', 9223372036854775808, -128, 1, 0x61000000, 0x00, repeat('x', 60), 'it''s', 'y', '[ ]', 99999999, '  a', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '2001:db8::1', point(0, 0));`,
  ],
  [
    'charsets',
    `create table cs (id int primary key, l1 varchar(20) character set latin1, l1b varchar(20) character set latin1 collate latin1_bin, u3 varchar(20) character set utf8mb3, uc varchar(20) character set ucs2, u16 varchar(20) character set utf16, u32 varchar(20) character set utf32, cp varchar(20) character set cp1251, sj varchar(20) character set sjis, asc_ varchar(20) character set ascii, bi varchar(20) character set binary, u4 varchar(20) character set utf8mb4, ub varchar(20) character set utf8mb4 collate utf8mb4_bin, k8 varchar(20) character set koi8r, gb varchar(20) character set gbk, b5 varchar(20) character set big5);
    insert into cs values (1, 'é€', 'É', 'é漢', 'é漢', '😀', '😀', 'Ж', 'あ', 'a', 'é', '😀', 'a ', 'Ж', '汉', '漢'), (2, 'e ', 'é', 'e', 'e', '🎉', '🎉', 'ж', 'a', 'A', 'E', '🎉', 'a', 'ж', 'a', 'a'), (3, unhex('81'), '', '', '', '', '', '', '', '', '', '', '', '', '', ''), (4, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    create table lk (k varchar(20) character set latin1 primary key, v varchar(20) character set utf16 unique); insert into lk values ('é', '😀'), ('a', 'b'), ('ß', 'c');
    create table uk (k varchar(20) character set utf8mb3 primary key, v varchar(20)) default charset latin1; insert into uk values ('é', 'a'), ('漢', 'b'), ('', 'c');
    create table gk (k varchar(20) character set utf8mb4 collate utf8mb4_general_ci primary key, v varchar(20)); insert into gk values ('😀', 'a'), ('e', 'b'), ('ß', 'c'), ('x ', 'd');`,
  ],
  [
    'keys',
    `create table c (a varchar(20), b date, c varbinary(10), v text, primary key (a, b, c)); insert into c values ('x', '2024-01-01', 0x00, 'a'), ('y', '1000-01-01', '', 'b'), ('x ', '2024-01-02', 0x00, 'c');
    create table un (a varchar(20) unique, b varchar(20) not null unique, v text); insert into un values (null, 'x', 'a'), (null, 'y', 'b'), ('q', 'z', 'c');
    create table nokey (v text); insert into nokey values ('a'), ('a');
    create table ts (k timestamp(6) primary key default current_timestamp(6), v text); insert into ts values ('2024-03-31 02:30:00.000001', 'x'), ('2038-01-19 03:14:07.999999', 'y');
    create table fk8 (k double primary key, v text); insert into fk8 values (0.1, 'x'), (1e300, 'z');
    create table f4 (k float primary key, v text); insert into f4 values (0.1, 'x'), (16777216, 'z');
    create table bk (k bit(8) primary key, v text); insert into bk values (b'101', 'x'), (b'0', 'z');
    create table b16 (k binary(16) primary key, v text); insert into b16 values (unhex('00112233445566778899aabbccddeeff'), 'x'), (unhex('ff'), 'z');
    create table dk (k decimal(10,2) primary key, v text); insert into dk values (0.1, 'x'), (-5, 'z');
    create table ek (k enum('b','a') primary key, v text); insert into ek values ('a', 'x'), ('b', 'z');
    create table uuidk (k uuid primary key, v text); insert into uuidk values ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'x'), ('00000000-0000-0000-0000-000000000001', 'z');
    create table tk (k text, v text, primary key (k(10))); insert into tk values ('a', 'x'), ('b', 'z');
    create table timek (k time(6) primary key, v text); insert into timek values ('-838:59:59.999999', 'x'), ('00:00:00', 'z');
    create table yk (k year primary key, v text); insert into yk values (1901, 'x'), (2155, 'z');`,
  ],
  [
    'generated',
    `create table g (id int auto_increment primary key, e varchar(50), s varchar(50) as (upper(e)) stored, v varchar(50) as (lower(e)) virtual unique); insert into g (e) values ('Ann'), ('bob');
    create table gk (e varchar(50), k varchar(50) as (lower(e)) stored unique, v text); insert into gk (e, v) values ('Ann', 'x'), ('BOB', 'y');
    create table ou (id int auto_increment primary key, e varchar(50), at timestamp default current_timestamp on update current_timestamp); insert into ou values (1, 'a', '2024-01-01'), (2, 'b', '2024-01-02');
    create table inv (id int primary key, e varchar(50), h int invisible default 5); insert into inv (id, e, h) values (1, 'a', 1), (2, 'b', 2);
    create table chk (id int primary key, f tinyint(1) check (f in (0, 1)), j json); insert into chk values (1, 0, '{}'), (2, 1, '[]'), (3, null, null);
    create table tr (id int primary key, e varchar(20), at varchar(20)); create trigger t before update on tr for each row set new.at = 'touched'; insert into tr values (1, 'a', 'x'), (2, 'b', 'y');`,
    { computed: ['at'], undeletable: ['fk'] },
  ],
]

export const STRANGE: Record<Dialect, Strange[]> = { sqlite: SQLITE, postgres: POSTGRES, mysql: MYSQL }
