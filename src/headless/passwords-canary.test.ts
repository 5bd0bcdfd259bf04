// A password is planted and given to Roster in every way that there is for it; then everything that the host has written, said,
// logged, started and sent is searched for it, for the salt that is mixed in, and for the hashes.
import { createORPCClient } from '@orpc/client'
import BetterSqlite3 from 'better-sqlite3'
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createCore, type Core } from '../core/core.ts'
import type { Host, HostProcess, Secrets } from '../core/host.ts'
import type { Context } from '../core/implement.ts'
import { router } from '../core/router.ts'
import { createServing } from '../core/serving.ts'
import { createWire } from '../renderer/link/wire.ts'
import type { ActivityEntry } from '../shared/activity.ts'
import type { Api } from '../shared/contract.ts'
import type { HashChoice } from '../shared/passwords.ts'
import { createHeadlessHost } from './host.ts'

/** With letters that are spelled otherwise in JSON, in an address and in a log. */
const PASSWORD = `canary-clear-'"\\/@:%é`
const SALT = 'canary-salt-146585145368132386173505678016728509634'
const VARIABLE = 'ROSTER_TEST_CANARY_PASSWORD_SALT'

/** What is found, as it is or in base64 at any offset. */
function findIn(where: string, text: string, more: readonly string[] = []): string[] {
  const found = text.match(/canary-(clear|salt)/g) ?? []
  const coded = [0, 1, 2].flatMap((offset) => {
    const code = Buffer.from(`${'x'.repeat(offset)}canary-`).toString('base64')
    const whole = code.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + 7) * 8) / 6))
    return text.includes(whole) ? [`base64, offset ${offset}`] : []
  })
  const hashes = more.filter((hash) => text.includes(hash)).map(() => 'a hash')
  return [...found, ...coded, ...hashes].map((what) => `${where}: ${what}`)
}

/** Seals nothing: what is written to the disk is searched as it is. */
const open: Secrets = {
  isAvailable: () => Promise.resolve(true),
  seal: (text) => Promise.resolve(new Uint8Array(Buffer.from(text))),
  open: (sealed) => Promise.resolve(Buffer.from(sealed).toString()),
}

let folder: string
let core: Core
let api: Api
let frames: string[]
/** What was given to the log, before the redactor has looked at it. */
let logged: string[]
let children: { entry: string; process: HostProcess }[]
let drop: () => void

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'roster-canary-')))
  process.env[VARIABLE] = SALT
  const host = createHeadlessHost({ version: 'test', dataFolder: join(folder, 'data'), roots: [folder] })
  children = []
  logged = []
  const log: Host['log'] = (level, message, detail) => {
    logged.push(`${message} ${inspect(detail, { depth: 12 })}`)
    host.log(level, message, detail)
  }
  core = await createCore({
    ...host,
    secrets: open,
    log,
    spawn(entry) {
      const process = host.spawn(entry)
      children.push({ entry, process })
      return process
    },
  })
  frames = []
  const serving = createServing<Context>(router, log)
  const line = serving.serve(
    {
      send(frame) {
        frames.push(frame)
        wire.receive(frame)
      },
      end: () => undefined,
    },
    { core },
  )
  const wire = createWire((frame) => line.receive(frame))
  drop = () => line.drop()
  api = createORPCClient<Api>(wire.link)
})
afterEach(async () => {
  drop()
  await core.close()
  Reflect.deleteProperty(process.env, VARIABLE)
  rmSync(folder, { recursive: true, force: true })
})

const filesIn = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

function readProc(pid: number | undefined, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return ''
  }
}

/** Ticks (of 10 ms) that a process has computed. */
const ticksOf = (pid: number | undefined) => Number(readProc(pid, 'stat').split(') ')[1]?.split(' ')[11])

it.runIf(process.platform === 'linux')('is nowhere but in the worker, and no hash leaves the host', async () => {
  const file = join(folder, 'users.db')
  const other = new BetterSqlite3(file)
  other.exec(`create table auth_user (id integer primary key, email varchar(255) not null unique, password varchar(255),
      active boolean, fs_uniquifier varchar(64) not null unique, confirmed_at datetime);
    insert into auth_user values (1, 'ann@x.org', null, 1, 'a', null), (2, 'bob@x.org', '', 1, 'b', null)`)
  const thrown: unknown[] = []
  const fails = async (call: Promise<unknown>) => {
    const error: unknown = await call.then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(Error)
    thrown.push(error)
  }
  const { id: profileId } = await api.profiles.create({ settings: { dialect: 'sqlite', name: 'users', file } })
  const at = { profileId, table: 'auth_user' }
  const pepper = { variable: VARIABLE }
  const cost = { m: 64, t: 1, p: 1 }
  const choice: HashChoice = { scheme: 'argon2id', cost, digest: null, isDouble: true }
  const ask = { ...at, choice, password: PASSWORD, pepper, count: 1 }

  // Hashed, staged, saved, checked and taken back.
  const { variables } = await api.users.passwords(at)
  expect(variables).toContain(VARIABLE)
  const { kept } = await api.users.hash({ ...ask, count: 2 })
  const changes = kept.map((text, index) => ({
    ...{ kind: 'update' as const, id: `u${index}`, key: [BigInt(index + 1)] },
    ...{ original: {}, values: { password: text } },
  }))
  await api.staged.write({ page: crypto.randomUUID(), ...at, changes })
  await api.tables.sql({ ...at, changes, most: 9 })
  await api.tables.check({ ...at, changes })
  const saved = await api.tables.save({ ...at, changes })
  const hashes = (other.prepare('select password from auth_user').pluck().all() as string[]).filter(Boolean)
  expect(hashes).toHaveLength(2)
  expect(hashes.every((hash) => hash.startsWith('$argon2id$v=19$m=64'))).toBe(true)
  const check = { ...at, key: [1n], password: PASSWORD, pepper }
  expect(await api.users.checkPassword(check)).toMatchObject({ answer: 'matches' })
  expect(await api.users.checkPassword({ ...check, password: `${PASSWORD}?` })).toMatchObject({ answer: 'differs' })
  // One more, which stays staged.
  const { kept: more } = await api.users.hash(ask)
  const staged = { kind: 'update' as const, id: 'u9', key: [1n], original: {}, values: { password: more[0] ?? null } }
  await api.staged.write({ page: crypto.randomUUID(), ...at, changes: [staged] })
  await api.tables.page({ view: { ...at, sort: null, filter: null }, place: { kind: 'first' }, limit: 10 })

  // What the contract refuses, what core refuses, and a password that is stored in clear.
  for (const broken of [
    { ...ask, count: 99 },
    { ...ask, password: `${PASSWORD}${'x'.repeat(2000)}` },
    { ...ask, password: { deep: PASSWORD } },
    { ...ask, password: [PASSWORD] },
    { ...ask, choice: { ...choice, scheme: 'rot13' } },
    { ...ask, table: 5 },
  ])
    await fails(api.users.hash(broken as never))
  await fails(api.users.checkPassword({ ...check, key: [] }))
  await fails(api.users.checkPassword({ ...check, password: '' }))
  await fails(api.users.hash({ ...ask, table: 'gone' }))
  await fails(api.users.hash({ ...ask, pepper: { variable: 'ROSTER_TEST_IS_NOT_SET' } }))
  await fails(api.users.hash({ ...ask, choice: { ...choice, cost: { ...cost, m: 1 } } }))
  await fails(
    api.users.hash({
      ...ask,
      password: PASSWORD.repeat(5),
      choice: { ...choice, scheme: 'bcrypt', cost: { rounds: 4 }, isDouble: false },
    }),
  )
  await fails(api.users.checkPassword({ ...check, key: [99n] }))
  other.prepare('update auth_user set password = ? where id = 2').run(PASSWORD)
  expect((await api.users.checkPassword({ ...check, key: [2n] })).words).toContain('in clear')
  other.exec("update auth_user set password = '' where id = 2")

  // Given up, and ended from outside, in the middle of the work.
  const slow = { ...ask, count: 20, choice: { ...choice, cost: { m: 65_536, t: 40, p: 1 } } }
  const giving = new AbortController()
  const workers = () => children.filter(({ entry }) => entry === 'hashing')
  const [first] = workers()
  const found = [
    ...findIn('the command line of the worker', readProc(first?.process.pid, 'cmdline')),
    ...findIn('the environment of the worker', readProc(first?.process.pid, 'environ')),
  ]
  expect(readProc(first?.process.pid, 'environ').length).toBeGreaterThan(0)
  const before = ticksOf(first?.process.pid)
  const givenUp = api.users.hash(slow, { signal: giving.signal })
  // Given up before the worker has it, the call would leave the worker as it is.
  await expect.poll(() => ticksOf(first?.process.pid) - before, { timeout: 10_000 }).toBeGreaterThan(10)
  giving.abort()
  await fails(givenUp)
  const ended = workers().length
  const killed = api.users.hash(slow)
  await expect.poll(() => workers().length, { timeout: 10_000 }).toBeGreaterThan(ended)
  workers().at(-1)?.process.kill()
  await fails(killed)

  const sent: ActivityEntry[] = []
  for await (const entries of await api.activity.watch({ profileId })) {
    sent.push(...entries)
    break
  }
  expect(sent.some(({ sql }) => /^update/i.test(sql))).toBe(true)
  found.push(...findIn('what was sent', inspect(sent, { depth: 9, maxArrayLength: null }), hashes))
  // The save is taken back from what is kept on the disk, sealed: there, and there alone, are hashes.
  await api.tables.revert({ profileId, saveId: saved.id ?? '' }).catch((error: unknown) => thrown.push(error))
  drop()
  await core.close()
  const files = filesIn(join(folder, 'data'))
  expect(files.map((path) => path.slice(folder.length))).toEqual(expect.arrayContaining(['/data/staged.sealed']))
  for (const path of files) {
    const isSealed = path.includes('/saves/')
    found.push(...findIn(path, readFileSync(path, 'latin1'), isSealed ? [] : hashes))
  }
  frames.forEach((frame, index) => found.push(...findIn(`message ${index} to the page`, frame, hashes)))
  for (const line of logged) found.push(...findIn('the log', line, hashes))
  expect(logged.length).toBeGreaterThan(0)
  for (const error of thrown) found.push(...findIn('an error', inspect(error, { depth: 9 }), hashes))
  // The name of the variable is told; its value is not.
  expect(found).toEqual([])
  expect(thrown.length).toBeGreaterThan(13)
  other.close()
})
