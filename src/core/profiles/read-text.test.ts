// Connection strings, pasted or in files of other software: the preview, its candidates, consent, and what stays in the host.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createHeadlessHost } from '../../headless/host.ts'
import type { ConnectionFormat } from '../../shared/connection-strings.ts'
import { fileAccess } from '../file-access.ts'
import type { Host } from '../host.ts'
import { redact } from '../redact.ts'
import { openImports } from './imports.ts'
import { readSettings } from './read-settings.ts'
import { xorSecrets } from './secrets.test-setup.ts'

let folder: string
let outside: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'roster-text-')))
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'roster-text-outside-')))
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
const paste = (
  text: string,
  {
    at = place(),
    format,
    accepted = [],
  }: { at?: ReturnType<typeof place>; format?: ConnectionFormat; accepted?: string[] } = {},
) => readSettings(at, { kind: 'text', text, ...(format && { format }) }, { accepted })
function fromFile(name: string, content: string, at = place()) {
  writeFileSync(join(folder, name), content)
  return readSettings(at, { kind: 'file', path: join(folder, name) })
}
const texts = (notes: readonly { tone: string; text: string }[]) => notes.map(({ text }) => text)
const make = (path: string) => new Sqlite(path).exec('create table t (id integer)').close()

describe('a pasted text', () => {
  test('every part has a line, the password shows as dots and stays in the host', async () => {
    const at = place()
    const preview = await paste(
      ' postgresql+psycopg2://app:canary%2Dtext@db1:5433/shop?sslmode=verify-full&application_name=x \n',
      { at },
    )
    expect(preview).toMatchObject({
      format: 'sqlalchemy',
      otherFormats: [],
      draft: {
        dialect: 'postgres',
        name: 'shop on db1',
        host: 'db1',
        port: 5433,
        database: 'shop',
        user: 'app',
        tls: 'verify',
      },
      dangers: [],
    })
    expect(preview.draft?.secret).toEqual({ kind: 'ask' })
    expect(preview.values).toEqual([
      { setting: 'Database', value: 'PostgreSQL', source: 'connection string' },
      { setting: 'Host', value: 'db1', source: 'connection string' },
      { setting: 'Port', value: '5433', source: 'connection string' },
      { setting: 'Name', value: 'shop', source: 'connection string' },
      { setting: 'User', value: 'app', source: 'connection string' },
      { setting: 'Password', value: '••••••••', source: 'connection string' },
      { setting: 'TLS', value: 'on, certificate and its name checked', source: 'connection string' },
    ])
    expect(texts(preview.notes)).toEqual(['application_name is not used: Roster names itself.'])
    expect(JSON.stringify(preview)).not.toContain('canary')
    expect(at.imports.passwordOf(preview.imported ?? '')).toBe('canary-text')
    expect(redact('a log of canary-text and canary%2Dtext')).not.toContain('canary')
  })

  test('all forms that take it are named, and what they would make of it', async () => {
    const preview = await paste('postgres://user:p%40canary@db.example.com/app')
    expect(preview).toMatchObject({ format: 'libpq-url', otherFormats: ['sqlalchemy', 'pydal', 'gorm-postgres'] })
    expect(texts(preview.notes)).toEqual(['Read as PyDAL URI (web2py, py4web) it would be: another password.'])
    const chosen = await paste('postgres://user:p%40canary@db.example.com/app', { format: 'pydal' })
    expect(chosen).toMatchObject({ format: 'pydal', otherFormats: ['libpq-url', 'sqlalchemy', 'gorm-postgres'] })
    expect(texts(chosen.notes)[0]).toContain('decode_credentials')
  })

  test('a bare @ in a password: the library that can read it does, and the others are named', async () => {
    const at = place()
    const preview = await paste('postgres://user:p@canary@db/app', { at })
    expect(preview).toMatchObject({ format: 'gorm-postgres', draft: { host: 'db', user: 'user' } })
    expect(at.imports.passwordOf(preview.imported ?? '')).toBe('p@canary')
    expect(texts(preview.notes).join()).toContain(
      'Read as PostgreSQL URL (libpq) it cannot be used. There is a second @.',
    )
    expect(JSON.stringify(preview)).not.toContain('canary')
    await expect(paste('postgres://user:p@canary@db/app', { format: 'libpq-url' })).rejects.toMatchObject({
      code: 'NOT_SETTINGS',
    })
  })

  test('what the form itself refuses is said, where another one takes it', async () => {
    const preview = await paste('mysql://user:canary%@h/d')
    expect(preview).toMatchObject({ format: 'sqlalchemy', draft: { user: 'user', host: 'h' } })
    expect(texts(preview.notes).join()).toContain('Read as MySQL URL it cannot be used. The password holds a %')
  })

  test.each([
    ['no form', 'just canary words'],
    ['another kind of database', 'oracle://u:canary@h/d'],
    ['a DSN without its slash', 'user:canary@tcp(127.0.0.1:3306)'],
    ['a bare % in a password', 'mariadb://user:canary%@h:x/d'],
    ['nothing', '   '],
  ])('%s is refused without a word of it', async (_what, text) => {
    const error: unknown = await paste(text).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'NOT_SETTINGS' })
    expect(String(error)).not.toMatch(/canary|oracle/)
  })

  test('the password of a text that is refused stays out of logs, too', async () => {
    const text = 'postgresql://u:sparrow%2Drefused@h/d?sslmode=none'
    await expect(paste(text, { format: 'libpq-url' })).rejects.toMatchObject({ code: 'NOT_SETTINGS' })
    expect(redact('a log of sparrow-refused')).not.toContain('sparrow')
  })

  test('the keychain is proposed where there is one, none for an empty password', async () => {
    expect((await paste('mysql://u:canary@h/d', { at: place({ secrets: xorSecrets() }) })).draft?.secret).toEqual({
      kind: 'keychain',
    })
    const empty = await paste('mysql://u:@h/d')
    expect(empty).toMatchObject({ imported: null, draft: { secret: { kind: 'none' } } })
    expect(empty.values).toContainEqual({ setting: 'Password', value: '(empty)', source: 'connection string' })
    expect((await paste('mysql://u@h/d')).draft?.secret).toEqual({ kind: 'ask' })
  })

  test('nodes of a cluster, and the default port', async () => {
    const preview = await paste('jdbc:mariadb://a,b:3307/shop?user=u')
    expect(preview.draft).toMatchObject({ host: 'a', port: 3306, nodes: [{ host: 'b', port: 3307 }] })
    expect(preview.values).toContainEqual({ setting: 'Further hosts', value: 'b:3307', source: 'connection string' })
  })
})

describe('consent', () => {
  const text = (ca: string) =>
    `postgresql://u:canary@good/d?sslmode=verify-ca&sslrootcert=${encodeURIComponent(ca)}&host=evil&options=-cx`

  test('by id, and only for files that may be reached', async () => {
    const ca = join(folder, 'ca.pem')
    writeFileSync(ca, 'x')
    const first = await paste(text(ca), { format: 'libpq-url' })
    expect(first.dangers).toMatchObject([
      { setting: 'host', value: 'evil', canConsent: true },
      { setting: 'sslrootcert', value: ca, canConsent: true },
      { setting: 'options', value: '-cx', canConsent: false },
    ])
    expect(first.draft).toMatchObject({ host: 'good', tls: 'verify-ca' })
    expect(first.draft).not.toHaveProperty('tlsFiles')
    const all = (first.dangers ?? []).map(({ id }) => id)
    const after = await paste(text(ca), { format: 'libpq-url', accepted: all })
    expect(after.draft).toMatchObject({ host: 'evil', tlsFiles: { ca, certificate: null, key: null } })
    const only = await paste(text(ca), { format: 'libpq-url', accepted: all.slice(1, 2) })
    expect(only.draft).toMatchObject({ host: 'good', tlsFiles: { ca } })
  })

  test('is for one text, and for no other with the same setting in it', async () => {
    const said = (host: string) => `mysql://u:canary@${host}/d?sslMode=DISABLED`
    const accepted = ((await paste(said('db1'))).dangers ?? []).map(({ id }) => id)
    expect((await paste(said('db1'), { accepted })).draft).toMatchObject({ host: 'db1', tls: 'off' })
    expect((await paste(said('db2'), { accepted })).draft).toMatchObject({ host: 'db2', tls: 'verify' })
  })

  test('a file outside, or one that is not there, stays out', async () => {
    const far = join(outside, 'ca.pem')
    writeFileSync(far, 'x')
    for (const [path, words] of [
      [far, 'outside of the folders'],
      [join(outside, 'gone.pem'), 'outside of the folders'],
      [join(folder, 'gone.pem'), 'There is no file'],
    ] as const) {
      const accepted = ((await paste(text(path), { format: 'libpq-url' })).dangers ?? []).map(({ id }) => id)
      const preview = await paste(text(path), { format: 'libpq-url', accepted })
      expect(preview.draft).not.toHaveProperty('tlsFiles')
      expect(preview.draft?.tls).toBe('verify-ca')
      expect(texts(preview.notes).join()).toContain(words)
    }
  })

  test('with native dialogs an agreed file is asked for there once more, where no page can answer', async () => {
    const ca = join(folder, 'ca.pem')
    writeFileSync(ca, 'x')
    const asked: string[] = []
    let answer = false
    const confirm = ({ message }: { message: string }) => Promise.resolve(asked.push(message) > 0 && answer)
    const at = place({ fileRoots: null, confirm })
    const { dangers } = await paste(text(ca), { at, format: 'libpq-url' })
    await expect(at.files.resolve(ca)).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
    const accepted = (dangers ?? []).map(({ id }) => id)
    const preview = await paste(text(ca), { at, format: 'libpq-url', accepted })
    expect(preview.draft).toMatchObject({ tlsFiles: { ca } })
    expect(asked).toEqual([])
    await expect(at.files.resolve(ca)).rejects.toMatchObject({
      code: 'FOLDER_REFUSED',
      message: `${ca} was not opened. Its use was not agreed to.`,
    })
    answer = true
    expect(await at.files.resolve(ca)).toBe(ca)
    expect(await at.files.resolve(ca)).toBe(ca)
    expect(asked).toEqual([`Use the file ${ca}?`, `Use the file ${ca}?`])
  })

  test('a secret among the dangers shows as dots and stays out of logs', async () => {
    const preview = await paste(
      "host=h user=u sslmode=verify-full sslkey=/k sslpassword='a b\\'finch' trustStorePassword=x",
      { format: 'gorm-postgres' },
    )
    expect(JSON.stringify(preview)).not.toContain('finch')
    expect(redact("the passphrase a b'finch")).not.toContain('finch')
  })
})

describe('a relative SQLite file is two files to two libraries', () => {
  test('and with native dialogs none of them is opened that the person did not agree to there', async () => {
    const file = join(folder, 'shop.db')
    writeFileSync(file, 'x')
    const at = place({ fileRoots: null, confirm: () => Promise.resolve(false) })
    expect((await paste(`sqlite:///${file}`, { at })).candidates.map(({ path }) => path)).toEqual([file])
    await expect(at.files.resolve(file)).rejects.toMatchObject({ code: 'FOLDER_REFUSED' })
  })

  test('all that are there are shown with who would look there, and none is chosen', async () => {
    for (const each of ['databases', 'instance']) mkdirSync(join(folder, each))
    for (const each of ['shop.db', 'instance/shop.db', 'databases/shop.db']) make(join(folder, each))
    const preview = await paste('sqlite:///shop.db')
    expect(preview.draft).toEqual({ dialect: 'sqlite', name: 'shop.db' })
    expect(preview.candidates).toMatchObject([
      {
        path: join(folder, 'shop.db'),
        isSqlite: true,
        why: `SQLAlchemy URL: if the application is started in ${folder}`,
      },
      { path: join(folder, 'instance/shop.db'), why: 'Flask-SQLAlchemy: in the application’s instance folder' },
    ])
    const other = await paste('sqlite://shop.db')
    expect(other.format).toBe('pydal')
    expect(other.candidates.map(({ path }) => path)).toEqual([
      join(folder, 'databases/shop.db'),
      join(folder, 'shop.db'),
    ])
    const gorm = await paste('shop.db')
    expect(gorm.candidates).toMatchObject([
      { path: join(folder, 'shop.db'), why: expect.stringMatching(/^GORM DSN for SQLite/) as string },
    ])
  })

  test('the same text, relative to one and absolute to the other', async () => {
    const below = join(folder, folder.slice(1))
    mkdirSync(below, { recursive: true })
    make(join(folder, 'x.db'))
    make(join(below, 'x.db'))
    const preview = await paste(`sqlite://${folder}/x.db`)
    expect(preview.candidates.map(({ path, why }) => [path, why?.split(':')[0]])).toEqual([
      [join(below, 'x.db'), 'SQLAlchemy URL'],
      [join(folder, 'x.db'), 'PyDAL URI (web2py, py4web)'],
    ])
    expect(texts(preview.notes).join()).toContain('Read as PyDAL URI (web2py, py4web) it would be: file')
  })

  test('of files outside nothing can be learned, not even whether they are there', async () => {
    make(join(outside, 'x.db'))
    const said = async (path: string) =>
      texts((await paste(`sqlite:///${path}`)).notes).find((each) => each.includes('outside'))
    expect((await said(join(outside, 'x.db')))?.replaceAll('x.db', '?')).toBe(
      (await said(join(outside, 'y.db')))?.replaceAll('y.db', '?'),
    )
    expect((await paste(`sqlite:///${join(outside, 'x.db')}`)).candidates).toEqual([])
  })

  test('one in memory is said to be none', async () => {
    for (const text of [
      'sqlite://',
      'sqlite:memory',
      'file::memory:?cache=shared',
      'jdbc:sqlite::memory:',
      ':memory:',
    ]) {
      const preview = await paste(text)
      expect(preview.candidates).toEqual([])
      expect(texts(preview.notes).join()).toContain('in memory')
    }
  })
})

describe('files of other software', () => {
  test.each<[string, string, ConnectionFormat, string]>([
    [
      '.env',
      'SQLALCHEMY_DATABASE_URI=postgresql+psycopg2://u:canary@db1/shop',
      'sqlalchemy',
      'SQLALCHEMY_DATABASE_URI',
    ],
    ['.env', 'export DATABASE_URI="mysql+pymysql://u:canary@db1/shop"', 'sqlalchemy', 'DATABASE_URI'],
    ['.env', 'DB_URI=postgresql://u:canary@db1/shop', 'libpq-url', 'DB_URI'],
    ['.env', "PYDAL_URI='postgres2:psycopg2://u:canary@db1/shop'", 'pydal', 'PYDAL_URI'],
    ['.env', 'JDBC_URL=jdbc:postgresql://db1/shop?user=u&password=canary', 'jdbc', 'JDBC_URL'],
    ['.env', 'DSN="host=db1 user=u password=canary dbname=shop TimeZone=UTC"', 'gorm-postgres', 'DSN'],
    ['.env', 'DSN="u:canary@tcp(db1:3306)/shop"', 'gorm-mysql', 'DSN'],
    ['.env', 'DATABASE_URL=postgresql+psycopg2://u:canary@db1/shop', 'sqlalchemy', 'DATABASE_URL'],
    [
      'alembic.ini',
      '[alembic]\nscript_location = x\nsqlalchemy.url = postgresql://u:canary%%40x@db1/shop\n',
      'sqlalchemy',
      'sqlalchemy.url',
    ],
    [
      'application.properties',
      'spring.datasource.url=jdbc\\:mysql\\://db1/shop\nspring.datasource.username=u\nspring.datasource.password=canary',
      'jdbc',
      'spring.datasource.url',
    ],
    ['dsn.txt', '# the shop\nmysql://u:canary@db1/shop\n', 'mysql-url', 'the file'],
  ])('%s with %s', async (name, content, format, source) => {
    const at = place()
    const preview = await fromFile(name, content, at)
    expect(preview).toMatchObject({ format, draft: { host: 'db1', database: 'shop', user: 'u' } })
    expect(preview.values).toContainEqual({ setting: 'Host', value: 'db1', source })
    expect(JSON.stringify(preview)).not.toContain('canary')
    expect(at.imports.passwordOf(preview.imported ?? '')).toMatch(/^canary(@x)?$/)
  })

  test('%% of an ini file is a %, a single one refers to something else', async () => {
    const at = place()
    const preview = await fromFile('alembic.ini', 'sqlalchemy.url = postgresql://u:canary%%25@h/d', at)
    expect(at.imports.passwordOf(preview.imported ?? '')).toBe('canary%')
    await expect(fromFile('alembic.ini', 'sqlalchemy.url = postgresql://u:%(canary)s@h/d')).rejects.toMatchObject({
      code: 'NOT_SETTINGS',
      message: expect.stringContaining('%%') as string,
    })
    await expect(fromFile('x.properties', 'spring.datasource.url=${CANARY}')).rejects.toMatchObject({
      message: 'spring.datasource.url cannot be used. It refers to another variable, which Roster does not follow.',
    })
  })

  test('a relative file is looked for beside the settings', async () => {
    make(join(folder, 'app.db'))
    const preview = await fromFile('.env', 'DATABASE_URL=sqlite:///app.db')
    expect(preview).toMatchObject({
      format: 'sqlalchemy',
      draft: { dialect: 'sqlite' },
      candidates: [{ path: join(folder, 'app.db') }],
    })
  })

  test('several are never chosen from without a word', async () => {
    const preview = await fromFile(
      '.env',
      'SQLALCHEMY_DATABASE_URI=postgresql://u:canary@a/d\nPYDAL_URI=postgres://u:canary2@b/d',
    )
    expect(preview.draft?.host).toBe('a')
    expect(texts(preview.notes)).toContain('SQLALCHEMY_DATABASE_URI is read. PYDAL_URI is set, too, and not used.')
  })

  test('what the standard names goes first', async () => {
    const preview = await fromFile('.env', 'DB_TYPE=mysql\nDB_HOST=h\nDSN=u:canary@tcp(x)/d')
    expect(preview).toMatchObject({ draft: { host: 'h' } })
    expect(preview).not.toHaveProperty('format')
  })

  test('TLS files of DATABASE_URL want consent, too', async () => {
    const ca = join(folder, 'ca.pem')
    writeFileSync(ca, 'x')
    const content = `DATABASE_URL=postgresql://u:canary@h/d?sslmode=verify-full&sslrootcert=${ca}`
    const first = await fromFile('.env', content)
    expect(first.draft).toMatchObject({ tls: 'verify' })
    expect(first.draft).not.toHaveProperty('tlsFiles')
    const accepted = (first.dangers ?? []).map(({ id }) => id)
    const after = await readSettings(place(), { kind: 'file', path: join(folder, '.env') }, { accepted })
    expect(after.draft).toMatchObject({ tls: 'verify', tlsFiles: { ca } })
  })

  test('an environment of other names', async () => {
    const environment = {
      SPRING_DATASOURCE_URL: 'jdbc:postgresql://h/d',
      SPRING_DATASOURCE_USERNAME: 'u',
      SPRING_DATASOURCE_PASSWORD: 'canary',
    }
    const at = place()
    const preview = await readSettings(at, { kind: 'environment' }, { environment })
    expect(preview).toMatchObject({ format: 'jdbc', draft: { host: 'h', user: 'u' } })
    expect(at.imports.passwordOf(preview.imported ?? '')).toBe('canary')
  })
})
