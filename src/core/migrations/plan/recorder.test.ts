// The recorder over a real file's schema: what is done already is left out, and texts and values are kept short.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { never, testProject, type TestProject } from '../project.test-setup.ts'
import { openSqliteGround } from './ground-sqlite.ts'
import type { Ground } from './ground.ts'
import { openRecorder } from './recorder.ts'

let test: TestProject
let ground: Ground

beforeEach(async () => {
  test = await testProject()
  await test.elsewhere('create table half_done (a int)', 'insert into half_done values (1)')
  ground = await openSqliteGround(test.database, never)
})
afterEach(async () => {
  await ground.close()
  await test.end()
})

const recorder = (doneBefore = 0) =>
  openRecorder({ ground, dependsOn: 'nothing', isAtomic: false, doneBefore, stop: () => undefined })

it('leaves out what a resumed run does not send again, and keeps its reads', async () => {
  const { recording, ...sink } = recorder(3)
  const answers = []
  for (const sql of [
    'create table half_done (a int)',
    "select * from sqlite_master where name = 'half_done'",
    'insert into half_done values (1)',
    'insert into half_done values (2)',
  ]) {
    answers.push((await sink.send({ sql, bindings: [] })).kind)
  }
  expect(answers).toEqual(['withheld', 'response', 'withheld', 'withheld'])
  expect(recording.statements.map(({ sql, cannotBeUndone }) => [sql.slice(0, 6), cannotBeUndone])).toEqual([
    ['select', false],
    ['insert', true],
  ])
})

it('keeps long texts and values short', async () => {
  const { recording, ...sink } = recorder()
  const values = Array.from({ length: 10_000 }, (_, index) => `(${index})`).join()
  for (let count = 0; count < 80; count++)
    await sink.send({ sql: `insert into half_done values ${values}`, bindings: [] })
  await sink.send({ sql: 'insert into half_done values (?)', bindings: ['x'.repeat(5_000)] })
  await sink.send({ sql: 'insert into half_done values (?)', bindings: [new Uint8Array([1, 255])] })
  const lengths = recording.statements.map(({ sql }) => sql.length)
  expect([lengths[0], lengths[79]]).toEqual([20_000, 300])
  expect(recording.statements.at(-2)?.bindings).toHaveLength(200)
  expect(recording.statements.at(-1)?.bindings).toBe("x'01ff'")
})
