// The hashing worker, as a process of its own: it answers, is killed when a call is given up, rests when nothing is asked, and
// every pair that real libraries made is verified by it.
import { readFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
