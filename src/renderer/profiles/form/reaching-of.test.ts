// TLS, the tunnel and further nodes: fields to settings and back, and a message at each field that is wrong.
import { expect, test } from 'vitest'
import { profile as profileSchema, type Profile } from '../../../shared/profiles.ts'
import { emptyValues, hasSecret, type FormValues } from './form-values.ts'
import { settingsOf } from './settings-of.ts'
import { isElsewhere, valuesOfDraft, valuesOfProfile } from './values-of.ts'

const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':')

const reached = {
  tls: 'verify-ca',
  tlsFiles: {
    ...{ ca: '/pki/ca.pem', certificate: '/pki/client.pem', key: '/pki/client.key' },
    secret: { kind: 'environment', variable: 'KEY_PW' },
  },
  pins: [{ host: 'db1', port: 3307, fingerprint }],
  ssh: {
    ...{ host: 'bastion', port: 2222, user: 'ops', auth: 'key', keyFile: '/home/x/.ssh/id', secret: { kind: 'ask' } },
    jump: {
      ...{ host: 'gate', port: 22, user: 'ops', auth: 'password', keyFile: null },
      secret: { kind: 'environment', variable: 'GATE_PW' },
    },
  },
}
const cluster: Profile = profileSchema.parse({
  ...{ id: 'shop', isSample: false, dialect: 'mysql', name: 'Shop', host: 'db1', port: 3307, database: 'shop' },
  ...{ user: 'app', secret: { kind: 'ask' }, ...reached },
  nodes: [
    { host: 'db2', port: 3307 },
    { host: 'fd00::2', port: 3306 },
  ],
})
const values = valuesOfProfile(cluster)

test('how a server is reached comes out of the form as it went in', () => {
  const { id: _, isSample: __, ...settings } = cluster
  expect(settingsOf(values)).toEqual({ settings })
})

test('what was read with settings stands in the fields', () => {
  const { tls, tlsFiles, ssh } = cluster as Extract<Profile, { dialect: 'mysql' }>
  const draft = valuesOfDraft({ dialect: 'mysql', name: 'x', tls, tlsFiles: tlsFiles!, ssh: ssh!, nodes: [] })
  expect(draft).toMatchObject({ tls: 'verify-ca', caFile: '/pki/ca.pem', hasSsh: true, jumpHost: 'gate', nodes: [] })
})

test('what is switched off is not stored, and not checked', () => {
  const off: FormValues = { ...values, tls: 'off', hasSsh: false, keyFile: '', sshHost: '', jumpPort: 'x' }
  expect(settingsOf(off)).toMatchObject({ settings: { tls: 'off', tlsFiles: null, ssh: null } })
  expect(settingsOf({ ...values, hasJump: false, jumpHost: '' })).toMatchObject({ settings: { ssh: { jump: null } } })
  expect(settingsOf({ ...values, hasCertificate: false })).toMatchObject({
    settings: { tlsFiles: { ca: '/pki/ca.pem', certificate: null, key: null, secret: { kind: 'none' } } },
  })
  expect(settingsOf({ ...values, hasCertificate: false, caFile: ' ' })).toMatchObject({ settings: { tlsFiles: null } })
  expect(settingsOf({ ...values, sshAuth: 'agent' })).toMatchObject({
    settings: { ssh: { auth: 'agent', keyFile: null, secret: { kind: 'none' } } },
  })
  // A pin is no setting of the mode: what a person has looked at stays looked at.
  expect(settingsOf(off)).toMatchObject({ settings: { pins: [{ host: 'db1' }] } })
})

test('a password is sent for the logins that the form shows', () => {
  const roles = ['runtime', 'schema', 'ssh', 'jump', 'certificate'] as const
  const shown = (change: Partial<FormValues>) => roles.filter((role) => hasSecret({ ...values, ...change }, role))
  expect(shown({})).toEqual(['runtime', 'ssh', 'jump', 'certificate'])
  expect(shown({ tls: 'off', sshAuth: 'agent' })).toEqual(['runtime', 'jump'])
  expect(shown({ hasSsh: false, hasCertificate: false })).toEqual(['runtime'])
  expect(shown({ dialect: 'sqlite' })).toEqual([])
})

test('each wrong field has its message', () => {
  const wrong = settingsOf({
    ...values,
    ...{ certificateFile: '', keyFile: ' ', certificateVariable: 'a b', sshHost: 'ops@bastion', sshPort: '0' },
    ...{ sshKeyFile: '', jumpHost: '', jumpUser: '', jumpVariable: '', nodes: ['db2', 'db1:3307', 'db 3', '', 'db2'] },
  })
  expect(Object.keys('errors' in wrong ? wrong.errors : {}).sort()).toEqual([
    ...['certificateFile', 'certificateVariable', 'jumpHost', 'jumpUser', 'jumpVariable', 'keyFile'],
    ...['node-1', 'node-2', 'node-4', 'sshHost', 'sshKeyFile', 'sshPort'],
  ])
  const long = settingsOf({ ...values, sshUser: 'x'.repeat(129) })
  expect(Object.keys('errors' in long ? long.errors : {})).toEqual(['sshUser'])
})

test('nodes without a port listen where the first one does, and only MySQL has any', () => {
  const nodes = ['db2', '', 'fd00::9', '[fd00::2]:4000']
  expect(settingsOf({ ...values, nodes })).toMatchObject({
    settings: {
      nodes: [
        { host: 'db2', port: 3307 },
        { host: 'fd00::9', port: 3307 },
        { host: 'fd00::2', port: 4000 },
      ],
    },
  })
  expect(settingsOf({ ...values, dialect: 'postgres' })).not.toHaveProperty('settings.nodes')
  const many = Array.from({ length: 16 }, (_, index) => `n${index}`)
  expect(settingsOf({ ...values, nodes: many })).toEqual({
    errors: { nodes: 'At most 15 further nodes can be named.' },
  })
})

test('a new form has neither encryption nor a tunnel, and is stored like that', () => {
  const empty = { ...emptyValues('postgres', 'ask'), name: 'x', database: 'x', user: 'x' }
  expect(settingsOf(empty)).toMatchObject({ settings: { tls: 'off', tlsFiles: null, pins: [], ssh: null } })
})

test('the same address behind another machine is another place', () => {
  expect(isElsewhere(cluster, { ...values, tls: 'off', jumpHost: 'x', nodes: [] })).toBe(false)
  expect(isElsewhere(cluster, { ...values, sshHost: 'other' })).toBe(true)
  expect(isElsewhere(cluster, { ...values, hasSsh: false })).toBe(true)
})
