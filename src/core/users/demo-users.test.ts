// Demo rows: the same every time, unique, and stored as the standard's own writer stores them.
import { argon2Sync } from 'node:crypto'
import { expect, test } from 'vitest'
import { DEMO_PASSWORDS } from './demo-passwords.ts'
import { DEMO_LIMIT, demoRow, demoRows } from './demo-users.ts'

test('a million rows have a million emails and a million uniquifiers, letters compared without case', () => {
  expect(DEMO_LIMIT).toBeGreaterThanOrEqual(1_000_000)
  const emails = new Set<string>()
  const uniquifiers = new Set<string>()
  for (let number = 0; number < 1_000_000; number++) {
    const [email, , , uniquifier] = demoRow(number)
    emails.add(String(email).toLowerCase())
    uniquifiers.add(String(uniquifier))
  }
  expect(emails.size).toBe(1_000_000)
  expect(uniquifiers.size).toBe(1_000_000)
})

test('the same number gives the same row, wherever the counting began', () => {
  expect(demoRows(0, 300).slice(200)).toEqual(demoRows(200, 300))
  // Written down, so that a later change of the recipe is seen: people may compare by these rows.
  expect(demoRow(0)).toMatchInlineSnapshot(`
    [
      "pilar.taylor@partners.example.net",
      "$argon2id$v=19$m=65536,t=3,p=4$9xioajj+NeeL/T0JhGs0Zw$dykuue8IM5BfnYlOPC55SaYzVj2ayUxmIMvnBJ9LZ3A",
      1n,
      "a5affe2c00d746d684825cb7e64cdb93",
      "2019-11-15 15:21:21.972015",
    ]
  `)
  expect(demoRow(999_999)).toMatchInlineSnapshot(`
    [
      "brian-wilson@mail.example.com",
      "$argon2id$v=19$m=65536,t=3,p=4$7QyfWCpJxIscHZRVN1ACRA$u3LHQQO1v9iBO3BiNAq/oesN3rxaCgvIxd+txVd74qI",
      1n,
      "cfb75c58da024055b14bc56c700207bd",
      "2023-06-09 22:07:39.293167",
    ]
  `)
})

test('every value has its exact form, and NULLs and falses are few', () => {
  const rows = demoRows(0, 20_000)
  const share = (is: (row: readonly unknown[]) => boolean) => rows.filter(is).length / rows.length
  for (const [email, password, active, uniquifier, confirmedAt] of rows) {
    expect(email).toMatch(/^[A-Za-z]+[._-][A-Za-z]+\d{0,2}@([a-z]+\.)*example\.(com|org|net)$/)
    expect(password === null || DEMO_PASSWORDS.includes(String(password))).toBe(true)
    expect([0n, 1n, null]).toContain(active)
    expect(uniquifier).toMatch(/^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$/)
    if (confirmedAt !== null) expect(confirmedAt).toMatch(/^20[12]\d-[01]\d-[0-3]\d [0-2]\d:[0-5]\d:[0-5]\d\.\d{6}$/)
  }
  expect(share(([email]) => email === String(email).toLowerCase())).toBeCloseTo(0.97, 2)
  expect(share(([, password]) => password === null)).toBeCloseTo(0.1, 2)
  expect(share(([, , active]) => active === 1n)).toBeCloseTo(0.92, 2)
  expect(share(([, , active]) => active === null)).toBeCloseTo(0.02, 2)
  expect(share(([, , , , confirmedAt]) => confirmedAt === null)).toBeCloseTo(0.08, 2)
  expect(new Set(rows.map(([, , , , at]) => String(at).slice(0, 4))).size).toBeGreaterThan(9)
})

test('the passwords are what they say: argon2id of demo-01 to demo-50', () => {
  expect(DEMO_PASSWORDS).toHaveLength(50)
  expect(new Set(DEMO_PASSWORDS).size).toBe(50)
  for (const index of [0, 1, 24, 48, 49]) {
    const [, scheme, , costs, salt, hash] = (DEMO_PASSWORDS[index] ?? '').split('$')
    expect([scheme, costs]).toEqual(['argon2id', 'm=65536,t=3,p=4'])
    const message = `demo-${String(index + 1).padStart(2, '0')}`
    const nonce = Buffer.from(salt ?? '', 'base64')
    const made = argon2Sync('argon2id', { message, nonce, parallelism: 4, tagLength: 32, memory: 65_536, passes: 3 })
    expect(made.toString('base64').replace(/=+$/, '')).toBe(hash)
  }
})
