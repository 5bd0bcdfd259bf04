// The hashing worker, as a process of its own: it answers, is killed when a call is given up, rests when nothing is asked, and
// every pair that real libraries made is verified by it.
import { readFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHeadlessHost } from '../../../headless/host.ts'
import type { HostProcess } from '../../host.ts'
import { openHashing, type Hashing } from './hashing.ts'
import type { ToVerify, Verdict } from './hashing-protocol.ts'

const isFull = process.env.VERIFY === 'full'

interface Pair {
  scheme: string
  hash: string
  plaintext: string
  security_password_salt?: string | null
  hmac_key?: string | null
}
const FILE = join(import.meta.dirname, '../../../../e2e/fixtures/passwords.json')
const PAIRS = JSON.parse(readFileSync(FILE, 'utf8')) as Pair[]
/** What takes up to a second each; in the short form one of each algorithm is enough. */
const isCostly = ({ scheme }: Pair) => !/^crypt-|des_crypt|plaintext/.test(scheme)
const algorithmOf = ({ scheme }: Pair) => scheme.replace(/(?<=sha\d+(_crypt)?)-(hmac|single)$/, '')
const CHOSEN = isFull
  ? PAIRS
  : PAIRS.filter(
      (pair, index) =>
        !isCostly(pair) || PAIRS.findIndex((other) => algorithmOf(other) === algorithmOf(pair)) === index,
    )

let folder: string
let started: HostProcess[]
let hashing: Hashing
const signal = () => new AbortController().signal
const open = (idle?: number) => {
  const host = createHeadlessHost({ version: 'test', dataFolder: join(folder, 'data') })
  return openHashing(
    {
      ...host,
      spawn(entry) {
        const child = host.spawn(entry)
        started.push(child)
        return child
      },
    },
    idle,
  )
}
const verify = (asked: Partial<ToVerify> & Pick<ToVerify, 'hash' | 'password'>): Promise<Verdict> =>
  hashing.ask('verify', { pepper: null, isNormalised: false, reading: 'any', ...asked }, signal())

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'roster-hashing-'))
  started = []
  hashing = open()
})
afterAll(() => {
  hashing.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('pairs of real libraries', () => {
  it(`verifies ${isFull ? 'every one' : 'one of each costly scheme and all others'}, and no other password`, async () => {
    const wrong: string[] = []
    for (const { scheme, hash, plaintext, security_password_salt, hmac_key } of CHOSEN) {
      const pepper = security_password_salt ?? hmac_key ?? null
      const verdict = await verify({ hash, password: plaintext, pepper })
      const how = scheme.endsWith('-hmac') ? 'mixed' : scheme === 'fs-plaintext' ? 'clear' : 'plain'
      if (verdict.answer !== 'matches' || verdict.how !== how)
        wrong.push(`${scheme} ${hash}: ${JSON.stringify(verdict)}`)
    }
    expect(wrong).toEqual([])
    const algorithms = (pairs: Pair[]) => new Set(pairs.map(algorithmOf)).size
    expect(algorithms(CHOSEN)).toBe(algorithms(PAIRS))
  }, 180_000)
})

describe('the hashing worker', () => {
  const slow = { scheme: 'argon2id' as const, cost: { m: 65_536, t: 50, p: 1 }, digest: null, isDouble: false }
  const quick = { ...slow, cost: { m: 64, t: 1, p: 1 } }
  const given = { password: 'canary', pepper: null, isNormalised: false }
  const isRunning = (pid: number) => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }

  it('is started when it is needed, ends when nothing is asked for a while, and is started again', async () => {
    const own = open(20)
    expect(own.pid).toBeUndefined()
    expect(await own.ask('hash', { ...given, choice: quick, count: 3 }, signal())).toHaveLength(3)
    const pid = started.at(-1)?.pid ?? 0
    await expect.poll(() => isRunning(pid)).toBe(false)
    expect(await own.ask('hash', { ...given, choice: quick, count: 1 }, signal())).toHaveLength(1)
    expect(started.at(-1)?.pid).not.toBe(pid)
    own.close()
  })

  it('is killed in the middle of its work when the call is given up, and others are served', async () => {
    const own = open()
    await own.ask('hash', { ...given, choice: quick, count: 1 }, signal())
    const pid = own.pid ?? 0
    const [working, waiting] = [new AbortController(), new AbortController()]
    const first = own.ask('hash', { ...given, choice: slow, count: 20 }, working.signal)
    const second = own.ask('hash', { ...given, choice: slow, count: 20 }, waiting.signal)
    const third = own.ask('hash', { ...given, choice: quick, count: 1 }, signal())
    waiting.abort(new Error('given up while waiting'))
    await expect(second).rejects.toThrow('given up while waiting')
    expect(isRunning(pid)).toBe(true)
    working.abort(new Error('given up'))
    await expect(first).rejects.toThrow('given up')
    expect(await third).toHaveLength(1)
    await expect.poll(() => isRunning(pid)).toBe(false)
    expect(own.pid).not.toBe(pid)
    own.close()
  })

  it('answers in words when it ends by itself, when it fails and when it was closed; none holds the password', async () => {
    const own = open()
    await own.ask('hash', { ...given, choice: quick, count: 1 }, signal())
    const asking = own.ask('hash', { ...given, choice: slow, count: 20 }, signal())
    process.kill(own.pid ?? 0, 'SIGKILL')
    await expect(asking).rejects.toMatchObject({
      code: 'NOT_HASHED',
      message: expect.stringContaining('ended') as string,
    })
    const failing = own.ask('hash', { ...given, choice: { ...quick, cost: {} }, count: 1 }, signal())
    const failure: unknown = await failing.catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'NOT_HASHED' })
    expect(inspect(failure, { depth: 9 })).not.toContain('canary')
    own.close()
    await expect(own.ask('hash', { ...given, choice: quick, count: 1 }, signal())).rejects.toMatchObject({
      code: 'NOT_HASHED',
    })
    expect(own.pid).toBeUndefined()
  })

  it('tells what it cannot verify, and why, whatever stands in the column', async () => {
    const why = async (hash: string) => {
      const verdict = await verify({ hash, password: 'x' })
      return verdict.answer === 'cannot-tell' ? verdict.why : verdict.answer
    }
    expect(await why('$argon2id$v=19$m=65536,t=3,p=4$am3tXctZ')).toContain('cut off')
    expect(await why('$argon2id$m=65536,t=3,p=4$am3tXctZyxk$Aj7kPywEJLPG1bSH')).toContain('first version')
    expect(await why('$argon2id$v=19$m=4294967295,t=3,p=4$am3tXctZyxk$Aj7kPywEJLPG1bSH')).toContain('1 GiB')
    expect(await why('$argon2id$v=19$m=8,t=0,p=4$am3tXctZyxk$Aj7kPywEJLPG1bSH')).toContain('none that argon2 takes')
    expect(await why(`$2b$31$${'a'.repeat(53)}`)).toContain('more rounds')
    expect(await why(`$2x$10$${'a'.repeat(53)}`)).toContain('not known')
    expect(await why('pbkdf2(999999999,20,sha512)$a$00')).toContain('more rounds')
    expect(await why('pbkdf2:sha3_256:10$a$00')).toContain('sha3_256')
    expect(await why('pbkdf2:sha256$a$00')).toContain('how many rounds')
    expect(await why(`scrypt:1073741824:8:1$a$${'0'.repeat(128)}`)).toContain('1 GiB')
    expect(await why(`scrypt:1000:8:1$a$${'0'.repeat(128)}`)).toContain('none that scrypt takes')
    expect(await why(`$6$rounds=999999999$a$${'a'.repeat(86)}`)).toContain('more rounds')
    expect(await why('$1$abcdefgh$irWbblnpmw.5z7wgBnprh0')).toContain('md5-crypt')
    expect(await why('!')).toContain('no hash')
    expect(await why('!H8Kwpf1Oz0oq5cfbbPIZDyKWJnGCmQ9Vvg2lCv1t')).toBe('differs')
    expect(await why('')).toBe('differs')
  })
})
