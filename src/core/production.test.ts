// Writes on production through the contract: refused without the profile's name, and done with it.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHeadlessHost } from '../headless/host.ts'
import type { Environment } from '../shared/profiles.ts'
import { createCore, type Core } from './core.ts'
import { router } from './router.ts'

let base: string
let core: Core
beforeEach(() => (base = realpathSync(mkdtempSync(join(tmpdir(), 'roster-production-')))))
afterEach(async () => {
  await core.close()
  rmSync(base, { recursive: true, force: true })
})

async function start(environment: Environment) {
  const file = join(base, 'shop.db')
  new Sqlite(file)
    .exec("create table things (id integer primary key, name text); insert into things values (1, 'a')")
    .close()
  const host = createHeadlessHost({ version: 'test', dataFolder: join(base, 'data') })
  core = await createCore({ ...host, fileRoots: [{ name: 'Files', path: base }] })
  const api = createRouterClient(router, { context: { core } })
  const added = await api.profiles.addFile({ path: file })
  const { id: profileId, isSample: _, ...settings } = added
  await api.profiles.update({ profileId, settings: { ...settings, name: 'The Shop', environment } })
  const names = () => {
    const database = new Sqlite(file, { readonly: true })
    try {
      return database.prepare('select name from things').pluck().all()
    } finally {
      database.close()
    }
  }
  const tables = () => {
    const database = new Sqlite(file, { readonly: true })
    try {
      return database.prepare("select name from sqlite_schema where type = 'table'").pluck().all()
    } finally {
      database.close()
    }
  }
  const change = { kind: 'update' as const, id: '1', key: [1n], original: { name: 'a' }, values: { name: 'b' } }
  const save = (confirmation?: string) =>
    api.tables.save({
      profileId,
      table: 'things',
      changes: [change],
      ...(confirmation !== undefined && { confirmation }),
    })
  return { api, profileId, names, tables, save }
}

const refusal = { code: 'CONFIRMATION_NEEDED', defined: true, data: { profileName: 'The Shop' } }

test('a save needs the name, exactly', async () => {
  const { save, names } = await start('production')
  for (const typed of [undefined, '', 'the shop', 'The Shop!', 'The  Shop']) {
    await expect(save(typed)).rejects.toMatchObject(refusal)
  }
  expect(names()).toEqual(['a'])
  await save('The Shop')
  expect(names()).toEqual(['b'])
})

test('so do migrations and demo users', async () => {
  const { api, profileId, tables } = await start('production')
  await expect(api.migrations.run({ profileId, action: { kind: 'all' } })).rejects.toMatchObject(refusal)
  await expect(api.users.addDemo({ profileId, count: 100 })).rejects.toMatchObject(refusal)
  await expect(api.users.addDemo({ profileId, count: 100, confirmation: 'x' })).rejects.toMatchObject(refusal)
  expect(tables()).toEqual(['things'])
  for await (const _ of await api.migrations.run({ profileId, action: { kind: 'all' }, confirmation: 'The Shop' }));
  expect(tables()).toContain('auth_user')
  for await (const _ of await api.users.addDemo({ profileId, count: 100, confirmation: 'The Shop' }));
})

test.each<Environment>(['none', 'development', 'staging'])('on %s nothing is asked', async (environment) => {
  const { save, names } = await start(environment)
  await save()
  expect(names()).toEqual(['b'])
})
