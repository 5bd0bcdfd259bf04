// A few typed letters find a profile; moving one in the list keeps all others.
import { expect, test } from 'vitest'
import { profile as profileSchema } from '../../shared/profiles.ts'
import { foundProfiles, movedIds } from './profile-search.ts'

const shop = profileSchema.parse({
  ...{ id: 'shop', isSample: false, dialect: 'mysql', name: 'Shop', host: 'db1', port: 3307, database: 'shop' },
  ...{ user: 'app', secret: { kind: 'ask' }, environment: 'production' },
})

test('every word that is typed has to be found', () => {
  expect(foundProfiles([shop], 'mariadb PROD db1')).toEqual([shop])
  expect(foundProfiles([shop], 'shop staging')).toEqual([])
  expect(foundProfiles([shop], '  ')).toEqual([shop])
})

test('moving keeps every profile', () => {
  expect(movedIds(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b'])
  expect(movedIds(['a', 'b', 'c'], 0, 3)).toEqual(['a', 'b', 'c'])
})
