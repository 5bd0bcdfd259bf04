// Five secrets are planted and used in every way that Roster has for them; then everything it wrote and said is searched.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { createORPCClient } from '@orpc/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { describeWithPostgres } from '../../scripts/servers/missing.ts'
import type { TestServer } from '../../scripts/servers/server.ts'
import { createCore } from '../core/core.ts'
import type { Context } from '../core/implement.ts'
import { xorSecrets } from '../core/profiles/secrets.test-setup.ts'
import { router } from '../core/router.ts'
import { createServing } from '../core/serving.ts'
import { createWire } from '../renderer/link/wire.ts'
import type { ActivityEntry } from '../shared/activity.ts'
import type { Api } from '../shared/contract.ts'
import { where } from '../shared/filters.ts'
import { profileSettings, type Profile, type ProfileSettings, type SecretSource } from '../shared/profiles.ts'
import { createHeadlessHost } from './host.ts'

/** Each has letters that are spelled otherwise in JSON, in an address and in a log. */
const canary = (name: string) => `canary-${name}-'"\\/@:%é`
const RUNTIME = canary('runtime')
const SCHEMA = canary('schema')
const IN_URL = canary('url')
const IN_FILE = canary('file')
const IN_VARIABLE = canary('variable')
const ALL = [RUNTIME, SCHEMA, IN_URL, IN_FILE, IN_VARIABLE]

/** What is found of them, as they are or in base64 at any offset. */
function findCanaries(where: string, text: string): string[] {
  const found = text.match(/canary-(runtime|schema|url|file|variable)/g) ?? []
  const coded = [0, 1, 2].flatMap((offset) => {
    const code = Buffer.from(`${'x'.repeat(offset)}canary-`).toString('base64')
    // The first and the last letters depend on what stands beside: a letter is six bits.
    const whole = code.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + 7) * 8) / 6))
    return text.includes(whole) ? [`base64, offset ${offset}`] : []
  })
  return [...found, ...coded].map((what) => `${where}: ${what}`)
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

interface Running {
  api: Api
  /** Everything that went to the page, as it went. */
  frames: string[]
  /** What it said on its two outputs. */
  said(): string
  /** Its child processes now. */
  children(): number[]
  end(): Promise<void>
}

let folder: string
let data: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'roster-canaries-')))
  data = join(folder, 'data')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const environmentOf = (server: TestServer) => ({
  SHOP_PW: IN_VARIABLE,
  DB_PASS: IN_FILE,
  DATABASE_URL: `postgresql://app:${encodeURIComponent(IN_URL)}@${server.host}:${server.port}/${server.database}`,
})

/** The browser host as a process of its own. */
async function startProcess(server: TestServer): Promise<Running> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'index.ts'), '--data-dir', data, '--root', folder], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environmentOf(server) },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()))
  await expect.poll(() => said, { timeout: 20_000 }).toContain('#token=')
  const { origin, hash } = new URL(/http:\S+/.exec(said)?.[0] ?? '')
  const body = JSON.stringify({ token: hash.slice('#token='.length) })
  const answer = await fetch(`${origin}/session`, { method: 'POST', headers: { origin }, body })
  const { secret } = (await answer.json()) as { secret: string }
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, { origin })
  const wire = createWire((frame) => socket.send(frame))
  await new Promise((resolve) => socket.once('open', resolve))
  socket.send(JSON.stringify({ session: secret }))
  await new Promise((resolve) => socket.once('message', resolve))
  const frames: string[] = []
  socket.on('message', (message) => {
    frames.push((message as Buffer).toString('utf8'))
    wire.receive(frames.at(-1) ?? '')
  })
  socket.on('close', () => wire.close(new Error('lost')))
  return {
    api: createORPCClient<Api>(wire.link),
    frames,
    said: () => said,
    children: () => childrenOf(child.pid),
    async end() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** The same core with a keychain, which the browser host has not. */
async function startWithKeychain(server: TestServer): Promise<Running> {
  Object.assign(process.env, environmentOf(server))
  const host = createHeadlessHost({ version: 'test', dataFolder: data })
  const pids: number[] = []
  const spawnChild = host.spawn.bind(host)
  const core = await createCore({
    ...host,
    fileRoots: [{ name: 'Files', path: folder }],
    secrets: xorSecrets(),
    spawn(entry) {
      const child = spawnChild(entry)
      if (child.pid !== undefined) pids.push(child.pid)
      return child
    },
  })
  const frames: string[] = []
  const serving = createServing<Context>(router, (level, message, detail) => host.log(level, message, detail))
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
  return {
    api: createORPCClient<Api>(wire.link),
    frames,
    said: () => '',
    children: () => pids,
    async end() {
      // A careless line, such as a later part may write.
      host.log('error', `connecting failed with ${RUNTIME}`, { environment: environmentOf(server), schema: SCHEMA })
      line.drop()
      await core.close()
      for (const name of Object.keys(environmentOf(server))) Reflect.deleteProperty(process.env, name)
    },
  }
}

function childrenOf(parent: number | undefined): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const stat = readProc(pid, 'stat')
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent
    })
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

describe('the search itself', () => {
  it.each([
    RUNTIME,
    JSON.stringify({ password: SCHEMA }),
    encodeURIComponent(IN_URL),
    ...[0, 1, 2].map((offset) => Buffer.from(`${'{"x'.slice(0, offset)}${IN_FILE}`).toString('base64')),
  ])('finds %s', (text) => {
    expect(findCanaries('here', `before ${text} after`)).not.toEqual([])
  })
})

describeWithPostgres(
  'canaries',
  (server) => {
    it.runIf(process.platform === 'linux').each([
      { name: 'the browser host', start: startProcess, kind: 'ask' as const },
      { name: 'a host with a keychain', start: startWithKeychain, kind: 'keychain' as const },
    ])('$name lets none out', async ({ name, start, kind }) => {
      const { host, port, database } = server()
      const admin = (sql: string) => server().admin(sql)
      const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
      for (const role of ['canary_app', 'canary_owner']) {
        const password = role === 'canary_app' ? RUNTIME : SCHEMA
        await admin(`do $$ begin create role ${role} login; exception when duplicate_object then null; end $$`)
        await admin(`alter role ${role} password ${quoted(password)}`)
      }
      await admin('grant all on schema public to canary_owner')
      await admin('alter default privileges for role canary_owner grant all on tables to canary_app')
      await admin('alter default privileges for role canary_owner grant all on sequences to canary_app')
      writeFileSync(
        join(folder, '.env'),
        `DB_TYPE=postgresql\nDB_HOST=${host}\nDB_PORT=${port}\nDB_NAME=${database}\nDB_USER=canary_app\nDB_PASS=\`${IN_FILE}\`\n`,
      )
      const running = await start(server())
      const { api } = running
      const thrown: unknown[] = []
      const fails = async (call: Promise<unknown>) => {
        const error: unknown = await call.then(
          () => new Error('It was expected to fail.'),
          (reason: unknown) => reason,
        )
        thrown.push(error)
        expect(error).not.toMatchObject({ message: 'It was expected to fail.' })
      }
      const settings = (secret: SecretSource, more: object = {}): ProfileSettings =>
        profileSettings.parse({
          ...{ dialect: 'postgres', name: 'Shop', host, port, database, user: 'canary_app', secret, tries: 1, ...more },
        })
      const reach = async ({ id }: Pick<Profile, 'id'>, wanted: 'open' | 'refused') => {
        await api.connections.open({ profileId: id })
        const watching = new AbortController()
        try {
          for await (const states of await api.connections.watch(undefined, { signal: watching.signal })) {
            const state = states.find(({ profileId }) => profileId === id)?.connection.state
            const isRefused = state === 'failed' || state === 'needs-password'
            if (wanted === 'open' ? state === 'open' : isRefused) return
            if (isRefused) throw new Error(inspect(states, { depth: 6 }))
          }
        } finally {
          watching.abort()
        }
      }

      // Made with both logins, opened, used, and migrated by the second.
      const both = settings({ kind }, { schemaLogin: { user: 'canary_owner', secret: { kind } } })
      const shop = await api.profiles.create({ settings: both, password: RUNTIME, schemaPassword: SCHEMA })
      expect(await api.profiles.hasPasswords({ profileId: shop.id })).toEqual({
        ...{ runtime: true, schema: true },
        ...{ ssh: false, jump: false, certificate: false },
      })
      expect(await api.profiles.test({ settings: both, profileId: shop.id })).toMatchObject({ outcome: 'connected' })
      await reach(shop, 'open')
      await api.profiles.open({ profileId: shop.id })
      await api.tables.list({ profileId: shop.id })
      for await (const _ of await api.migrations.run({ profileId: shop.id, action: { kind: 'all' } }));

      // Looked for as a value, which the record of what was sent has.
      const filter = where('email', { test: 'equals', value: RUNTIME })
      const view = { profileId: shop.id, table: 'auth_user', sort: null, filter }
      expect((await api.tables.page({ view, place: { kind: 'first' }, limit: 10 })).rows).toEqual([])
      const sent = new Map<number, ActivityEntry>()
      for await (const entries of await api.activity.watch({ profileId: shop.id })) {
        for (const entry of entries) sent.set(entry.number, entry)
        const all = [...sent.values()]
        const isHidden = all.some(({ values }) => values.some((value) => value.includes('*hidden*')))
        // The first of the two runs also has the statements of the migrations, which come after the newest ones.
        if (isHidden && (all.length < 100 || all.some(({ role }) => role === 'schema'))) break
      }

      // Wrong ones: in a test, at opening, in a variable, and given again.
      const wrong = await api.profiles.test({ settings: settings({ kind }), password: IN_FILE })
      expect(wrong).toMatchObject({ outcome: 'failed', cause: { reason: 'authentication' } })
      const refused = await api.profiles.create({ settings: settings({ kind }), password: IN_FILE })
      await reach(refused, 'refused')
      await api.connections.givePassword({ profileId: refused.id, password: IN_URL, role: 'runtime', keep: false })
      const variable = await api.profiles.create({ settings: settings({ kind: 'environment', variable: 'SHOP_PW' }) })
      await reach(variable, 'refused')

      // Nobody there, and somebody else there.
      const closed = await freePort()
      const nowhere = { settings: settings({ kind }, { port: closed }), password: RUNTIME }
      expect(await api.profiles.test(nowhere)).toMatchObject({ outcome: 'failed' })

      // Settings: from the environment, from a file, and a profile of each.
      for (const source of [{ kind: 'environment' } as const, { kind: 'file', path: join(folder, '.env') } as const]) {
        const preview = await api.profiles.readSettings({ source })
        expect(preview.values).toContainEqual(expect.objectContaining({ setting: 'Password', value: '••••••••' }))
        expect(preview.imported).not.toBeNull()
        const imported = await api.profiles.create({ settings: settings({ kind }), imported: preview.imported ?? '' })
        await reach(imported, 'refused')
        await api.profiles.remove({ profileId: imported.id })
      }

      // Input that the contract refuses, and what the host refuses.
      const broken = { settings: { ...both, port: RUNTIME }, password: { deep: SCHEMA } }
      await fails(api.profiles.create(broken as never))
      await fails(
        api.profiles.create({ settings: settings({ kind: 'keychain' }), ...(kind === 'ask' && { password: RUNTIME }) }),
      )
      await fails(api.profiles.update({ profileId: 'gone', settings: both, password: RUNTIME }))
      await fails(api.profiles.readSettings({ source: { kind: 'file', path: '/etc/hostname' } }))

      // Changed, closed, removed; and a child process that has a file open.
      await api.profiles.update({ profileId: shop.id, settings: { ...both, name: 'The shop' }, password: RUNTIME })
      await api.connections.close({ profileId: shop.id })
      await api.profiles.remove({ profileId: variable.id })
      await api.profiles.open({ profileId: 'sample' })

      const children = running.children()
      expect(children.length).toBeGreaterThan(0)
      const found = children.flatMap((pid) => [
        ...findCanaries(`the command line of ${pid}`, readProc(pid, 'cmdline')),
        ...findCanaries(`the environment of ${pid}`, readProc(pid, 'environ')),
      ])
      expect(children.map((pid) => readProc(pid, 'environ').length > 0)).toContain(true)
      await running.end()

      const files = filesIn(data)
      expect(files.map((file) => file.slice(data.length + 1))).toEqual(
        expect.arrayContaining(['profiles.json', 'roster.log']),
      )
      for (const file of files) found.push(...findCanaries(file, readFileSync(file, 'latin1')))
      running.frames.forEach((frame, index) => found.push(...findCanaries(`message ${index} to the page`, frame)))
      for (const error of thrown) found.push(...findCanaries('an error', inspect(error, { depth: 8 })))
      found.push(...findCanaries('what it said', running.said()))
      expect(running.frames.length).toBeGreaterThan(20)
      expect(ALL).toHaveLength(5)
      if (process.env.VERIFY === 'full')
        console.log(
          `FIGURE canaries, ${name}: ${ALL.length} planted; ${files.length} files, ${running.frames.length} messages, ${thrown.length} errors, ${children.length} children and ${running.said().length} letters of output searched; ${found.length} found`,
        )
      expect(found).toEqual([])
    })
  },
  { own: true },
)

async function freePort(): Promise<number> {
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as AddressInfo
  await new Promise((resolve) => taken.close(resolve))
  return port
}
