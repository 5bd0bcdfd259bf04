// Steps that end in the middle where the engine keeps what was done: what is said, and resuming, undoing and marking.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../../scripts/servers/server.ts'
import { ResultUsed } from '../step.ts'
import { readHistory } from './history.ts'
import { markStep } from './mark.ts'
import {
  makes,
  never,
  run,
  scene,
  sends,
  stateOf,
  step,
  type Scene,
  type TestStep,
  type Work,
} from './run.test-setup.ts'

let at: Scene
const first = makes('001-first.ts', 'first_table')
const outside = { wantsTransaction: false }
const CREATE = 'create table half_table (id int)'
const FAILS = 'insert into later_table values (1)'
const UP = [CREATE, 'insert into half_table values (1)', FAILS] as const
const name = '002-half.ts'

const ledger = async () => (await at.other('select name from knex_migrations order by id')).map(([one]) => one)
const locks = async () => (await at.other('select is_locked from knex_migrations_lock')).map(([lock]) => Number(lock))
const rows = async (table: string) => Number((await at.other(`select count(*) from ${table}`))[0]?.[0])
const halfStep = (up: Work = sends(...UP), down: Work | null = sends('drop table half_table')) =>
  step(name, up, down, outside)
const project = (half: TestStep = halfStep(), where: 'table' | 'file' = 'table') => at.project([first, half], where)
const skippedIn = (events: Awaited<ReturnType<typeof run>>['events']) =>
  events.flatMap((event) => (event.kind === 'statement' && event.state === 'skipped' ? [event.number] : []))

function half(server: () => TestServer | null, where: 'table' | 'file' = 'table') {
  beforeEach(async () => {
    at = await scene(server())
  })
  afterEach(() => at.end())

  it('says what is in the database, keeps everything else from running, and leaves no lock', async () => {
    const end = await run(project(halfStep(), where), 'all')
    expect(end).toMatchObject({ outcome: 'failed', failedStep: name })
    expect(end.message).toMatch(/^002-half.ts failed at statement 3, “insert into later_table values \(1\)”: /)
    expect(end.message).toMatch(
      /In the database are statements 1 and 2 of the step\. The step is half done: resume it, undo it, or mark it\./,
    )
    expect(await locks()).toEqual([0])
    const list = await stateOf(project(halfStep(), where))
    expect(list.half).toMatchObject({
      name,
      direction: 'up',
      person: 'ada@test',
      statements: [
        { sql: CREATE, state: 'done' },
        { sql: UP[1], state: 'done' },
        { sql: FAILS, state: 'failed' },
      ],
      choices: { resume: null, undo: null, markApplied: null, markNotApplied: null },
      resumeFrom: 2,
    })
    expect(list.half?.error).toMatch(/later_table/)
    expect([list.lock, list.isAtHead]).toEqual([null, false])
    for (const kind of ['all', 'next', 'rollback'] as const) {
      await expect(run(project(halfStep(), where), kind)).rejects.toThrow(/002-half.ts ended in the middle/)
    }
    expect((await readHistory(project(halfStep(), where), never))[0]).toMatchObject({ outcome: 'half', statements: 2 })
  })

  it('resumes: what is done is not sent again, the rest is, and the ledger has it', async () => {
    await run(project(halfStep(), where), 'all')
    await at.other('create table later_table (id int)')
    const end = await run(project(halfStep(), where), { kind: 'resume', name, from: 2 })
    expect(end).toMatchObject({
      outcome: 'done',
      message: '002-half.ts is applied. 2 statements that had been done before were not sent again.',
    })
    expect(skippedIn(end.events)).toEqual([0, 1])
    expect([await rows('half_table'), await rows('later_table')]).toEqual([1, 1])
    expect(await ledger()).toEqual(['001-first.ts', name])
    const list = await stateOf(project(halfStep(), where))
    expect([list.half, list.isAtHead, list.steps[1]?.state]).toEqual([null, true, 'applied'])
    // One batch: the run that was begun.
    expect(list.steps[1]?.batch).toBe(1)
  })

  it('resumes twice: what the first resuming did is not sent again either', async () => {
    const up = sends(...UP, 'insert into half_table values (2)', 'insert into last_table values (1)')
    await run(project(halfStep(up), where), 'all')
    await at.other('create table later_table (id int)')
    const again = await run(project(halfStep(up), where), { kind: 'resume', name, from: 2 })
    expect(again.message).toMatch(/failed at statement 5.*statements 1 to 4 of the step/s)
    expect((await stateOf(project(halfStep(up), where))).half).toMatchObject({ resumeFrom: 4 })
    await at.other('create table last_table (id int)')
    expect(await run(project(halfStep(up), where), { kind: 'resume', name, from: 4 })).toMatchObject({
      outcome: 'done',
    })
    expect([await rows('half_table'), await rows('later_table')]).toEqual([2, 1])
  })

  it('refuses to resume a step that takes another way, says where, and sends nothing', async () => {
    const value = (bound: unknown) =>
      sends(CREATE, ['insert into half_table values (1)'], FAILS, `insert into half_table values (${String(bound)})`)
    await run(project(halfStep(value(5)), where), 'all')
    await at.other('create table later_table (id int)')
    const other = halfStep(sends(CREATE, 'insert into half_table values (7)', FAILS))
    const end = await run(project(other, where), { kind: 'resume', name, from: 2 })
    expect(end.message).toBe(
      '002-half.ts was not resumed. Statement 2 is another now: the journal has “insert into half_table values (1)”, and the step sends “insert into half_table values (7)”. Nothing of the step was sent that changes anything.',
    )
    const shorter = await run(project(halfStep(sends(CREATE)), where), { kind: 'resume', name, from: 2 })
    expect(shorter.message).toMatch(
      /^002-half.ts was not resumed. The step sends 1 statement now, and the journal has 2 that are done/,
    )
    expect([await rows('half_table'), await rows('later_table')]).toEqual([1, 0])
    // It can still be resumed as it was.
    expect((await stateOf(project(halfStep(value(5)), where))).half).toMatchObject({ resumeFrom: 2 })
    expect(await run(project(halfStep(value(5)), where), { kind: 'resume', name, from: 2 })).toMatchObject({
      outcome: 'done',
    })
  })

  it('refuses values that differ where the texts are the same', async () => {
    const place = at.database.dialect === 'postgres' ? '$1' : '?'
    const up = (bound: number | string) =>
      halfStep(sends(CREATE, [`insert into half_table values (${place})`, bound], FAILS))
    await run(project(up(1), where), 'all')
    const end = await run(project(up(2), where), { kind: 'resume', name, from: 2 })
    expect(end.message).toMatch(/Statement 2 is another now.*the values bound to them differ/)
    expect((await run(project(up('1'), where), { kind: 'resume', name, from: 2 })).message).toMatch(
      /the values bound to them differ/,
    )
  })

  it('sends questions again, and refuses a step that uses a result that there is none of', async () => {
    const seen: unknown[] = []
    const up: (uses: boolean) => Work = (uses) => async (sink) => {
      await sink.send({ sql: CREATE, bindings: [] })
      const read = await sink.send({ sql: 'select 41 + 1 as answer', bindings: [] })
      seen.push(JSON.stringify(read).includes('42'))
      const made = await sink.send({ sql: 'insert into half_table values (1)', bindings: [] })
      if (uses && made.kind === 'withheld')
        throw new ResultUsed('The step uses the result of a statement that was not sent.')
      await sink.send({ sql: FAILS, bindings: [] })
    }
    await run(project(halfStep(up(false)), where), 'all')
    await at.other('create table later_table (id int)')
    const refused = await run(project(halfStep(up(true)), where), { kind: 'resume', name, from: 3 })
    expect(refused.message).toBe(
      '002-half.ts was not resumed. The step uses the result of a statement that was not sent. Nothing of the step was sent that changes anything.',
    )
    const end = await run(project(halfStep(up(false)), where), { kind: 'resume', name, from: 3 })
    expect([end.outcome, seen]).toEqual(['done', [true, true, true]])
    expect(skippedIn(end.events)).toEqual([0, 2])
    expect(await rows('half_table')).toBe(1)
  })

  it('resumes from nowhere else than where it ended', async () => {
    await run(project(halfStep(), where), 'all')
    await expect(run(project(halfStep(), where), { kind: 'resume', name, from: 1 })).rejects.toThrow(
      '002-half.ts can go on from statement 3, and not from 2.',
    )
    await expect(run(project(halfStep(), where), { kind: 'resume', name, from: 3 })).rejects.toThrow(
      /can go on from statement 3/,
    )
  })

  it('undoes: what was done is gone, and the step can be run again', async () => {
    await run(project(halfStep(), where), 'all')
    const end = await run(project(halfStep(), where), { kind: 'undo', name })
    expect(end).toMatchObject({
      outcome: 'done',
      message: 'What was done of 002-half.ts is undone: it is not applied.',
    })
    expect(await at.database.describe('half_table', never)).toBeNull()
    expect(await ledger()).toEqual(['001-first.ts'])
    expect((await stateOf(project(halfStep(), where))).steps[1]?.state).toBe('pending')
    await at.other('create table later_table (id int)')
    expect(await run(project(halfStep(), where), 'all')).toMatchObject({ outcome: 'done' })
  })

  it('an undoing that fails for what was never made says which, and leaves the choices', async () => {
    const down = sends('drop table half_table', 'drop table never_made')
    await run(project(halfStep(sends(...UP), down), where), 'all')
    const end = await run(project(halfStep(sends(...UP), down), where), { kind: 'undo', name })
    expect(end.message).toMatch(
      /^002-half.ts failed at statement 2, “drop table never_made”: .*In the database is statement 1 of the step/s,
    )
    const list = await stateOf(project(halfStep(sends(...UP), down), where))
    expect(list.half).toMatchObject({ direction: 'down', resumeFrom: 1, choices: { markNotApplied: null } })
    await markStep(project(halfStep(), where), name, 'not-applied', never)
    expect((await stateOf(project(halfStep(), where))).half).toBeNull()
    expect(await ledger()).toEqual(['001-first.ts'])
  })

  it('a half undoing is finished by resuming it, or taken back by undoing it', async () => {
    const both = (down: Work) => halfStep(sends(CREATE, 'create table other_table (id int)'), down)
    const down = sends('drop table half_table', 'drop table never_made', 'drop table other_table')
    await run(project(both(down), where), 'all')
    const end = await run(project(both(down), where), { kind: 'down-to', name })
    expect(end).toMatchObject({ outcome: 'failed', failedStep: name })
    const list = await stateOf(project(both(down), where))
    expect([list.half?.direction, list.half?.resumeFrom, await ledger()]).toEqual(['down', 1, ['001-first.ts', name]])
    await at.other('create table never_made (id int)')
    expect(await run(project(both(down), where), { kind: 'resume', name, from: 1 })).toMatchObject({ outcome: 'done' })
    expect(await ledger()).toEqual(['001-first.ts'])
    expect((await stateOf(project(both(down), where))).half).toBeNull()

    await run(project(both(down), where), 'all')
    await run(project(both(down), where), 'rollback')
    await at.other('drop table other_table')
    expect(await run(project(both(down), where), { kind: 'undo', name })).toMatchObject({
      outcome: 'done',
      message: 'What was done of 002-half.ts is done again: it is applied.',
    })
    expect(await ledger()).toEqual(['001-first.ts', name])
    expect((await stateOf(project(both(down), where))).half).toBeNull()
  })

  it.each(['applied', 'not-applied'] as const)('marks it as %s: only ledger and journal change', async (as) => {
    await run(project(halfStep(), where), 'all')
    await markStep(project(halfStep(), where), name, as, never)
    const list = await stateOf(project(halfStep(), where))
    expect(list.half).toBeNull()
    expect(list.steps[1]?.state).toBe(as === 'applied' ? 'applied' : 'pending')
    expect(await rows('half_table')).toBe(1)
    expect((await readHistory(project(halfStep(), where), never))[0]?.outcome).toBe(`marked-${as}`)
    await expect(markStep(project(halfStep(), where), name, as, never)).rejects.toThrow(/did not end in the middle/)
  })

  it('is nothing where nothing was kept', async () => {
    const end = await run(project(halfStep(sends('select 1', FAILS)), where), 'all')
    expect(end.message).toMatch(/Nothing of the step is in the database\./)
    const list = await stateOf(project(halfStep(), where))
    expect([list.half, list.steps[1]?.state]).toEqual([null, 'pending'])
  })

  it('knows what a transaction of the step’s own has kept, and what not', async () => {
    const own = (end: string) =>
      sends(CREATE, 'begin', 'insert into half_table values (1)', 'insert into half_table values (2)', end, FAILS)
    await run(project(halfStep(own('commit')), where), 'all')
    expect((await stateOf(project(halfStep(own('commit')), where))).half).toMatchObject({ resumeFrom: 5 })
    expect(await rows('half_table')).toBe(2)
    await run(project(halfStep(), where), { kind: 'undo', name })

    const open = sends(CREATE, 'begin', 'insert into half_table values (1)', FAILS)
    await run(project(halfStep(open), where), 'all')
    const list = await stateOf(project(halfStep(open), where))
    expect(await rows('half_table')).toBe(0)
    expect(list.half).toMatchObject({ statements: [{ sql: CREATE, state: 'done' }], resumeFrom: 1 })
    await at.other('create table later_table (id int)')
    const end = await run(
      project(halfStep(sends(CREATE, 'begin', 'insert into half_table values (1)', FAILS, 'commit')), where),
      { kind: 'resume', name, from: 1 },
    )
    expect(end.outcome).toBe('done')
    expect([await rows('half_table'), await rows('later_table')]).toEqual([1, 1])
  })
}

describe('half steps on SQLite, outside of a transaction', () => half(() => null))
describeWithPostgres('half steps on PostgreSQL, outside of a transaction', (server) => half(server))
describeWithMariadb('half steps on MariaDB', (server) => {
  half(server)
  describe('with the journal in a file', () => half(server, 'file'))
})
