// Colours are stable, and different as long as there are enough of them; one that was chosen is kept.
import { expect, test } from 'vitest'
import { profileColours } from './profile-colour.ts'

const profiles = Array.from({ length: 20 }, (_, index) => ({ id: `profile-${index}`, colour: null }))

test('the first seven profiles have seven colours', () => {
  expect(new Set(profileColours(profiles.slice(0, 7)).values()).size).toBe(7)
  expect(profileColours(profiles).size).toBe(20)
})

test('a profile added at the end changes no colour before it', () => {
  const before = profileColours(profiles.slice(0, 5))
  const after = profileColours(profiles.slice(0, 6))
  for (const [id, colour] of before) expect(after.get(id)).toBe(colour)
})

test('a chosen colour is kept, and no other profile gets it while there are others', () => {
  const chosen = { id: 'mine', colour: 'teal' as const }
  const colours = profileColours([...profiles.slice(0, 6), chosen])
  expect(colours.get('mine')).toBe('var(--roster-colour-teal)')
  expect([...colours.values()].filter((colour) => colour === 'var(--roster-colour-teal)')).toHaveLength(1)
})
