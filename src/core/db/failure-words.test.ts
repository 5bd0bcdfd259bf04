// What a person is told to do about a failed attempt fits the profile and the server.
import { expect, test } from 'vitest'
import { causeOf } from './failure-words.ts'

const at = { host: 'db', port: 5432, database: 'shop', user: 'ann' }
const missing = { kind: 'no-database' as const, code: '3D000', message: 'database "shop" does not exist' }

test('a profile that waits for its database is not told to wait for it', () => {
  expect(causeOf(missing, at, { waitForDatabase: false }).hint).toContain('let the profile wait')
  expect(causeOf(missing, at, { waitForDatabase: true }).hint).toBe('Correct its name or create it.')
})

test('a server without TLS is told from a certificate that does not fit', () => {
  const without = { kind: 'tls' as const, code: 'ROSTER_NO_TLS', message: 'no TLS' }
  expect(causeOf(without, at).message).toBe('The server at db:5432 takes no encrypted connections.')
  expect(causeOf({ ...without, code: 'CERT_HAS_EXPIRED' }, at).message).toContain('could not be verified')
})
