// What was kept is read back; anything else is nowhere, never an error.
import { expect, test } from 'vitest'
import { parsePlace, sectionOf } from './place.ts'

test('a kept place is read back', () => {
  const place = { profileId: 'a', sections: { a: { kind: 'table', table: 'auth_user' }, b: { kind: 'migrations' } } }
  expect(parsePlace(JSON.stringify(place))).toEqual(place)
})

test('a kept tab is read back, and one that there is not is left out', () => {
  const at = (tab: string) => parsePlace(JSON.stringify({ sections: { a: { kind: 'table', table: 't', tab } } }))
  expect(at('compare').sections).toEqual({ a: { kind: 'table', table: 't', tab: 'compare' } })
  expect(at('structure').sections).toEqual({ a: { kind: 'table', table: 't', tab: 'structure' } })
  expect(at('rows').sections).toEqual({})
})

test('a section that cannot be is left out, the rest stays', () => {
  const text = JSON.stringify({ profileId: 5, sections: { a: { kind: 'table' }, b: { kind: 'migrations' }, c: null } })
  expect(parsePlace(text)).toEqual({ profileId: null, sections: { b: { kind: 'migrations' } } })
})

test('damaged text is nowhere', () => {
  for (const text of [null, '', '{', 'null', '[]', '"x"', '{"sections":3}']) {
    expect(parsePlace(text)).toEqual({ profileId: null, sections: {} })
  }
})

test('the section is the chosen one while it is there, else the users, else none', () => {
  const users = { name: 'auth_user', kind: 'table' } as const
  const notes = { name: 'notes', kind: 'table' } as const
  const chosen = { kind: 'table', table: 'notes' } as const
  expect(sectionOf(chosen, [users, notes])).toEqual(chosen)
  expect(sectionOf(chosen, [users])).toEqual({ kind: 'table', table: 'auth_user' })
  expect(sectionOf(undefined, [notes])).toBeNull()
  expect(sectionOf(undefined, [{ name: 'auth_user', kind: 'view' }])).toBeNull()
  expect(sectionOf({ kind: 'migrations' }, undefined)).toEqual({ kind: 'migrations' })
  expect(sectionOf(chosen, undefined)).toBeNull()
})
