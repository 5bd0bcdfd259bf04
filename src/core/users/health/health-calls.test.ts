// The call as a page makes it, on files that the owners' own libraries have written: each number is what the grid finds.
import { createRouterClient } from '@orpc/server'
import BetterSqlite3 from 'better-sqlite3'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHeadlessHost } from '../../../headless/host.ts'
import type { Api } from '../../../shared/contract.ts'
import type { Health } from '../../../shared/health.ts'
import { createCore, type Core } from '../../core.ts'
import { router } from '../../router.ts'

const FOLDER = join(import.meta.dirname, '../../../../e2e/fixtures')
const files = ['sqlalchemy-sqlite.db', 'pydal-sqlite.db', 'gorm-sqlite.db'].map((name) => join(FOLDER, name))

describe('health as it is called', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roster-health-'))
  let core: Core
  let api: Api
  beforeAll(async () => {
    core = await createCore(createHeadlessHost({ version: 'test', dataFolder: join(folder, 'data'), roots: [folder] }))
    api = createRouterClient(router, { context: { core } })
  })
  afterAll(async () => {
    await core.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(file: string): Promise<string> {
    const path = join(folder, basename(file))
    copyFileSync(file, path)
    return (await api.profiles.addFile({ path })).id
  }

  async function healthOf(profileId: string, table = 'auth_user'): Promise<Health | undefined> {
    let last: Health | undefined
    for await (const state of await api.users.health({ profileId, table })) last = state
    return last
  }

  for (const file of files) {
    it(`finds in ${basename(file)} what the grid finds`, async () => {
      const profileId = await open(file)
      const health = await healthOf(profileId)
      if (!health) throw new Error('It was told.')
      const reader = new BetterSqlite3(file, { readonly: true })
      const rows = Number(reader.prepare('select count(*) from auth_user').pluck().get())
      expect(health).toMatchObject({ isDone: true, read: rows, of: rows })
      const found = health.facts.filter(({ filter }) => filter !== null)
      expect(found.length).toBeGreaterThan(0)
      for (const { title, rows: number, filter } of found) {
        const view = { profileId, table: 'auth_user', sort: null, filter }
        expect((await api.tables.count({ view })).count, title).toBe(number)
      }
      const inMonths = health.charts.confirmed.reduce((sum, bar) => sum + bar.rows, 0)
      expect(inMonths).toBeLessThanOrEqual(rows)
      expect(health.charts.schemes.reduce((sum, bar) => sum + bar.rows, 0)).toBe(rows)
      reader.close()
    })
  }

  it('knows soft-deleted rows of GORM', async () => {
    const profileId = await open(join(FOLDER, 'gorm-sqlite.db'))
    const reader = new BetterSqlite3(join(FOLDER, 'gorm-sqlite.db'), { readonly: true })
    const deleted = reader.prepare('select count(*) from auth_user where deleted_at is not null').pluck().get()
    const health = await healthOf(profileId)
    expect(deleted).toBeGreaterThan(0)
    expect(health?.facts.find(({ id }) => id === 'deleted')?.rows).toBe(deleted)
    reader.close()
  })

  it('refuses a table that is not there, and one without users', async () => {
    const file = join(folder, 'other.db')
    new BetterSqlite3(file).exec('create table things (id integer primary key, name text)').close()
    const { id } = await api.profiles.addFile({ path: file })
    await expect(healthOf(id, 'gone')).rejects.toMatchObject({ code: 'TABLE_NOT_FOUND' })
    await expect(healthOf(id, 'things')).rejects.toMatchObject({ code: 'NO_USERS' })
  })
})
