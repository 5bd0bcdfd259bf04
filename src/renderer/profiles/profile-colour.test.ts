// Colours are stable, and different as long as there are enough of them.
import { expect, test } from 'vitest'
import { profileColours } from './profile-colour.ts'

const ids = Array.from({ length: 20 }, (_, index) => `profile-${index}`)

test('the first eight profiles have eight colours', () => {
  expect(new Set(profileColours(ids.slice(0, 8)).values()).size).toBe(8)
  expect(profileColours(ids).size).toBe(20)
})

test('a profile added at the end changes no colour before it', () => {
  const before = profileColours(ids.slice(0, 5))
  const after = profileColours(ids.slice(0, 6))
  for (const [id, colour] of before) expect(after.get(id)).toBe(colour)
})
