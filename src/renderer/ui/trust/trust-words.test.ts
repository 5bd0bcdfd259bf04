// How long a certificate is valid, in words; and where to look for a host key.
import { expect, test } from 'vitest'
import { beginWords, expiryWords, keyFileOf, knownHostsName } from './trust-words.ts'

const now = Date.UTC(2026, 10, 22, 12)
const hours = (count: number) => now + count * 3_600_000

test.each([
  [-12 * 24, 'expired 12 days ago'],
  [-24 * 800, 'expired 2 years ago'],
  [-1, 'expired 1 hour ago'],
  [-0.5, 'expired less than an hour ago'],
  [0, 'expired less than an hour ago'],
  [47, 'in 47 hours'],
  [48, 'in 2 days'],
  [24 * 729, 'in 729 days'],
  [24 * 3650, 'in 10 years'],
])('%d hours from now: %s', (from, words) => expect(expiryWords(hours(from), now)).toBe(words))

test('what has begun is not spoken of', () => {
  expect(beginWords(hours(-1), now)).toBeNull()
  expect(beginWords(hours(72), now)).toBe('not valid yet: begins in 3 days')
})

test('each kind of key has its file, and each place its name', () => {
  expect(['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512', 'ssh-dss'].map(keyFileOf)).toEqual(
    ['ed25519', 'ecdsa', 'rsa', '*'].map((kind) => `/etc/ssh/ssh_host_${kind}_key.pub`),
  )
  expect([knownHostsName('gate', 22), knownHostsName('gate', 2222)]).toEqual(['gate', '[gate]:2222'])
})
