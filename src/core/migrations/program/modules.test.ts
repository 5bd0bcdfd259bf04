// Foreign JavaScript in the real child process: what it can do, and what it cannot.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { never, oneStep, recorder, sqliteSink } from './program.test-setup.ts'

test('a step runs over a real SQLite file and gets its answers', async () => {
  const { programs, step } = oneStep(
    '001-a.mjs',
    `export async function up(knex) {
       await knex.schema.createTable('a', (t) => { t.increments('id'); t.string('name') })
       const [id] = await knex('a').insert({ name: 'x' })
       await knex('a').insert({ name: 'got ' + id })
     }
     export async function down(knex) { await knex.schema.dropTable('a') }`,
  )
  const program = await programs.load(step, never)
  expect(program).toMatchObject({ wantsTransaction: true, hasDown: true })
  const sink = await sqliteSink()
  await program.run('up', sink, { isInTransaction: true, signal: never })
  expect(sink.sent.map(({ sql }) => sql.split(' ')[0])).toEqual(['create', 'insert', 'insert'])
  await program.run('down', sink, { isInTransaction: false, signal: never })
  expect(sink.sent.at(-1)?.sql).toBe('drop table `a`')
})
