// What the log and the page never get to see.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { openLog } from './log.ts'
import { hideSecret, redact } from './redact.ts'

test('a known value is hidden however it is spelled', () => {
  const secret = `kn0wn'"\\/@ %é`
  hideSecret(secret)
  for (const spelled of [
    secret,
    JSON.stringify({ x: secret }),
    inspect({ x: secret }),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
  ])
    expect(redact(`before ${spelled} after`)).not.toMatch(/kn0wn|a24wd24/)
})

test.each([
  [`{ user: 'app', password: 'hunter2', port: 1 }`, `{ user: 'app', password: *hidden*, port: 1 }`],
  ['{"schemaPassword":"hun\\"ter2","x":1}', '{"schemaPassword":*hidden*,"x":1}'],
  ['DB_PASS=hunter2 DB_HOST=h', 'DB_PASS=*hidden* DB_HOST=h'],
  ['DATABASE_URL: postgresql://u:hunter2@h/d', 'DATABASE_URL: *hidden*'],
  ['cannot reach mysql://root:hunt/e@r2@h:1/d now', 'cannot reach mysql://root:*hidden*@h:1/d now'],
  ['client_secret = hunter2', 'client_secret = *hidden*'],
  ['host=h password=hunter2 port=1', 'host=h password=*hidden* port=1'],
])('what is named as a secret is hidden: %s', (text, expected) => {
  expect(redact(text)).toBe(expected)
})

test.each([
  `password authentication failed for user "app"`,
  `{ reason: 'needs-password', password: null, hasPassword: true }`,
  'https://example.com:8080/a is no login',
  'The password of “Shop” is asked for each time.',
])('plain words stay: %s', (text) => {
  expect(redact(text)).toBe(text)
})

test('short values are not looked for, as they would hide ordinary words', () => {
  hideSecret('is')
  expect(redact('this is it')).toBe('this is it')
})

test('the log hides both, in messages, details and causes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roster-log-'))
  try {
    hideSecret('known-to-the-log')
    const log = openLog(join(folder, 'roster.log'))
    const cause = Object.assign(new Error('refused known-to-the-log'), { config: { password: 'named-in-a-cause' } })
    log('error', 'with known-to-the-log', new Error('outer', { cause }))
    const text = readFileSync(join(folder, 'roster.log'), 'utf8')
    expect(text).toContain('outer')
    expect(text).not.toMatch(/known-to-the-log|named-in-a-cause/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
