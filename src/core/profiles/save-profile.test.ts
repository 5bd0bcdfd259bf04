// Making and changing profiles through the contract: what becomes of passwords, files and open databases.
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHeadlessHost } from '../../headless/host.ts'
import { profileSettings, type ProfileSettings, type SecretSource, type ServerProfile } from '../../shared/profiles.ts'
import { createCore, type Core } from '../core.ts'
import type { Host, Secrets } from '../host.ts'
import { router } from '../router.ts'
import { xorSecrets } from './secrets.test-setup.ts'

let base: string
let cores: Core[]
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'roster-save-profile-')))
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
  return { core, api: createRouterClient(router, { context: { core } }) }
}

const keychain: SecretSource = { kind: 'keychain' }
const shop = (secret: SecretSource, more: object = {}): ProfileSettings =>
  profileSettings.parse({
    ...{
      dialect: 'mysql',
      name: 'Shop',
      host: 'db1.invalid',
      port: 3306,
      database: 'shop',
      user: 'app',
      secret,
      ...more,
    },
  })
const file = (path: string, more: object = {}): ProfileSettings =>
  profileSettings.parse({ dialect: 'sqlite', name: 'File', file: path, ...more })

function database(name: string): string {
  const path = join(base, 'files', name)
  new Sqlite(path).exec('create table things (id integer primary key)').close()
  return path
}

describe('a password for the keychain', () => {
  test('is stored with the profile, kept while it is unchanged, and gone with it', async () => {
    const { api, core } = await start()
    const made = (await api.profiles.create({ settings: shop(keychain), password: 'canary-1' })) as ServerProfile
    expect(await core.passwords.of(made, 'runtime')).toBe('canary-1')
    const renamed = await api.profiles.update({
      profileId: made.id,
      settings: shop(keychain, { name: 'The shop', port: 3307 }),
    })
    expect(renamed).toMatchObject({ name: 'The shop', port: 3307 })
    expect(await core.passwords.of(renamed as ServerProfile, 'runtime')).toBe('canary-1')
    await api.profiles.update({ profileId: made.id, settings: shop(keychain), password: 'canary-2' })
    expect(await core.passwords.of(made, 'runtime')).toBe('canary-2')
    expect(JSON.stringify(await api.profiles.list())).not.toContain('canary')
    await api.profiles.remove({ profileId: made.id })
    expect(core.passwords.has(made, 'runtime')).toBe(false)
  })

  test('has to be given, and given again for another host or user', async () => {
    const { api, core } = await start()
    const refused = { code: 'FIELD_REFUSED', defined: true, data: { field: 'password' } }
    await expect(api.profiles.create({ settings: shop(keychain) })).rejects.toMatchObject(refused)
    const made = (await api.profiles.create({ settings: shop(keychain), password: 'canary-1' })) as ServerProfile
    for (const more of [{ host: 'evil.invalid' }, { user: 'root' }]) {
      const update = api.profiles.update({ profileId: made.id, settings: shop(keychain, more) })
      await expect(update).rejects.toMatchObject(refused)
    }
    // Neither goes it there by being asked for in another way.
    await api.profiles.update({ profileId: made.id, settings: shop({ kind: 'ask' }, { host: 'evil.invalid' }) })
    expect(core.passwords.has(made, 'runtime')).toBe(false)
    const test = api.profiles.test({ profileId: made.id, settings: shop({ kind: 'ask' }, { host: 'evil.invalid' }) })
    await expect(test).rejects.toMatchObject(refused)
  })

  const ssh = { host: 'gate', user: 'me', auth: 'agent' }
  const places = [{ host: 'db2.invalid', port: 3306 }]
  const [one, other] = ['AB', 'CD'].map((byte) => Array<string>(32).fill(byte).join(':'))
  const pins = [{ host: 'db1.invalid', port: 3306, fingerprint: one }]
  test.each([
    ['another node', {}, { nodes: places }],
    ['a tunnel, where the same name may be another host', {}, { ssh }],
    ['none any more', { ssh }, {}],
    ['another SSH server', { ssh }, { ssh: { ...ssh, host: 'evil.invalid' } }],
    ['another port of the SSH server', { ssh }, { ssh: { ...ssh, port: 2222 } }],
    ['another way to it', { ssh }, { ssh: { ...ssh, jump: { ...ssh, host: 'evil.invalid' } } }],
    ['a server that need not prove itself', { tls: 'verify' }, { tls: 'require' }],
    ['no encryption', { tls: 'verify-ca' }, { tls: 'off' }],
    ['a certificate that nobody looks at any more', { tls: 'require', pins }, { tls: 'require' }],
  ])('has to be given again for %s', async (_what, before, after) => {
    const { api, core } = await start()
    const made = await api.profiles.create({ settings: shop(keychain, before), password: 'canary-1' })
    const refused = { code: 'FIELD_REFUSED', data: { field: 'password' } }
    const asked = { profileId: made.id, settings: shop(keychain, after) }
    await expect(api.profiles.update(asked)).rejects.toMatchObject(refused)
    await expect(api.profiles.test(asked)).rejects.toMatchObject(refused)
    expect(core.passwords.has(made, 'runtime')).toBe(true)
    await api.profiles.update({ ...asked, settings: shop({ kind: 'ask' }, after) })
    expect(core.passwords.has(core.profiles.get(made.id), 'runtime')).toBe(false)
    await expect(api.profiles.update(asked)).rejects.toMatchObject(refused)
  })

  test.each([
    ['a node that has left', { nodes: places }, {}],
    ['a login of the tunnel', { ssh }, { ssh: { ...ssh, user: 'you' } }],
    ['more proof', { tls: 'require' }, { tls: 'verify' }],
    ['a certificate that was looked at', { tls: 'verify' }, { tls: 'require', pins }],
    [
      'another certificate there',
      { tls: 'verify', pins },
      { tls: 'verify', pins: [{ ...pins[0], fingerprint: other }] },
    ],
  ])('stays with %s', async (_what, before, after) => {
    const { api, core } = await start()
    const made = await api.profiles.create({ settings: shop(keychain, before), password: 'canary-1' })
    const next = await api.profiles.update({ profileId: made.id, settings: shop(keychain, after) })
    expect(await core.passwords.of(next as ServerProfile, 'runtime')).toBe('canary-1')
  })

  test('is gone before the profile names another host', async () => {
    const { api, core } = await start()
    const made = await api.profiles.create({ settings: shop(keychain), password: 'canary-1' })
    const had: [string, boolean][] = []
    const update = core.profiles.update.bind(core.profiles)
    core.profiles.update = async (id, settings) => {
      const profile = await update(id, settings)
      if (profile.dialect === 'mysql') had.push([profile.host, core.passwords.has(made, 'runtime')])
      return profile
    }
    const settings = shop({ kind: 'keychain' }, { host: 'evil.invalid' })
    await api.profiles.update({ profileId: made.id, settings, password: 'canary-2' })
    expect(had).toEqual([['evil.invalid', false]])
    expect(await core.passwords.of(core.profiles.get(made.id) as ServerProfile, 'runtime')).toBe('canary-2')
  })

  test('cannot be chosen where there is none, and no half profile is left', async () => {
    const { api } = await start(null)
    const create = api.profiles.create({ settings: shop(keychain), password: 'canary-1' })
    await expect(create).rejects.toMatchObject({ code: 'FIELD_REFUSED', data: { field: 'password' } })
    const locked = await start({ ...xorSecrets(), seal: () => Promise.reject(new Error('Locked.')) })
    const other = locked.api.profiles.create({ settings: shop(keychain), password: 'canary-1' })
    await expect(other).rejects.toMatchObject({ code: 'NOT_STORED' })
    expect((await api.profiles.list()).profiles.map(({ id }) => id)).toEqual(['sample'])
  })

  test('of the second login is its own', async () => {
    const { api, core } = await start()
    const settings = shop(keychain, { schemaLogin: { user: 'owner', secret: keychain } })
    const field = { code: 'FIELD_REFUSED', data: { field: 'schemaPassword' } }
    await expect(api.profiles.create({ settings, password: 'canary-1' })).rejects.toMatchObject(field)
    const made = (await api.profiles.create({
      settings,
      password: 'canary-1',
      schemaPassword: 'canary-2',
    })) as ServerProfile
    expect(await core.passwords.of(made, 'schema')).toBe('canary-2')
    await api.profiles.update({ profileId: made.id, settings: shop(keychain) })
    expect(await core.passwords.of(core.profiles.get(made.id) as ServerProfile, 'schema')).toBe('canary-1')
    expect(core.passwords.has(made, 'schema')).toBe(false)
  })

  test('is not copied with the profile', async () => {
    const { api } = await start()
    const made = await api.profiles.create({ settings: shop(keychain), password: 'canary-1' })
    const copy = await api.profiles.duplicate({ profileId: made.id })
    expect(await api.profiles.hasPasswords({ profileId: copy.id })).toEqual({
      runtime: false,
      schema: false,
      ssh: false,
      jump: false,
      certificate: false,
    })
  })

  test('is trusted to a server’s key by the profile that agreed, and by no copy of it', async () => {
    const { api } = await start()
    const settings = shop(keychain, { fetchServerKey: true })
    const made = await api.profiles.create({ settings, password: 'canary-1' })
    expect(made).toMatchObject({ fetchServerKey: true })
    expect(await api.profiles.duplicate({ profileId: made.id })).toMatchObject({ fetchServerKey: false, port: 3306 })
  })
})

test('where it is asked for, what was given with the profile is known until it is closed', async () => {
  const { api, core } = await start(null)
  const made = (await api.profiles.create({ settings: shop({ kind: 'ask' }), password: 'canary-1' })) as ServerProfile
  expect(await core.passwords.of(made, 'runtime')).toBe('canary-1')
  await api.profiles.update({ profileId: made.id, settings: shop({ kind: 'ask' }, { name: 'Renamed' }) })
  expect(core.passwords.has(made, 'runtime')).toBe(true)
  for (const more of [{ port: 1 }, { fetchServerKey: true }]) {
    await api.profiles.update({ profileId: made.id, settings: shop({ kind: 'ask' }), password: 'canary-1' })
    await api.profiles.update({ profileId: made.id, settings: shop({ kind: 'ask' }, more) })
    expect(core.passwords.has(made, 'runtime')).toBe(false)
  }
  expect(readFileSync(join(base, 'data', 'profiles.json'), 'utf8')).not.toContain('canary')
})

describe('a file', () => {
  test('is what the person may reach, under one name', async () => {
    const { api } = await start()
    const path = database('a.db')
    const made = await api.profiles.create({ settings: file(path, { environment: 'staging', colour: 'red' }) })
    expect(made).toMatchObject({ file: path, environment: 'staging', colour: 'red' })
    linkSync(path, join(base, 'files', 'hard.db'))
    expect(await api.profiles.create({ settings: file(join(base, 'files', 'hard.db')) })).toMatchObject({ file: path })
    const outside = api.profiles.create({ settings: file('/etc/passwd') })
    await expect(outside).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
    const moved = api.profiles.update({ profileId: made.id, settings: file('/etc/passwd') })
    await expect(moved).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
  })

  test('another one is opened next, and a read-only one refuses', async () => {
    const { api } = await start()
    const [a, b] = [database('a.db'), database('b.db')]
    new Sqlite(b).exec('create table only_in_b (id integer primary key)').close()
    const { id: profileId } = await api.profiles.create({ settings: file(a) })
    await api.profiles.open({ profileId })
    await api.profiles.update({ profileId, settings: file(b, { isReadOnly: true }) })
    expect((await api.tables.list({ profileId })).map(({ name }) => name)).toEqual(['only_in_b', 'things'])
    expect(await api.profiles.open({ profileId })).toMatchObject({
      readOnly: expect.stringContaining('read-only') as string,
    })
    const change = { kind: 'insert' as const, id: 'n', values: { id: 1n } }
    const save = api.tables.save({ profileId, table: 'things', changes: [change] })
    await expect(save).rejects.toMatchObject({ code: 'READ_ONLY' })
  })

  test('the sample keeps its own', async () => {
    const { api, core } = await start()
    const sample = core.profiles.get('sample')
    const path = database('a.db')
    await expect(api.profiles.update({ profileId: 'sample', settings: file(path) })).rejects.toMatchObject({
      data: { field: 'file' },
    })
    const kept = file(sample.dialect === 'sqlite' ? sample.file : '', { name: 'Mine' })
    expect(await api.profiles.update({ profileId: 'sample', settings: kept })).toMatchObject({
      name: 'Mine',
      isSample: true,
    })
  })

  test('is tried without being stored', async () => {
    const { api } = await start()
    expect(await api.profiles.test({ settings: file(database('a.db')) })).toMatchObject({ outcome: 'connected' })
    const missing = await api.profiles.test({ settings: file(join(base, 'files', 'no.db')) })
    expect(missing).toMatchObject({ outcome: 'failed', cause: { reason: 'missing' } })
    expect((await api.profiles.list()).profiles).toHaveLength(1)
  })
})

describe('files of certificates and keys', () => {
  test('are read neither by a profile nor by its trial where the person may not reach them', async () => {
    const { api } = await start()
    writeFileSync(join(base, 'key.pem'), 'of somebody else')
    symlinkSync(join(base, 'key.pem'), join(base, 'files', 'link.pem'))
    const hop = { host: 'gate', user: 'me', auth: 'key' }
    for (const path of [join(base, 'key.pem'), join(base, 'files', 'link.pem'), '/etc/shadow', '/none/of/these']) {
      const refused = { code: 'FOLDER_REFUSED', defined: true, data: { path } }
      for (const more of [
        { tls: 'verify', tlsFiles: { ca: path } },
        { tls: 'verify', tlsFiles: { certificate: path, key: path } },
        { ssh: { ...hop, keyFile: path } },
        { ssh: { ...hop, auth: 'agent', jump: { ...hop, keyFile: path } } },
      ]) {
        const settings = shop({ kind: 'none' }, more)
        await expect(api.profiles.create({ settings })).rejects.toMatchObject(refused)
        await expect(api.profiles.test({ settings })).rejects.toMatchObject(refused)
      }
    }
  })
})

describe('where migrations are', () => {
  const inFiles = (name: string) => join(base, 'files', name)

  test('is a folder that the person may reach, stored by its real path', async () => {
    const { api } = await start()
    mkdirSync(inFiles('steps'))
    symlinkSync('steps', inFiles('link'))
    const settings = file(database('a.db'), { migrationsFolder: inFiles('link'), migrationJournal: 'file' })
    const made = await api.profiles.create({ settings })
    expect(made).toMatchObject({ migrationsFolder: inFiles('steps'), migrationJournal: 'file' })
    expect(await api.profiles.duplicate({ profileId: made.id })).toMatchObject({
      ...{ migrationsFolder: inFiles('steps'), migrationJournal: 'file' },
    })
  })

  test('is refused outside of the roots, through links too, where there is none, and where it is a file', async () => {
    const { api, core } = await start()
    const path = database('a.db')
    mkdirSync(join(base, 'outside'))
    symlinkSync(join(base, 'outside'), inFiles('out'))
    const { id: profileId } = await api.profiles.create({ settings: file(path) })
    for (const migrationsFolder of [join(base, 'outside'), '/etc', inFiles('out'), inFiles('none'), path, 'files']) {
      const refused = { code: 'FOLDER_REFUSED', defined: true, data: { path: migrationsFolder } }
      const settings = file(path, { migrationsFolder })
      await expect(api.profiles.update({ profileId, settings })).rejects.toMatchObject(refused)
      await expect(
        api.profiles.create({ settings: shop({ kind: 'ask' }, { migrationsFolder }) }),
      ).rejects.toMatchObject(refused)
    }
    expect(core.profiles.list().profiles).toHaveLength(2)
    expect(core.profiles.get(profileId).migrationsFolder).toBeNull()
  })

  test('stays as it is when other settings change, also when it is out of reach by now', async () => {
    const { api, core } = await start()
    const path = database('a.db')
    const { id: profileId } = await api.profiles.create({ settings: file(path) })
    await core.profiles.useFolder(profileId, '/gone')
    const settings = file(path, { name: 'Renamed', migrationsFolder: '/gone' })
    expect(await api.profiles.update({ profileId, settings })).toMatchObject({ migrationsFolder: '/gone' })
  })

  test('changes without closing what is open', async () => {
    const { api, core } = await start()
    const path = database('a.db')
    mkdirSync(inFiles('steps'))
    const { id: profileId } = await api.profiles.create({ settings: file(path) })
    await api.profiles.open({ profileId })
    const open = core.databases.of(profileId)
    await api.profiles.update({
      profileId,
      settings: file(path, { migrationsFolder: inFiles('steps'), migrationJournal: 'file' }),
    })
    expect(core.databases.of(profileId)).toBe(open)
    expect(core.profiles.get(profileId)).toMatchObject({ migrationsFolder: inFiles('steps'), migrationJournal: 'file' })
    await core.profiles.useFolder(profileId, null)
    expect(core.databases.of(profileId)).toBe(open)
    // What the connection is made with does close it.
    await api.profiles.update({ profileId, settings: file(path, { isReadOnly: true }) })
    expect(core.databases.of(profileId)).not.toBe(open)
  })
})

test('an imported password is taken once', async () => {
  const { api, core } = await start()
  const imported = core.imports.keep('canary-1')
  const made = (await api.profiles.create({ settings: shop(keychain), imported })) as ServerProfile
  expect(await core.passwords.of(made, 'runtime')).toBe('canary-1')
  expect(core.imports.passwordOf(imported)).toBeUndefined()
})
