// What is wrong with a user is told, and what only looks odd is not.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { emailProblems, uniquifierProblems, userProblems } from './user-checks.ts'
import { emptyOwner, usersTable } from './user-checks.test-setup.ts'

const weights = (email: string | null) => emailProblems(email, { maxLength: 255 }).map(([weight]) => weight)

it('takes emails that look odd and are right', () => {
  const right = [
    'a@b',
    '=1+1@example.com',
    "o'brien@example.com",
    '<b>x</b>@example.com',
    'דוד@example.com',
    '🦄@example.com',
    '"quoted local"@example.com',
    'bücher@exämple.de',
  ]
  for (const email of right) expect(weights(email), email).toEqual([])
})

it.each([
  [null, ['breaks']],
  ['', ['breaks']],
  ['nobody', ['breaks']],
  ['@example.com', ['breaks']],
  ['ann@', ['breaks']],
  ['ann@x@example.com', ['breaks']],
  ['ann @example.com', ['breaks']],
  [' ann@example.com', ['breaks']],
  ['ann\u200b@example.com', ['odd']],
  ['jose\u0301@example.com', ['odd']],
  ['ann@Example.com', ['odd']],
  [`${'x'.repeat(250)}@b.de`, ['odd']],
])('says what is wrong with %j', (email, expected) => expect(weights(email)).toEqual(expected))

it('never fails, whatever is stored', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constant(null), fc.bigInt(), fc.uint8Array()), (cell) => {
      const value = typeof cell === 'bigint' ? BigInt.asIntN(64, cell) : cell
      const found = userProblems(usersTable(), () => value, '2026-01-01T00:00:00.000Z')
      for (const { words } of found) expect(words).toMatch(/\.$/)
    }),
    { numRuns: 300, seed: 8 },
  )
})

it('knows a key of sessions', () => {
  expect(uniquifierProblems('0123456789abcdef0123456789abcdef')).toEqual([])
  expect(uniquifierProblems(null)[0]?.[0]).toBe('breaks')
  expect(uniquifierProblems('FFFF')[0]?.[0]).toBe('odd')
})

it('tells of dates and passwords by the column and the owner', () => {
  const table = usersTable()
  const of = (cells: Record<string, string | null | { secret: string }>) =>
    userProblems(table, (name) => cells[name], '2026-01-01T00:00:00.000Z').map(({ column, weight }) => [column, weight])
  expect(of({ confirmed_at: '2025-12-31 00:00:00.000000' })).toEqual([])
  expect(of({ confirmed_at: '2026-01-02 00:00:00.000000' })).toEqual([['confirmed_at', 'odd']])
  expect(of({ confirmed_at: '1899-01-02 00:00:00.000000' })).toEqual([['confirmed_at', 'odd']])
  expect(of({ confirmed_at: '2024-02-30 00:00:00.000000' })).toEqual([['confirmed_at', 'breaks']])
  expect(of({ confirmed_at: 'now' })).toEqual([['confirmed_at', 'breaks']])
  expect(of({ password: { secret: 'unknown' } })).toEqual([['password', 'breaks']])
  expect(of({ password: { secret: 'argon2id' } })).toEqual([])
  expect(of({ password: null })).toEqual([['password', 'odd']])
  expect(userProblems({ ...table, owner: { ...emptyOwner, user: null } }, () => null, '')).toEqual([])
})
