// Migrations on a real Galera cluster of three nodes: one run at a time on all of them, what frees its lock and what does not,
// and what a plan says of it.
import { fork, type ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import type { GaleraNode } from '../../../scripts/servers/galera.ts'
import { describeWithGalera } from '../../../scripts/servers/missing.ts'
import type { Database } from '../db/database.ts'
import type { Hold } from './run/holder.test-setup.ts'
import { planTest, step as planned } from './plan/plan.test-setup.ts'
import { rehearse } from './rehearse/rehearse.ts'
import { readHistory } from './run/history.ts'
import { LockLost } from './run/lock-lost.ts'
import { LOCK_TABLE, makeLockRow } from './run/lock-row.ts'
import { readLock, takeLock, type LockOptions } from './run/lock.ts'
import { repairLock } from './run/mark.ts'
import { openJournal } from './run/open-journal.ts'
import { databaseOn, empty, never, projectOf, run, sends, stateOf, statesOf, step } from './run/run.test-setup.ts'
import { openSchemaSession } from './run/schema-session.ts'
import { SLEEPS, sleeperSteps } from './run/sleeper-steps.test-setup.ts'
import { together } from './run/together.ts'

const noted = (number: number) => `insert into tally (step) values (${number})`
const steps = [1, 2, 3].map((number) =>
  step(`00${number}-step.ts`, sends(`create table t${number} (id int primary key)`, noted(number))),
)
/** Milliseconds; longer than it takes to see a beat is not needed where nobody beats. */
const WATCH = 300

describeWithGalera('migrations on a Galera cluster', (cluster) => {
  let nodes: readonly GaleraNode[]
  const node = (number: number): GaleraNode => {
    const found = nodes[number - 1]
    if (!found) throw new Error(`There is no node ${number}.`)
    return found
  }
  const sql = (text: string) => node(1).admin(`set session wsrep_sync_wait = 15; ${text}`, node(1).database)
  /** Until it has applied what was committed on another one: a look at a list does not wait for it. */
  const caughtUp = (number: number) => node(number).admin('set statement wsrep_sync_wait = 1 for select 1')
  const othersOf = (number: number) =>
    nodes.filter((one) => one !== node(number)).map(({ host, port }) => ({ host, port }))

  beforeEach(async () => {
    nodes = cluster().nodes
    await empty(node(1))
    await sql('create table tally (id int auto_increment primary key, step int not null)')
    await Promise.all([1, 2].map(caughtUp))
  })

  function databaseAt(number: number): Database {
    const database = databaseOn(node(number), othersOf(number))
    onTestFinished(() => database.close())
    return database
  }
  const projectAt = (number: number, of = steps) => projectOf(databaseAt(number), tmpdir(), of, 'table')
  async function sessionAt(number: number) {
    const session = await openSchemaSession(databaseAt(number), never)
    onTestFinished(() => session.close())
    return session
  }
  const optionsOf = (limit: number, waits: string[] = []): LockOptions => ({
    journal: openJournal({ database: databaseAt(1), where: 'table', folder: '', profileId: 'test' }),
    signal: never,
    person: 'ada@test',
    limit,
    onWaiting: (words) => waits.push(words),
  })

  function start(file: string, number: number): ChildProcess {
    const child = fork(fileURLToPath(new URL(`run/${file}`, import.meta.url)), { execArgv: [] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const { kind, host, port, user, password, database } = node(number)
    child.send({
      server: { kind, host, port, user, password, database },
      nodes: othersOf(number),
      sql: '',
    } satisfies Hold)
    return child
  }
  const told = (child: ChildProcess) => new Promise<unknown>((resolve) => child.once('message', resolve))

  /** As if nobody had heard of the run for that long. */
  const age = (seconds: number) =>
    sql(`update ${LOCK_TABLE} set heartbeat = utc_timestamp(6) - interval ${seconds} second where token is not null`)
  const lockSeenAt = async (number: number) => {
    await caughtUp(number)
    const project = projectAt(number)
    return project.database.schemaLook(never, (look) => readLock(look, project))
  }

  it('a plan says that the cluster stops, how it is now, and which tables have no primary key', async () => {
    const test = await planTest(node(1), (at) => databaseOn(at, othersOf(1)))
    onTestFinished(() => test.end())
    await test.elsewhere(
      'create table audit (id int, note text)',
      'insert into audit (id) select seq from seq_1_to_3000',
      'analyze table audit',
    )
    const { plans } = await test.plan({
      '001.cjs': planned(`await knex.schema.alterTable('audit', (t) => t.string('more'))
        await knex.schema.createTable('kept', (t) => { t.increments(); t.string('name') })
        await knex.schema.createTable('bare', (t) => { t.integer('id') })
        await knex.schema.createTable('later', (t) => { t.integer('id') })
        await knex.schema.alterTable('later', (t) => t.primary(['id']))
        await knex('audit').update({ note: 'x' })`),
    })
    const [plan] = plans
    expect(plan?.statements.map(({ stops }) => stops)).toEqual([
      expect.stringMatching(
        /^The whole cluster stops.*audit has about [23],\d{3} rows \(\d.* by the server’s statistics\.$/,
      ),
      ...Array.from({ length: 4 }, () => expect.stringMatching(/^The whole cluster stops.*isolation\)\.$/) as string),
      undefined,
    ])
    expect(plan?.notRehearsed).toMatch(/would stop all nodes/)
    expect(plan?.notes).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^audit has no primary key.*may differ from node to node/),
        expect.stringMatching(/^bare is made without a primary key/),
        expect.stringMatching(/^About [23],\d{3} rows of audit are changed in one transaction/),
        expect.stringMatching(/^The database is a Galera cluster \(roster\)/),
        'All 3 nodes are Synced just now.',
        expect.stringMatching(/just now; a quiet hour is better|a quiet moment/),
      ]),
    )
    expect(plan?.notes.filter((note) => /kept|later/.test(note))).toEqual([])
    const events = rehearse({ project: await test.project(), action: { kind: 'all' }, signal: never })
    for await (const event of events) expect(event).toMatchObject({ kind: 'finished', outcome: 'failed' })
  })

  it('its row is made once, by two nodes at the same time', async () => {
    const sessions = [await sessionAt(1), await sessionAt(2), await sessionAt(3)]
    for (let round = 0; round < 4; round++) {
      await sql(`drop table if exists ${LOCK_TABLE}`)
      await Promise.all(sessions.map((session) => makeLockRow(session)))
      expect(await sql(`select id, token from ${LOCK_TABLE}`)).toEqual([['1', null]])
    }
  })

  it('a step that changes many rows in one transaction is told so, and is not split', async () => {
    const many = 'insert into tally (step) select seq from seq_1_to_1500'
    const { events } = await run(projectAt(1, [step('001-many.ts', sends(many))]), 'all')
    const logs = events.flatMap((event) => (event.kind === 'log' ? [event.text] : []))
    expect(logs).toContainEqual(
      expect.stringMatching(/^Statement 1 of 001-many.ts has brought.* to 1,500 changed rows/),
    )
    const alone = 'set session wsrep_on = off'
    const end = await run(projectAt(1, [step('001-many.ts', sends(many)), step('002-alone.ts', sends(alone))]), 'all')
    expect(end.message).toMatch(/would let what follows change this node of the cluster alone, and was not sent/)
  })

  it('two runs on two nodes apply each step once', async () => {
    for (let round = 0; round < 4; round++) {
      await empty(node(1))
      await sql('create table tally (id int auto_increment primary key, step int not null)')
      await Promise.all([1, 2].map(caughtUp))
      const ends = await Promise.all([run(projectAt(1), 'all'), run(projectAt(2), 'all')])
      await Promise.all([1, 2, 3].map(caughtUp))
      expect(ends.map(({ outcome }) => outcome)).toContain('done')
      for (const { outcome, message } of ends.filter((end) => end.outcome !== 'done')) {
        expect([outcome, message]).toEqual([
          expect.stringMatching(/failed|nothing-to-do/),
          expect.stringMatching(/run or undone steps meanwhile|applied already/),
        ])
      }
      expect(await sql('select step from tally order by id')).toEqual([['1'], ['2'], ['3']])
      expect(await sql(`select id, token from ${LOCK_TABLE}`)).toEqual([['1', null]])
    }
    expect(await statesOf(projectAt(3))).toEqual([
      '001-step.ts applied 1',
      '002-step.ts applied 1',
      '003-step.ts applied 1',
    ])
  })

  it('names who has it and where, and is free once the node of its owner shows that the session is gone', async () => {
    const child = start('holder.test-setup.ts', 3)
    expect(await told(child)).toBe('held')
    const waits: string[] = []
    await expect(takeLock(await sessionAt(1), optionsOf(500, waits))).rejects.toThrow(/It was waited for/)
    expect(waits[0]).toMatch(
      /^bob@test has had the lock since \d{4}-.*Z \(connection \d+ on the node node3, last heard of \d+ s ago\)\.$/,
    )
    // However long nothing was heard of it: its session is connected.
    await age(30)
    await expect(takeLock(await sessionAt(1), optionsOf(600))).rejects.toThrow(/It was waited for/)
    child.kill('SIGKILL')
    await age(0)
    const began = performance.now()
    await (await takeLock(await sessionAt(1), optionsOf(20_000))).release()
    console.log(`FIGURE cluster lock: free ${Math.round(performance.now() - began)} ms after SIGKILL of its owner`)
  })

  it('is nobody’s to free while a statement of the run is at work, however long nothing was heard of it', async () => {
    const session = await sessionAt(2)
    await takeLock(session, optionsOf(1_000))
    const working = session.ask('select sleep(60)')
    await age(61)
    expect(await lockSeenAt(1)).toMatchObject({ kind: 'run', canRepair: false })
    await expect(repairLock(projectAt(1), never, WATCH)).rejects.toThrow(/on the node node2.*Nothing was written/)
    const [[id] = []] = await node(2).admin(
      "select id from information_schema.processlist where info = 'select sleep(60)'",
    )
    await node(2).admin(`kill query ${id ?? ''}`)
    await working.catch(() => undefined)
    // Whoever ends with an error releases nothing by itself.
    await session.begin()
    await session.close()
    expect(await sql(`select id, token from ${LOCK_TABLE}`)).toEqual([['1', null]])
  })

  it('is not taken for gone by a login that may not see the sessions of others', async () => {
    const { database } = node(1)
    await sql(`create or replace user weak@'%' identified by 'weak 1'; grant all on ${database}.* to weak@'%'`)
    const lock = await takeLock(await sessionAt(2), optionsOf(1_000))
    await age(61)
    const weak = databaseOn(
      { ...node(1), kind: 'mysql', host: node(1).host, port: node(1).port, database, user: 'weak', password: 'weak 1' },
      othersOf(1),
    )
    onTestFinished(() => weak.close())
    const project = projectOf(weak, tmpdir(), steps, 'table')
    expect(await weak.schemaLook(never, (look) => readLock(look, project))).toMatchObject({
      canRepair: true,
      message: expect.stringMatching(/may not see the sessions of others on node2 \(the right PROCESS\)/) as string,
    })
    await lock.release()
  })

  it('repairs the lock table that two programs with knex have made on two nodes', async () => {
    await run(projectAt(1), 'next')
    await sql('insert into knex_migrations_lock (is_locked) values (0)')
    expect(await lockSeenAt(1)).toMatchObject({ kind: 'broken', canRepair: true })
    await repairLock(projectAt(2), never, WATCH)
    expect(await sql('select is_locked from knex_migrations_lock')).toEqual([['0']])
    expect(await run(projectAt(2), 'all')).toMatchObject({ outcome: 'done' })
  })

  it('a run that has lost it commits nothing and sends nothing', async () => {
    const session = await sessionAt(1)
    const lock = await takeLock(session, optionsOf(1_000))
    await lock.check()
    await together(session, () => session.change(noted(1)))
    await session.begin()
    await session.change(noted(2))
    await lock.check()
    await node(2).admin(`update ${LOCK_TABLE} set token = 'another' where id = 1`, node(2).database)
    await expect(session.commit()).rejects.toThrow(/Deadlock/)
    await session.rollback()
    await expect(lock.check()).rejects.toThrow(LockLost)
    await expect(together(session, () => session.change(noted(3)))).rejects.toThrow(LockLost)
    await lock.release()
    expect(await sql(`select token from ${LOCK_TABLE}`)).toEqual([['another']])
    expect(await sql('select step from tally')).toEqual([['1']])
  })

  it('a run that slept while a person freed it notices before its next statement', async () => {
    const child = start('sleeper.test-setup.ts', 2)
    expect(await told(child)).toBe('sleeps')
    await caughtUp(1)
    const project = projectAt(1, sleeperSteps)
    expect(await lockSeenAt(1)).toMatchObject({ kind: 'run', canRepair: false })
    await expect(repairLock(project, never, WATCH)).rejects.toThrow(/on the node node2.*Nothing was written/)
    await age(61)
    expect(await lockSeenAt(1)).toMatchObject({
      kind: 'run',
      canRepair: true,
      message: expect.stringMatching(
        /^ada@test is running 002-sleeps.ts, since .*still connected to node2 and does nothing.*can be repaired/,
      ) as string,
    })
    await repairLock(project, never, WATCH)
    expect((await readHistory(project, never))[0]).toMatchObject({ outcome: 'lock-repaired', person: 'ada@test' })
    const { half } = await stateOf(project)
    expect(half?.statements).toEqual([{ sql: SLEEPS[0], state: 'under-way' }])
    expect(await run(project, { kind: 'resume', name: '002-sleeps.ts', from: 1 })).toMatchObject({ outcome: 'done' })
    const ended = told(child)
    child.kill('SIGCONT')
    expect(await ended).toEqual({
      outcome: 'failed',
      message: expect.stringMatching(/lock of this run is not held.*whoever has the lock now goes on/) as string,
    })
    expect(await statesOf(project)).toEqual(['001-first.ts applied 1', '002-sleeps.ts applied 1'])
    expect((await stateOf(project)).half).toBeNull()
  })

  it('is held when the node of its owner is gone; the run itself finds what is kept, and another node goes on', async () => {
    const child = start('sleeper.test-setup.ts', 3)
    expect(await told(child)).toBe('sleeps')
    await caughtUp(1)
    await node(3).kill()
    await age(20)
    const waits = /node3 cannot be asked.*for 60 s and a person frees it/
    expect(await lockSeenAt(1)).toMatchObject({
      canRepair: false,
      message: expect.stringMatching(waits) as string,
    })
    await expect(takeLock(await sessionAt(2), optionsOf(500))).rejects.toThrow(waits)
    const project = projectAt(1, sleeperSteps)
    await expect(repairLock(project, never, WATCH)).rejects.toThrow(/node3 cannot be asked.*Nothing was written/)
    await age(61)
    await expect(takeLock(await sessionAt(2), optionsOf(500))).rejects.toThrow(/the lock can be repaired/)
    expect(await lockSeenAt(1)).toMatchObject({ canRepair: true })
    const ended = told(child)
    child.kill('SIGCONT')
    expect(await ended).toEqual({
      outcome: 'failed',
      message: expect.stringMatching(
        /The session was on the node node3\. MariaDB keeps each change.*was under way.*The step is half done/,
      ) as string,
    })
    expect((await stateOf(project)).lock).toBeNull()
    expect(await run(projectAt(2, sleeperSteps), { kind: 'resume', name: '002-sleeps.ts', from: 1 })).toMatchObject({
      outcome: 'done',
    })
    await caughtUp(1)
    expect(await statesOf(project)).toEqual(['001-first.ts applied 1', '002-sleeps.ts applied 1'])
  })
})
