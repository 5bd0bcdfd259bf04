// Back and forward: what was left is met again, and going on from the middle forgets what was ahead.
import { expect, it } from 'vitest'
import type { Section } from './place.ts'
import { Visits } from './visits.ts'

const table = (name: string): Section => ({ kind: 'table', table: name })

it('goes back and forward with what was shown', () => {
  const visits = new Visits<string>()
  expect([visits.here, visits.can(-1), visits.step(-1, 'x')]).toEqual([null, false, null])
  visits.go(table('a'), null)
  visits.go(table('b'), 'left a')
  visits.go(table('b'), 'left b')
  expect(visits.step(-1, 'left b again')).toEqual({ section: table('b'), mark: 'left b' })
  expect(visits.step(-1, 'now b')).toEqual({ section: table('a'), mark: 'left a' })
  expect(visits.can(-1)).toBe(false)
  expect(visits.step(1, 'now a')).toEqual({ section: table('b'), mark: 'now b' })
  expect(visits.step(1, null)).toEqual({ section: table('b'), mark: 'left b again' })
  expect(visits.step(1, null)).toBeNull()
})

it('forgets what was ahead when somebody goes on', () => {
  const visits = new Visits<string>()
  for (const name of ['a', 'b', 'c']) visits.go(table(name), null)
  visits.step(-1, null)
  visits.step(-1, null)
  visits.go(table('d'), 'left a')
  expect(visits.can(1)).toBe(false)
  expect(visits.step(-1, null)).toEqual({ section: table('a'), mark: 'left a' })
})

it('turns to another tab without a visit of its own', () => {
  const visits = new Visits<string>()
  visits.go(table('a'), null)
  visits.turn({ kind: 'table', table: 'a', tab: 'structure' })
  expect(visits.here?.section).toEqual({ kind: 'table', table: 'a', tab: 'structure' })
  expect(visits.can(-1)).toBe(false)
})

it('keeps the last hundred', () => {
  const visits = new Visits<string>()
  for (let n = 0; n < 150; n++) visits.go(table(`t${n}`), null)
  let steps = 0
  while (visits.step(-1, null)) steps += 1
  expect(steps).toBe(99)
  expect(visits.here?.section).toEqual(table('t50'))
})
