// Runs on real servers that go wrong: COMMIT refused or not answered, sessions ended or cancelled, locks of others.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startProxy } from '../../../../scripts/servers/fault-proxy.ts'
import { describeWithMariadb, describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import { postgres } from '../../db/postgres/postgres.ts'
import { readHistory } from './history.ts'
import {
  makes,
  never,
  projectOf,
  run,
  scene,
  sends,
  stateOf,
  statesOf,
  step,
  databaseOn,
  type Scene,
} from './run.test-setup.ts'

let at: Scene
const first = makes('001-first.ts', 'first_table')
const tables = async () => (await at.database.tables(never)).map(({ name }) => name)
const has = async (table: string) => (await tables()).includes(table)
const locks = async () => (await at.other('select is_locked from knex_migrations_lock')).map(([lock]) => Number(lock))

describeWithPostgres('runs on PostgreSQL that go wrong', (server) => {
  beforeEach(async () => {
    at = await scene(server())
  })
  afterEach(() => at.end())

  it('a step that swallows an error is no success', async () => {
    const swallows = step('002-swallows.ts', async (sink) => {
      await sink.send({ sql: 'create table half (id int)', bindings: [] })
      await sink.send({ sql: 'select 1/0', bindings: [] }).catch(() => undefined)
    })
    const end = await run(at.project([first, swallows]), 'all')
    expect(end).toMatchObject({ outcome: 'failed', failedStep: '002-swallows.ts' })
    expect(end.message).toMatch(
      /went on after a statement that failed.*statement 2 had failed: division by zero.*nothing of it was kept/,
    )
    expect(await has('half')).toBe(false)
  })

  it('a step may catch an error inside of a savepoint', async () => {
    const catches = step('002-catches.ts', async (sink) => {
      const send = (sql: string) => sink.send({ sql, bindings: [] })
      await send('savepoint a')
      await send('select 1/0').catch(() => send('rollback to savepoint a'))
      await send('create table kept (id int)')
    })
    expect(await run(at.project([first, catches]), 'all')).toMatchObject({ outcome: 'done' })
    expect(await has('kept')).toBe(true)
  })

  it('a COMMIT that the server refuses is no success', async () => {
    const orphan = step(
      '002-orphan.ts',
      sends(
        'create table parent (id int primary key)',
        'create table child (parent int references parent deferrable initially deferred)',
        'insert into child values (7)',
      ),
    )
    const project = at.project([first, orphan])
    const end = await run(project, 'all')
    expect(end.message).toMatch(/^002-orphan.ts failed: .*violates foreign key constraint.*nothing of it was kept/)
    expect([await has('child'), await locks()]).toEqual([false, [0]])
    expect(await statesOf(project)).toEqual(['001-first.ts applied 1', '002-orphan.ts pending -'])
  })

  it('a step that ends the transaction around it is stopped, and nothing is claimed of it', async () => {
    const ends = step('002-ends.ts', sends('create table half (id int)', 'commit', 'create table more (id int)'))
    const project = at.project([first, ends])
    const end = await run(project, 'all')
    expect(end.message).toMatch(
      /^002-ends.ts failed: The step ended the transaction.*What it had done until then is kept/,
    )
    expect([await has('half'), await has('more')]).toEqual([true, false])
    const { half } = await stateOf(project)
    expect(half).toMatchObject({ name: '002-ends.ts', message: expect.stringContaining('not known') as string })
    expect(half?.choices.resume).not.toBeNull()
  })

  it.each([true, false])(
    'a COMMIT whose answer is lost is asked about, and told as it is (committed: %s)',
    async (isCommitted) => {
      await using proxy = await startProxy(server())
      await run(at.project([makes('000-before.ts', 'before_table')]), 'all')
      const through = databaseOn({ ...server(), port: proxy.port })
      let isArmed = false
      proxy.onClientBytes = (bytes) => {
        if (!isArmed || !bytes.includes('COMMIT')) return undefined
        isArmed = false
        return isCommitted ? 'drop-reply' : 'cut'
      }
      const project = projectOf(through, at.folder, [makes('000-before.ts', 'before_table'), first], 'table')
      const end = await run(project, 'all', { onBoundary: (name) => void (isArmed = name === 'before commit') })
      if (isCommitted) expect(end).toMatchObject({ outcome: 'done', message: '1 step applied as batch 2.' })
      else expect(end.message).toMatch(/^001-first.ts failed: .*nothing of it was kept/)
      expect(await has('first_table')).toBe(isCommitted)
      expect((await readHistory(project, never))[0]?.outcome).toBe(isCommitted ? 'done' : 'failed')
      await through.close()
    },
  )

  it('cancelled: it ends on the server, the step leaves nothing, and the next run works', async () => {
    const abort = new AbortController()
    const project = at.project([
      first,
      step('002-sleeps.ts', sends('create table half (id int)', 'select pg_sleep(30)')),
    ])
    const end = await run(project, 'all', {
      signal: abort.signal,
      onEvent: (event) => {
        if (event.kind === 'statement' && event.sql.includes('pg_sleep')) setTimeout(() => abort.abort(), 100)
      },
    })
    expect(end).toMatchObject({
      outcome: 'cancelled',
      message:
        'Cancelled. The step was rolled back: nothing of it was kept. Applied before it in this run, and kept: 001-first.ts.',
    })
    await vi.waitFor(async () =>
      expect(
        await at.other(
          `select count(*) from pg_stat_activity where query like '%pg_sleep(30)%' and pid <> pg_backend_pid()`,
        ),
      ).toEqual([['0']]),
    )
    expect([await has('half'), (await stateOf(project)).lock]).toEqual([false, null])
    expect((await readHistory(project, never))[0]?.outcome).toBe('cancelled')
    expect(await run(at.project([first, makes('002-sleeps.ts', 'half')]), 'all')).toMatchObject({ outcome: 'done' })
  })

  it.each(['before commit', 'after commit'] as const)('cancelled %s: told as it is', async (boundary) => {
    const abort = new AbortController()
    const project = at.project([first, makes('002-more.ts', 'more')])
    const end = await run(project, 'all', {
      signal: abort.signal,
      onBoundary: (name) => void (name === boundary && abort.abort()),
    })
    const isKept = boundary === 'after commit'
    expect([end.outcome, await has('first_table'), await has('more')]).toEqual(['cancelled', isKept, false])
    expect(end.message).toBe(
      isKept
        ? 'Cancelled. Applied before it in this run, and kept: 001-first.ts. 1 step of the run was not run.'
        : 'Cancelled. The step was rolled back: nothing of it was kept.',
    )
    expect(await statesOf(project)).toEqual([
      `001-first.ts ${isKept ? 'applied 1' : 'pending -'}`,
      '002-more.ts pending -',
    ])
  })

  it('a session that is ended after a COMMIT is not taken for a failure of the step', async () => {
    const project = at.project([first, makes('002-more.ts', 'more')])
    let isFirst = true
    const end = await run(project, 'all', {
      onBoundary: async (name) => {
        if (name !== 'after commit' || !isFirst) return
        isFirst = false
        await at.other(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'Roster' and pid in
          (select pid from pg_locks where locktype = 'advisory')`)
        await new Promise((resolve) => setTimeout(resolve, 100))
      },
    })
    expect(end.message).toBe(
      '001-first.ts was committed, and then the connection was lost. 1 step of the run was not run.',
    )
    expect(end.events).toContainEqual(expect.objectContaining({ kind: 'step', name: '001-first.ts', state: 'done' }))
    expect(await run(project, 'all')).toMatchObject({ outcome: 'done' })
  })

  it('a session that is ended in the middle of a step keeps nothing of it', async () => {
    const project = at.project([
      first,
      step('002-killed.ts', sends('create table half (id int)', 'select pg_terminate_backend(pg_backend_pid())')),
    ])
    const end = await run(project, 'all')
    expect(end.message).toMatch(
      /^002-killed.ts failed at statement 2.*The step was rolled back: nothing of it was kept/s,
    )
    expect([await has('half'), (await stateOf(project)).half]).toEqual([false, null])
  })

  it('what cannot run inside of a transaction runs outside, and a failed index is told', async () => {
    const outside = { wantsTransaction: false }
    const index = (column: string) =>
      step(
        '002-index.ts',
        sends(`create unique index concurrently first_index on first_table (${column})`),
        sends('drop index first_index'),
        outside,
      )
    await run(at.project([first]), 'all')
    await at.other('insert into first_table values (1), (1)')
    const end = await run(at.project([first, index('id')]), 'all')
    expect(end.message).toMatch(
      /failed at statement 1.*A failed CREATE INDEX CONCURRENTLY leaves an index that is not used/s,
    )
    expect((await stateOf(at.project([first, index('id')]))).half?.resumeFrom).toBe(0)
    await at.other('drop index first_index; delete from first_table')
    expect(
      await run(at.project([first, index('id')]), { kind: 'resume', name: '002-index.ts', from: 0 }),
    ).toMatchObject({ outcome: 'done' })
    expect(await run(at.project([first, index('id')]), { kind: 'down-to', name: '002-index.ts' })).toMatchObject({
      outcome: 'done',
    })
  })

  it('waits for knex’s own run, whose lock is a row of its transaction, and then sees what it did', async () => {
    await run(at.project([first]), 'all')
    const holder = await postgres.connect(
      { ...server(), tls: 'off', isReadOnly: false },
      { signal: never, onPhase: () => undefined },
    )
    await holder.begin()
    await holder.run({ sql: 'update knex_migrations_lock set is_locked = 1', values: [] })
    await holder.run({ sql: `insert into knex_migrations (name, batch) values ('002-more.ts', 2)`, values: [] })
    const waits: string[] = []
    const end = await run(at.project([first, makes('002-more.ts', 'more')]), 'all', {
      onEvent: (event) => {
        if (event.kind !== 'waiting') return
        waits.push(event.message)
        if (waits.length > 1) return
        void holder
          .run({ sql: 'update knex_migrations_lock set is_locked = 0', values: [] })
          .then(() => holder.commit())
          .then(() => holder.end())
      },
    })
    expect(waits[0]).toMatch(/the knex command line may be running/)
    expect(end.message).toMatch(/^Another program has run or undone steps meanwhile/)
    expect(await has('more')).toBe(false)
  }, 30_000)

  it('sees the ledger of the search path, and no other', async () => {
    await at.other(`create schema other; create table other.knex_migrations (id int, name text, batch int,
      migration_time timestamptz); insert into other.knex_migrations values (1, '001-first.ts', 7, now());
      create table other.roster_migrations (id int)`)
    const project = at.project([first])
    expect(await statesOf(project)).toEqual(['001-first.ts pending -'])
    expect(await run(project, 'all')).toMatchObject({ outcome: 'done' })
    await at.other('drop schema other cascade')
  })

  it('sends a question mark as it is', async () => {
    const asks = step('001-asks.ts', sends(`create table asks as select '{"a":1}'::jsonb ? 'a' as yes, '?' as mark`))
    expect(await run(at.project([asks]), 'all')).toMatchObject({ outcome: 'done' })
    expect(await at.other('select yes, mark from asks')).toEqual([['t', '?']])
  })
})

describeWithMariadb('runs on MariaDB that go wrong', (server) => {
  beforeEach(async () => {
    at = await scene(server())
  })
  afterEach(() => at.end())
  const sleeps = (...before: string[]) => step('002-sleeps.ts', sends(...before, 'select sleep(30)'))
  const stopAtSleep = (abort: AbortController) => (event: { kind: string; sql?: string }) => {
    if (event.kind === 'statement' && event.sql?.includes('sleep(30)')) setTimeout(() => abort.abort(), 100)
  }

  it('says before that nothing is rolled back, and opens no transaction around steps', async () => {
    const sent: string[] = []
    const database = {
      ...at.database,
      schema: (signal: AbortSignal) => at.database.schema(signal, (sql) => sent.push(sql)),
    }
    const { events } = await run({ ...at.project([first]), database }, 'all')
    expect(events.find(({ kind }) => kind === 'log')).toMatchObject({
      text: 'MariaDB keeps each change of the schema at once: a step that fails or is cancelled keeps what it had done.',
    })
    const created = sent.indexOf('create table first_table (id int)')
    const around = sent.slice(0, created).filter((sql) => /^(BEGIN|COMMIT|ROLLBACK)/i.test(sql))
    expect([created > 0, around.at(-1)]).toEqual([true, 'COMMIT'])
  })

  it('cancelled: it ends on the server, what is done is half done, and no lock is left', async () => {
    const abort = new AbortController()
    const project = at.project([first, sleeps('create table half (id int)')])
    const end = await run(project, 'all', { signal: abort.signal, onEvent: stopAtSleep(abort) })
    expect(end.outcome).toBe('cancelled')
    expect(end.message).toMatch(/^Cancelled\. MariaDB keeps each change.*In the database is statement 1 of the step/)
    expect(
      await at.other(
        `select count(*) from information_schema.processlist where info like '%sleep(30)%' and id <> connection_id()`,
      ),
    ).toEqual([['0']])
    const list = await stateOf(project)
    expect([list.lock, await locks(), list.half?.resumeFrom]).toEqual([null, [0], 1])
    expect(await run(project, { kind: 'undo', name: '002-sleeps.ts' })).toMatchObject({ outcome: 'done' })
  })

  it('cancelled at a question alone: nothing is half done', async () => {
    const abort = new AbortController()
    const project = at.project([first, sleeps()])
    const end = await run(project, 'all', { signal: abort.signal, onEvent: stopAtSleep(abort) })
    expect(end.message).toMatch(/^Cancelled\. Nothing of the step is in the database\./)
    expect((await stateOf(project)).half).toBeNull()
    expect(await run(project, 'rollback')).toMatchObject({ outcome: 'done' })
  })

  it('a connection that is lost frees the lock that it had', async () => {
    const project = at.project([
      first,
      step('002-killed.ts', sends('create table half (id int)', 'kill connection_id()')),
    ])
    const end = await run(project, 'all')
    expect(end).toMatchObject({ outcome: 'failed', failedStep: '002-killed.ts' })
    expect(end.message).toMatch(/statement 1 of the step.*Statement 2, “kill connection_id\(\)”, was under way/)
    const list = await stateOf(project)
    expect([list.lock, await locks()]).toEqual([null, [0]])
    expect(await run(project, { kind: 'undo', name: '002-killed.ts' })).toMatchObject({ outcome: 'done' })
  })

  it('has a step in the ledger as soon as it is done, whatever comes next', async () => {
    const fails = step('002-fails.ts', sends('insert into nowhere values (1)'))
    await run(at.project([first, fails]), 'all')
    expect(await at.other('select name from knex_migrations')).toEqual([['001-first.ts']])
  })
})
