// A read-only profile: it is the file's own mode that refuses, in every process that has the file open.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createHeadlessHost } from '../../../headless/host.ts'
import { startChild } from './process.ts'
import type { Role } from './protocol.ts'
import { makeFile, makeFolder, never, openForTest, statement } from './sqlite.test-setup.ts'

const hostFor = (folder: string) => createHeadlessHost({ version: 'test', dataFolder: join(folder, 'data') })
const SQL = "create table things (id integer primary key, name text); insert into things values (1, 'one')"

test.each<Role>(['writer', 'schema', 'reader'])('SQLite refuses a write of the %s', async (role) => {
  const folder = makeFolder()
  const file = makeFile(join(folder, 'a.db'), SQL)
  const before = readFileSync(file)
  const child = startChild(hostFor(folder), file, () => undefined)
  try {
    await child.ask('open', { file, role, create: false, readOnly: true, busyTimeout: 100 })
    const why = expect.stringMatching(/readonly database/) as string
    const refused = expect.objectContaining({ code: 'READ_ONLY', data: { why } }) as Error
    const changes = ["insert into things values (2, 'two')", 'create table more (id integer)', 'drop table things']
    if (role === 'schema') {
      for (const sql of changes) await expect(child.ask('knex', { sql, bindings: [] })).rejects.toEqual(refused)
    } else {
      // SQLite begins a reading transaction where a writing one cannot be had; a reader is refused that already.
      const begun = child.ask('begin', null)
      if (role === 'reader') return await expect(begun).rejects.toEqual(refused)
      await begun
      for (const sql of changes) await expect(child.ask('run', { sql, values: [] })).rejects.toEqual(refused)
    }
  } finally {
    child.kill()
    await child.over
    expect(readFileSync(file).equals(before)).toBe(true)
  }
})

test('the database says so, reads, and gives nobody a connection to write', async () => {
  const folder = makeFolder()
  const file = makeFile(join(folder, 'a.db'), SQL)
  const database = openForTest(hostFor(folder), { file, readOnly: true })
  expect(await database.facts()).toMatchObject({ readOnly: expect.stringContaining('read-only') as string })
  expect((await database.read(statement('select name from things'), never)).rows).toEqual([['one']])
  await expect(database.takeForTransaction(never)).rejects.toMatchObject({ code: 'READ_ONLY' })
  await expect(database.schema(never)).rejects.toMatchObject({ code: 'READ_ONLY' })
})

test('a file that is not there is not made', async () => {
  const folder = makeFolder()
  const database = openForTest(hostFor(folder), { file: join(folder, 'no.db'), create: true, readOnly: true })
  await expect(database.facts()).rejects.toMatchObject({ data: { reason: 'missing' } })
})
