// What tables look like, asked of a real server; and how MySQL 8 says the same.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWithMariadb } from '../../../../scripts/servers/missing.ts'
import type { Link } from '../server/link.ts'
import type { Read } from '../server/server-dialect.ts'
import { kindOf, membersOf } from './column-kind.ts'
import { defaultText, productOf } from './flavour.ts'
import { mysql } from './mysql.ts'
import { linkTo, readOf, rowsOf } from './mysql.test-setup.ts'

describeWithMariadb('the tables of MariaDB', (server) => {
  let link: Link
  const describeIt = (table: string) => mysql.describeTable(readOf(link), table)
  beforeAll(async () => {
    await server().admin(`alter database \`${server().database}\` character set utf8mb4;
      create table users (id int auto_increment primary key, email varchar(255) not null unique, nick varchar(20) default 'it''s',
        active tinyint(1) default 1, flag bit(1) default b'1', made datetime(3) default current_timestamp(3), n decimal(10,2) default 1.50,
        double_n decimal(12,2) as (n * 2) stored, lower_mail varchar(255) as (lower(email)) virtual, about text default 'x', data json, plain longtext check (plain <> ''),
        kind enum('a','it''s'), tags set('x','y'), born year, born_on date, at time, seen timestamp null, raw varbinary(16), hidden int invisible,
        key by_made (made, n), key by_prefix (about(10)), fulltext key by_words (about), key unused (n) ignored, key by_tags (tags) using hash);
      create table no_key (a int not null, b int, unique key ab (a, b));
      create table by_unique (a int not null, b int not null, c int, unique key z (c), unique key ab (a, b));
      create table by_prefix (a text not null, unique key part (a(5)));
      create view Seen as select * from users;
      create table old (id int primary key) engine=MyISAM; create table aria (id int primary key) engine=Aria transactional=0;
      create table versioned (id int primary key) with system versioning; create sequence numbers;
      create table \`UPPER\` (\`Id\` int primary key); create table \`we\`\`ird "na.me" ?*\` (\`c\`\`o"l.u?m*n\` int, \`b c\` int primary key);
      create table 漢字 (ключ int primary key);
      create table orders (id int primary key, user_id int, foreign key (user_id) references users (id) on delete cascade);
      create table notes (id int primary key, user_id int, foreign key (user_id) references users (id) on delete set null);
      create table pays (a int, b int, constraint two foreign key (a, b) references by_unique (a, b));
      create database if not exists other; create table other.\`a.b\` (u int, foreign key (u) references \`${server().database}\`.users (id) on delete cascade)`)
    link = await linkTo(server())
  })
  afterAll(async () => {
    link.destroy()
    await server().admin('drop database other')
  })

  it('are listed by name, without what is no table', async () => {
    expect(await mysql.listTables(readOf(link))).toEqual([
      ...['aria', 'by_prefix', 'by_unique', 'notes', 'no_key', 'old', 'orders', 'pays'].map((name) => ({
        name,
        kind: 'table',
      })),
      { name: 'Seen', kind: 'view' },
      ...['UPPER', 'users', 'versioned', 'we`ird "na.me" ?*', '漢字'].map((name) => ({ name, kind: 'table' })),
    ])
  })

  it('have columns with types, kinds, defaults and lengths', async () => {
    const shape = await describeIt('users')
    const columns = Object.fromEntries((shape?.columns ?? []).map((column) => [column.name, column]))
    expect(columns.id).toEqual({
      name: 'id',
      type: 'int(11)',
      kind: 'integer',
      isNullable: false,
      default: null,
      keyPosition: 1,
      isAutomatic: true,
      isGenerated: false,
      maxLength: null,
      isIndexed: true,
    })
    expect(columns.email).toMatchObject({ isNullable: false, maxLength: 255, isIndexed: true, isAutomatic: false })
    const kinds = Object.values(columns).map(({ name, type, kind, default: byDefault }) => [
      name,
      type,
      kind,
      byDefault,
    ])
    expect(kinds).toEqual([
      ['id', 'int(11)', 'integer', null],
      ['email', 'varchar(255)', 'text', null],
      ['nick', 'varchar(20)', 'text', "'it''s'"],
      ['active', 'tinyint(1)', 'boolean', '1'],
      ['flag', 'bit(1)', 'boolean', "b'1'"],
      ['made', 'datetime(3)', 'datetime', 'current_timestamp(3)'],
      ['n', 'decimal(10,2)', 'decimal', '1.50'],
      ['double_n', 'decimal(12,2)', 'decimal', null],
      ['lower_mail', 'varchar(255)', 'text', null],
      ['about', 'text', 'text', "'x'"],
      ['data', 'json', 'text', null],
      ['plain', 'longtext', 'text', null],
      ['kind', "enum('a','it''s')", 'text', null],
      ['tags', "set('x','y')", 'text', null],
      ['born', 'year(4)', 'text', null],
      ['born_on', 'date', 'date', null],
      ['at', 'time', 'time', null],
      ['seen', 'timestamp', 'datetime', null],
      ['raw', 'varbinary(16)', 'binary', null],
      ['hidden', 'int(11)', 'integer', null],
    ])
    expect(
      Object.values(columns)
        .filter(({ isGenerated }) => isGenerated)
        .map(({ name, isAutomatic }) => [name, isAutomatic]),
    ).toEqual([
      ['double_n', true],
      ['lower_mail', true],
    ])
    expect(
      Object.values(columns)
        .filter(({ isIndexed }) => isIndexed)
        .map(({ name }) => name),
    ).toEqual(['id', 'email', 'made', 'tags'])
    expect([shape?.key, shape?.unique, shape?.readOnly]).toEqual([['id'], [['email']], null])
  })

  it('have the key that names a row, or none', async () => {
    const keyOf = async (table: string) => (await describeIt(table))?.key
    expect(await keyOf('no_key')).toEqual([])
    expect(await keyOf('by_unique')).toEqual(['a', 'b'])
    expect(await keyOf('by_prefix')).toEqual([])
    expect((await describeIt('by_unique'))?.unique).toEqual([['a', 'b'], ['c']])
    // Not: several columns together, a part of a column.
    expect((await describeIt('by_unique'))?.sortsAlone).toEqual(['c'])
    expect((await describeIt('by_prefix'))?.sortsAlone).toEqual([])
    expect((await describeIt('users'))?.sortsAlone).toEqual(['email', 'id'])
  })

  it('say why they cannot be changed', async () => {
    const why = async (table: string) => (await describeIt(table))?.readOnly ?? null
    expect(await why('Seen')).toContain('A view')
    expect(await why('old')).toContain('MyISAM, which has no transactions')
    expect(await why('aria')).toContain('Aria, which has no transactions')
    expect(await why('versioned')).toBeNull()
    expect(await why('users')).toBeNull()
  })

  it('have any name', async () => {
    const weird = await describeIt('we`ird "na.me" ?*')
    expect(weird?.name).toBe('we`ird "na.me" ?*')
    expect(weird?.columns.map(({ name }) => name)).toEqual(['c`o"l.u?m*n', 'b c'])
    expect(weird?.key).toEqual(['b c'])
    expect((await describeIt('漢字'))?.key).toEqual(['ключ'])
    expect((await describeIt('UPPER'))?.columns[0]?.name).toBe('Id')
    expect(await describeIt('upper')).toBeNull()
    expect(await describeIt('nowhere')).toBeNull()
    expect(await describeIt('numbers')).toBeNull()
    expect(await describeIt("'; drop table users; -- ")).toBeNull()
    expect(
      await rowsOf(link, `select count(*) from ${mysql.quote('we`ird "na.me" ?*')} where ? = ?`, [1n, 1n]),
    ).toEqual([[0n]])
  })

  it('know who points to them', async () => {
    expect(await mysql.listReferrers(readOf(link), 'users')).toEqual([
      { table: 'notes', columns: ['user_id'], pointsTo: ['id'], onDelete: 'set-null', rule: 'SET NULL' },
      { table: 'orders', columns: ['user_id'], pointsTo: ['id'], onDelete: 'delete', rule: 'CASCADE' },
      { table: '`other`.`a.b`', columns: ['u'], pointsTo: ['id'], onDelete: 'delete', rule: 'CASCADE' },
    ])
    expect(await mysql.listReferrers(readOf(link), 'by_unique')).toEqual([
      { table: 'pays', columns: ['a', 'b'], pointsTo: ['a', 'b'], onDelete: 'refuse', rule: 'RESTRICT' },
    ])
    expect(await mysql.listReferrers(readOf(link), 'nowhere')).toEqual([])
  })
})

describe('MySQL 8', () => {
  it('is named', () => {
    expect(productOf('8.4.0')).toBe('MySQL 8.4.0')
    expect(productOf('8.0.36-28-log')).toBe('MySQL 8.0.36')
    expect(productOf('10.11.19-MariaDB-0+deb12u1')).toBe('MariaDB 10.11.19')
    expect(productOf('5.5.5-10.11.19-MariaDB')).toBe('MariaDB 10.11.19')
  })

  it('spells types without widths, and one with', () => {
    expect(
      ['int', 'int unsigned', 'tinyint(1)', 'tinyint', 'bit(1)', 'year', 'vector(3)', 'geomcollection'].map(kindOf),
    ).toEqual(['integer', 'integer', 'boolean', 'integer', 'boolean', 'text', 'binary', 'other'])
    expect(membersOf("enum('a','it''s',',',')')")).toEqual(['a', "it's", ',', ')'])
  })

  it('tells defaults without quotes, and expressions apart', () => {
    expect(defaultText(false, "it's", '', 'varchar(20)')).toBe("'it''s'")
    expect(defaultText(false, '1', '', 'tinyint(1)')).toBe('1')
    expect(defaultText(false, '1', '', 'varchar(1)')).toBe("'1'")
    expect(defaultText(false, 'CURRENT_TIMESTAMP', 'DEFAULT_GENERATED', 'datetime')).toBe('CURRENT_TIMESTAMP')
    expect(defaultText(false, '(uuid())', 'DEFAULT_GENERATED', 'char(36)')).toBe('(uuid())')
    expect(defaultText(false, null, '', 'int')).toBeNull()
    expect(defaultText(true, 'NULL', '', 'int')).toBeNull()
  })

  it('is asked for what it has: no IGNORED, no JSON among the checks', async () => {
    const asked: string[] = []
    const read: Read = ({ sql }) => {
      asked.push(sql)
      const rows = sql.includes('lower_case')
        ? [['t', 'BASE TABLE', 'InnoDB', '8.4.0', 0n, 'YES']]
        : sql.includes('COLUMN_TYPE')
          ? [
              ['id', 'int', 'NO', null, 'auto_increment', '', null, 'select,update'],
              ['j', 'json', 'YES', null, '', '', null, 'select,update'],
              ['g', 'int', 'YES', null, 'VIRTUAL GENERATED', '(`id` + 1)', null, 'select,update'],
            ]
          : [['PRIMARY', 0n, 'id', null, 'BTREE', 'NO']]
      return Promise.resolve({ columns: [], rows })
    }
    const shape = await mysql.describeTable(read, 't')
    expect(shape).toMatchObject({
      key: ['id'],
      columns: [
        { name: 'id', kind: 'integer', isAutomatic: true, isIndexed: true },
        { name: 'j', type: 'json', kind: 'text' },
        { name: 'g', isGenerated: true },
      ],
    })
    expect(asked.join()).toContain('IS_VISIBLE')
    expect(asked.join()).not.toMatch(/\bIGNORED\b|CHECK_CONSTRAINTS/)
  })

  it('may find a name of another case, which is another table unless the server says otherwise', async () => {
    const found = (lowerCase: bigint) =>
      mysql.describeTable(
        ({ sql }) =>
          Promise.resolve({
            columns: [],
            rows: sql.includes('lower_case') ? [['T', 'BASE TABLE', 'InnoDB', '8.4.0', lowerCase, 'YES']] : [],
          }),
        't',
      )
    expect(await found(0n)).toBeNull()
    expect((await found(1n))?.name).toBe('T')
  })
})
