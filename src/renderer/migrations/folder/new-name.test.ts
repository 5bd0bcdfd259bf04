// The name that is shown while a migration's title is typed.
import { expect, test } from 'vitest'
import { previewNames } from './new-name.ts'

const now = new Date('2026-11-22T15:09:45.123Z')

test('a title becomes a dated name, of a pair two', () => {
  expect(previewNames([], '  Add a phone-number: users ', 'ts', now)).toEqual({
    names: ['20261122150945_add_a_phone_number_users.ts'],
    isDated: true,
  })
  expect(previewNames([], 'Drop it', 'sql', now)).toEqual({
    names: ['20261122150945_drop_it.up.sql', '20261122150945_drop_it.down.sql'],
    isDated: true,
  })
})

test('a folder that numbers its files gets the next number, and JavaScript as it has it', () => {
  expect(previewNames(['001-a.cjs', '002-b.cjs'], 'Drop it', 'js', now)).toEqual({
    names: ['003-drop-it.cjs'],
    isDated: false,
  })
})

test('without a title there is no name, and what no name can follow is said', () => {
  expect(previewNames([], ' ', 'js', now)).toBeNull()
  expect(previewNames(['1_a.js', '9_b.js'], 'c', 'js', now)).toHaveProperty('refused')
})
