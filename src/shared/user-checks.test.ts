// What is wrong with a user is told, and what only looks odd is not.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { emailProblems } from './email-checks.ts'
import type { OwnerName } from './owners.ts'
import { uniquifierProblems, userProblems } from './user-checks.ts'
import { emptyOwner, usersTable } from './user-checks.test-setup.ts'

const weights = (email: string | null, owner: OwnerName = 'sqlalchemy') =>
  emailProblems(email, { maxLength: 255 }, owner).map(([weight]) => weight)

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

it('finds nothing in an address of any signs, and whatever is put around or into it', () => {
  const local = fc.string({ unit: fc.constantFrom(..."ab=+-<>&'`%$;/\\дж漢🦄"), minLength: 1, maxLength: 20 })
  const address = fc
    .tuple(local, fc.constantFrom('example.com', 'ex\u00e4mple.de', 'a'))
    .map((parts) => parts.join('@'))
  const blank = fc.constantFrom(' ', '\t', '\u00a0', '\n')
  const unseen = fc.constantFrom('\u200b', '\u202e', '\u0007', '\u00ad')
  fc.assert(
    fc.property(address, blank, unseen, (email, space, hidden) => {
      expect(weights(email)).toEqual([])
      expect(weights(space + email)).toContain('breaks')
      expect(weights(email + space)).toContain('breaks')
      expect(weights(email.replace('@', `${space}@`))).toContain('breaks')
      expect(weights(email.replace('@', `${hidden}@`))).toEqual(['odd'])
      expect(weights(email.replace('@', '@@'))).toEqual(['breaks'])
    }),
    { numRuns: process.env.VERIFY === 'full' ? 20_000 : 200, seed: 8 },
  )
})

it('says what depends on the owner', () => {
  expect(weights('jose\u0301@example.com', 'flask-security')).toEqual(['breaks'])
  expect(weights('Ann@example.com', 'web2py')).toEqual(['odd'])
  expect(weights('Ann@example.com', 'flask-security')).toEqual([])
})

it('takes no moment of a clock ahead of UTC for the future', () => {
  const at = (text: string) =>
    userProblems(usersTable(), (name) => (name === 'confirmed_at' ? text : undefined), '2026-01-01T12:00:00.000Z')
  expect(at('2026-01-02 01:30:00.000000')).toEqual([])
  expect(at('2026-01-02 02:30:00.000000')).toHaveLength(1)
})

it('knows a key of sessions', () => {
  expect(uniquifierProblems('0123456789abcdef0123456789abcdef', 'sqlalchemy')).toEqual([])
  expect(uniquifierProblems(null, 'sqlalchemy')[0]?.[0]).toBe('breaks')
  expect(uniquifierProblems(null, 'gorm')[0]?.[0]).toBe('odd')
  expect(uniquifierProblems('FFFF', 'sqlalchemy')[0]?.[0]).toBe('odd')
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
  expect(of({ password: { secret: 'md5-crypt' } })).toEqual([['password', 'odd']])
  const flask = { ...table, owner: { ...emptyOwner, name: 'flask-security' as const } }
  const pasted = userProblems(flask, (name) => (name === 'password' ? { secret: 'werkzeug-scrypt' } : undefined), '')
  expect(pasted.map(({ weight }) => weight)).toEqual(['breaks'])
  expect(userProblems({ ...table, owner: { ...emptyOwner, user: null } }, () => null, '')).toEqual([])
})
