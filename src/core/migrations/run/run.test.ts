// Runs on real databases of every engine: what is told, what is kept, and what the ledger and the journal have afterwards.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../../scripts/servers/server.ts'
import type { MigrationEvent } from '../../../shared/migration-runs.ts'
import { readHistory } from './history.ts'
import { makes, never, run, scene, sends, stateOf, statesOf, step, type Scene } from './run.test-setup.ts'

let at: Scene
const first = makes('001-first.ts', 'first_table')
const second = makes('002-second.ts', 'second_table')
const third = makes('003-third.ts', 'third_table')
const three = [first, second, third]
const names = three.map(({ name }) => name)

const ledger = async () =>
  (await at.other('select name, batch from knex_migrations order by id')).map((row) => row.map(String))
const locks = async () => (await at.other('select is_locked from knex_migrations_lock')).map(([lock]) => Number(lock))
const tables = async () => (await at.database.tables(never)).map(({ name }) => name)
const has = async (table: string) => (await tables()).includes(table)
const history = async (project: Parameters<typeof readHistory>[0]) =>
  (await readHistory(project, never)).map(({ name, direction, outcome }) => `${name} ${direction} ${outcome}`)
const without = (events: MigrationEvent[], ...kinds: string[]) => events.filter(({ kind }) => !kinds.includes(kind))
const textsOf = (events: MigrationEvent[]) => events.flatMap((event) => (event.kind === 'log' ? [event.text] : []))

/** What every engine does alike. */
function alike(server: () => TestServer | null, where: 'table' | 'file' = 'table') {
  beforeEach(async () => {
    at = await scene(server())
  })
  afterEach(() => at.end())

  it('applies all as one batch, telling each step and statement', async () => {
    const project = at.project(three, where)
    const { events, ...end } = await run(project, 'all')
    const ms = expect.any(Number) as number
    expect(without(events, 'log')).toEqual([
      { kind: 'planned', direction: 'up', steps: names },
      ...three.flatMap(({ name }, index) => {
        const table = ['first_table', 'second_table', 'third_table'][index] ?? ''
        const statement = {
          kind: 'statement',
          at: ms,
          step: name,
          number: 0,
          sql: `create table ${table} (id int)`,
          ms,
        }
        return [
          { kind: 'step', name, state: 'running', ms },
          { ...statement, state: 'running' },
          { ...statement, state: 'done' },
          { kind: 'step', name, state: 'done', ms },
        ]
      }),
      { kind: 'finished', outcome: 'done', failedStep: null, message: '3 steps applied as batch 1.', ms },
    ])
    expect(end.outcome).toBe('done')
    expect(await ledger()).toEqual(names.map((name) => [name, '1']))
    expect(await locks()).toEqual([0])
    expect(await statesOf(project)).toEqual(names.map((name) => `${name} applied 1`))
    expect(await history(project)).toEqual([...names].reverse().map((name) => `${name} up done`))
    const again = await run(project, 'all')
    expect(again.events.map(({ kind }) => kind).filter((kind) => kind !== 'log')).toEqual(['planned', 'finished'])
    expect(again).toMatchObject({ outcome: 'nothing-to-do', failedStep: null })
  })

  it('next, up to, roll back and down to take the steps that they name, batch by batch', async () => {
    const project = at.project(three, where)
    expect((await run(project, 'next')).events[0]).toMatchObject({ steps: names.slice(0, 1) })
    expect(await run(project, { kind: 'up-to', name: '003-third.ts' })).toMatchObject({
      message: '2 steps applied as batch 2.',
    })
    const back = await run(project, 'rollback')
    expect(back.events[0]).toEqual({ kind: 'planned', direction: 'down', steps: [names[2], names[1]] })
    expect(back.message).toBe('The last batch is undone: 2 steps.')
    expect(await ledger()).toEqual([[names[0], '1']])
    expect([await has('first_table'), await has('second_table')]).toEqual([true, false])
    await run(project, 'all')
    expect(await run(project, { kind: 'down-to', name: '001-first.ts' })).toMatchObject({
      outcome: 'done',
      message: '3 steps undone.',
    })
    expect(await ledger()).toEqual([])
    expect(await run(project, 'rollback')).toMatchObject({ outcome: 'nothing-to-do' })
  })

  it('says which statement of which step failed, in the database’s own words, and goes no further', async () => {
    const fails = step('002-fails.ts', sends(['insert into nowhere values (1)']))
    const project = at.project([first, fails, third], where)
    const { events, ...end } = await run(project, 'all')
    expect(end).toMatchObject({ outcome: 'failed', failedStep: '002-fails.ts' })
    expect(end.message).toMatch(/^002-fails.ts failed at statement 1, “insert into nowhere values \(1\)”: .*nowhere/)
    expect(end.message).toMatch(/Applied before it in this run, and kept: 001-first.ts\.$/)
    expect(end.message).toMatch(/nothing of it was kept|Nothing of the step is in the database/)
    expect(events.filter((event) => event.kind === 'statement' && event.state === 'failed')).toHaveLength(1)
    expect(events.some((event) => event.kind === 'step' && event.name === '003-third.ts')).toBe(false)
    expect(await ledger()).toEqual([['001-first.ts', '1']])
    expect(await locks()).toEqual([0])
    expect(await statesOf(project)).toEqual([
      '001-first.ts applied 1',
      '002-fails.ts pending -',
      '003-third.ts pending -',
    ])
    expect(await history(project)).toEqual(['002-fails.ts up failed', '001-first.ts up done'])
    expect((await readHistory(project, never))[0]?.error).toMatch(/nowhere/)
    // The way is free for the mended step.
    expect(await run(at.project([first, second, third], where), 'all')).toMatchObject({ outcome: 'done' })
  })

  it('refuses before anything what cannot be undone', async () => {
    const noDown = step('003-no-down.ts', sends('create table third_table (id int)'), null)
    const project = at.project([first, second, noDown], where)
    await run(project, 'all')
    await expect(run(project, 'rollback')).rejects.toThrow(
      'Nothing in 003-no-down.ts says how to undo it. Nothing was changed.',
    )
    await expect(run(at.project([first, noDown], where), 'rollback')).rejects.toThrow(/002-second.ts/)
    expect(await ledger()).toHaveLength(3)
    expect(await tables()).toContain('third_table')
  })

  it('runs what is out of order, undoes a changed file, and says both', async () => {
    await run(at.project([first, third], where), 'all')
    const project = at.project([first, second, { ...third, text: 'other' }], where)
    const up = await run(project, 'all')
    expect(textsOf(up.events).join(' ')).toContain('002-second.ts is run after steps that come later by name')
    expect(up.message).toBe('1 step applied as batch 2.')
    const down = await run(project, { kind: 'down-to', name: '001-first.ts' })
    expect(textsOf(down.events).join(' ')).toContain('The file of 003-third.ts has changed since it was applied')
    expect(down.outcome).toBe('done')
  })

  it('runs nothing on a ledger that changed after the plan was shown', async () => {
    const project = at.project(three, where)
    await run(project, 'next')
    await run(project, 'next')
    let other: Promise<unknown> = Promise.resolve()
    const end = await run(project, 'rollback', {
      onEvent: (event) => {
        // As another program would, between the plan and the run.
        if (event.kind !== 'planned') return
        other = at.other(`insert into knex_migrations (name, batch) values ('003-third.ts', 3)`)
      },
      onBoundary: async (name) => void (name === 'before lock' && (await other)),
    })
    expect(end.outcome).toBe('failed')
    expect(end.message).toContain('Another program has run or undone steps meanwhile.')
    expect(await ledger()).toHaveLength(3)
    expect(await has('second_table')).toBe(true)
  })

  it('looks at the ledger again before each step', async () => {
    const project = at.project(three, where)
    let count = 0
    const end = await run(project, 'all', {
      onBoundary: async (name) => {
        if (name !== 'after commit' || ++count !== 1) return
        await at.other(`insert into knex_migrations (name, batch) values ('002-second.ts', 1)`)
      },
    })
    expect(end.message).toMatch(/^Another program has run or undone steps meanwhile, so 002-second.ts was not run./)
    expect(await has('second_table')).toBe(false)
  })

  it('does not touch a lock of knex that somebody else has, and frees one that a run of its own left', async () => {
    const project = at.project(three, where)
    await run(project, 'next')
    await at.other('update knex_migrations_lock set is_locked = 1')
    expect((await run(project, 'all')).message).toMatch(/knex_migrations_lock is locked/)
    expect(await locks()).toEqual([1])
    await at.other('insert into knex_migrations_lock (is_locked) values (0)')
    expect((await run(project, 'all')).message).toMatch(/holds 2 rows instead of one/)
    expect((await stateOf(project)).lock).toMatchObject({ kind: 'broken', canRepair: true })
  })

  it('looks at it once more inside of the step’s own transaction', async () => {
    const project = at.project(three, where)
    await run(project, 'next')
    let count = 0
    const end = await run(project, 'all', {
      onBoundary: async (name) => {
        // Between the entry in the journal and the first statement.
        if (name !== 'after journal' || ++count !== 1) return
        await at.other(`insert into knex_migrations (name, batch) values ('002-second.ts', 1)`)
      },
    })
    expect(end.message).toMatch(/^Another program has run or undone steps meanwhile, so 002-second.ts was not run./)
    expect(await has('second_table')).toBe(false)
    expect((await stateOf(project)).half).toBeNull()
  })

  it('respects a lock of knex that comes at the last moment, and keeps knex out while it runs', async () => {
    const outside = { ...first, wantsTransaction: false }
    for (const one of [first, outside]) {
      const end = await run(at.project([one], where), 'all', {
        onBoundary: async (name) => {
          if (name === 'after lock') await at.other('update knex_migrations_lock set is_locked = 1')
        },
      })
      expect(end).toMatchObject({ outcome: 'failed', message: expect.stringContaining('is locked') as string })
      expect([await has('first_table'), await locks()]).toEqual([false, [1]])
      await at.other('update knex_migrations_lock set is_locked = 0')
    }
    const seen: number[][] = []
    const end = await run(at.project([outside], where), 'all', {
      onBoundary: async (name) => void (name === 'before statement' && seen.push(await locks())),
    })
    expect(end.outcome).toBe('done')
    // Another number than knex's own 1, which is locked to it all the same.
    expect(seen.flat().every((lock) => lock > 1)).toBe(true)
    expect(await locks()).toEqual([0])
  })

  it('a step’s own error is told with what its statements did', async () => {
    const throws = step('001-throws.ts', async (sink) => {
      await sink.send({ sql: 'select 1', bindings: [] })
      throw new Error('The file is wrong')
    })
    const end = await run(at.project([throws], where), 'all')
    expect(end.message).toMatch(/^001-throws.ts failed: The file is wrong\. /)
    expect(end.failedStep).toBe('001-throws.ts')
  })
}

describe('runs on SQLite', () => alike(() => null))
describe('runs on SQLite with the journal in a file', () => alike(() => null, 'file'))
describeWithPostgres('runs on PostgreSQL', (server) => alike(server))
describeWithMariadb('runs on MariaDB', (server) => {
  alike(server)
  describe('with the journal in a file', () => alike(server, 'file'))
})
