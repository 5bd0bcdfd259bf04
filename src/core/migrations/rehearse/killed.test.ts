// Roster is killed in the middle of a rehearsal: what is in the database afterwards is what was there before.
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import Sqlite from 'better-sqlite3'
import { expect, it, vi } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import { makeFile, makeFolder } from '../../db/sqlite/sqlite.test-setup.ts'
import type { KilledRehearsal } from './killed.test-setup.ts'
import { databaseOn, rehearsing, step } from './rehearse.test-setup.ts'

/** Resolves once the process has sent the statement that holds `until`, and is killed. */
async function killDuring(work: Omit<KilledRehearsal, 'folder'>, until: string): Promise<{ lines: string[] }> {
  const entry = join(import.meta.dirname, 'killed.test-setup.ts')
  const folder = makeFolder()
  const child: ChildProcess = spawn(process.execPath, [entry, JSON.stringify({ ...work, folder })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  const lines: string[] = []
  if (!child.stdout) throw new Error('The process has no output.')
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (!line.includes(until)) continue
    // The statement is on its way; now it is at work.
    await new Promise((resolve) => setTimeout(resolve, 300))
    child.kill('SIGKILL')
    break
  }
  await gone
  expect(lines.some((line) => line.startsWith('ended'))).toBe(false)
  expect(lines.some((line) => line.includes(until))).toBe(true)
  return { lines }
}

it.each(['delete', 'wal'])(
  'on SQLite (%s)',
  async (journal) => {
    const file = makeFile(
      join(makeFolder(), 'a.db'),
      `pragma journal_mode = ${journal}; create table t (id integer primary key, a text); create view v as select 1;
     insert into t (a) with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)
       select hex(randomblob(300)) from n`,
    )
    const dump = () => {
      const database = new Sqlite(file)
      try {
        return [
          database.prepare('select * from sqlite_schema').all(),
          database.prepare('select count(*), sum(length(a)), max(a), min(a) from t').all(),
          database.pragma('integrity_check'),
        ]
      } finally {
        database.close()
      }
    }
    const before = dump()
    const long =
      'with recursive n(i) as (select 1 union all select i + 1 from n limit 100000000) select count(*) from n'
    // More than the cache holds, so that the file itself is written to.
    const { lines } = await killDuring(
      { file, statements: ['drop view v', "update t set a = a || 'x'", 'create table u as select * from t', long] },
      'with recursive',
    )
    // Its children end with the machine, or when they have answered; here they are killed as well, in the middle.
    for (const line of lines) {
      const pid = /^started (\d+)$/.exec(line)?.[1]
      try {
        if (pid) process.kill(Number(pid), 'SIGKILL')
      } catch {
        // It has ended by itself.
      }
    }
    await vi.waitFor(() => expect(dump()).toEqual(before), 5_000)
  },
  30_000,
)

describeWithPostgres('killed on PostgreSQL', (server) => {
  it('keeps nothing', async () => {
    await server().admin(
      'drop table if exists t; create table t (id int primary key); insert into t select generate_series(1, 100)',
    )
    const dump = async () => [
      await server().admin("select relname, xmin from pg_class where relnamespace = 'public'::regnamespace order by 1"),
      await server().admin('select count(*), sum(id), max(xmin::text) from t'),
    ]
    const before = await dump()
    await killDuring(
      {
        server: connection(server()),
        statements: ['alter table t add x int', 'delete from t', 'create table u (id int)', 'select pg_sleep(60)'],
      },
      'pg_sleep(60)',
    )
    // The table is free as soon as the server has seen that nobody is there.
    await vi.waitFor(() => server().admin("set lock_timeout = '100ms'; lock table t"), 15_000)
    expect(await dump()).toEqual(before)
  }, 60_000)
})

describeWithMariadb('killed on MariaDB', (server) => {
  it('leaves a scratch schema at most, which the next rehearsal drops', async () => {
    const shop = server().unique('killed')
    await server().admin(`drop database if exists ${shop}; create database ${shop}`)
    await server().admin('create table t (id int primary key); insert into t select seq from seq_1_to_100', shop)
    const dump = async () => [
      await server().admin('show create table t', shop),
      await server().admin('checksum table t', shop),
      await server().admin(
        `select table_name, create_time from information_schema.tables where table_schema = '${shop}'`,
      ),
    ]
    const before = await dump()
    const at = { ...connection(server()), database: shop }
    await killDuring(
      { server: at, statements: ['alter table t add x int', 'drop table t', 'select sleep(2)'] },
      'sleep(2)',
    )
    expect(await dump()).toEqual(before)
    const left = async () =>
      server().admin(`select schema_name from information_schema.schemata where schema_name like '${shop}\\_roster%'`)
    expect(await left()).toHaveLength(1)
    // The server sees that nobody is there when the statement has ended.
    const database = databaseOn(at)
    await vi.waitFor(async () => {
      const { logs } = await rehearsing(database, [step('001', ['alter table t add x int'])])
      expect(logs[0]).toMatch(/of tester@here at .*, was left by a rehearsal that did not end, and is dropped now\./)
    }, 15_000)
    await database.close()
    expect(await left()).toEqual([])
    expect(await dump()).toEqual(before)
    await server().admin(`drop database ${shop}`)
  }, 60_000)
})

function connection({ kind, host, port, user, password, database }: Parameters<typeof databaseOn>[0]) {
  return { kind, host, port, user, password, database }
}
