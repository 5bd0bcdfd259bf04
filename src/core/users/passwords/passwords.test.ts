// What a table holds, new hashes and checked passwords through the contract, on every engine and for every owner.
import { ORPCError } from '@orpc/server'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Owner } from '../../../shared/owners.ts'
import type { HashChoice } from '../../../shared/passwords.ts'
import type { ShapeColumn } from '../../db/database.ts'
import { describeOnEachEngine, type Opened } from '../../tables/engines.test-setup.ts'
import { whatIsFound } from './find-passwords.ts'
import { likelyVariables } from './peppers.ts'

const UNKNOWN: Owner = {
  ...{ name: 'unknown', writer: 'unknown', words: 'unknown' },
  ...{ evidence: [], meanings: {}, touches: [], user: null },
}
const BCRYPT = (rounds: string) => `$2b$${rounds}$F/WNX58fG5fApdCuxsWt1OMOZgnoaIMoU/ObHEUXGQqM.y.zICBI6`
const ARGON = '$argon2id$v=19$m=1024,t=2,p=2$am3tXctZyxkjpNS6d+495w$Aj7kPywEJLPG1bSHtV0w/fartIbA5H2RK2V4vA7u0mc'
/** Of "correct horse battery staple". */
const CRYPT = 'pbkdf2(1000,20,sha512)$bb57495afd3e7834$a6c29f792627c4163b2ab60eaf25d3bef7ebcd89'
const RIGHT = 'correct horse battery staple'

describeOnEachEngine('passwords of a table', (engine) => {
  let opened: Opened
  const key = engine.pick({ sqlite: 'integer', postgres: 'bigint', mysql: 'bigint' })
  beforeAll(async () => {
    opened = await engine.open(
      `create table people (a ${key}, "b c" varchar(20), password varchar(120), primary key (a, "b c"));
       create table short_one (id ${key} primary key, password varchar(61) not null);
       create table plain (id ${key} primary key, note varchar(20))`.replaceAll(
        '"',
        engine.pick({ sqlite: '"', postgres: '"', mysql: '`' }),
      ),
    )
  })
  afterAll(() => opened.close())
  beforeEach(async () => {
    await opened.sql('delete from people')
    await opened.sql('delete from short_one')
  })

  const at = (table = 'people') => ({ profileId: opened.profileId, table })
  const quiet = { variable: null }
  const cheap: HashChoice = { scheme: 'bcrypt', cost: { rounds: 4 }, digest: null, isDouble: false }
  const hash = (more: object = {}) =>
    opened.api.users.hash({ ...at(), choice: cheap, password: RIGHT, pepper: quiet, count: 1, ...more })
  const check = (a: bigint, password: string) =>
    opened.api.users.checkPassword({ ...at(), key: [a, 'x y'], password, pepper: quiet })
  const refusal = async (promise: Promise<unknown>) => {
    const error: unknown = await promise.then(
      () => null,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(ORPCError)
    return error as ORPCError<string, unknown>
  }
  const fill = (table: string, rows: string) => opened.sql(`insert into ${table} values ${rows}`)

  it('are the newest 200, by the key, and the costs of the newest are proposed', async () => {
    const rows = Array.from({ length: 210 }, (_, index) => {
      const stored = index < 10 ? CRYPT : index < 150 ? BCRYPT('10') : index < 209 ? BCRYPT('11') : ARGON
      return `(${index}, 'x y', '${stored}')`
    })
    await fill('people', rows.join(', '))
    const { found, looked, choices } = await opened.api.users.passwords(at())
    expect(looked).toBe(200)
    expect(found).toEqual([
      { words: 'bcrypt, 10 rounds', scheme: 'bcrypt', rows: 140, isWeak: false },
      { words: 'bcrypt, 11 rounds', scheme: 'bcrypt', rows: 59, isWeak: false },
      { words: 'argon2id, m=1024, t=2, p=2', scheme: 'argon2id', rows: 1, isWeak: false },
    ])
    expect(choices.slice(0, 2)).toMatchObject([
      { words: 'bcrypt, 11 rounds', cost: { rounds: 11 }, isDouble: false },
      { words: 'argon2id, m=1024, t=2, p=2' },
    ])
  })

  it('are checked in the row that the key names', async () => {
    await fill(
      'people',
      `(1, 'x y', '${CRYPT}'), (2, 'x y', null), (3, 'x y', ''), (4, 'x y', '${RIGHT}'), (5, 'x y', '!')`,
    )
    expect(await check(1n, RIGHT)).toEqual({ answer: 'matches', words: 'It is the password (crypt-pbkdf2).' })
    expect(await check(1n, `${RIGHT} `)).toMatchObject({ answer: 'differs' })
    expect(await check(2n, RIGHT)).toMatchObject({
      answer: 'differs',
      words: expect.stringContaining('NULL') as string,
    })
    expect(await check(3n, RIGHT)).toMatchObject({
      answer: 'differs',
      words: expect.stringContaining('empty') as string,
    })
    expect(await check(4n, RIGHT)).toMatchObject({
      answer: 'matches',
      words: expect.stringContaining('in clear') as string,
    })
    expect(await check(5n, RIGHT)).toMatchObject({ answer: 'cannot-tell' })
    expect((await refusal(check(6n, RIGHT))).code).toBe('ROW_GONE')
    const half = opened.api.users.checkPassword({ ...at(), key: [1n], password: RIGHT, pepper: quiet })
    expect((await refusal(half)).code).toBe('ROW_GONE')
    const unset = { variable: 'ROSTER_TEST_IS_NOT_SET' }
    const asked = { ...at(), key: [1n, 'x y'], password: RIGHT, pepper: unset }
    expect((await refusal(opened.api.users.checkPassword(asked))).message).toContain('ROSTER_TEST_IS_NOT_SET')
  })

  it('are hashed anew each time, kept, and saved by their names', async () => {
    await fill('people', `(1, 'x y', '${CRYPT}'), (2, 'x y', null)`)
    const { kept } = await hash({ count: 2 })
    expect(new Set(kept).size).toBe(2)
    expect(kept.join()).not.toContain('$2b$')
    const changes = kept.map((text, index) => ({
      ...{ kind: 'update' as const, id: `u${index}`, key: [BigInt(index + 1), 'x y'] },
      ...{ original: {}, values: { password: text } },
    }))
    await opened.api.tables.save({ ...at(), changes })
    const [first, second] = (await opened.sql('select password from people order by a')).flat()
    expect([first?.slice(0, 7), second?.slice(0, 7), first === second]).toEqual(['$2b$04$', '$2b$04$', false])
    expect(await check(2n, RIGHT)).toMatchObject({ answer: 'matches' })
  })

  it('are refused in words that tell what to do', async () => {
    const why = async (more: object) => {
      const { code, message } = await refusal(hash(more))
      expect(message).not.toContain(RIGHT)
      return `${code} ${message}`
    }
    expect(await why({ ...at('gone') })).toContain('TABLE_NOT_FOUND')
    expect(await why({ ...at('plain') })).toContain('NOT_HASHED plain has no column')
    expect(await why({ ...at('short_one'), choice: null, password: null })).toContain('cannot be NULL')
    expect(await why({ choice: null })).toContain('Choose how')
    const argon: HashChoice = { scheme: 'argon2id', cost: { m: 16, t: 1, p: 1 }, digest: null, isDouble: false }
    expect(await why({ ...at('short_one'), choice: argon })).toContain('password holds 61')
    expect(await why({ password: 'ä'.repeat(37) })).toContain('72 bytes, and the password has 74')
    expect(await why({ password: 'a\0b' })).toContain('NUL')
    expect(await why({ password: 'a\ud800' })).toContain('half of a character')
    expect(await why({ choice: { ...cheap, cost: { rounds: 30 } } })).toContain('from 4 to 16')
    expect(await why({ choice: { ...cheap, cost: { rounds: 4, more: 1 } } })).toContain('other costs')
    expect(await why({ choice: { ...cheap, digest: 'sha512' } })).toContain('no digest')
    expect(await why({ choice: { ...cheap, isDouble: true } })).toContain('SECURITY_PASSWORD_SALT')
    expect(await why({ choice: { ...argon, cost: { m: 16, t: 1, p: 4 } } })).toContain('eight times p')
    const scrypt: HashChoice = {
      scheme: 'werkzeug-scrypt',
      cost: { n: 1000, r: 8, p: 1 },
      digest: null,
      isDouble: false,
    }
    expect(await why({ choice: scrypt })).toContain('power of two')
    expect(await why({ choice: { ...scrypt, cost: { n: 2 ** 20, r: 64, p: 1 } } })).toContain('1 GiB')
    expect(await why({ choice: { ...scrypt, cost: { n: 16, r: 1, p: 1 }, isDouble: true } })).toContain('mixes nothing')
    expect((await hash({ choice: null, password: null })).kept[0]).toContain(':none:')
    // 72 bytes and an HMAC of any length are taken.
    expect((await hash({ password: 'ä'.repeat(36) })).kept).toHaveLength(1)
  })
})

describe('what is proposed', () => {
  const column = { name: 'password', maxLength: 255, type: 'varchar(255)' } as ShapeColumn
  const user = (uniquifier: string | null) => ({ uniquifier }) as Owner['user']
  const first = (owner: Partial<Owner>, hashes: (string | null)[] = [], of = column) =>
    whatIsFound({ ...UNKNOWN, ...owner }, of, hashes).choices[0]

  it.each<[Owner['name'], string]>([
    ['flask-security', 'argon2id, m=65536, t=3, p=4, over an HMAC with SECURITY_PASSWORD_SALT'],
    ['web2py', 'crypt-pbkdf2, sha512, 1,000 iterations, 20 bytes'],
    ['py4web', 'crypt-pbkdf2, sha512, 1,000 iterations, 20 bytes'],
    ['pydal', 'crypt-pbkdf2, sha512, 1,000 iterations, 20 bytes'],
    ['django', 'django-pbkdf2, sha256, 1,000,000 iterations'],
    ['gorm', 'bcrypt, 10 rounds'],
    ['sqlalchemy', 'argon2id, m=65536, t=3, p=4'],
    ['unknown', 'argon2id, m=65536, t=3, p=4'],
  ])('for an empty table of %s: %s', (name, words) => {
    expect(first({ name })?.words).toBe(words)
  })

  it('says that nothing in a hash shows the salt, and offers both where Flask-Security may be', () => {
    const choices = whatIsFound({ ...UNKNOWN, name: 'flask-security' }, column, [ARGON]).choices
    expect(choices.slice(0, 2).map(({ isDouble, cost }) => [isDouble, cost.m])).toEqual([
      [true, 1024],
      [false, 1024],
    ])
    expect(choices[0]?.why).toContain('nothing in a hash shows it')
    const roster = whatIsFound({ ...UNKNOWN, name: 'roster', user: user('fs_uniquifier') }, column, []).choices
    expect(roster.slice(0, 2).map(({ isDouble }) => isDouble)).toEqual([false, true])
    expect(first({ name: 'unknown', user: user(null) }, [])?.isDouble).toBe(false)
  })

  it('is never what the owner would take for a password in clear', () => {
    const { choices, found } = whatIsFound({ ...UNKNOWN, name: 'flask-security' }, column, [CRYPT, CRYPT, BCRYPT('11')])
    expect(found[0]?.scheme).toBe('crypt-pbkdf2')
    expect(choices[0]).toMatchObject({ scheme: 'bcrypt', cost: { rounds: 11 } })
    expect(choices.map(({ scheme }) => scheme)).not.toContain('crypt-pbkdf2')
  })

  it('fits the column, or says that it does not', () => {
    const short = { ...column, maxLength: 60 }
    expect(first({}, [ARGON], short)).toMatchObject({ scheme: 'bcrypt' })
    const { choices } = whatIsFound(UNKNOWN, short, [ARGON])
    expect(choices.find(({ scheme }) => scheme === 'argon2id')?.why).toContain('will not fit')
    expect(first({ name: 'django' }, [], { ...column, maxLength: 128 })?.scheme).toBe('django-pbkdf2')
  })

  it('tells what is weak, in clear, empty or NULL', () => {
    const hashes = [null, '', 'secret', 'secret2', CRYPT, BCRYPT('04'), '$2b$10$cut']
    const { found, choices } = whatIsFound(UNKNOWN, column, hashes)
    expect(found.map(({ words, rows, isWeak }) => [words, rows, isWeak])).toEqual([
      ['no hash that is known: it may be a password in clear', 2, true],
      ['no password (NULL)', 1, false],
      ['an empty text', 1, true],
      ['crypt-pbkdf2, sha512, 1,000 iterations, 20 bytes', 1, true],
      ['bcrypt, 4 rounds', 1, true],
      ['a hash that was cut off, or is damaged', 1, false],
    ])
    expect(choices[0]?.scheme).toBe('crypt-pbkdf2')
  })

  it('offers names of variables, the likeliest first, and no others', () => {
    const environment = {
      PATH: 'x',
      APP_SALT: 'x',
      SECURITY_PASSWORD_SALT: 'x',
      HMAC_KEY: 'x',
      HOME: 'x',
      AWS_SECRET: 'x',
    }
    expect(likelyVariables(environment)).toEqual(['SECURITY_PASSWORD_SALT', 'APP_SALT', 'HMAC_KEY'])
  })
})
