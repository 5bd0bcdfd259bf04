// A step in its process: what it may do to itself, to Roster and to the database, and how each of these ends.
import { expect, describe, test } from 'vitest'
import { ResultUsed, type SinkAnswer } from '../step.ts'
import { never, oneStep, recorder, sqliteSink } from './program.test-setup.ts'

const nothing: SinkAnswer = { kind: 'response', response: [], context: { changes: 0, lastID: 0 } }

/** Runs `body` as the step's up. */
async function running(
  body: string,
  options: { isInTransaction?: boolean; signal?: AbortSignal; sink?: ReturnType<typeof recorder> } = {},
) {
  const { isInTransaction = true, signal = never, sink = recorder(() => nothing) } = options
  const made = oneStep('001-a.mjs', `export async function up(knex) { ${body} }`)
  const program = await made.programs.load(made.step, never)
  const log: string[] = []
  const run = program.run('up', sink, { isInTransaction, signal, onLog: (text) => log.push(text) })
  return { ...made, program, sink, log, run }
}

const isAlive = (pid: number | undefined) => {
  try {
    return process.kill(pid ?? 0, 0)
  } catch {
    return false
  }
}

describe('a step that does not end', () => {
  test.each([
    ['an endless loop', 'while (true);'],
    ['a promise that nothing resolves', 'await new Promise(() => setInterval(() => {}, 1000))'],
    ['a loop of statements', "while (true) await knex.raw('select 1')"],
  ])('%s is ended at once by an abort, by its id', async (_, body) => {
    const abort = new AbortController()
    const { run, host } = await running(body, { signal: abort.signal })
    const failed = expect(run).rejects.toThrow('Cancelled')
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(isAlive(host.pids[0])).toBe(true)
    const began = performance.now()
    abort.abort(new Error('Cancelled'))
    await failed
    await expect.poll(() => isAlive(host.pids[0])).toBe(false)
    expect(performance.now() - began).toBeLessThan(1_000)
  })
})

describe('a step that ends its process', () => {
  test.each([
    ['process.exit(0)', 'The process that runs the step ended (exit code 0) before the step was through.'],
    ['process.exit(3)', 'The process that runs the step ended (exit code 3) before the step was through.'],
    ['process.abort()', 'The process that runs the step ended (SIGABRT) before the step was through.'],
    [
      "process.kill(process.pid, 'SIGSEGV'); await new Promise(() => setInterval(() => {}, 1000))",
      'The process that runs the step ended (SIGSEGV) before the step was through.',
    ],
    [
      "setTimeout(() => { throw new Error('late') }, 5); await new Promise(() => {})",
      'An error in the step was caught by nothing: late',
    ],
    [
      "void Promise.reject(new Error('alone')); await new Promise((r) => setTimeout(r, 50))",
      'A promise of the step failed unnoticed: alone',
    ],
    ["void Promise.reject(new Error('alone'))", 'A promise of the step failed unnoticed: alone'],
    [
      'process.disconnect(); await new Promise(() => {})',
      'The process that runs the step ended (exit code 0) before the step was through.',
    ],
  ])('%s', async (body, words) => {
    const { run, programs, step } = await running(body)
    await expect(run).rejects.toThrow(words)
    // Another process takes over.
    expect(await programs.load(step, never)).toMatchObject({ hasDown: false })
  })

  test('the next run of a program that was loaded before finds a new process', async () => {
    const text = `export function up(knex) { return knex.raw('select 1') }; export function down() { process.exit(1) }`
    const { programs, step, host } = oneStep('001-a.mjs', text)
    const program = await programs.load(step, never)
    const sink = recorder(() => nothing)
    await expect(program.run('down', sink, { isInTransaction: true, signal: never })).rejects.toThrow('exit code 1')
    await program.run('up', sink, { isInTransaction: true, signal: never })
    expect(sink.sent).toEqual(['select 1'])
    expect(host.pids).toHaveLength(2)
  })

  test('closing ends it', async () => {
    const { run, programs, host } = await running('await new Promise(() => setInterval(() => {}, 1000))')
    const failed = expect(run).rejects.toThrow('The run was closed.')
    await programs.close()
    await failed
    await expect.poll(() => isAlive(host.pids[0])).toBe(false)
  })
})

describe('statements', () => {
  test('of several at a time go one at a time, in their order', async () => {
    let underWay = 0
    let most = 0
    const sink = recorder(async () => {
      most = Math.max(most, ++underWay)
      await new Promise((resolve) => setTimeout(resolve, 2))
      underWay--
      return nothing
    })
    const body = `await Promise.all([1, 2, 3, 4, 5].map((n) => knex.raw('select ' + n)))`
    for (const isInTransaction of [true, false]) {
      sink.sent.length = 0
      await (
        await running(body, { sink, isInTransaction })
      ).run
      expect(sink.sent).toEqual(['select 1', 'select 2', 'select 3', 'select 4', 'select 5'])
    }
    expect(most).toBe(1)
  })

  test('that nothing waits for are answered before the step is through, and their failure is the step’s', async () => {
    const body = `[1, 2].forEach(async (n) => { await knex.raw('select ' + n); await knex.raw('select ' + n * 10) })`
    const { run, sink } = await running(body)
    await run
    expect([...sink.sent].sort()).toEqual(['select 1', 'select 10', 'select 2', 'select 20'])
    const failing = recorder(() => {
      throw Object.assign(new Error('no such table: a'), { code: 'SQLITE_ERROR' })
    })
    const unnoticed = await running(`knex.raw('select 1').then(() => {})`, { sink: failing })
    await expect(unnoticed.run).rejects.toMatchObject({
      message: expect.stringContaining('A promise of the step failed unnoticed: ') as string,
      cause: { code: 'SQLITE_ERROR' },
    })
  })

  test('after the step’s end are refused, and told', async () => {
    const body = `setTimeout(() => knex.raw('select 2').then(() => {}), 60)`
    const { run, sink, log, programs, step } = await running(body, { isInTransaction: false })
    await run
    await new Promise((resolve) => setTimeout(resolve, 200))
    const next = await programs.load(step, never)
    await next.run('up', sink, { isInTransaction: false, signal: never, onLog: (text) => log.push(text) })
    expect(sink.sent).toEqual([])
    expect(log.join()).toContain('The step had ended before this statement came, so it was not sent.')
  })

  test('that fail reach the step with code and number, and the run with the database’s own error', async () => {
    const own = Object.assign(new Error('duplicate'), { code: 'ER_DUP_ENTRY', errno: 1062, sqlState: '23000' })
    const bound: unknown[] = []
    const sink = recorder(({ bindings }, number) => {
      bound.push(...bindings)
      if (number === 0) throw own
      return nothing
    })
    const text = `try { await knex('a').insert({ b: 1 }) } catch (e) {
      await knex.raw('select ?', [[e.code, e.errno, e.sqlState, e.message].join('|')]); throw e }`
    const { run } = await running(text, { sink })
    await expect(run).rejects.toBe(own)
    expect(own.message).toBe('duplicate')
    expect(bound[1]).toBe('ER_DUP_ENTRY|1062|23000|insert into `a` (`b`) values (1) - duplicate')
  })

  test('carry every kind of value there and back', async () => {
    const sink = await sqliteSink()
    const body = `
      await knex.schema.createTable('v', (t) => { t.integer('n'); t.binary('b'); t.text('s'); t.float('f'); t.boolean('o'); t.datetime('d') })
      await knex('v').insert({ n: 9007199254740993n, b: Buffer.from([0, 255]), s: 'ä\\u0000z', f: 1.5, o: true, d: new Date(5) })
      await knex('v').insert({ b: new Uint8Array([1, 2]) })
      const rows = await knex('v').select('*', knex.raw('cast(n as text) as t'))
      const seen = rows.map((row) => [Buffer.isBuffer(row.b), row.b.toString('hex'), row.t, row.s, row.f, row.o, row.d])
      await knex.schema.createTable('seen', (t) => t.text('json'))
      await knex('seen').insert({ json: JSON.stringify(seen) })`
    await (
      await running(body, { sink: sink as never, isInTransaction: false })
    ).run
    const [{ json }] = (await sink.knex.raw('select json from seen').connection(sink.connection)) as [{ json: string }]
    expect(JSON.parse(json)).toEqual([
      [true, '00ff', '9007199254740993', 'ä\u0000z', 1.5, 1, 5],
      [true, '0102', null, null, null, null, null],
    ])
  })

  test('may answer with many rows', async () => {
    const sink = await sqliteSink()
    const body = `
      const rows = await knex.raw('with recursive n(i) as (select 1 union all select i + 1 from n limit 25001) select i from n')
      let sum = 0; for (const row of rows) sum += row.i
      await knex.raw('create table sum' + rows.length + '_' + sum + ' (a)')`
    await (
      await running(body, { sink: sink as never })
    ).run
    expect(sink.sent.at(-1)?.sql).toBe(`create table sum25001_${(25001 * 25002) / 2} (a)`)
  })

  test.each([
    [`class A { f = () => 1 }; await knex.raw('select ?', [new A()])`, 'A value that the step binds cannot be sent: '],
    [`await knex.raw('select ?', [{ toSqlString: 1 }])`, 'writes SQL by itself'],
    [`for await (const row of knex('a').stream()) console.log(row)`, 'cannot read rows as a stream'],
    [`await knex('a').stream((s) => s.on('error', () => {}))`, null],
    [`knex.client.cancelQuery()`, 'A step cannot cancel its own statement'],
  ])('%s', async (body, words) => {
    const { run, sink } = await running(body, { isInTransaction: false })
    if (words !== null) await expect(run).rejects.toThrow(words)
    else await run
    expect(sink.sent).toEqual([])
  })
})

describe('a result of what was not sent', () => {
  test('may be awaited and thrown away', async () => {
    const body = `await knex.schema.createTable('a', (t) => t.increments()); await knex('a').insert({ id: 1 }); await knex('a').update({ id: 2 }); await knex.batchInsert('a', [{ id: 1 }], 1)`
    const { run, sink } = await running(body, { sink: recorder() })
    await run
    expect(sink.sent).toHaveLength(6)
  })

  test('ends the step when it is used, though the step catches what is thrown', async () => {
    const body = `try { const [id] = await knex('a').insert({ b: 1 }); await knex('a').where({ id }).del() } catch {} await knex.raw('select 2')`
    const { run, sink } = await running(body, { sink: recorder() })
    await expect(run).rejects.toBeInstanceOf(ResultUsed)
    expect(sink.sent).toEqual(['insert into `a` (`b`) values (?)'])
  })
})

describe('what a step prints', () => {
  test('goes to the run, in lines, and not without end', async () => {
    const body = `console.log('one', { a: 1 }); console.error('two'); process.stdout.write('thr'); process.stdout.write('ee'); process.emitWarning('w')
      console.log('x'.repeat(5000)); for (let i = 0; i < 1000; i++) console.log(i)`
    const { run, log } = await running(body)
    await run
    expect(log.slice(0, 3)).toEqual(['one { a: 1 }', 'two', expect.stringMatching(/^threex{994}…$/)])
    expect(log).toHaveLength(501)
    expect(log.at(-1)).toBe('What the step prints after 500 lines is left out.')
  })
})

test('the process knows no password, and has no driver: environment, arguments, what knex was opened with', async () => {
  process.env.DB_PASS = 'canary-1'
  process.env.DATABASE_URL = 'postgres://u:canary-2@h/d'
  try {
    const body = `const { inspect } = await import('node:util')
      console.log(JSON.stringify([process.env, process.argv, process.execArgv]))
      const { createRequire } = await import('node:module')
      const loaded = Object.keys(createRequire(import.meta.url).cache)
      console.log(loaded.some((file) => file.includes('/knex/lib/dialects/postgres/')), loaded.filter((file) => /node_modules.(pg|mysql2|better-sqlite3|sqlite3)[^a-z-]/.test(file)).length)
      console.log(inspect([knex.client.config.connection, knex.client.connectionSettings, knex.client.driver, typeof process.send]))`
    const { run, log } = await running(body)
    await run
    expect(log[0]).toContain('"PATH"')
    expect(log.join()).not.toContain('canary')
    expect(log.join()).not.toMatch(/DB_|DATABASE_URL|PGPASS|MYSQL/)
    expect(log[1]).toBe('true 0')
    expect(log[2]).toBe("[ undefined, {}, {}, 'undefined' ]")
  } finally {
    delete process.env.DB_PASS
    delete process.env.DATABASE_URL
  }
})
