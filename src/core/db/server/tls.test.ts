// Who answers over TLS: every mode against every kind of certificate, on both engines, with the bytes that were sent counted.
import { X509Certificate } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { makeAuthority, type Issued } from '../../../../scripts/servers/authority.ts'
import { startFakeMysql } from '../../../../scripts/servers/fake-mysql.ts'
import { startFakePostgres } from '../../../../scripts/servers/fake-postgres.ts'
import type { PeerCertificate, Pin, TlsMode } from '../../../shared/reaching.ts'
import { causeOf } from '../failure-words.ts'
import type { Failure } from '../failure.ts'
import { mysql } from '../mysql/mysql.ts'
import { postgres } from '../postgres/postgres.ts'
import type { Certificates, Login } from './link.ts'
import type { ServerDialect } from './server-dialect.ts'
import { namesOf } from './tls-problem.ts'

const authority = makeAuthority()
const other = makeAuthority('Another authority')
afterAll(() => {
  authority[Symbol.dispose]()
  other[Symbol.dispose]()
})
const shown = {
  good: authority.issue('good'),
  expired: authority.issue('expired', { from: '20200101000000Z', to: '20210101000000Z' }),
  early: authority.issue('early', { from: '20400101000000Z', to: '20410101000000Z' }),
  misnamed: authority.issue('misnamed', { names: 'DNS:db.example.com,DNS:*.example.org' }),
  foreign: other.issue('foreign'),
  own: authority.selfSigned('own'),
}
type Kind = keyof typeof shown

const PASSWORD = 'never-in-clear'
const fingerprintOf = ({ cert }: Issued) => new X509Certificate(cert).fingerprint256
const trusting = (ca: string): Certificates => ({ ca, certificate: null, key: null, passphrase: null })

interface Engine {
  dialect: ServerDialect
  /** A server that asks for the password itself. */
  start: (tls: object | undefined) => ReturnType<typeof startFakePostgres> | ReturnType<typeof startFakeMysql>
}
const engines: Record<'PostgreSQL' | 'MySQL', Engine> = {
  PostgreSQL: {
    dialect: postgres,
    start: (tls) => startFakePostgres({ auth: 'cleartext', password: PASSWORD, ...(tls && { tls: tls as Issued }) }),
  },
  MySQL: {
    dialect: mysql,
    start: (tls) => startFakeMysql({ auth: 'caching-full', password: PASSWORD, ...(tls && { tls: tls as Issued }) }),
  },
}

async function tried(dialect: ServerDialect, login: Login): Promise<Failure | null> {
  try {
    const link = await dialect.connect(login, { signal: new AbortController().signal, onPhase: () => undefined })
    await link.end()
    return null
  } catch (error) {
    return dialect.classify(error)
  }
}

const loginAt = (port: number, tls: TlsMode, rest: Partial<Login> = {}): Login => ({
  ...{ host: '127.0.0.1', port, user: 'ada', password: PASSWORD, database: 'app', isReadOnly: false, tls },
  certificates: trusting(authority.ca),
  ...rest,
})

describe.each(Object.entries(engines))('TLS of %s', (_name, { dialect, start }) => {
  async function meet(tls: object | undefined, login: (port: number) => Login) {
    await using fake = await start(tls)
    const failure = await tried(dialect, login(fake.port))
    const { attempts, users, clearBytes, keyRequests } = fake.seen
    const sent = { isUserSent: fake.wasSent('ada'), isPasswordSent: fake.wasSent(PASSWORD) }
    return { failure, attempts, users, clearBytes, keyRequests, ...sent }
  }

  const refused: [mode: TlsMode, kind: Kind, words: string][] = [
    ['verify', 'expired', 'The certificate expired on 2021-01-01.'],
    ['verify', 'early', 'The certificate is not valid before 2040-01-01.'],
    ['verify', 'misnamed', 'The certificate is made out to db.example.com, *.example.org, and not to 127.0.0.1.'],
    ['verify', 'foreign', 'The certificate is signed by an authority that is not trusted here.'],
    ['verify', 'own', 'The certificate is signed by itself, so that nobody vouches for it.'],
    ['verify-ca', 'expired', 'The certificate expired on 2021-01-01.'],
    ['verify-ca', 'foreign', 'The certificate is signed by an authority that is not trusted here.'],
    ['verify-ca', 'own', 'The certificate is signed by itself, so that nobody vouches for it.'],
  ]
  it.each(refused)('%s refuses a certificate that is %s, shows it, and sends no login', async (mode, kind, words) => {
    const met = await meet(shown[kind], (port) => loginAt(port, mode))
    expect(met).toMatchObject({ attempts: 0, isUserSent: false, isPasswordSent: false, failure: { kind: 'tls' } })
    const certificate = (met.failure as Failure).certificate as PeerCertificate
    expect(certificate).toMatchObject({ problem: words, fingerprint: fingerprintOf(shown[kind]), host: '127.0.0.1' })
    expect(certificate.subject).toBe('CN=localhost')
    expect(certificate.validTo).toBe(Date.parse(new X509Certificate(shown[kind].cert).validTo))
    const cause = causeOf(met.failure as Failure, loginAt(certificate.port, mode))
    expect(cause).toMatchObject({ reason: 'tls', isTemporary: false, certificate })
    expect(cause.message).toContain(words)
  })

  const accepted: [mode: TlsMode, kind: Kind, host: string][] = [
    ['verify', 'good', '127.0.0.1'],
    ['verify', 'good', 'localhost'],
    ['verify-ca', 'good', '127.0.0.1'],
    ['verify-ca', 'misnamed', '127.0.0.1'],
  ]
  it.each(accepted)('%s takes a certificate that is %s for %s, and tells it the password', async (mode, kind, host) => {
    const met = await meet(shown[kind], (port) => loginAt(port, mode, { host }))
    expect(met).toMatchObject({ failure: null, attempts: 1, isUserSent: true })
  })

  it.each(Object.keys(shown) as Kind[])(
    'require encrypts to whoever answers (%s), and tells no password',
    async (kind) => {
      for (const fetchServerKey of [false, true]) {
        const met = await meet(shown[kind], (port) => loginAt(port, 'require', { fetchServerKey }))
        expect(met).toMatchObject({ failure: { kind: 'unsafe', code: 'ROSTER_NOT_VERIFIED' }, isPasswordSent: false })
        expect(met).toMatchObject({ clearBytes: 0, keyRequests: 0 })
        // To be looked at, and trusted, with which it would have been told.
        const certificate = (met.failure as Failure).certificate as PeerCertificate
        expect(certificate.fingerprint).toBe(fingerprintOf(shown[kind]))
        const cause = causeOf(met.failure as Failure, loginAt(certificate.port, 'require'))
        expect(cause).toMatchObject({ reason: 'unsafe', isTemporary: false, certificate })
        expect(cause.hint).toContain('trust the certificate')
      }
    },
  )

  it.each(['require', 'verify-ca', 'verify'] as const)(
    '%s is never given up for a server without TLS',
    async (mode) => {
      const met = await meet(undefined, (port) => loginAt(port, mode))
      expect(met).toMatchObject({ attempts: 0, isUserSent: false, isPasswordSent: false, failure: { kind: 'tls' } })
      expect(met.failure?.certificate).toBeUndefined()
    },
  )

  it.each(['require', 'verify-ca', 'verify'] as const)('%s is never talked down to an old protocol', async (mode) => {
    const old = { ...shown.good, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }
    const met = await meet(old, (port) => loginAt(port, mode))
    expect(met).toMatchObject({ attempts: 0, isUserSent: false, isPasswordSent: false })
    expect(['tls', 'lost']).toContain(met.failure?.kind)
  })

  const pinFor = (port: number, ...kinds: Kind[]): Pin[] =>
    kinds.map((kind) => ({ host: '127.0.0.1', port, fingerprint: fingerprintOf(shown[kind]) }))

  it.each(['own', 'expired', 'misnamed', 'foreign'] as const)(
    'a pin makes a certificate that is %s as good as any',
    async (kind) => {
      for (const mode of ['require', 'verify-ca', 'verify'] as const) {
        const met = await meet(shown[kind], (port) => loginAt(port, mode, { pins: pinFor(port, 'early', kind) }))
        expect(met).toMatchObject({ failure: null, attempts: 1 })
      }
    },
  )

  it('a pin refuses every other certificate of its place, however good', async () => {
    for (const mode of ['require', 'verify-ca', 'verify'] as const) {
      const met = await meet(shown.good, (port) => loginAt(port, mode, { pins: pinFor(port, 'own') }))
      expect(met).toMatchObject({ attempts: 0, isUserSent: false, failure: { kind: 'tls', code: 'ROSTER_PIN' } })
      expect(met.failure?.certificate?.fingerprint).toBe(fingerprintOf(shown.good))
    }
  })

  it('a pin is about one place alone', async () => {
    const pins = (port: number) => pinFor(port === 65_535 ? 1 : port + 1, 'own')
    const met = await meet(shown.own, (port) => loginAt(port, 'verify', { pins: pins(port) }))
    expect(met).toMatchObject({ attempts: 0, failure: { kind: 'tls', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } })
  })

  const mine = authority.issue(`mine-${_name}`, { passphrase: 'geheim', commonName: 'ada', names: '' })
  const faults: [what: string, certificates: Certificates, kind: Failure['kind'], words: string][] = [
    [
      'a wrong passphrase',
      { ca: authority.ca, certificate: mine.cert, key: mine.key, passphrase: 'falsch' },
      'authentication',
      'does not open the key',
    ],
    [
      'no passphrase',
      { ca: authority.ca, certificate: mine.cert, key: mine.key, passphrase: null },
      'authentication',
      'none is given',
    ],
    [
      'the key of another',
      { ca: null, certificate: mine.cert, key: shown.good.key, passphrase: null },
      'local',
      'does not belong to',
    ],
    [
      'a certificate without its key',
      { ca: null, certificate: mine.cert, key: null, passphrase: null },
      'local',
      'no key',
    ],
    ['authorities that are none', trusting('DER, perhaps'), 'local', 'file of authorities'],
  ]
  it.each(faults)('%s is named before anything is sent', async (_what, certificates, kind, words) => {
    const met = await meet(shown.good, (port) => loginAt(port, 'verify', { certificates }))
    expect(met).toMatchObject({ attempts: 0, isUserSent: false, failure: { kind } })
    if (kind === 'authentication') expect(met.failure?.role).toBe('certificate')
    const cause = causeOf(met.failure as Failure, loginAt(1, 'verify'))
    expect(cause.message).toContain(words)
    expect(cause.hint).toContain(kind === 'local' ? 'Choose the file again' : 'Enter the passphrase')
  })
})

it('names of a certificate are read one by one, also with a comma in quotes', () => {
  expect(namesOf({ subjectAltName: 'DNS:a.example, IP Address:10.0.0.1, URI:"x,y"' })).toEqual([
    'a.example',
    '10.0.0.1',
    'URI:"x,y"',
  ])
  expect(namesOf({ subjectAltName: undefined })).toEqual([])
})
