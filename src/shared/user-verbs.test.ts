// What verbs do to any row of any owner: values that the column's own encoding reads as what was meant, and no copy of a secret.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Cell } from './cell.ts'
import { booleanSpellings, decode, encode, type Codec } from './codecs.ts'
import type { MomentShape } from './moments.ts'
import type { Owner, UserColumns } from './owners.ts'
import type { Column } from './tables.ts'
import {
  applyVerb,
  columnsToDuplicate,
  duplicateValues,
  newUserValues,
  userVerbs,
  whyNoVerb,
  type Present,
} from './user-verbs.ts'

const isFull = process.env.VERIFY === 'full'
const runs = { numRuns: isFull ? 5_000 : 200, seed: 8 }
const chance = { now: '2026-11-23T01:02:03.456Z', uuid: () => '0123456789ab4def8123456789abcdef' }

const column = (name: string, more: Partial<Column> = {}): Column => ({
  name,
  type: '',
  kind: 'text',
  isNullable: true,
  default: null,
  keyPosition: 0,
  isAutomatic: false,
  isGenerated: false,
  maxLength: null,
  isSecret: false,
  isIndexed: false,
  codec: null,
  encoding: null,
  ...more,
})

const shape: fc.Arbitrary<MomentShape> = fc.record({
  of: fc.constantFrom('date', 'datetime'),
  separator: fc.constantFrom(' ', 'T'),
  hasSeconds: fc.constant(true),
  fraction: fc.record({
    rule: fc.constantFrom('fixed', 'whole-or-fixed', 'trimmed'),
    digits: fc.constantFrom(0, 3, 6, 9),
  }),
  zone: fc.constantFrom('none', 'Z', 'offset', 'Z or offset', 'compact', 'hours'),
  storage: fc.constantFrom('text', 'postgres', 'mysql'),
})
const flagCodec = fc.constantFrom(...booleanSpellings).map((spelling): Codec => ({ kind: 'boolean', spelling }))
const momentCodec = shape.map((of): Codec => ({ kind: 'moment', shape: of }))

const GATES: NonNullable<UserColumns['gate']>[] = [
  { column: 'registration_key', blocked: ['blocked', 'disabled'], pending: ['pending'], others: 'pending' },
  {
    ...{ column: 'action_token', blocked: ['account-blocked'], others: 'open' },
    pending: ['pending-registration:', 'pending-approval'],
  },
]

interface About {
  columns: Column[]
  owner: Owner
  unique: string[][]
  key: string[]
}

function tableOf(flag: Codec | null, at: Codec | null, gate: UserColumns['gate'] = null): About {
  const owner: Owner = {
    name: 'unknown',
    writer: 'unknown',
    words: '',
    evidence: [],
    meanings: {},
    touches: [],
    user: {
      email: 'email',
      username: 'username',
      password: 'password',
      active: flag && 'active',
      gate,
      confirmedAt: at && 'confirmed_at',
      uniquifier: 'fs_uniquifier',
      deletedAt: null,
      createdAt: null,
    },
  }
  const columns = [
    column('id', { keyPosition: 1, isAutomatic: true }),
    column('email', { isNullable: false }),
    column('username'),
    column('password', { isSecret: true }),
    column('active', { codec: flag }),
    column('confirmed_at', { codec: at }),
    column('fs_uniquifier'),
    column('name'),
    ...(gate ? [column(gate.column)] : []),
  ]
  return { columns, owner, unique: [['email']], key: ['id'] }
}

/** What a verb leaves a row as. */
function after(
  about: About,
  row: Record<string, Cell>,
  verb: (typeof userVerbs)[number],
): Record<string, Cell> | string {
  const made = applyVerb(verb, about, (name) => row[name], chance)
  if ('why' in made) return made.why
  return 'values' in made ? { ...row, ...made.values } : row
}

describe('any encoding', () => {
  test('each value decodes in its column, and says what was meant; twice is once', () => {
    const any = fc.oneof(fc.constant(null), fc.boolean())
    fc.assert(
      fc.property(
        flagCodec,
        momentCodec,
        any,
        any,
        fc.constantFrom(...userVerbs),
        (flag, at, active, isConfirmed, verb) => {
          const about = tableOf(flag, at)
          const spelled = active === null ? { value: null } : encode({ kind: 'boolean', value: active }, flag)
          const moment = isConfirmed ? applyVerb('confirm', about, () => null, chance) : null
          const row: Record<string, Cell> = {
            active: 'value' in spelled ? spelled.value : null,
            confirmed_at: moment && 'values' in moment ? (moment.values.confirmed_at ?? null) : null,
            fs_uniquifier: 'old',
          }
          const now = after(about, row, verb)
          if (typeof now === 'string') {
            // A date has no place for a zone, and some shapes none for this moment: said in words, and nothing is written.
            expect(verb).toBe('confirm')
            return
          }
          expect(decode(now.active ?? null, flag).kind).not.toBe('foreign')
          expect(decode(now.confirmed_at ?? null, at).kind).not.toBe('foreign')
          if (verb === 'activate') expect(decode(now.active ?? null, flag)).toEqual({ kind: 'boolean', value: true })
          if (verb === 'deactivate') expect(decode(now.active ?? null, flag)).toEqual({ kind: 'boolean', value: false })
          if (verb === 'confirm') expect(decode(now.confirmed_at ?? null, at).kind).toBe('moment')
          if (verb === 'unconfirm') expect(now.confirmed_at).toBeNull()
          expect(now.fs_uniquifier).toBe(verb === 'sign-out' ? chance.uuid() : 'old')
          const again = applyVerb(verb, about, (name) => now[name], chance)
          expect('already' in again).toBe(verb !== 'sign-out')
        },
      ),
      runs,
    )
  })

  test('what is foreign or not decided is refused, whatever it is', () => {
    fc.assert(
      fc.property(flagCodec, fc.string({ minLength: 4 }), fc.boolean(), (flag, text, isOn) => {
        const verb = isOn ? 'activate' : 'deactivate'
        if (decode(text, flag).kind !== 'foreign') return
        expect(applyVerb(verb, tableOf(flag, null), () => text, chance)).toMatchObject({
          why: expect.stringContaining('Repair it first') as string,
        })
        const mixed = tableOf(flag, null)
        mixed.columns = mixed.columns.map((each) => (each.name === 'active' ? { ...each, codec: null } : each))
        expect(applyVerb(verb, mixed, () => 1n, chance)).toMatchObject({
          why: expect.stringContaining('Choose how active is written') as string,
        })
      }),
      runs,
    )
  })
})

describe('the gate of web2py and py4web', () => {
  const [web2py, py4web] = GATES as [(typeof GATES)[0], (typeof GATES)[0]]
  const held = (gate: typeof web2py, value: Cell, verb: (typeof userVerbs)[number]) => {
    const row = after(tableOf(null, null, gate), { [gate.column]: value }, verb)
    return typeof row === 'string' ? row : row[gate.column]
  }

  test('is opened with an empty text, and closed with the owner’s word', () => {
    for (const value of ['blocked', 'disabled', 'pending', chance.uuid()])
      expect(held(web2py, value, 'activate')).toBe('')
    for (const value of [null, '', ' ']) expect(held(web2py, value, 'activate')).toBe(value)
    expect(held(web2py, null, 'deactivate')).toBe('blocked')
    // Either word keeps out, and may mean something to the application.
    expect(held(web2py, 'disabled', 'deactivate')).toBe('disabled')
    expect(held(web2py, 'disabled', 'confirm')).toContain('Activate does')
    expect(held(py4web, '', 'deactivate')).toBe('account-blocked')
    // The token of a new password keeps nobody out.
    expect(held(py4web, 'reset-password-request:1', 'activate')).toBe('reset-password-request:1')
    expect(held(py4web, 'reset-password-request:1', 'confirm')).toBe('reset-password-request:1')
  })

  test('is confirmed only where it waits for that', () => {
    for (const value of ['pending', chance.uuid()]) expect(held(web2py, value, 'confirm')).toBe('')
    expect(held(py4web, 'pending-registration:1', 'confirm')).toBe('')
    expect(held(web2py, 'blocked', 'confirm')).toContain('Activate does')
    expect(whyNoVerb('unconfirm', tableOf(null, null, web2py))).toContain('no column')
  })
})

test('a table without fs_uniquifier says that sessions cannot be ended', () => {
  const about = tableOf(null, null)
  about.owner.user = { ...(about.owner.user as UserColumns), uniquifier: null }
  expect(applyVerb('sign-out', about, () => null, chance)).toMatchObject({
    why: expect.stringContaining('no fs_uniquifier') as string,
  })
})

describe('a duplicate', () => {
  const FORBIDDEN = [
    ...['id', 'email', 'username', 'fs_uniquifier', 'password', 'fs_webauthn_user_handle', 'us_phone_number'],
    ...['tf_totp_secret', 'tf_phone_number', 'tf_primary_method', 'us_totp_secrets', 'mf_recovery_codes', 'api_token'],
    ...['last_login_at', 'last_login_ip', 'current_login_at', 'current_login_ip', 'login_count', 'reset_password_key'],
    ...['registration_key', 'registration_id', 'sso_id', 'action_token', 'past_passwords_hash', 'confirmed_at'],
    ...['last_password_change', 'nick', 'badge', 'computed'],
  ]
  const HARMLESS = ['first_name', 'last_name', 'name', 'company', 'locale', 'lasting', 'resettlement', 'apiary']

  test('never carries a column that is the user’s own, whatever else a table has', () => {
    fc.assert(
      fc.property(
        fc.subarray([...FORBIDDEN, ...HARMLESS]),
        fc.constantFrom(...GATES, null),
        flagCodec,
        (names, gate, flag) => {
          const about = tableOf(flag, null, gate)
          const unique = [['email'], ['username'], ['nick'], ['badge', 'company_id']]
          const more = names.filter((name) => !about.columns.some((each) => each.name === name))
          about.columns.push(...more.map((name) => column(name, { isGenerated: name === 'computed' })))
          const present: Present = (name) => `stored ${name}`
          const values = duplicateValues({ ...about, unique }, present, chance)
          for (const name of FORBIDDEN) expect(values[name]).toBe(name === 'fs_uniquifier' ? chance.uuid() : undefined)
          expect(columnsToDuplicate({ ...about, unique }).filter((name) => FORBIDDEN.includes(name))).toEqual([])
          for (const name of HARMLESS.filter((each) => names.includes(each)))
            expect(values[name]).toBe(`stored ${name}`)
          // A foreign flag is not made twice. A database's own boolean holds none.
          if (flag.kind !== 'boolean' || flag.spelling === 'boolean') return
          expect(decode(values.active ?? null, flag)).toEqual({ kind: 'boolean', value: true })
          const off = encode({ kind: 'boolean', value: false }, flag)
          const inactive = 'value' in off ? off.value : null
          const own = (name: string) => (name === 'active' ? inactive : present(name))
          expect(duplicateValues({ ...about, unique }, own, chance).active).toBe(inactive)
        },
      ),
      runs,
    )
  })

  test('and a new user may log in, with a key of its own, whatever spelling the flag has', () => {
    fc.assert(
      fc.property(flagCodec, (flag) => {
        const values = newUserValues(tableOf(flag, null), chance)
        expect(decode(values.active ?? null, flag)).toEqual({ kind: 'boolean', value: true })
        expect(values.fs_uniquifier).toBe(chance.uuid())
        expect(Object.keys(values).sort()).toEqual(['active', 'fs_uniquifier'])
      }),
      { numRuns: 30, seed: 8 },
    )
  })
})
