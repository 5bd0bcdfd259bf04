// What stands in the fields becomes exactly those settings, or a message at each field that is wrong.
import { describe, expect, test } from 'vitest'
import { profile as profileSchema, type Profile } from '../../../shared/profiles.ts'
import { asksForKey, emptyValues, formulaOf, withDialect, type FormValues } from './form-values.ts'
import { settingsOf } from './settings-of.ts'
import { isElsewhere, valuesOfDraft, valuesOfProfile } from './values-of.ts'

const shop: Profile = profileSchema.parse({
  ...{ id: 'shop', isSample: false, dialect: 'mysql', name: 'Shop', host: 'db1', port: 3307, database: 'shop' },
  ...{ user: 'app', secret: { kind: 'environment', variable: 'SHOP_PW' }, tls: 'verify', poolSize: 12, cores: 8 },
  ...{ schemaLogin: { user: 'owner', secret: { kind: 'keychain' } }, environment: 'production', colour: 'red' },
  ...{ isReadOnly: true, tries: 9, delay: 0.5, waitForDatabase: true, waitForMigrations: true, spindles: 0 },
  ...{ migrationsFolder: '/srv/shop/migrations', migrationJournal: 'file' },
})

test('a profile comes out of the form as it went in', () => {
  const { id: _, isSample: __, ...settings } = shop
  expect(settingsOf(valuesOfProfile(shop))).toEqual({ settings })
})

test('a new profile has the steps that Roster ships, written down in the database', () => {
  const values = { ...emptyValues('sqlite', 'ask'), name: 'x', file: '/x.db' }
  expect(settingsOf(values)).toMatchObject({ settings: { migrationsFolder: null, migrationJournal: 'table' } })
})

test('an empty form names every field that is needed', () => {
  const result = settingsOf({ ...emptyValues('postgres', 'environment'), host: '', variable: '', hasSchemaLogin: true })
  expect(Object.keys('errors' in result ? result.errors : {}).sort()).toEqual([
    ...['database', 'host', 'name', 'schemaUser', 'schemaVariable', 'user', 'variable'],
  ])
  expect(settingsOf(emptyValues('sqlite', 'ask'))).toEqual({
    errors: { name: 'A name is needed.', file: 'A file is needed.' },
  })
})

describe('numbers', () => {
  test.each([
    ['port', '0'],
    ['port', '65536'],
    ['port', '54.5'],
    ['port', '1e3'],
    ['port', ''],
    ['tries', '0'],
    ['delay', '-1'],
    ['delay', '3601'],
    ['poolSize', '0'],
    ['cores', 'many'],
    ['spindles', '-1'],
  ] as const)('%s %s is refused at its field', (field, text) => {
    expect(settingsOf({ ...valuesOfProfile(shop), [field]: text })).toEqual({
      errors: { [field]: expect.stringContaining('needed') as string },
    })
  })

  test('an empty pool size is by the formula, whose inputs are the server’s or this machine’s', () => {
    const values = valuesOfProfile(shop)
    expect(settingsOf({ ...values, poolSize: '' })).toMatchObject({
      settings: { poolSize: null, cores: 8, spindles: 0 },
    })
    expect(formulaOf(values, 4)).toBe(16)
    expect(formulaOf({ ...values, cores: '', spindles: '' }, 4)).toBe(9)
    expect(formulaOf({ ...values, cores: 'x' }, 4)).toBeNull()
  })
})

test.each(['user@db1', 'db1/shop', 'db 1', 'postgres://db1'])('%s is no host', (host) => {
  expect(settingsOf({ ...valuesOfProfile(shop), host })).toEqual({
    errors: { host: expect.stringContaining('without blanks') as string },
  })
})

test('another kind of database brings its usual port, and keeps one that was typed', () => {
  const postgres = emptyValues('postgres', 'ask')
  expect(withDialect(postgres, 'mysql').port).toBe('3306')
  expect(withDialect({ ...postgres, port: '6000' }, 'mysql').port).toBe('6000')
})

test('the server’s key is agreed to by a tick, where the form shows the box', () => {
  const values: FormValues = { ...valuesOfProfile(shop), tls: 'off', nodes: [] }
  expect(values.fetchServerKey).toBe(false)
  const ticked = { ...values, fetchServerKey: true }
  const agreed = { settings: { tls: 'off', fetchServerKey: true } }
  expect(settingsOf(values)).toMatchObject({ settings: { fetchServerKey: false } })
  expect(settingsOf(ticked)).toMatchObject(agreed)
  expect(valuesOfProfile({ ...shop, tls: 'off', fetchServerKey: true } as Profile).fetchServerKey).toBe(true)
  expect(asksForKey(ticked)).toBe(true)
  // With TLS, and for PostgreSQL, there is no box: what was ticked before counts no more.
  expect(asksForKey({ ...ticked, tls: 'verify' })).toBe(false)
  expect(settingsOf({ ...ticked, tls: 'verify' })).toMatchObject({ settings: { tls: 'verify', fetchServerKey: false } })
  expect(asksForKey({ ...ticked, dialect: 'postgres' })).toBe(false)
  expect(settingsOf({ ...ticked, dialect: 'postgres' })).not.toHaveProperty('settings.fetchServerKey')
  expect(settingsOf({ ...ticked, dialect: 'postgres' })).toHaveProperty('settings.tls')
})

test('what settings do not say stays empty', () => {
  const values = valuesOfDraft({ dialect: 'postgres', name: 'x', secret: { kind: 'keychain' } })
  expect(values).toMatchObject({ host: '', port: '', database: '', user: '', secretKind: 'keychain', tries: '5' })
})

test('another place is told from another name', () => {
  const values = valuesOfProfile(shop)
  expect(isElsewhere(shop, { ...values, name: 'x', environment: 'none' })).toBe(false)
  for (const change of [{ host: 'db2' }, { port: '1' }, { database: 'x' }]) {
    expect(isElsewhere(shop, { ...values, ...change })).toBe(true)
  }
})
