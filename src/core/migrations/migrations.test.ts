// Migrations through the contract, on real files: every call, what each refuses, and the knex command line beside it.
import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createRouterClient } from '@orpc/server'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHeadlessHost } from '../../headless/host.ts'
import type { Api } from '../../shared/contract.ts'
import type { MigrationAction, MigrationEvent } from '../../shared/migration-runs.ts'
import { createCore, type Core } from '../core.ts'
import type { Host } from '../host.ts'
import { router } from '../router.ts'
import { builtinSteps } from './builtin.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const names = builtinSteps.map(({ name }) => name) as [string, string, string]

let folder: string
let core: Core
let api: Api
let file: string
let profileId: string

async function start(more: Partial<Host> = {}) {
  const host = createHeadlessHost({ version: 'test', dataFolder: join(folder, 'data'), roots: [folder] })
  core = await createCore({ ...host, ...more })
  api = createRouterClient(router, { context: { core } })
}

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'roster-migrations-')))
  await start()
  profileId = 'sample'
  file = join(folder, 'data', 'sample.db')
})
afterEach(async () => {
  await core.close()
  rmSync(folder, { recursive: true, force: true })
})

const list = () => api.migrations.list({ profileId })
const states = async () => (await list()).steps.map(({ name, state }) => [name, state])

async function all<T>(stream: Promise<AsyncIterable<T>>): Promise<T[]> {
  const events: T[] = []
  for await (const event of await stream) events.push(event)
  return events
}
const run = (action: MigrationAction, confirmation?: string): Promise<MigrationEvent[]> =>
  all(api.migrations.run({ profileId, action, ...(confirmation !== undefined && { confirmation }) }))
const outcome = async (action: MigrationAction) => (await run(action)).at(-1)

function inFile<T>(work: (database: Sqlite.Database) => T, path = file): T {
  const database = new Sqlite(path)
  try {
    return work(database)
  } finally {
    database.close()
  }
}
const schema = () =>
  inFile((database) => database.prepare('select name from sqlite_master order by name').pluck().all() as string[])

/** A folder of steps of one's own, for the profile, which is not trusted yet. */
async function ownFolder(files: Record<string, string>): Promise<string> {
  const path = join(folder, 'steps')
  mkdirSync(path, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  await api.migrations.useFolder({ profileId, path })
  return path
}
const trust = async () => api.migrations.trust({ profileId, content: (await list()).folder.content })

const table = (name: string) => `// Makes ${name}.
export const up = (knex) => knex.schema.createTable('${name}', (table) => table.increments('id'))
export const down = (knex) => knex.schema.dropTable('${name}')
`

describe('the steps that Roster ships', () => {
  test('are run one by one and undone batch by batch, and each step tells who ran it', async () => {
    for (const name of names) {
      const events = await run({ kind: 'next' })
      expect(events[0]).toEqual({ kind: 'planned', direction: 'up', steps: [name] })
      expect(events.at(-1)).toMatchObject({ kind: 'finished', outcome: 'done', failedStep: null })
    }
    const { steps, isAtHead, lastBatch } = await list()
    expect(steps.map(({ state, batch, appliedBy }) => [state, batch, appliedBy])).toEqual([
      ['applied', 1, 'run'],
      ['applied', 2, 'run'],
      ['applied', 3, 'run'],
    ])
    expect([isAtHead, lastBatch]).toEqual([true, [names[2]]])
    expect(steps[0]?.person).toMatch(/.@./)
    expect(await outcome({ kind: 'rollback' })).toMatchObject({ outcome: 'done' })
    expect(await outcome({ kind: 'down-to', name: names[0] })).toMatchObject({ outcome: 'done' })
    expect(schema()).not.toContain('auth_user')
    expect(await outcome({ kind: 'rollback' })).toMatchObject({ outcome: 'nothing-to-do' })
    const history = await api.migrations.history({ profileId })
    expect(history.map(({ name, direction }) => [name, direction])).toEqual([
      [names[0], 'down'],
      [names[1], 'down'],
      [names[2], 'down'],
      [names[2], 'up'],
      [names[1], 'up'],
      [names[0], 'up'],
    ])
    expect(new Set(history.map(({ outcome }) => outcome))).toEqual(new Set(['done']))
  })

  test('have their text to be read', async () => {
    const shipped = readFileSync(join(root, 'migrations', names[0]), 'utf8')
    expect(await api.migrations.source({ profileId, name: names[0] })).toEqual({
      files: [{ name: names[0], text: shipped }],
      applied: null,
    })
    await run({ kind: 'all' })
    const { applied } = await api.migrations.source({ profileId, name: names[0] })
    expect(applied).toEqual([{ name: names[0], text: shipped }])
    await expect(api.migrations.source({ profileId, name: '9.ts' })).rejects.toMatchObject({ code: 'STEP_REFUSED' })
  })

  test('are planned and rehearsed, and nothing is there afterwards', async () => {
    const plan = await all(api.migrations.plan({ profileId, action: { kind: 'all' } }))
    expect(plan.at(-1)).toMatchObject({ kind: 'finished', outcome: 'done' })
    const [first] = plan
    expect(first).toMatchObject({ kind: 'step', plan: { name: names[0], direction: 'up', problem: null } })
    expect(schema()).toEqual([])
    const rehearsal = await all(api.migrations.rehearse({ profileId, action: { kind: 'all' } }))
    const end = rehearsal.at(-1)
    expect(end).toMatchObject({ kind: 'finished', outcome: 'done' })
    expect(end?.kind === 'finished' && end.changes.map(({ name }) => name)).toContain('auth_user')
    expect(schema()).toEqual([])
  })

  test('make what SQLAlchemy has made: it is adopted instead, with nothing of it changed', async () => {
    const path = join(folder, 'shop.db')
    copyFileSync(join(root, 'e2e/fixtures/sqlalchemy-sqlite.db'), path)
    ;[profileId, file] = [(await api.profiles.addFile({ path })).id, path]
    const dump = () =>
      inFile((database) => [
        database.prepare("select name, sql from sqlite_master where tbl_name = 'auth_user' order by name").all(),
        database.prepare('select *, typeof(active), typeof(confirmed_at) from auth_user order by id').all(),
      ])
    const before = dump()
    expect(await outcome({ kind: 'all' })).toMatchObject({ outcome: 'failed', message: (await list()).blocked })
    const adoption = await api.migrations.adoption({ profileId, name: names[0] })
    expect([adoption.isCompatible, adoption.owner]).toEqual([true, 'SQLAlchemy'])
    await api.migrations.adopt({ profileId, name: names[0] })
    expect(dump()).toEqual(before)
    const [step, second] = (await list()).steps
    expect(step).toMatchObject({ state: 'applied', appliedBy: 'adopted', batch: 1 })
    expect([second?.state, (await list()).blocked]).toEqual(['pending', null])
    await expect(api.migrations.adopt({ profileId, name: names[0] })).rejects.toMatchObject({ code: 'STEP_REFUSED' })
    expect(await outcome({ kind: 'all' })).toMatchObject({ outcome: 'done' })
  })

  test('are not adopted where something is lacking, whatever the page says', async () => {
    inFile((database) => database.exec('create table auth_user (id integer primary key, email text)'))
    await expect(api.migrations.adopt({ profileId, name: names[0] })).rejects.toMatchObject({
      code: 'STEP_REFUSED',
      message: /auth_user lacks what 001-create-auth-user\.ts makes/,
    })
    expect(schema()).toEqual(['auth_user'])
  })
})

describe('a folder of one’s own', () => {
  test('is looked at without running it, trusted as it was seen, and asked about again when it changes', async () => {
    const path = await ownFolder({ '1.js': `globalThis.wasRun = true\n${table('shop')}` })
    const { folder: seen, steps } = await list()
    expect([seen.path, seen.trust, steps[0]?.summary]).toEqual([path, 'new', expect.any(String)])
    expect('wasRun' in globalThis).toBe(false)
    for (const call of [
      () => run({ kind: 'all' }),
      () => all(api.migrations.rehearse({ profileId, action: { kind: 'all' } })),
      () => all(api.migrations.plan({ profileId, action: { kind: 'all' } })),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'NOT_TRUSTED' })
    }
    writeFileSync(join(path, '2.js'), table('item'))
    await expect(api.migrations.trust({ profileId, content: seen.content })).rejects.toMatchObject({
      code: 'NOT_TRUSTED',
    })
    await trust()
    expect(await outcome({ kind: 'all' })).toMatchObject({ outcome: 'done' })
    expect(schema()).toEqual(expect.arrayContaining(['shop', 'item', 'knex_migrations']))
    expect('wasRun' in globalThis).toBe(false)

    writeFileSync(join(path, '1.js'), table('other'))
    const changed = await list()
    expect([changed.folder.trust, changed.steps[0]?.state]).toEqual(['changed', 'changed'])
    const source = await api.migrations.source({ profileId, name: '1.js' })
    expect(source.files).toEqual([{ name: '1.js', text: table('other') }])
    expect(source.applied?.[0]?.text).toContain("createTable('shop'")
    await expect(run({ kind: 'rollback' })).rejects.toMatchObject({ code: 'NOT_TRUSTED' })
  })

  test('is chosen from what may be reached, and let go again', async () => {
    for (const path of ['/etc', 'steps', join(folder, 'nowhere'), file]) {
      await expect(api.migrations.useFolder({ profileId, path })).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
    }
    expect((await list()).folder.path).toBeNull()
    await expect(api.migrations.pickFolder()).rejects.toMatchObject({ code: 'NO_DIALOG' })
    await ownFolder({})
    expect((await list()).steps).toEqual([])
    await api.migrations.useFolder({ profileId, path: null })
    expect((await states()).map(([name]) => name)).toEqual(names)
  })

  test('on the desktop is picked in the dialog first, and new files are shown in it', async () => {
    await core.close()
    const [asked, shown]: string[][] = [[], []]
    const path = join(folder, 'picked')
    mkdirSync(path)
    await start({
      kind: 'desktop',
      fileRoots: null,
      pickPath: (title, kind) => (asked?.push(`${title} (${kind ?? 'file'})`), Promise.resolve(path)),
      showFile: (each) => void shown?.push(each),
    })
    await expect(api.migrations.useFolder({ profileId, path })).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
    expect(await api.migrations.pickFolder()).toEqual({ path })
    expect(asked).toEqual(['Choose the folder with the migrations (folder)'])
    await api.migrations.useFolder({ profileId, path })
    const { paths, isOpened } = await api.migrations.create({ profileId, title: 'Add phone', kind: 'sql' })
    expect([paths.length, isOpened, shown]).toEqual([2, true, paths.slice(0, 1)])
    expect((await list()).steps).toMatchObject([{ kind: 'sql', state: 'pending' }])
  })

  test('gets new files in the browser too, where nothing can show them; the shipped steps get none', async () => {
    const more = { profileId, title: 'Add phone', kind: 'ts' } as const
    await expect(api.migrations.create(more)).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
    const path = await ownFolder({})
    const { paths, isOpened } = await api.migrations.create(more)
    expect([paths.every((each) => each.startsWith(path)), paths.length, isOpened]).toEqual([true, 1, false])
  })

  test('takes a file with its statements, ready to be run', async () => {
    await ownFolder({})
    const text = { up: 'create index shop_name on shop (name);', down: 'drop index shop_name;' }
    const { paths } = await api.migrations.create({ profileId, title: 'Index shop by name', kind: 'sql', text })
    expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual([
      `-- Index shop by name.\n\n${text.up}\n`,
      `-- Undoes: Index shop by name.\n\n${text.down}\n`,
    ])
    expect((await list()).steps).toMatchObject([{ kind: 'sql', state: 'pending' }])
  })
})

describe('after a run', () => {
  test('a renamed file takes its name into the ledger', async () => {
    const path = await ownFolder({ '1.js': table('shop') })
    await trust()
    await run({ kind: 'all' })
    rmSync(join(path, '1.js'))
    writeFileSync(join(path, '1-shop.js'), table('shop'))
    expect((await list()).steps).toMatchObject([{ name: '1-shop.js', ledgerName: '1.js', state: 'renamed' }])
    await api.migrations.renameInLedger({ profileId, name: '1-shop.js' })
    expect((await list()).steps).toMatchObject([{ name: '1-shop.js', ledgerName: null, state: 'applied' }])
    await expect(api.migrations.renameInLedger({ profileId, name: '1-shop.js' })).rejects.toMatchObject({
      code: 'STEP_REFUSED',
    })
  })

  test('a half step is marked by a person who has looked', async () => {
    await ownFolder({
      '1.js': `export const config = { transaction: false }
export async function up(knex) { await knex.schema.createTable('shop', (t) => t.increments('id')); await knex('nowhere').insert({ id: 1 }) }
export const down = (knex) => knex.schema.dropTable('shop')`,
      '2.js': table('item'),
    })
    await trust()
    expect(await outcome({ kind: 'all' })).toMatchObject({ outcome: 'failed', failedStep: '1.js' })
    const { half, steps } = await list()
    expect([half?.name, steps[0]?.state, steps[1]?.state]).toEqual(['1.js', 'half', 'pending'])
    await expect(run({ kind: 'all' })).rejects.toMatchObject({
      code: 'STEP_REFUSED',
      message: /^1\.js ended in the middle/,
    })
    await api.migrations.mark({ profileId, name: '1.js', as: 'applied' })
    expect(await states()).toEqual([
      ['1.js', 'applied'],
      ['2.js', 'pending'],
    ])
    expect((await list()).steps[0]?.appliedBy).toBe('marked')
    await expect(api.migrations.mark({ profileId, name: '1.js', as: 'applied' })).rejects.toMatchObject({
      code: 'STEP_REFUSED',
    })
  })

  test('a lock that was left behind is named, and freed with consent', async () => {
    await run({ kind: 'next' })
    inFile((database) => database.exec('update knex_migrations_lock set is_locked = 1'))
    expect((await list()).lock).toMatchObject({ kind: 'knex', canRepair: true })
    await api.migrations.repairLock({ profileId })
    expect((await list()).lock).toBeNull()
    expect(await outcome({ kind: 'all' })).toMatchObject({ outcome: 'done' })
  })
})

test('production asks for its name before anything is written, rehearsed too', async () => {
  const path = join(folder, 'shop.db')
  inFile((database) => database.exec('vacuum'), path)
  const before = readFileSync(path)
  const settings = { dialect: 'sqlite', name: 'The Shop', file: path, environment: 'production' } as const
  profileId = (await api.profiles.create({ settings: { ...(await defaults()), ...settings } })).id
  const action = { kind: 'all' } as const
  const name = names[0]
  const writes: Record<string, () => Promise<unknown>> = {
    run: () => run(action),
    rehearse: () => all(api.migrations.rehearse({ profileId, action })),
    mark: () => api.migrations.mark({ profileId, name, as: 'applied' }),
    renameInLedger: () => api.migrations.renameInLedger({ profileId, name }),
    repairLock: () => api.migrations.repairLock({ profileId }),
    adopt: () => api.migrations.adopt({ profileId, name }),
  }
  for (const [call, write] of Object.entries(writes)) {
    await expect(write(), call).rejects.toMatchObject({ code: 'CONFIRMATION_NEEDED' })
  }
  expect(readFileSync(path).equals(before)).toBe(true)
  expect((await all(api.migrations.plan({ profileId, action }))).at(-1)).toMatchObject({ outcome: 'done' })
  expect((await run(action, 'The Shop')).at(-1)).toMatchObject({ outcome: 'done' })
})

/** The settings of the sample that a new profile of a file needs too. */
async function defaults() {
  const { profiles } = await api.profiles.list()
  const {
    id: _,
    isSample: __,
    ...settings
  } = profiles.find(({ id }) => id === 'sample') as Extract<(typeof profiles)[number], { dialect: 'sqlite' }>
  return settings
}

test('one run or rehearsal at a time in one host, and ending Roster is told of it', async () => {
  await ownFolder({
    '1.js': 'export const up = () => new Promise((resolve) => setTimeout(resolve, 700))\nexport const down = () => {}',
  })
  await trust()
  const first = await api.migrations.run({ profileId, action: { kind: 'all' } })
  const events = first[Symbol.asyncIterator]()
  await events.next()
  expect(core.runs.underWay()).toEqual(['migrations'])
  const refused = { code: 'STEP_REFUSED', message: /^A run that was started here at \d\d:\d\d:\d\d is under way\./ }
  await expect(run({ kind: 'all' })).rejects.toMatchObject(refused)
  await expect(all(api.migrations.rehearse({ profileId, action: { kind: 'all' } }))).rejects.toMatchObject(refused)
  await expect(api.migrations.mark({ profileId, name: '1.js', as: 'applied' })).rejects.toMatchObject(refused)
  for (let next = await events.next(); next.done !== true; next = await events.next());
  expect(core.runs.underWay()).toEqual([])
  expect(await outcome({ kind: 'all' })).toMatchObject({ outcome: 'nothing-to-do' })
})

/** The real command line, on the same file, with the project's own knexfile. */
async function knexCli(...command: string[]): Promise<string> {
  const knex = join(root, 'node_modules/knex/bin/cli.js')
  const env = { ...process.env, DB_NAME: file, NO_COLOR: '1' }
  const { stdout } = await promisify(execFile)(process.execPath, [knex, ...command], { cwd: root, env })
  return stdout
}

test('the knex command line agrees with the list after every action, and each undoes what the other did', async () => {
  const knexList = async () => {
    const [applied = '', pending = ''] = (await knexCli('migrate:list')).split(/(?=(?:Found \d+|No) Pending)/)
    const filesIn = (text: string) => text.match(/\d{3}-\S+\.ts/g) ?? []
    return { applied: filesIn(applied), pending: filesIn(pending) }
  }
  const agrees = async () => {
    const { steps } = await list()
    const inState = (wanted: string) => steps.filter(({ state }) => state === wanted).map(({ name }) => name)
    expect(await knexList()).toEqual({ applied: inState('applied'), pending: inState('pending') })
  }
  await run({ kind: 'next' })
  await agrees()
  await knexCli('migrate:up')
  await knexCli('migrate:latest')
  expect((await list()).steps.map(({ batch, appliedBy }) => [batch, appliedBy])).toEqual([
    [1, 'run'],
    [2, 'elsewhere'],
    [3, 'elsewhere'],
  ])
  expect(await outcome({ kind: 'rollback' })).toMatchObject({ outcome: 'done' })
  await agrees()
  await run({ kind: 'all' })
  await knexCli('migrate:rollback')
  await agrees()
  expect((await states()).map(([, state]) => state)).toEqual(['applied', 'applied', 'pending'])
})
