// Rehearsals on a real MariaDB, in a scratch schema: what they show, and that the original is never touched.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { describeWithMariadb } from '../../../../scripts/servers/missing.ts'
import type { ServerDatabase } from '../../db/server/server-database.ts'
import { databaseOn, never, openSchemaSession, rehearsing, step } from './rehearse.test-setup.ts'
import { readSnapshot } from './snapshot.ts'

const TABLES = `
  create sequence tickets;
  create table account (
    id int unsigned not null auto_increment primary key, email varchar(255) not null comment 'where to write',
    name varchar(20) collate utf8mb4_bin default 'a''b', born date, initial char(1) generated always as (left(name, 1)) stored,
    changed timestamp not null default current_timestamp on update current_timestamp, number int default nextval(tickets),
    unique account_email_unique (email), key account_born (born desc, name(5)), constraint positive check (number > 0));
  create table post (id bigint primary key, account_id int unsigned not null,
    constraint post_account foreign key (account_id) references account (id) on delete cascade);
  create view glad as select email from account where id > 1;
  create trigger touch before update on account for each row set new.name = 'x';
  create function f() returns int return 1;
  insert into account (email) select concat('p', seq) from seq_1_to_100;
  insert into post select id, id from account where id <= 50;
`

describeWithMariadb('rehearsing on MariaDB', (server) => {
  let database: ServerDatabase
  const shop = () => server().unique('shop')
  beforeEach(async () => {
    await dropScratchSchemas()
    await server().admin(`drop database if exists ${shop()}; create database ${shop()} character set utf8mb4`)
    await admin(TABLES)
    database = databaseOn({ ...server(), database: shop() })
  })
  afterEach(async () => {
    await database.close()
    await server().admin(`drop database ${shop()}`)
  })

  const admin = (sql: string) => server().admin(sql, shop())
  const scratchSchemas = async () =>
    (
      await server().admin(
        `select schema_name from information_schema.schemata where schema_name like '${shop()}\\_roster\\_%'`,
      )
    ).flat()
  async function dropScratchSchemas() {
    for (const name of await scratchSchemas()) await server().admin(`drop database \`${name ?? ''}\``)
  }
  const dump = async () => ({
    tables: await admin(`select table_name, table_type, create_time, update_time from information_schema.tables
      where table_schema = '${shop()}' order by 1`),
    account: await admin('show create table account'),
    post: await admin('show create table post'),
    rows: await admin('checksum table account, post'),
    sequence: await admin('select next_not_cached_value from tickets'),
    scratch: await scratchSchemas(),
  })

  it('shows the schema line by line', async () => {
    const session = await openSchemaSession(database, never)
    const { parts } = await readSnapshot(session)
    await session.close()
    expect(parts.map(({ kind, name, lines }) => [`${kind} ${name}`, ...lines])).toEqual([
      [
        'table account',
        'InnoDB, utf8mb4_general_ci',
        'id int(10) unsigned not null auto_increment',
        "email varchar(255) not null comment 'where to write'",
        "name varchar(20) collate utf8mb4_bin default 'a''b'",
        'born date',
        'initial char(1) generated always as (left(`name`,1)) stored',
        'changed timestamp not null default current_timestamp() on update current_timestamp()',
        `number int(11) default nextval(\`${shop()}\`.\`tickets\`)`,
        'primary key (id)',
        'unique account_email_unique (email)',
        'index account_born (born desc, name(5))',
        'check positive (`number` > 0)',
        "trigger touch before update set new.name = 'x'",
      ],
      [
        'view glad',
        "email varchar(255) not null comment 'where to write'",
        'select `account`.`email` AS `email` from `account` where `account`.`id` > 1',
      ],
      [
        'table post',
        'InnoDB, utf8mb4_general_ci',
        'id bigint(20) not null',
        'account_id int(10) unsigned not null',
        'primary key (id)',
        'index post_account (account_id)',
        'foreign key post_account (account_id) → account (id) on delete cascade',
      ],
      ['sequence tickets'],
      ['function f', 'function return 1'],
    ])
  })

  it('names five of the steps that work with rows, and counts the others', async () => {
    const steps = Array.from({ length: 7 }, (_, index) => step(`00${index + 1}`, ['delete from account where id = 0']))
    expect((await rehearsing(database, steps)).message).toMatch(
      /^7 steps rehearsed\. 001, 002, 003, 004, 005 and 2 other steps work with rows\. /,
    )
  })

  it('shows before and after without rows, and leaves original and server as they were', async () => {
    const before = await dump()
    const told = await rehearsing(database, [
      step('001', [
        'alter table account add column phone varchar(20)',
        'create index account_phone on account (phone)',
      ]),
      step('002', ['create table tag (id int)', "insert into account (email) values ('a')", 'drop table post']),
      step('003', ['start transaction', 'update account set name = 1', 'commit', 'select * from tag']),
    ])
    expect(await dump()).toEqual(before)
    expect(told.message).toBe(
      '3 steps rehearsed. 002, 003 work with rows. The scratch schema has none, so that this part was not tried. ' +
        `The schema ${shop()} itself is as before.`,
    )
    expect([told.outcome, told.steps]).toEqual(['done', ['001: done', '002: done', '003: done']])
    expect(told.changes.map(({ name, rowsBefore, rowsAfter }) => [name, rowsBefore, rowsAfter])).toEqual([
      ['account', null, null],
      ['post', null, null],
      ['tag', null, null],
    ])
    expect(told.changes[0]?.after.filter((line) => !told.changes[0]?.before.includes(line))).toEqual([
      'phone varchar(20)',
      'index account_phone (phone)',
    ])
    expect(told.changes[1]?.before.at(-1)).toBe(
      'foreign key post_account (account_id) → account (id) on delete cascade',
    )
    expect(told.logs.slice(0, 2)).toEqual([
      expect.stringMatching(
        /^3 tables made without rows in the scratch schema shop\w*_roster_rehearsal_[0-9a-f]{12}\.$/,
      ),
      'Left out there: view glad, trigger touch, function f.',
    ])
  })

  it('says which statement failed and why, and what a real run would keep', async () => {
    const before = await dump()
    const told = await rehearsing(database, [
      step('001', ['create table fine (id int)']),
      step('002', ['create table half (id int)', 'insert into nowhere values (1)']),
      step('003', ['select 1']),
    ])
    expect(await dump()).toEqual(before)
    expect(told.message).toMatch(
      /^002 failed: statement 2 \(insert into nowhere values \(1\)\): Table '.*nowhere' doesn't exist\. Before it, 1 step went well\. The step after it was left out\. What it had done before it failed is shown too: a real run would keep it\./,
    )
    expect(told.changes.map(({ name }) => name)).toEqual(['fine', 'half'])
    const view = await rehearsing(database, [step('001', ['drop view glad'])])
    expect(view.message).toMatch(/^001 failed: statement 1 .*The view glad was left out of the scratch schema\./)
  })

  it('holds on to no table of another schema', async () => {
    const other = server().unique('other')
    await server().admin(
      `drop database if exists ${other}; create database ${other}; create table ${other}.kind (id int primary key)`,
    )
    await admin(
      `alter table post add kind int, add constraint post_kind foreign key (kind) references ${other}.kind (id)`,
    )
    let keys: unknown = null
    const told = await rehearsing(database, [
      step('001', async (send) => {
        const [rows] = (await send(`select referenced_table_schema as s from information_schema.key_column_usage
          where table_schema = database() and referenced_table_name is not null`)) as [{ s: string }[]]
        keys = rows.map(({ s }) => s.includes('_roster_rehearsal_'))
      }),
    ])
    expect([told.outcome, keys]).toEqual(['done', [true]])
    await admin('alter table post drop foreign key post_kind')
    await server().admin(`drop database ${other}`)
  })

  it.each([
    ['a qualified name', ['drop table SHOP.post'], 'it names the schema'],
    ['another default schema', ['use SHOP', 'drop table post'], 'USE is not sent'],
    ['dynamic SQL', ["prepare s from 'drop table SHOP.post'", 'execute s'], 'PREPARE is not sent'],
    ['dynamic SQL at once', ["execute immediate concat('drop table ', 'SHOP', '.post')"], 'EXECUTE is not sent'],
    ['renaming into it', ['create table x (id int)', 'rename table x to SHOP.x'], 'it names the schema'],
    ['a procedure', ['call SHOP.p()'], 'it names the schema'],
    ['names in texts', ["set sql_mode = 'ANSI_QUOTES'", 'drop table "post"'], 'it sets sql_mode to ANSI_QUOTES'],
    [
      'a mode by hand',
      ["set @m = concat('ANSI_', 'QUOTES')", 'set sql_mode = @m', 'select 1'],
      'it sets sql_mode to ANSI_QUOTES',
    ],
    ['another character set', ['set names gbk', 'select 1'], 'it sets the character set gbk'],
  ])('refuses %s, and goes no further', async (_what, statements, words) => {
    const before = await dump()
    const told = await rehearsing(database, [
      step('001', async (send) => {
        // A step that goes on after the refusal.
        for (const sql of statements) await send(sql.replaceAll('SHOP', shop())).catch(() => undefined)
        await send('drop table post').catch(() => undefined)
      }),
      step('002', ['select 1']),
    ])
    expect(await dump()).toEqual(before)
    expect(told.message).toContain(`001 was not rehearsed: ${words}`)
    expect([told.outcome, told.steps]).toEqual(['done', ['001: left-out', '002: left-out']])
    expect(told.changes.map(({ name }) => name)).not.toContain('post')
  })

  it('shouts when the original differs afterwards', async () => {
    const told = await rehearsing(database, [
      step('001', async (send) => {
        await send('select 1')
        await admin('alter table post add x int')
      }),
    ])
    expect(told.outcome).toBe('failed')
    expect(told.message).toMatch(
      /^LOOK AT THE DATABASE: shop\w* itself is not as it was before the rehearsal\. These differ: post\./,
    )
  })

  it('needs the right to make a schema, says what to grant, and that is enough', async () => {
    const user = server().unique('only')
    await server().admin(`create user ${user}@'%' identified by 'only-secret'; grant all on ${shop()}.* to ${user}@'%'`)
    const limited = databaseOn({ ...server(), database: shop(), user, password: 'only-secret' })
    try {
      const told = await rehearsing(limited, [step('001', ['create table t (id int)'])])
      expect(told.outcome).toBe('failed')
      expect(told.message).toMatch(/may not make the schema shop\w*_roster_rehearsal_\w+, .* Nothing was changed\./)
      const grant = /GRANT .*;$/.exec(told.message)?.[0] ?? ''
      await server().admin(grant)
      await limited.close()
      const again = databaseOn({ ...server(), database: shop(), user, password: 'only-secret' })
      const allowed = await rehearsing(again, [step('001', ['create table t (id int)'])])
      await again.close()
      expect([allowed.outcome, allowed.changes.map(({ name }) => name)]).toEqual(['done', ['t']])
    } finally {
      await limited.close()
      await server().admin(`drop user ${user}@'%'`)
    }
  })

  it('can be cancelled at any moment: the statement ends, and the scratch schema goes', async () => {
    const before = await dump()
    const abort = new AbortController()
    const began = performance.now()
    const told = await rehearsing(database, [step('001', ['create table a (id int)', 'select sleep(30)'])], {
      signal: abort.signal,
      onEvent: (event) => {
        if (event.kind === 'log' && event.text.includes('sleep')) setTimeout(() => abort.abort(new Error('stop')), 100)
      },
    })
    expect(performance.now() - began).toBeLessThan(8_000)
    expect([told.outcome, told.message]).toEqual(['cancelled', `Cancelled. The schema ${shop()} itself is as before.`])
    await vi.waitFor(async () =>
      expect(
        await admin(
          "select count(*) from information_schema.processlist where info like '%sleep(30)%' and id <> connection_id()",
        ),
      ).toEqual([['0']]),
    )
    expect(await dump()).toEqual(before)
  })

  describe('finds what a killed rehearsal left', () => {
    const name = (random: string) => `${shop()}_roster_rehearsal_${random}`
    const mark = (of: string) =>
      `create table roster_rehearsal_mark (of_schema varchar(64), person varchar(255), started_at varchar(30));
       insert into roster_rehearsal_mark values ('${of}', 'ada@her-machine', '2026-01-01T00:00:00Z'); create table account (id int)`

    it('and drops what is proven to be its own and in nobody’s use', async () => {
      const [ours, empty, others, plain, busy] = ['a', 'b', 'c', 'd', 'e'].map((letter) => name(letter.repeat(12))) as [
        string,
        string,
        string,
        string,
        string,
      ]
      for (const one of [ours, empty, others, plain, busy, name('not-of-roster')])
        await server().admin(`create database \`${one}\``)
      await server().admin(mark(shop()), ours)
      await server().admin(mark('another'), others)
      await server().admin('create table precious (id int)', plain)
      await server().admin(mark(shop()), busy)
      const holder = await openSchemaSession(databaseOn({ ...server(), database: shop() }), never)
      await holder.ask('select get_lock(?, 0)', [busy])
      const told = await rehearsing(database, [step('001', ['select 1'])])
      await holder.close()
      expect((await scratchSchemas()).sort()).toEqual([others, plain, busy, name('not-of-roster')])
      expect(told.logs).toContain(
        `The scratch schema ${ours}, of ada@her-machine at 2026-01-01T00:00:00Z, was left by a rehearsal that did not end, and is dropped now.`,
      )
      expect(told.logs.filter((text) => text.includes('was left alone')).length).toBe(3)
    })
  })

  it('reads 1,000 tables in well under 2 s', async () => {
    await admin(
      Array.from(
        { length: 1000 },
        (_, n) => `create table t${n} (id int primary key, a varchar(20) not null default 'x',
      b int unsigned, unique u (a, b), key c (b), constraint fk${n} foreign key (b) references account (id))`,
      ).join(';'),
    )
    const session = await openSchemaSession(database, never)
    const began = performance.now()
    const { parts } = await readSnapshot(session)
    const took = performance.now() - began
    await session.close()
    console.log(`MariaDB: ${parts.length} parts read in ${Math.round(took)} ms`)
    expect(took).toBeLessThan(2_000)
  }, 180_000)
})
