// The password encrypted with the server's key: only with consent, only without TLS, once, and with no key that is none.
import { generateKeyPairSync } from 'node:crypto'
import { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { startFakeMysql, type MysqlSession } from '../../../../scripts/servers/fake-mysql.ts'
import { publicKey } from '../../../../scripts/servers/fake-mysql-auth.ts'
import { causeOf } from '../failure-words.ts'
import { authPlugins } from './authenticate.ts'
import { mysql } from './mysql.ts'
import { failureOf, fakeLogin, quietly } from './mysql.test-setup.ts'

const WAYS = ['caching-full', 'sha256'] as const
const agreed = { fetchServerKey: true }

const pem = (bits: number) =>
  generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ type: 'spki', format: 'pem' }).toString()

/** The bodies of the packets that a client has sent. */
function packets(bytes: Buffer): Buffer[] {
  if (bytes.length === 0) return []
  const end = 4 + bytes.readUIntLE(0, 3)
  return [bytes.subarray(4, end), ...packets(bytes.subarray(end))]
}

/** What was sent after the packet that says who logs in. */
async function fakeThatListens(options: Parameters<typeof startFakeMysql>[0]) {
  const sessions = new Set<MysqlSession>()
  const onConnect = ({ session }: { session: MysqlSession }) => (sessions.add(session), undefined)
  const fake = await startFakeMysql({ onConnect, ...options })
  return { fake, answers: () => [...sessions].map((session) => packets(session.received()).slice(1)) }
}

describe('without consent', () => {
  it.for(WAYS)('neither asks for a key nor sends anything of the password: %s', async (auth) => {
    const { fake, answers } = await fakeThatListens({ auth })
    await using _ = fake
    const refused = { kind: 'unsafe', code: 'ROSTER_NEEDS_KEY' }
    expect(await failureOf(mysql.connect(fakeLogin(fake), quietly()))).toMatchObject(refused)
    expect(await failureOf(mysql.openKnex(fakeLogin(fake), quietly()))).toMatchObject(refused)
    expect([fake.seen.keyRequests, fake.seen.clearBytes, fake.wasSent('secret')]).toEqual([0, 0, false])
    // The answer to the challenge, which caching_sha2_password begins with, and then nothing.
    const sent = answers().map((each) => each.map((answer) => answer.length))
    expect(sent).toEqual(auth === 'sha256' ? [[], []] : [[32], [32]])
  })

  it('says what can be done, and what it risks', async () => {
    await using fake = await startFakeMysql({ auth: 'caching-full' })
    const login = fakeLogin(fake)
    const { hint, isTemporary } = causeOf(await failureOf(mysql.connect(login, quietly())), login)
    expect(hint).toMatch(/TLS.*“Encrypt the password with the server’s key”.*read the password/)
    expect(isTemporary).toBe(false)
    // The box is no remedy for a server that wants the password in clear.
    await using clear = await startFakeMysql({ auth: 'clear' })
    const failure = await failureOf(mysql.connect(fakeLogin(clear, agreed), quietly()))
    expect(causeOf(failure, login)).toMatchObject({
      reason: 'unsafe',
      hint: expect.not.stringContaining('Encrypt') as string,
    })
  })
})

describe('with consent', () => {
  it.for(WAYS)('logs in with one attempt and one request: %s', async (auth) => {
    for (const announce of ['mysql_native_password', 'caching_sha2_password'] as const) {
      const seen = { connections: 1, attempts: 1, keyRequests: 1, clearBytes: 0 }
      await using cells = await startFakeMysql({ auth, announce })
      await (await mysql.connect(fakeLogin(cells, agreed), quietly())).end()
      expect(cells.seen).toMatchObject(seen)
      await using knex = await startFakeMysql({ auth, announce })
      await (await mysql.openKnex(fakeLogin(knex, agreed), quietly())).close()
      expect(knex.seen).toMatchObject(seen)
      expect([cells.wasSent('secret'), knex.wasSent('secret')]).toEqual([false, false])
    }
  })

  it.for(WAYS)('tries a wrong password once, and a long one with all its letters: %s', async (auth) => {
    const long = 'ä'.repeat(100)
    await using fake = await startFakeMysql({ auth, password: long })
    expect(await failureOf(mysql.connect(fakeLogin(fake, agreed), quietly()))).toMatchObject({ kind: 'authentication' })
    expect([fake.seen.attempts, fake.seen.connections]).toEqual([1, 1])
    await (await mysql.connect(fakeLogin(fake, { ...agreed, password: long }), quietly())).end()
  })

  it('asks for no key where a challenge is enough', async () => {
    for (const auth of ['native', 'caching-fast'] as const) {
      await using fake = await startFakeMysql({ auth })
      await (await mysql.connect(fakeLogin(fake, agreed), quietly())).end()
      expect(fake.seen.keyRequests).toBe(0)
    }
  })

  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
  const bad: [what: string, serverKey: string, kind: string, words: RegExp][] = [
    ['nothing', '', 'protocol', /no RSA key/],
    ['nonsense', 'come in', 'protocol', /no RSA key/],
    ['another kind of key', curve.export({ type: 'spki', format: 'pem' }).toString(), 'protocol', /no RSA key/],
    ['a key with a novel', pem(2048) + 'x'.repeat(5000), 'protocol', /no RSA key/],
    ['a key that can be broken', pem(1024), 'unsafe', /1024 bits/],
  ]
  it.for(bad)('sends nothing for %s', async ([, serverKey, kind, words]) => {
    for (const auth of WAYS) {
      const { fake, answers } = await fakeThatListens({ auth, serverKey })
      await using _ = fake
      const failure = await failureOf(mysql.connect(fakeLogin(fake, agreed), quietly()))
      expect(failure).toMatchObject({ kind, message: expect.stringMatching(words) as string })
      expect(answers()[0]?.at(-1)?.length).toBe(1)
    }
  })

  it('sends no part of a password that is too long for the key', async () => {
    await using fake = await startFakeMysql({ auth: 'caching-full' })
    const login = fakeLogin(fake, { ...agreed, password: 'x'.repeat(214) })
    const message: unknown = expect.stringMatching(/too long/)
    expect(await failureOf(mysql.connect(login, quietly()))).toMatchObject({ kind: 'unsafe', message })
    await using other = await startFakeMysql({ auth: 'caching-full', password: 'x'.repeat(213) })
    await (await mysql.connect(fakeLogin(other, { ...agreed, password: 'x'.repeat(213) }), quietly())).end()
  })
})

describe('the plugins themselves', () => {
  const challenge = Buffer.concat([Buffer.alloc(20, 7), Buffer.alloc(1)])
  const full = Buffer.from([4])
  const method = (name: string, stream: unknown, login: Partial<Parameters<typeof authPlugins>[0]> = {}) => {
    const plugins = authPlugins({
      host: 'db',
      port: 3306,
      password: 'secret',
      tls: 'off',
      fetchServerKey: true,
      ...login,
    })
    const meta = { connection: { stream }, command: '' }
    const answer = plugins[name]?.(meta as unknown as Parameters<(typeof plugins)[string]>[0])
    return (data: Buffer) => answer?.(data) as Buffer
  }

  it('answer one key, and no second one', () => {
    const caching = method('caching_sha2_password', new Socket())
    caching(challenge)
    expect(caching(full)).toEqual(Buffer.from([2]))
    expect(caching(publicKey())).toHaveLength(256)
    for (const more of [full, publicKey()]) expect(() => caching(more)).toThrow(/unknown/)
    const old = method('sha256_password', new Socket())
    expect(old(challenge)).toEqual(Buffer.from([1]))
    expect(old(publicKey())).toHaveLength(256)
    expect(() => old(publicKey())).toThrow(/unknown/)
  })

  it('take no key that they did not ask for', () => {
    const caching = method('caching_sha2_password', new Socket())
    caching(challenge)
    expect(() => caching(publicKey())).toThrow(/unknown/)
  })

  it('take no challenge that hides nothing', () => {
    const caching = method('caching_sha2_password', new Socket())
    caching(Buffer.alloc(0))
    caching(full)
    expect(() => caching(publicKey())).toThrow(/20 bytes/)
  })

  it.for([
    ['TLS that is not verified', () => new TLSSocket(new Socket()), {}],
    ['no TLS where the profile wants it', () => new Socket(), { tls: 'verify' }],
  ] as const)('ask for no key over %s', ([, stream, login]) => {
    const caching = method('caching_sha2_password', stream(), login)
    caching(challenge)
    expect(() => caching(full)).toThrow(/not verified/)
    expect(() => method('sha256_password', stream(), login)(challenge)).toThrow(/not verified/)
  })
})
