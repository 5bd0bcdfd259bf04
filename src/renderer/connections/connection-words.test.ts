// A connection in words: its URL without the password, what is encrypted, whose password is asked for.
import { expect, test } from 'vitest'
import type { LoginRole } from '../../shared/connections.ts'
import { addressOf, placeOf, profile as profileSchema, type ServerProfile } from '../../shared/profiles.ts'
import type { TlsMode } from '../../shared/reaching.ts'
import { askedWords } from './asked-words.ts'
import { connectionString, encryptionWords, nodeWords, serverWords, tunnelWords } from './connection-words.ts'

const profile = (dialect: 'postgres' | 'mysql', more: object = {}) =>
  profileSchema.parse({
    ...{ id: 'x', isSample: false, dialect, name: 'Shop', host: 'db1', port: 3306, database: 'shop', user: 'a b' },
    ...{ secret: { kind: 'ask' }, ...more },
  }) as ServerProfile
const fingerprint = Array.from({ length: 32 }, () => '00').join(':')
const hop = { host: 'bastion', port: 22, user: 'ops', secret: { kind: 'ask' } }
const gate = { ...hop, host: 'gate', port: 2222, auth: 'password' }
const nodes = [
  { host: 'db2', port: 3306 },
  { host: 'fd00::3', port: 3307 },
]

test('the URL names every mode as the clients do, and never the password', () => {
  const modes: TlsMode[] = ['off', 'require', 'verify-ca', 'verify']
  expect(modes.map((tls) => connectionString(profile('postgres', { tls })))).toEqual(
    ['', '?sslmode=require', '?sslmode=verify-ca', '?sslmode=verify-full'].map(
      (mode) => `postgresql://a%20b:********@db1:3306/shop${mode}`,
    ),
  )
  expect(modes.map((tls) => connectionString(profile('mysql', { tls, nodes })))).toEqual(
    ['', '?ssl-mode=REQUIRED', '?ssl-mode=VERIFY_CA', '?ssl-mode=VERIFY_IDENTITY'].map(
      (mode) => `mysql://a%20b:********@db1:3306,db2:3306,[fd00::3]:3307/shop${mode}`,
    ),
  )
})

test('encryption, tunnel and nodes are told where there are any', () => {
  const pins = [{ host: 'db1', port: 3306, fingerprint }]
  expect(encryptionWords(profile('mysql', { fetchServerKey: true }))).toBe('off; the password by the server’s key')
  expect(encryptionWords(profile('postgres', { tls: 'require' }))).toBe('on, whoever answers is believed')
  expect(encryptionWords(profile('postgres', { tls: 'verify', pins }))).toBe(
    'on, certificate and name are checked; 1 certificate trusted by hand',
  )
  const tunnelled = profile('mysql', { nodes, ssh: { ...hop, auth: 'agent', jump: gate } })
  expect(tunnelWords(tunnelled)).toBe('ops@bastion:22, reached through ops@gate:2222')
  expect(nodeWords(tunnelled)).toBe('db2:3306, [fd00::3]:3307')
  expect(serverWords(tunnelled)).toBe('db1:3306 via bastion, +2 nodes')
  expect(addressOf(tunnelled)).toBe('a b@db1:3306/shop via bastion, +2 nodes')
  // A node more is another way, not another place.
  expect(placeOf(tunnelled)).toBe('a b@db1:3306/shop via bastion')
  const plain = profile('mysql')
  expect([tunnelWords(plain), nodeWords(plain), serverWords(plain)]).toEqual([null, null, 'db1:3306'])
})

test('a password is asked for by whom it belongs to', () => {
  const asked = profile('postgres', {
    tls: 'verify',
    tlsFiles: { ca: null, certificate: '/pki/c.pem', key: '/pki/c.key', secret: { kind: 'ask' } },
    ssh: { ...hop, auth: 'key', keyFile: '/home/x/.ssh/id', jump: gate },
  })
  const title = (role: LoginRole, user: string) => askedWords(asked, role, user).title
  expect(title('runtime', 'a b')).toBe('Password for a b')
  expect(title('schema', 'owner')).toBe('Password for owner')
  expect(title('ssh', '/home/x/.ssh/id')).toBe('Passphrase of /home/x/.ssh/id')
  expect(title('jump', 'ops')).toBe('Password for ops@gate:2222')
  expect(title('certificate', '/pki/c.key')).toBe('Passphrase of /pki/c.key')
  expect(askedWords(asked, 'ssh', '/home/x/.ssh/id')).toMatchObject({ label: 'Passphrase', verb: 'Open' })
})
