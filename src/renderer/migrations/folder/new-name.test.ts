// The name that is shown while a migration's title is typed.
import { expect, test } from 'vitest'
import { previewNames } from './new-name.ts'

const now = new Date('2026-11-22T15:09:45.123Z')

test('a title becomes a dated name of letters, digits and underscores', () => {
  expect(previewNames('  Add a phone-number: users ', 'ts', now)).toEqual([
    '20261122150945_add_a_phone_number_users.ts',
  ])
  expect(previewNames('Drop it', 'sql', now)).toEqual([
    '20261122150945_drop_it.up.sql',
    '20261122150945_drop_it.down.sql',
  ])
})

test('a title without a letter or a digit has no name yet', () => {
  expect(previewNames('', 'js', now)).toBeNull()
  expect(previewNames(' -- ', 'js', now)).toBeNull()
})
