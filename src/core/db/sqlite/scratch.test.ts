// The empty database in memory beside a file: statements really run there, and nothing of it is anywhere on disk.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createHeadlessHost } from '../../../headless/host.ts'
import { LONG_QUERY, eventually, makeFile, makeFolder, never, openForTest, watch } from './sqlite.test-setup.ts'

function opened() {
  const folder = makeFolder()
  const file = makeFile(join(folder, 'a.db'), 'create table kept (a)')
  const inner = createHeadlessHost({ version: 'test', dataFolder: makeFolder() })
  onTestFinished(() => inner.endChildren())
  const host = watch(inner)
  const database = openForTest(host, { file })
  return {
    folder,
    file,
    host,
    scratch: (signal = never) => database.scratch?.(signal) ?? Promise.reject(new Error('none')),
  }
}

it('runs statements, and leaves file and folder as they were', async () => {
  const { folder, file, scratch } = opened()
  const hash = () => createHash('sha256').update(readFileSync(file)).digest('hex')
  const before = [hash(), readdirSync(folder), readdirSync('.')]
  const first = await scratch()
  const { knex } = first
  expect(await knex.schema.hasTable('kept')).toBe(false)
  await knex.schema.createTable('tried', (table) => void table.increments())
  await knex('tried').insert({ id: 3 })
  expect(await knex('tried')).toEqual([{ id: 3 }])
  await first.close()
  const again = await scratch()
  expect(await again.knex.schema.hasTable('tried')).toBe(false)
  await again.close()
  expect([hash(), readdirSync(folder), readdirSync('.')]).toEqual(before)
})

it('ends its process when it is closed, and at once when it is aborted', async () => {
  const { host, scratch } = opened()
  const first = await scratch()
  const [pid] = host.running()
  await first.close()
  await eventually(() => !host.running().includes(pid ?? 0))
  const aborting = new AbortController()
  const { knex } = await scratch(aborting.signal)
  const running = knex.raw(LONG_QUERY).then(
    () => 'done',
    () => 'ended',
  )
  setTimeout(() => aborting.abort(new Error('enough')), 50)
  expect(await running).toBe('ended')
  await eventually(() => host.running().length === 0)
})
