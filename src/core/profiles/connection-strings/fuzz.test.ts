// Random and mutated texts through all parsers: no crash, no hang, no prototype touched, the host that is shown is the one that was parsed.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { connectionFormat } from '../../../shared/connection-strings.ts'
import { parseAs, readAll } from './formats.ts'
import { StringProblem } from './parsed.ts'
import { understand, type Understood } from './understand.ts'
import { differences, valuesOf } from './words.ts'

const isFull = process.env.VERIFY === 'full'
const RUNS = isFull ? 100_000 : 1_000

const file = join(import.meta.dirname, '../../../../e2e/fixtures/connection-strings.json')
const seeds = (JSON.parse(readFileSync(file, 'utf8')) as { input: string }[]).map(({ input }) => input)
seeds.push(
  'jdbc:postgresql://h1:5432,[2001:db8::1]/app?user=u&password=p%40&ssl=true',
  'jdbc:mysql://u:p@address=(host=h)(port=3307),(host=h2,port=3308),[h3,h4:1]/app?sslMode=VERIFY_CA',
  'jdbc:mariadb:sequential://h1:3306,address=(host=h2)(port=3307)/app?user=u&password=p',
  'jdbc:sqlite:file:x.db?mode=ro',
  'mysql://u:p@h1,[::1]:3307/app?ssl-mode=REQUIRED',
)
const PIECES = [
  ...[...'@:/?#&=%+,;\'"\\ ()[]{}\n\t\0\u2028\ud800'],
  ...[
    '://',
    '%',
    '%4',
    '%40',
    '%ff',
    '%00',
    '[::1]',
    ':memory:',
    'file:',
    '__proto__',
    'constructor',
    'toString',
    '=',
    '&&',
    '??',
  ],
  ...[
    '?__proto__=x',
    '&__proto__[y]=1',
    '&host=evil',
    '&options=-c x',
    '&sslmode=disable',
    'address=(host=a)',
    'CANARY',
    '\u{1f600}',
    'a'.repeat(200),
  ],
]

type Edit = { at: number; drop: number; put: string }
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(400),
  drop: fc.nat(6),
  put: fc.oneof(fc.constantFrom(...PIECES), fc.constant(''), fc.string({ unit: 'binary', maxLength: 4 })),
})
const apply = (text: string, edits: readonly Edit[]) =>
  edits.reduce((done, { at, drop, put }) => {
    const place = done.length === 0 ? 0 : at % (done.length + 1)
    return done.slice(0, place) + put + done.slice(place + drop)
  }, text)
const mutated = fc
  .tuple(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 6 }))
  .map(([text, edits]) => apply(text, edits))
const random = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc
    .array(fc.constantFrom(...PIECES, 'postgresql', 'mysql', 'sqlite', 'jdbc', 'user', 'host'), { maxLength: 30 })
    .map((all) => all.join('')),
)

let parsed = 0
let usable = 0

/** The host of the draft, of the line that is shown, and of the parser, are one. */
function sameHost(understood: Understood): void {
  const shown = valuesOf(understood, 'text').find(({ setting }) => setting === 'Host')?.value
  expect(shown).toBe(understood.host)
}

test(
  'texts of all kinds',
  () => {
    const names = Object.getOwnPropertyNames(Object.prototype).sort()
    fc.assert(
      fc.property(fc.oneof({ weight: 4, arbitrary: mutated }, { weight: 1, arbitrary: random }), (text) => {
        for (const format of connectionFormat.options) {
          try {
            const one = parseAs(format, text)
            parsed++
            const understood = understand(one, format)
            usable++
            sameHost(understood)
            const first = one.places[0]?.host ?? ''
            // Unless the settings say the host, or the place is left out, it is the parser's.
            if (
              first !== '' &&
              understood.host !== undefined &&
              !one.options.some(({ key }) => /socket|host/i.test(key))
            )
              expect(understood.host).toBe(first.replace(/^\[(.*)\]$/, '$1'))
          } catch (error) {
            if (!(error instanceof StringProblem)) throw error
          }
        }
        const readings = readAll(text, new Set())
        for (const reading of readings.usable) differences(reading, readings)
      }),
      {
        numRuns: RUNS,
        seed: 20261122,
        ...(isFull && { interruptAfterTimeLimit: 30 * 60_000, markInterruptAsFailure: true }),
      },
    )
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(names)
    expect(({} as Record<string, unknown>).y).toBeUndefined()
    if (isFull)
      console.log(`FIGURE connection strings, mutated: ${RUNS} texts, ${parsed} times parsed, ${usable} times usable`)
    // They must get somewhere, or nothing is tested.
    expect(usable).toBeGreaterThan(RUNS)
  },
  40 * 60_000,
)

/** As long as a text may be: what takes the square of the length would not come to an end in the time that a test has. */
test.each([
  '=',
  '@',
  ':',
  '/',
  '%',
  '&',
  '?',
  "'",
  '\\',
  ' ',
  '(',
  '[',
  'a',
  '%2',
  'a=',
  ',',
  '&=',
  'address=(',
  '(a=',
  '://',
])('sixteen thousand characters of %j', (piece) => {
  const long = piece.repeat(Math.ceil(16_384 / piece.length)).slice(0, 16_384)
  for (const front of [
    '',
    'postgresql://',
    'mysql://u:p@',
    'mysql://u@h/d?',
    'postgres://u:p@h/d?',
    'jdbc:mysql://',
    'jdbc:mysql://h/d?',
    'jdbc:mariadb://',
    'sqlite:///',
    'host=',
  ])
    for (const format of connectionFormat.options) {
      try {
        understand(parseAs(format, (front + long).slice(0, 16_384)), format)
      } catch (error) {
        if (!(error instanceof StringProblem)) throw error
      }
    }
})

test('no error repeats what may be a password', () => {
  const pieces = fc.array(fc.constantFrom('CANARY', ...'@:/?#%[],&= ()', '%4', '12', "'", '\\'), {
    minLength: 1,
    maxLength: 8,
  })
  const forms = fc.constantFrom(
    (secret: string) => `postgresql://user:${secret}@db.example.com/app`,
    (secret: string) => `mysql+pymysql://user:${secret}@db.example.com:3306/app?charset=utf8`,
    (secret: string) => `host=h user=u password=${secret} dbname=d`,
    (secret: string) => `user:${secret}@tcp(h:3306)/d?parseTime=true`,
    (secret: string) => `jdbc:postgresql://h/d?user=u&password=${secret}`,
    (secret: string) => `jdbc:mysql://u:${secret}@h/d`,
    (secret: string) => `mysql://user:${secret}@h/d`,
    (secret: string) => `postgres2:psycopg2://user:${secret}@h/d`,
  )
  fc.assert(
    fc.property(forms, pieces, (form, secret) => {
      for (const format of connectionFormat.options) {
        try {
          understand(parseAs(format, form(secret.join(''))), format)
        } catch (error) {
          if (!(error instanceof StringProblem)) throw error
          expect(error.message).not.toContain('CANARY')
        }
      }
    }),
    { numRuns: isFull ? 50_000 : 1_000, seed: 7 },
  )
})
