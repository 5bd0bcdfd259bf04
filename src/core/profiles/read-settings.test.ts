// Settings of the standard from real files and an environment: what is understood, where it comes from, what is named.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHeadlessHost } from '../../headless/host.ts'
import { fileAccess } from '../file-access.ts'
import type { Host } from '../host.ts'
import { openImports } from './imports.ts'
import { readSettings } from './read-settings.ts'
import { xorSecrets } from './secrets.test-setup.ts'

let folder: string
let outside: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'roster-settings-')))
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'roster-outside-')))
})
afterEach(() => {
  for (const each of [folder, outside]) rmSync(each, { recursive: true, force: true })
})

function place(change: Partial<Host> = {}) {
  const host: Host = {
    ...createHeadlessHost({ version: 'test', dataFolder: join(folder, 'data') }),
    fileRoots: [{ name: 'Files', path: folder }],
    ...change,
  }
  return { host, files: fileAccess(host), imports: openImports() }
}

async function fromFile(text: string, at = place()) {
  const path = join(folder, '.env')
  writeFileSync(path, text)
  return readSettings(at, { kind: 'file', path })
}
const fromEnvironment = (environment: NodeJS.ProcessEnv, at = place()) =>
  readSettings(at, { kind: 'environment' }, { environment })

const fromText = (text: string, at = place()) => readSettings(at, { kind: 'text', text })

const texts = (notes: { tone: string; text: string }[], tone: string) =>
  notes.filter((note) => note.tone === tone).map(({ text }) => text)

describe('a server', () => {
  const text = `# production
DB_TYPE=postgresql
DB_HOST="db1.example.com"
DB_NAME=shop
DB_USER='app' # the one without rights
DB_PASS="canary # 1"
DB_POOL_SIZE=20
DB_MAX_RETRIES=7
DB_RETRY_DELAY=2.5
OTHER_SECRET=not-read`

  test('every value has its source, and the password shows as dots', async () => {
    const at = place()
    const preview = await fromFile(text, at)
    expect(preview.draft).toEqual({
      ...{
        dialect: 'postgres',
        name: 'shop on db1.example.com',
        host: 'db1.example.com',
        port: 5432,
        database: 'shop',
      },
      ...{ user: 'app', secret: { kind: 'ask' }, poolSize: 20, tries: 7, delay: 2.5 },
    })
    expect(preview.values).toEqual([
      { setting: 'Database', value: 'PostgreSQL', source: 'DB_TYPE' },
      { setting: 'Host', value: 'db1.example.com', source: 'DB_HOST' },
      { setting: 'Port', value: '5432', source: 'default of PostgreSQL' },
      { setting: 'Name', value: 'shop', source: 'DB_NAME' },
      { setting: 'User', value: 'app', source: 'DB_USER' },
      { setting: 'Password', value: '••••••••', source: 'DB_PASS' },
      { setting: 'Connections at most', value: '20', source: 'DB_POOL_SIZE' },
      { setting: 'Tries', value: '7', source: 'DB_MAX_RETRIES' },
      { setting: 'Seconds between tries', value: '2.5', source: 'DB_RETRY_DELAY' },
    ])
    expect(preview.notes).toEqual([])
    expect(JSON.stringify(preview)).not.toMatch(/canary|not-read/)
    expect(at.imports.passwordOf(preview.imported ?? '')).toBe('canary # 1')
  })

  test('a keychain is proposed where there is one', async () => {
    const preview = await fromFile(text, place({ secrets: xorSecrets() }))
    expect(preview.draft?.secret).toEqual({ kind: 'keychain' })
  })

  test('of the environment the password stays in its variable', async () => {
    const preview = await fromEnvironment({
      DB_TYPE: 'mysql',
      DB_HOST: 'h',
      DB_NAME: 'd',
      DB_USER: 'u',
      DB_PASS: 'canary',
    })
    expect(preview).toMatchObject({
      imported: null,
      draft: { dialect: 'mysql', port: 3306, secret: { kind: 'environment', variable: 'DB_PASS' } },
    })
  })

  test('a port of the other kind is flagged, and used as it is written', async () => {
    const mysql = await fromEnvironment({ DB_TYPE: 'mysql', DB_HOST: 'h', DB_PORT: '5432', DB_NAME: 'd', DB_USER: 'u' })
    expect(mysql.draft?.port).toBe(5432)
    expect(texts(mysql.notes, 'warn')).toEqual([expect.stringContaining('Port 5432 is the usual one of PostgreSQL')])
    const other = await fromEnvironment({
      DB_TYPE: 'postgres',
      DB_HOST: 'h',
      DB_PORT: '3306',
      DB_NAME: 'd',
      DB_USER: 'u',
    })
    expect(texts(other.notes, 'warn')).toEqual([expect.stringContaining('Port 3306 is the usual one of MySQL')])
  })

  test.each([
    ['DB_PORT', 'abc', 'port'],
    ['DB_PORT', '70000', 'port'],
    ['DB_PORT', '1e3', 'port'],
    ['DB_POOL_SIZE', '0', 'poolSize'],
    ['DB_POOL_SIZE', '2.5', 'poolSize'],
    ['DB_MAX_RETRIES', '-1', 'tries'],
    ['DB_RETRY_DELAY', 'soon', 'delay'],
  ])('%s=%s is named and left out', async (name, value, field) => {
    const preview = await fromEnvironment({ DB_TYPE: 'mysql', DB_HOST: 'h', DB_NAME: 'd', DB_USER: 'u', [name]: value })
    expect(texts(preview.notes, 'bad')).toEqual([expect.stringContaining(`${name} is “${value}”`)])
    expect(preview.draft).not.toHaveProperty(field)
  })

  test('what is missing is named, and nothing is guessed', async () => {
    const preview = await fromEnvironment({ DB_TYPE: 'postgresql', DB_NAME: 'd' })
    expect(texts(preview.notes, 'warn')).toEqual([expect.stringContaining('No host, no user')])
    expect(preview.draft).not.toHaveProperty('host')
  })
})

describe('DATABASE_URL', () => {
  const url = 'postgresql://app:canary-url@db1:5433/shop'

  test('wins over what DB_* says, and each conflict is named', async () => {
    const at = place()
    const preview = await fromEnvironment(
      {
        ...{ DATABASE_URL: url, DB_TYPE: 'mysql', DB_HOST: 'db2', DB_PORT: '5432' },
        ...{ DB_NAME: 'other', DB_USER: 'root', DB_PASS: 'canary-pass' },
      },
      at,
    )
    expect(preview.draft).toMatchObject({ dialect: 'postgres', host: 'db1', port: 5433, database: 'shop', user: 'app' })
    const conflicts = texts(preview.notes, 'warn')
    for (const name of ['DB_TYPE', 'DB_HOST', 'DB_PORT', 'DB_NAME', 'DB_USER', 'DB_PASS'])
      expect(conflicts.filter((text) => text.startsWith(name))).toHaveLength(1)
    expect(JSON.stringify(preview)).not.toContain('canary')
    expect(at.imports.passwordOf(preview.imported ?? '')).toBe('canary-url')
  })

  test('a host without a port has the usual one, whatever DB_PORT says of another', async () => {
    const preview = await fromEnvironment({ DATABASE_URL: 'mysql://u:canary@db1/shop', DB_PORT: '5432' })
    expect(preview.draft?.port).toBe(3306)
    expect(preview.values).toContainEqual({ setting: 'Port', value: '3306', source: 'default of MySQL or MariaDB' })
    expect(texts(preview.notes, 'warn')).toEqual(['DB_PORT is “5432”, DATABASE_URL says “3306”: DATABASE_URL is used.'])
  })

  test('agreeing with DB_* is no conflict', async () => {
    const preview = await fromEnvironment({ DATABASE_URL: url, DB_TYPE: 'postgres', DB_HOST: 'db1', DB_PORT: '5433' })
    expect(preview.notes).toEqual([])
  })

  test('one that cannot be used says why, and nothing is taken from elsewhere', async () => {
    const preview = await fromEnvironment({
      DATABASE_URL: 'postgresql://app:canary@x@db1/shop',
      DB_TYPE: 'mysql',
      DB_HOST: 'h',
    })
    expect(preview).toMatchObject({ draft: null, values: [], imported: null })
    expect(texts(preview.notes, 'bad')[0]).toContain('%40')
    expect(JSON.stringify(preview)).not.toContain('canary')
  })
})

describe('sqlite', () => {
  const make = (path: string) => new Sqlite(path).exec('create table t (id integer)').close()

  test('the files that DB_NAME may mean are offered, those that are there', async () => {
    mkdirSync(join(folder, 'databases'))
    make(join(folder, 'shop.db'))
    writeFileSync(join(folder, 'databases/shop.db'), 'notes')
    const preview = await fromFile('DB_TYPE=sqlite\nDB_NAME=shop\nDB_HOST=unused')
    expect(preview.candidates).toMatchObject([
      { path: join(folder, 'shop.db'), size: 8192, isSqlite: true },
      { path: join(folder, 'databases/shop.db'), size: 5, isSqlite: false },
    ])
    expect(preview.draft).toMatchObject({ dialect: 'sqlite', name: 'shop' })
    expect(texts(preview.notes, 'note')).toEqual([expect.stringContaining('DB_HOST is not used')])
  })

  test('a file that is nowhere is named with every place', async () => {
    const preview = await fromFile('DB_TYPE=sqlite\nDB_NAME=shop')
    expect(preview.candidates).toEqual([])
    expect(texts(preview.notes, 'bad')[0]).toContain(join(folder, 'databases/shop.db'))
  })

  test('nothing outside of the roots is offered, by dots or by links', async () => {
    make(join(outside, 'x.db'))
    symlinkSync(join(outside, 'x.db'), join(folder, 'link.db'))
    for (const name of [join(outside, 'x.db'), 'link.db', 'link']) {
      const preview = await fromFile(`DB_TYPE=sqlite\nDB_NAME=${name}`)
      expect(preview.candidates).toEqual([])
      expect(texts(preview.notes, 'bad')[0]).toContain('outside')
    }
  })

  test('with native dialogs a candidate may be opened, and nothing else', async () => {
    make(join(folder, 'shop.db'))
    make(join(folder, 'other.db'))
    const at = place({ fileRoots: null })
    at.files.remember(join(folder, '.env'))
    await fromFile('DB_TYPE=sqlite\nDB_NAME=shop', at)
    expect(await at.files.resolve(join(folder, 'shop.db'))).toBe(join(folder, 'shop.db'))
    await expect(at.files.resolve(join(folder, 'other.db'))).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
  })
})

describe('lines that are pasted', () => {
  test('are read as those of a file', async () => {
    const preview = await fromText('DB_TYPE=mysql\nDB_HOST=h\nDB_NAME=d\nDB_USER=u\nDB_PASS=canary')
    expect(preview.draft).toMatchObject({ dialect: 'mysql', host: 'h', database: 'd', user: 'u' })
    expect(preview.values).toContainEqual({ setting: 'Host', value: 'h', source: 'DB_HOST' })
    expect(preview.imported).not.toBeNull()
    expect(JSON.stringify(preview)).not.toContain('canary')
  })

  test.each([
    ['DATABASE_URL=postgresql://u:canary@h/d', 'DATABASE_URL'],
    ['export DATABASE_URL="postgresql://u:canary@h/d"', 'DATABASE_URL'],
    ["SQLALCHEMY_DATABASE_URI = 'postgresql+psycopg2://u:canary@h/d'", 'SQLALCHEMY_DATABASE_URI'],
    ['SHOP=postgres://u:canary@h/d', 'SHOP'],
    ['engine = create_engine("postgresql://u:canary@h/d")', 'the text in quotes'],
  ])('name what they set, and no password is shown: %s', async (text, source) => {
    const preview = await fromText(text)
    expect(preview.draft).toMatchObject({ dialect: 'postgres', host: 'h', database: 'd', user: 'u' })
    expect(preview.values).toContainEqual({ setting: 'Host', value: 'h', source })
    expect(JSON.stringify(preview)).not.toContain('canary')
  })

  test('a name that means nothing to Roster does not show what it holds', async () => {
    // To pgx it is a setting of the session, as any other.
    const text = "host=h dbname=d user=u backup='postgres://u:canary@other/d' TimeZone=UTC"
    const preview = await fromText(text)
    expect(preview.dangers).toMatchObject([{ setting: 'backup', value: '••••••••', canConsent: false }])
    expect(JSON.stringify(preview)).not.toContain('canary')
  })
})

describe('what is refused', () => {
  test.each([
    ['a file without any of them', 'PORT=80\nNAME=x', 'NOT_SETTINGS'],
    ['an empty file', '', 'NOT_SETTINGS'],
    ['a file that is too long', `DB_TYPE=mysql\n${'#'.repeat(1024 * 1024)}`, 'NOT_SETTINGS'],
  ])('%s', async (_what, text, code) => {
    await expect(fromFile(text)).rejects.toMatchObject({ code })
  })

  test('a file outside, a folder, and one that is not there', async () => {
    writeFileSync(join(outside, '.env'), 'DB_TYPE=mysql')
    const read = (path: string) => readSettings(place(), { kind: 'file', path })
    await expect(read(join(outside, '.env'))).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
    await expect(read(folder)).rejects.toMatchObject({ code: 'NOT_SETTINGS' })
    await expect(read(join(folder, 'no.env'))).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' })
  })

  test('a kind that is not known is named', async () => {
    expect(texts((await fromEnvironment({ DB_TYPE: 'oracle' })).notes, 'bad')[0]).toContain('“oracle”')
    expect(texts((await fromEnvironment({ DB_TYPE: 'constructor' })).notes, 'bad')[0]).toContain('“constructor”')
    expect(texts((await fromEnvironment({ DB_HOST: 'h' })).notes, 'bad')[0]).toContain('Neither DB_TYPE')
  })
})

test('an import is forgotten after half an hour', () => {
  let now = 0
  const imports = openImports(() => now)
  const id = imports.keep('canary')
  now = 29 * 60_000
  expect(imports.passwordOf(id)).toBe('canary')
  now = 31 * 60_000
  expect(imports.passwordOf(id)).toBeUndefined()
})
