// A save is told as it is, whatever happens to its COMMIT: never "saved" when it is not, never "not saved" when it is, and an
// outcome that is not known is called so until it was found out. Nothing is saved twice, and what was acknowledged stays.
import { ORPCError } from '@orpc/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Change, SaveOutcome } from '../../shared/tables.ts'
import { inTransaction } from '../db/transaction.ts'
import { describeOnEachEngine, type Engine } from './engines.test-setup.ts'
import { openFaulty, type AtCommit, type Faulty } from './save-faults.test-setup.ts'

const IS_FULL = process.env.VERIFY === 'full'
/** Over all engines at least 60, and 1,000 in full. */
const TIMES = IS_FULL ? { sqlite: 300, postgres: 350, mysql: 350 } : { sqlite: 24, postgres: 24, mysql: 24 }

type Fault = AtCommit | 'deferred-key' | 'swallowed' | 'deadlock' | 'lock-timeout'
/** What a person is told in the end. */
type Told = 'saved' | 'saved after a look' | 'not saved after a look' | 'refused' | 'unknown'

/** How often each of a round of faults comes; the slow ones seldom. */
const ROUND: Record<Engine['dialect'], Partial<Record<Fault, number>>> = {
  sqlite: { undelivered: 4, 'lost-reply': 6, 'killed-while': 8, 'deferred-key': 3, swallowed: 3 },
  postgres: {
    ...{
      midway: 2,
      undelivered: 3,
      'lost-reply': 5,
      'killed-before': 1,
      'killed-while': 4,
      'deferred-key': 2,
      swallowed: 2,
    },
    ...{ deadlock: 1, 'server-killed': 1, unreachable: 1, 'unreachable-undelivered': 1, 'lock-timeout': 1 },
  },
  mysql: {
    ...{ midway: 2, undelivered: 4, 'lost-reply': 5, 'killed-before': 2, 'killed-while': 4, swallowed: 2 },
    ...{ deadlock: 1, 'server-killed': 1, unreachable: 1, 'unreachable-undelivered': 1, 'lock-timeout': 1 },
  },
}
/** In full, at most this many of what takes seconds. */
const SLOW: Partial<Record<Fault, number>> = { 'lock-timeout': 3, 'server-killed': 12 }

const never = new AbortController().signal

describeOnEachEngine(
  'saves that are disturbed',
  (engine) => {
    const times = TIMES[engine.dialect]
    let faulty: Faulty

    beforeAll(async () => {
      faulty = await openFaulty(engine, setup(engine, times))
    }, 120_000)
    afterAll(() => faulty.close())

    const sql = async (text: string) => (await faulty.opened.sql(text))[0] ?? []
    const changesOf = (i: number): Change[] => [
      { kind: 'update', id: `a${i}`, key: [BigInt(3 * i + 1)], original: { v: 'old' }, values: { v: `new ${i}` } },
      { kind: 'update', id: `b${i}`, key: [BigInt(3 * i + 2)], original: { v: 'old' }, values: { v: `new ${i}` } },
      { kind: 'delete', id: `c${i}`, key: [BigInt(3 * i + 3)], original: { v: 'old' } },
      // No column names this row: that it is not saved twice is up to Roster.
      { kind: 'insert', id: `new ${i}`, values: { v: `added ${i}` } },
    ]
    const save = (changes: Change[], table = 'item') =>
      faulty.opened.api.tables.save({ profileId: faulty.opened.profileId, table, changes })

    /** What the database holds of a save, asked past Roster: `all`, `none`, or what it is instead. */
    async function truth(i: number): Promise<string> {
      const found =
        await sql(`select (select v from item where id = ${3 * i + 1}), (select v from item where id = ${3 * i + 2}),
        (select count(*) from item where id = ${3 * i + 3}), (select count(*) from item where v = 'added ${i}')`)
      const text = found.join(', ')
      if (text === `new ${i}, new ${i}, 0, 1`) return 'all'
      return text === 'old, old, 1, 0' ? 'none' : `torn: ${text}`
    }

    async function tell(changes: Change[], table?: string): Promise<Told> {
      try {
        return (await save(changes, table)).interrupted ? 'saved after a look' : 'saved'
      } catch (error) {
        if (!(error instanceof ORPCError)) throw error
        if (error.code === 'OUTCOME_UNKNOWN') return 'unknown'
        if (error.code !== 'INTERRUPTED') return 'refused'
        const { found } = error.data as SaveOutcome
        if (found > 0) throw new Error(`Found in part: ${JSON.stringify(error.data)}`, { cause: error })
        return 'not saved after a look'
      }
    }

    /** Looks again on request, as the dialog does. */
    async function lookAgain(changes: Change[]): Promise<Told> {
      const { profileId, api } = faulty.opened
      const { found, of } = await api.tables.outcome({ profileId, table: 'item', changes })
      if (found !== 0 && found !== of) throw new Error(`Found in part: ${found} of ${of}`)
      return found === of ? 'saved after a look' : 'not saved after a look'
    }

    async function disturbed(fault: Fault, i: number, changes: Change[]): Promise<Told> {
      switch (fault) {
        case 'deferred-key':
          return tell([{ kind: 'insert', id: `child ${i}`, values: { parent: BigInt(i) } }], 'child')
        case 'swallowed':
          return swallowed(i)
        case 'deadlock':
        case 'lock-timeout': {
          const other = faulty.opened.sql(rival(engine, fault, i)).catch(() => undefined)
          await new Promise((resolve) => setTimeout(resolve, 150))
          const told = await tell(changes)
          await other
          return told
        }
        case 'unreachable':
        case 'unreachable-undelivered': {
          faulty.arm(fault)
          const telling = tell(changes)
          await untilWaiting(faulty)
          await faulty.opened.api.connections.cancel({ profileId: faulty.opened.profileId })
          return telling
        }
        default:
          faulty.arm(fault)
          return tell(changes)
      }
    }

    /** A statement fails, and the work goes on as if nothing had happened. */
    async function swallowed(i: number): Promise<Told> {
      const { database } = faulty.opened
      const update = `update item set v = 'new ${i}' where id = ${3 * i + 1}`
      return inTransaction(database, never, async (session) => {
        await session.run({ sql: update, values: [] })
        await session.run({ sql: 'insert into child (id, parent) values (1, 1)', values: [] }).catch(() => undefined)
      }).then(
        () => 'saved' as const,
        () => 'refused' as const,
      )
    }

    it(`are told as they are (${times} times)`, async () => {
      const report: Record<string, number> = {}
      const wrong: string[] = []
      const faults = faultsOf(engine, times)
      for (const [i, fault] of faults.entries()) {
        const changes = changesOf(i)
        let told = await disturbed(fault, i, changes)
        await faulty.settled()
        count(report, `${fault}: ${told}`)
        if (told === 'unknown') {
          await faulty.reach?.()
          told = await lookAgain(changes)
          count(report, `${fault}: unknown, resolved`)
        }
        const isToldSaved = told === 'saved' || told === 'saved after a look'
        const found = fault === 'deferred-key' ? await childTruth() : await truth(i)
        if (found !== (isToldSaved ? 'all' : 'none')) wrong.push(`${i} ${fault}: told ${told}, found ${found}`)
        // Saving again writes what is missing, and nothing twice.
        const again = await tell(changes)
        if (isToldSaved !== (again === 'saved after a look') || (await truth(i)) !== 'all') {
          wrong.push(`${i} ${fault}: told ${told}, then ${again}, found ${await truth(i)}`)
        }
      }
      console.log(`FIGURE ${engine.dialect}: ${faults.length} commit-time faults ${JSON.stringify(report)}`)
      expect(wrong).toEqual([])
      // What was acknowledged is there, also after servers and processes that were killed since.
      const lost = []
      for (const [i] of faults.entries()) if ((await truth(i)) !== 'all') lost.push(i)
      expect(lost, `of ${faults.length} acknowledged saves`).toEqual([])
    }, 1_800_000)

    async function childTruth(): Promise<'all' | 'none'> {
      return (await sql('select count(*) from child where id > 1'))[0] === '0' ? 'none' : 'all'
    }
  },
  { own: true, settings: { postgres: { deadlock_timeout: '100ms' }, mysql: {} } },
)

function count(report: Record<string, number>, what: string): void {
  report[what] = (report[what] ?? 0) + 1
}

function faultsOf(engine: Engine, times: number): Fault[] {
  const round = Object.entries(ROUND[engine.dialect]).flatMap(([fault, often]) =>
    Array.from({ length: often }, () => fault as Fault),
  )
  const faults: Fault[] = []
  const taken: Partial<Record<Fault, number>> = {}
  // The same order in every run: a step that shares no factor with the length meets each of the round.
  const step = [7, 11, 13, 5, 3].find((candidate) => round.length % candidate !== 0) ?? 1
  for (let place = 0; faults.length < times; place++) {
    const fault = round[(place * step) % round.length] as Fault
    taken[fault] = (taken[fault] ?? 0) + 1
    if ((taken[fault] ?? 0) <= (SLOW[fault] ?? Infinity)) faults.push(fault)
  }
  return faults
}

function setup(engine: Engine, times: number): string {
  const rows = `insert into item (id, v) ${engine.pick({
    sqlite: `with recursive s(n) as (select 1 union all select n + 1 from s where n < ${3 * times}) select n, 'old' from s`,
    postgres: `select n, 'old' from generate_series(1, ${3 * times}) n`,
    mysql: `select seq, 'old' from seq_1_to_${3 * times}`,
  })};`
  const deferred = 'parent integer references parent (id) deferrable initially deferred'
  return engine.pick({
    sqlite: `create table item (id integer primary key, v text); create table parent (id integer primary key);
      create table child (id integer primary key, ${deferred}); ${rows}
      insert into parent values (-1); insert into child values (1, -1);`,
    postgres: `create table item (id serial primary key, v text); create table parent (id integer primary key);
      create table child (id serial primary key, ${deferred}); ${rows}
      insert into parent values (-1); insert into child values (1, -1); alter sequence child_id_seq restart with 2;
      select setval('item_id_seq', ${3 * times});`,
    mysql: `create table item (id int primary key auto_increment, v varchar(50)); create table parent (id int primary key);
      create table child (id int primary key auto_increment, parent int); ${rows}
      insert into child values (1, -1);`,
  })
}

/** Another session: it takes the second row, and then the first, which the save has by then; or it keeps a row for 6 s. */
function rival(engine: Engine, fault: 'deadlock' | 'lock-timeout', i: number): string {
  const [first, second] = [3 * i + 1, 3 * i + 2]
  const touch = (id: number) => `update item set v = 'old' where id = ${id} and v = 'old';`
  const sleep = (seconds: number) =>
    engine.pick({ sqlite: '', postgres: `select pg_sleep(${seconds});`, mysql: `do sleep(${seconds});` })
  // MariaDB keeps no lock for an update that changes nothing, unless it is asked to.
  const lock = (id: number) =>
    engine.dialect === 'mysql' ? `select v from item where id = ${id} for update;` : touch(id)
  return fault === 'deadlock'
    ? `begin; ${lock(second)} ${sleep(0.4)} ${lock(first)} commit;`
    : `begin; ${lock(second)} ${sleep(6)} commit;`
}

async function untilWaiting({ opened }: Faulty): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (opened.core.databases.connection(opened.profileId).state.state === 'waiting') return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('The loss of the connection was not noticed within 10 s.')
}
