// The quick switcher finds what was meant.
import { expect, test } from 'vitest'
import { profile, type Profile } from '../../shared/profiles.ts'
import { matchProfiles } from './match-profiles.ts'

const server = (name: string, host: string, environment = 'none'): Profile =>
  profile.parse({
    ...{ id: name, name, isSample: false, dialect: 'postgres', environment },
    ...{ host, port: 5432, database: 'app', user: 'joe', secret: { kind: 'ask' } },
  })
const all = [
  server('Orders', 'db1'),
  server('Shop', 'db2', 'production'),
  server('Shop test', 'shop.test'),
  server('My shop', 'x'),
]
const names = (typed: string) => matchProfiles(all, typed).map(({ name }) => name)

test('nothing typed keeps the order of the list', () => {
  expect(names('  ')).toEqual(['Orders', 'Shop', 'Shop test', 'My shop'])
})

test('names that begin with it come first, then names that hold it, then addresses', () => {
  expect(names('shop')).toEqual(['Shop', 'Shop test', 'My shop'])
  expect(names('db')).toEqual(['Orders', 'Shop'])
})

test('every word counts, in any case, also host, dialect and environment', () => {
  expect(names('SHOP prod')).toEqual(['Shop'])
  expect(names('db2')).toEqual(['Shop'])
  expect(names('postgres test')).toEqual(['Shop test'])
  expect(names('nothing')).toEqual([])
})
