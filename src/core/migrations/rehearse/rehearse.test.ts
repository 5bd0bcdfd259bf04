// Rehearsing a profile's own steps, as the page asks for it: lists, files, programs in their processes, locks and the way back.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeWithMariadb, describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../../scripts/servers/server.ts'
import type { MigrationAction, RehearsalEvent } from '../../../shared/migration-runs.ts'
import { builtinSteps } from '../builtin.ts'
import { filesIn, never, testProject, type TestProject } from '../project.test-setup.ts'
import { takeLock } from '../run/lock.ts'
import { openSchemaSession } from '../run/schema-session.ts'
import { runMigrations } from '../run/run.ts'
import { readState } from '../state.ts'
import { rehearse } from './rehearse.ts'

let test: TestProject
const names = builtinSteps.map(({ name }) => name)

async function rehearsed(
  action: MigrationAction,
  signal = never,
  onEvent = (_event: RehearsalEvent): void => undefined,
) {
  const logs: string[] = []
  const steps: string[] = []
  for await (const event of rehearse({ project: await test.project(), action, signal })) {
    onEvent(event)
    if (event.kind === 'log') logs.push(event.text)
    if (event.kind === 'step' && event.state !== 'running') steps.push(`${event.name}: ${event.state}`)
    if (event.kind === 'finished') return { ...event, logs, steps }
  }
  throw new Error('The rehearsal did not end with `finished`.')
}

async function run(action: MigrationAction) {
  let outcome = ''
  for await (const event of runMigrations({ project: await test.project(), action, signal: never })) {
    if (event.kind === 'finished') outcome = `${event.outcome}: ${event.message}`
  }
  return outcome
}

/** Files of the test, trusted. */
async function useFiles(files: Record<string, string>) {
  const folder = join(test.folder, 'steps')
  mkdirSync(folder, { recursive: true })
  filesIn(folder, files)
  const { folder: read } = await test.project({ migrationsFolder: folder })
  await test.core.trust.trust(folder, read.content)
}

function alike(server: () => TestServer | null) {
  beforeEach(async () => {
    test = await testProject(server())
  })
  afterEach(() => test.end())

  const state = async () => {
    const { steps, lock, half, lastBatch } = await readState(await test.project(), never)
    const tables = await test.database.tables(never)
    return { steps, lock, half, lastBatch, tables }
  }

  it('shows what the built-in steps make, and makes nothing', async () => {
    const before = await state()
    const told = await rehearsed({ kind: 'all' })
    expect(await state()).toEqual(before)
    expect(before.tables).toEqual([])
    expect([told.outcome, told.steps]).toEqual(['done', names.map((name) => `${name}: done`)])
    expect(told.changes.filter(({ name }) => name === 'auth_user')).toMatchObject([{ before: [], rowsBefore: null }])
    expect(told.changes[0]?.after.join('\n')).toMatch(/email .*255/)
  })

  it('shows the way back, and goes none of it', async () => {
    expect(await run({ kind: 'all' })).toMatch(/^done/)
    const before = await state()
    const told = await rehearsed({ kind: 'rollback' })
    expect(await state()).toEqual(before)
    expect(told.message).toMatch(/^3 steps rehearsed backwards\./)
    expect(told.changes).toMatchObject([{ name: 'auth_user', after: [] }])
    expect((await rehearsed({ kind: 'all' })).message).toBe('There is no step to rehearse.')
    // What was rehearsed can be run.
    expect(await run({ kind: 'rollback' })).toMatch(/^done/)
  })

  it('runs a folder’s own code in its process, whose reads are answered by what the steps before have made', async () => {
    await useFiles({
      '001-a.mjs': `export const up = (knex) => knex.schema.createTable('a', (t) => { t.increments('id'); t.string('name') })
        export const down = (knex) => knex.schema.dropTable('a')`,
      '002-b.mjs': `export async function up(knex) {
          console.log('has', await knex.schema.hasTable('a'), await knex.schema.hasColumn('a', 'name'))
          await knex('a').insert([{ name: 'x' }, { name: 'y' }])
          const rows = await knex('a').select('name').orderBy('name')
          await knex.transaction((trx) => trx('a').insert(rows))
          await knex.schema.alterTable('a', (t) => { t.integer('count').notNullable().defaultTo(rows.length) })
        }
        export async function down() {}`,
      '003-c.up.sql': 'create table c (id int); insert into c values (1);',
      '003-c.down.sql': 'drop table c;',
    })
    const before = await state()
    const told = await rehearsed({ kind: 'all' })
    expect(await state()).toEqual(before)
    expect([told.message, told.steps]).toEqual([
      expect.stringMatching(/^3 steps rehearsed\./),
      ['001-a.mjs: done', '002-b.mjs: done', '003-c.up.sql: done'],
    ])
    expect(told.logs).toContain('002-b.mjs prints: has true true')
    const isScratch = test.database.dialect === 'mysql'
    expect(told.changes.map(({ name, rowsAfter }) => [name, rowsAfter])).toEqual([
      ['a', isScratch ? null : 4],
      ['c', isScratch ? null : 1],
    ])
    expect(told.changes[0]?.after.find((line) => line.includes('count'))).toMatch(/2/)
  })

  it('ends an endless step when it is cancelled, and keeps nothing', async () => {
    await useFiles({
      '001-a.mjs': `export async function up(knex) { await knex.schema.createTable('a', (t) => { t.increments() }); for (;;); }`,
    })
    const abort = new AbortController()
    const told = await rehearsed({ kind: 'all' }, abort.signal, (event) => {
      if (event.kind === 'log' && event.text.includes('create table'))
        setTimeout(() => abort.abort(new Error('stop')), 200)
    })
    expect(told).toMatchObject({ outcome: 'cancelled', changes: [] })
    expect(told.message).toMatch(/^Cancelled\. .* as before\.$/)
    expect((await state()).tables).toEqual([])
    expect((await rehearsed({ kind: 'all' }, AbortSignal.timeout(3_000))).outcome).toBe('cancelled')
  })

  it('refuses code that is not trusted, and a step that ended in the middle', async () => {
    const folder = join(test.folder, 'steps')
    mkdirSync(folder)
    filesIn(folder, { '001-a.mjs': 'export const up = () => undefined' })
    await test.project({ migrationsFolder: folder })
    await expect(rehearsed({ kind: 'all' })).rejects.toMatchObject({ code: 'NOT_TRUSTED' })
    await expect(rehearsed({ kind: 'resume', name: '001-a.mjs', from: 1 })).rejects.toMatchObject({
      code: 'STEP_REFUSED',
    })
  })

  it('takes nothing for a rehearsal that knex’s own lock keeps out', async () => {
    expect(await run({ kind: 'next' })).toMatch(/^done/)
    await test.elsewhere('update knex_migrations_lock set is_locked = 1')
    const told = await rehearsed({ kind: 'all' })
    expect(told).toMatchObject({ outcome: 'failed', steps: [] })
    expect(told.message).toMatch(/knex_migrations_lock is locked/)
  })

  it('waits for a run that is under way, and for another rehearsal', async () => {
    const both = await Promise.all([rehearsed({ kind: 'all' }), rehearsed({ kind: 'all' })])
    expect(both.map(({ outcome }) => outcome)).toEqual(['done', 'done'])
    // Of a file, the write lock is waited for by SQLite itself.
    if (test.database.dialect === 'sqlite') return
    const holder = await openSchemaSession(test.database, never)
    await takeLock(holder, { journal: (await test.project()).journal, signal: never, onWaiting: () => undefined })
    let hasWaited = false
    const told = await rehearsed({ kind: 'all' }, never, (event) => {
      if (event.kind === 'step') expect(hasWaited).toBe(true)
      if (event.kind !== 'log' || !event.text.includes('under way') || hasWaited) return
      hasWaited = true
      void holder.close()
    })
    expect([told.outcome, hasWaited]).toEqual(['done', true])
    expect((await state()).tables).toEqual([])
  })
}

describe('rehearsing a profile’s steps on SQLite', () => alike(() => null))
describeWithPostgres('rehearsing a profile’s steps on PostgreSQL', (server) => alike(server))
describeWithMariadb('rehearsing a profile’s steps on MariaDB', (server) => alike(server))
