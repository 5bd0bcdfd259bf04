// Copying a profile as a connection string, through the contract: without its password unless that is asked for, and known.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHeadlessHost } from '../../headless/host.ts'
import type { ConnectionFormat } from '../../shared/connection-strings.ts'
import { profileSettings, type ProfileSettings } from '../../shared/profiles.ts'
import { createCore, type Core } from '../core.ts'
import type { Host, Secrets } from '../host.ts'
import { redact } from '../redact.ts'
import { router } from '../router.ts'
import { xorSecrets } from './secrets.test-setup.ts'

let base: string
let cores: Core[]
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'roster-profile-string-')))
  mkdirSync(join(base, 'files'))
  cores = []
})
afterEach(async () => {
  for (const core of cores) await core.close()
  rmSync(base, { recursive: true, force: true })
})

async function start(secrets: Secrets | null = xorSecrets()) {
  const host: Host = {
    ...createHeadlessHost({ version: 'test', dataFolder: join(base, 'data') }),
    fileRoots: [{ name: 'Files', path: join(base, 'files') }],
    secrets,
  }
  const core = await createCore(host)
  cores.push(core)
  const api = createRouterClient(router, { context: { core } })
  const print = (profileId: string, format: ConnectionFormat, withPassword = false) =>
    api.profiles.connectionString({ profileId, format, withPassword })
  return { api, print }
}
const PASSWORD = 'canary p@ss:/?#%'
const server = (more: object): ProfileSettings =>
  profileSettings.parse({
    ...{ dialect: 'postgres', name: 'Shop', host: 'db1', port: 5433, database: 'shop', user: 'app' },
    ...{ secret: { kind: 'keychain' }, tls: 'verify' },
    ...more,
  })

test('every form, without the password and with it', async () => {
  const { api, print } = await start()
  const { id } = await api.profiles.create({ settings: server({}), password: PASSWORD })
  const forms = ['sqlalchemy', 'libpq-url', 'libpq-keywords', 'gorm-postgres', 'jdbc'] as const
  const without = await Promise.all(forms.map((format) => print(id, format)))
  expect(without.map(({ text }) => text)).toEqual([
    'postgresql://app@db1:5433/shop?sslmode=verify-full',
    'postgresql://app@db1:5433/shop?sslmode=verify-full',
    'host=db1 port=5433 dbname=shop user=app sslmode=verify-full',
    'host=db1 port=5433 dbname=shop user=app sslmode=verify-full',
    'jdbc:postgresql://db1:5433/shop?user=app&sslmode=verify-full',
  ])
  expect(JSON.stringify(without)).not.toContain('canary')
  const encoded = 'canary%20p%40ss%3A%2F%3F%23%25'
  expect((await print(id, 'libpq-url', true)).text).toBe(
    `postgresql://app:${encoded}@db1:5433/shop?sslmode=verify-full`,
  )
  expect((await print(id, 'libpq-keywords', true)).text).toContain(`password='${PASSWORD}'`)
  expect(redact(`a log of ${encoded}`)).not.toContain('canary')
  await expect(print(id, 'pydal', true)).rejects.toMatchObject({
    code: 'NOT_EXPRESSIBLE',
    message: 'The password holds an @, at which PyDAL ends it; nothing in a PyDAL URI is decoded.',
  })
})

test('a kind of database that the form does not know is refused in words', async () => {
  const { api, print } = await start()
  const { id } = await api.profiles.create({ settings: server({}), password: PASSWORD })
  await expect(print(id, 'gorm-mysql')).rejects.toMatchObject({
    code: 'NOT_EXPRESSIBLE',
    message: 'A GORM DSN for MySQL is for MySQL or MariaDB, and this is PostgreSQL.',
  })
})

test('a password that is not known is said', async () => {
  const { api, print } = await start()
  const asked = await api.profiles.create({ settings: server({ secret: { kind: 'ask' } }) })
  expect(await print(asked.id, 'libpq-url', true)).toEqual({
    text: 'postgresql://app@db1:5433/shop?sslmode=verify-full',
    notes: expect.arrayContaining([expect.stringContaining('has not been entered yet')]) as string[],
  })
  const none = await api.profiles.create({ settings: server({ name: 'None', secret: { kind: 'none' } }) })
  expect((await print(none.id, 'libpq-url', true)).notes.join()).toContain('sends no password')
  const unset = await api.profiles.create({
    settings: server({ name: 'Unset', secret: { kind: 'environment', variable: 'ROSTER_TEST_UNSET' } }),
  })
  expect((await print(unset.id, 'libpq-url', true)).notes.join()).toContain('ROSTER_TEST_UNSET')
  // Nothing is said of a password that was not asked for.
  expect((await print(asked.id, 'libpq-url')).notes.join()).not.toContain('password')
})

test('one that was entered is known', async () => {
  const { api, print } = await start()
  const { id } = await api.profiles.create({ settings: server({ secret: { kind: 'ask' } }), password: 'canary-asked' })
  expect((await print(id, 'libpq-url', true)).text).toContain(':canary-asked@')
})

test('a keychain that does not answer is said', async () => {
  const { api } = await start()
  const { id } = await api.profiles.create({ settings: server({}), password: 'canary-kept' })
  for (const core of cores.splice(0)) await core.close()
  const locked: Secrets = { ...xorSecrets(), open: () => Promise.reject(new Error('The keychain is locked.')) }
  const { print } = await start(locked)
  const { text, notes } = await print(id, 'libpq-url', true)
  expect(text).toBe('postgresql://app@db1:5433/shop?sslmode=verify-full')
  expect(notes.join()).toContain('The password is not in it.')
})

test('what no form says is in the notes', async () => {
  const { api, print } = await start()
  const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':')
  const settings = server({
    ...{ dialect: 'mysql', isReadOnly: true, nodes: [{ host: 'db2', port: 3307 }], fetchServerKey: true },
    ...{ pins: [{ host: 'db1', port: 5433, fingerprint }], schemaLogin: { user: 'owner', secret: { kind: 'ask' } } },
    ssh: { host: 'gate', user: 'me', auth: 'agent', secret: { kind: 'none' } },
  })
  const { id } = await api.profiles.create({ settings, password: PASSWORD })
  const sqlalchemy = await print(id, 'sqlalchemy')
  expect(sqlalchemy.notes).toContain('PyMySQL goes on without TLS, and says nothing, where the server offers none.')
  const { text, notes } = await print(id, 'gorm-mysql')
  expect(text).toBe('app@tcp(db1:5433)/shop?charset=utf8mb4&parseTime=True&tls=true')
  const told = notes.join(' ')
  for (const words of ['db2:3307', 'server’s key', 'read-only', 'me@gate', 'fingerprint', '(owner)'])
    expect(told).toContain(words)
  const jdbc = await print(id, 'jdbc')
  expect(jdbc.text).toBe(
    'jdbc:mysql://db1:5433,db2:3307/shop?user=app&sslMode=VERIFY_IDENTITY&allowPublicKeyRetrieval=true',
  )
  expect(jdbc.notes.join()).not.toContain('db2')
})

test('a SQLite file', async () => {
  const { api, print } = await start()
  const file = join(base, 'files/shop.db')
  new Sqlite(file).exec('create table t (id integer)').close()
  const { id } = await api.profiles.addFile({ path: file })
  expect((await print(id, 'sqlalchemy', true)).text).toBe(`sqlite:///${file}`)
  expect((await print(id, 'pydal')).text).toBe(`sqlite://${file}`)
  expect((await print(id, 'jdbc')).text).toBe(`jdbc:sqlite:${file}`)
  expect((await print(id, 'gorm-sqlite')).text).toBe(file)
  await expect(print(id, 'libpq-url')).rejects.toMatchObject({ code: 'NOT_EXPRESSIBLE' })
})
