// Profiles through the contract, with real files: what may be opened, once, and under which words it is refused.
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHeadlessHost } from '../../headless/host.ts'
import { createCore, type Core } from '../core.ts'
import type { Host } from '../host.ts'
import { router } from '../router.ts'

let base: string
let files: string
let outside: string
let cores: Core[]

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'roster-profiles-')))
  files = join(base, 'files')
  outside = join(base, 'outside')
  for (const folder of [files, outside, join(base, 'data')]) mkdirSync(folder)
  cores = []
})
afterEach(async () => {
  for (const core of cores) await core.close()
  rmSync(base, { recursive: true, force: true })
})

async function start(change: Partial<Host> = {}) {
  const host = createHeadlessHost({ version: 'test', dataFolder: join(base, 'data') })
  const core = await createCore({ ...host, fileRoots: [{ name: 'Files', path: files }], ...change })
  cores.push(core)
  return createRouterClient(router, { context: { core } })
}

function database(path: string): string {
  const made = new Sqlite(path)
  made.exec('create table things (id integer primary key)')
  made.close()
  return path
}

test('a file becomes a profile named after it, and opens', async () => {
  const api = await start()
  const profile = await api.profiles.addFile({ path: database(join(files, 'users.db')) })
  expect(profile).toMatchObject({ name: 'users.db', file: join(files, 'users.db'), isSample: false, dialect: 'sqlite' })
  expect(await api.profiles.open({ profileId: profile.id })).toMatchObject({ readOnly: null, encoding: 'UTF-8' })
  expect((await api.profiles.list()).profiles.map(({ name }) => name)).toEqual(['Sample users (SQLite)', 'users.db'])
})

test('the same file has one profile, by whatever way it is reached', async () => {
  const api = await start()
  const path = database(join(files, 'users.db'))
  symlinkSync(path, join(files, 'link.db'))
  mkdirSync(join(files, 'deep'))
  symlinkSync(files, join(files, 'deep', 'back'))
  const first = await api.profiles.addFile({ path })
  expect(await api.profiles.addFile({ path: join(files, 'link.db') })).toEqual(first)
  expect(await api.profiles.addFile({ path: join(files, 'deep', 'back', 'users.db') })).toEqual(first)
  expect(await api.profiles.addFile({ path: `${files}/deep/../users.db` })).toEqual(first)
})

describe('what is refused leaves no profile', () => {
  test.each([
    ['outside of the roots', () => database(join(outside, 'a.db'))],
    [
      'through a link that leads out',
      () => {
        symlinkSync(database(join(outside, 'a.db')), join(files, 'link.db'))
        return join(files, 'link.db')
      },
    ],
    ['by dots', () => `${files}/../outside/${database(join(outside, 'a.db')).slice(-4)}`],
  ])('%s', async (_what, path) => {
    const api = await start()
    await expect(api.profiles.addFile({ path: path() })).rejects.toMatchObject({
      code: 'FOLDER_REFUSED',
      defined: true,
    })
    expect((await api.profiles.list()).profiles).toHaveLength(1)
  })

  test.each([
    ['a file that is not there', 'missing', () => join(files, 'gone.db')],
    ['a folder', 'not-a-database', () => files],
    [
      'text',
      'not-a-database',
      () => {
        writeFileSync(join(files, 'a.db'), 'id,email\n1,a@example.com\n'.repeat(100))
        return join(files, 'a.db')
      },
    ],
  ])('%s', async (_what, reason, path) => {
    const api = await start()
    const adding = api.profiles.addFile({ path: path() })
    await expect(adding).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE', defined: true, data: { reason } })
    expect((await api.profiles.list()).profiles).toHaveLength(1)
  })
})

test('an empty file is a database without tables, as SQLite takes it, and stays empty', async () => {
  const path = join(files, 'a.db')
  writeFileSync(path, '')
  const api = await start()
  expect(await api.profiles.addFile({ path })).toMatchObject({ file: path })
  expect((await api.profiles.list()).profiles).toHaveLength(2)
  expect(statSync(path).size).toBe(0)
})

test('with a native dialog, only what it gave in this run may be added', async () => {
  const path = database(join(outside, 'a.db'))
  const answers = [null, path]
  const pickPath = () => Promise.resolve(answers.shift() ?? null)
  const api = await start({ kind: 'desktop', fileRoots: null, pickPath })
  await expect(api.profiles.addFile({ path })).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
  expect(await api.app.pickFile()).toEqual({ path: null })
  expect(await api.app.pickFile()).toEqual({ path })
  const profile = await api.profiles.addFile({ path })
  expect(profile).toMatchObject({ dialect: 'sqlite', file: path })
  // A profile that is stored opens in the next run without being picked again.
  const later = await start({ kind: 'desktop', fileRoots: null, pickPath })
  expect(await later.profiles.open({ profileId: profile.id })).toMatchObject({ readOnly: null })
  expect(await later.app.about()).toMatchObject({ host: 'desktop', dataFolder: join(base, 'data') })
})

test('a browser has no dialog', async () => {
  await expect((await start()).app.pickFile()).rejects.toMatchObject({ code: 'NO_DIALOG', defined: true })
})

test('a profile can be renamed, and forgotten while it is open; the file stays as it is', async () => {
  const api = await start()
  const path = database(join(files, 'users.db'))
  const before = readFileSync(path)
  const { id } = await api.profiles.addFile({ path })
  expect(await api.profiles.rename({ profileId: id, name: '  The shop  ' })).toMatchObject({ name: 'The shop' })
  await expect(api.profiles.rename({ profileId: id, name: '   ' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  await api.profiles.open({ profileId: id })
  await api.profiles.remove({ profileId: id })
  await expect(api.profiles.open({ profileId: id })).rejects.toMatchObject({ code: 'PROFILE_NOT_FOUND', defined: true })
  expect(readFileSync(path).equals(before)).toBe(true)
})

test('the sample is made on first opening, and found again as itself', async () => {
  const api = await start({ fileRoots: [{ name: 'Data', path: join(base, 'data') }] })
  expect(await api.profiles.open({ profileId: 'sample' })).toMatchObject({ readOnly: null })
  expect(await api.profiles.addFile({ path: join(base, 'data', 'sample.db') })).toMatchObject({ id: 'sample' })
})

test('a copy is a file of its own; a second name of the same file is not', async () => {
  const api = await start()
  const path = database(join(files, 'users.db'))
  const first = await api.profiles.addFile({ path })
  copyFileSync(path, join(files, 'copy.db'))
  linkSync(path, join(files, 'hard.db'))
  expect((await api.profiles.addFile({ path: join(files, 'copy.db') })).id).not.toBe(first.id)
  expect(await api.profiles.addFile({ path: join(files, 'hard.db') })).toEqual(first)
})
