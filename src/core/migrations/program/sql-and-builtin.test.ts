// Steps that need no process: SQL files, and those that Roster ships.
import { expect, test } from 'vitest'
import { builtinSteps } from '../builtin.ts'
import type { Sink } from '../step.ts'
import { makeHost, never, recorder, sqliteSink, stepFile } from './program.test-setup.ts'
import { openPrograms } from './programs.ts'

const up = `-- makes a\ncreate table a (b text);\ninsert into a values ('x;y');\n`
const down = 'drop table a;'

function sqlStep(upText: string, downText?: string) {
  const step = stepFile('001-a.up.sql', ...(downText === undefined ? [upText] : [upText, downText]))
  const host = makeHost()
  const programs = openPrograms({ host, dialect: 'sqlite', path: '/nowhere', files: [step] })
  return { step, programs, host }
}

test('an SQL file goes statement by statement, both ways, and no process is started', async () => {
  const { step, programs, host } = sqlStep(up, down)
  const program = await programs.load(step, never)
  expect(program).toMatchObject({ wantsTransaction: true, hasDown: true })
  const sink = await sqliteSink()
  const options = { isInTransaction: true, signal: never }
  await program.run('up', sink, options)
  expect(sink.sent).toEqual([
    { sql: 'create table a (b text)', bindings: [] },
    { sql: "insert into a values ('x;y')", bindings: [] },
  ])
  await program.run('down', sink, options)
  expect(sink.sent.at(-1)?.sql).toBe('drop table a')
  expect(host.pids).toEqual([])
})

test('an SQL file without a down has none', async () => {
  const { step, programs } = sqlStep(up)
  const program = await programs.load(step, never)
  expect(program.hasDown).toBe(false)
  const run = program.run('down', recorder(), { isInTransaction: true, signal: never })
  await expect(run).rejects.toThrow('Nothing in 001-a.up.sql says how to undo it (down).')
})

test('the transaction of an SQL file is its own only where it asked for none', async () => {
  const text = '-- roster: no transaction\nbegin;\ncreate table a (b text);\ncommit;'
  const { step, programs } = sqlStep(text)
  const program = await programs.load(step, never)
  expect(program.wantsTransaction).toBe(false)
  const sink = recorder()
  await program.run('up', sink, { isInTransaction: false, signal: never })
  expect(sink.sent).toEqual(['begin', 'create table a (b text)', 'commit'])
  const inside = recorder()
  await expect(program.run('up', inside, { isInTransaction: true, signal: never })).rejects.toThrow(
    'The step sends begin inside the transaction that Roster keeps around it',
  )
  expect(inside.sent).toEqual([])
})

test('SQL that cannot be taken apart is refused with its line', async () => {
  const { step, programs } = sqlStep("select 1;\nselect 'a")
  await expect(programs.load(step, never)).rejects.toMatchObject({
    code: 'STEP_REFUSED',
    message: expect.stringMatching(/^001-a\.up\.sql cannot be run\. Line 2: /) as string,
  })
})

test('the first statement that fails ends an SQL file', async () => {
  const { step, programs } = sqlStep('insert into a values (1); select 2')
  const program = await programs.load(step, never)
  const sink = await sqliteSink()
  await expect(program.run('up', sink, { isInTransaction: true, signal: never })).rejects.toThrow('no such table: a')
  expect(sink.sent).toHaveLength(1)
})

test('an abort ends a step in this process at once, whatever the sink does', async () => {
  const { step, programs } = sqlStep(up)
  const program = await programs.load(step, never)
  const abort = new AbortController()
  const sent: string[] = []
  const stuck: Sink = {
    send({ sql }) {
      sent.push(sql)
      return new Promise(() => undefined)
    },
  }
  const run = program.run('up', stuck, { isInTransaction: true, signal: abort.signal })
  const failed = expect(run).rejects.toThrow('Cancelled')
  setTimeout(() => abort.abort(new Error('Cancelled')), 20)
  await failed
  expect(sent).toEqual(['create table a (b text)'])
})

test('every step that Roster ships runs both ways', async () => {
  const host = makeHost()
  const files = builtinSteps.map(({ name }) => stepFile(name, ''))
  const programs = openPrograms({ host, dialect: 'sqlite', path: null, files })
  const sink = await sqliteSink()
  const options = { isInTransaction: true, signal: never }
  for (const file of files) await (await programs.load(file, never)).run('up', sink, options)
  const [{ count }] = (await sink.knex
    .raw("select count(*) as count from sqlite_master where tbl_name = 'auth_user' and sql is not null")
    .connection(sink.connection)) as [{ count: number }]
  expect(count).toBeGreaterThan(3)
  for (const file of files.reverse()) await (await programs.load(file, never)).run('down', sink, options)
  expect(sink.sent.at(-1)?.sql).toBe('drop table `auth_user`')
  expect(host.pids).toEqual([])
  await expect(programs.load(stepFile('009-no.ts', ''), never)).rejects.toThrow('Roster ships no step named 009-no.ts.')
})
