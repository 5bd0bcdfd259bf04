// The app scheme as the window meets it: the very handler, on a real bundle with a secret planted beside it.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAssets, type Assets } from '../core/assets.ts'
import { answerPage, CONNECT } from './answer-page.ts'

const SECRET = 'the secret beside the bundle'
const folder = mkdtempSync(join(tmpdir(), 'roster-scheme-'))
const bundle = join(folder, 'out', 'renderer')
let assets: Assets

beforeAll(() => {
  mkdirSync(join(bundle, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), SECRET)
  writeFileSync(join(folder, 'out', 'secret.txt'), SECRET)
  writeFileSync(join(folder, 'out', 'renderer-secret.txt'), SECRET)
  writeFileSync(join(bundle, 'index.html'), '<meta name="csp-nonce" content="__NONCE__"><title>Roster</title>')
  writeFileSync(join(bundle, 'assets', 'main.js'), 'export {}')
  symlinkSync(join(folder, 'secret.txt'), join(bundle, 'link.txt'))
  symlinkSync(folder, join(bundle, 'folder'))
  symlinkSync('../../../secret.txt', join(bundle, 'assets', 'link.js'))
  assets = openAssets({ folder: bundle, door: 'port', connect: CONNECT })
})
afterAll(() => rmSync(folder, { recursive: true }))

/** After `app://roster`. What an address parser makes of them first is part of the test. */
const traversals = [
  '/../secret.txt',
  '/../../secret.txt',
  '/assets/../../secret.txt',
  '/assets/../../../secret.txt',
  '/./../secret.txt',
  '/..//secret.txt',
  '//secret.txt',
  '///secret.txt',
  '/....//secret.txt',
  '/..;/secret.txt',
  '/.../secret.txt',
  '/../renderer-secret.txt',
  '-secret.txt',
  '/%2e%2e/secret.txt',
  '/%2E%2E/secret.txt',
  '/.%2e/secret.txt',
  '/..%2fsecret.txt',
  '/..%2Fsecret.txt',
  '/%2e%2e%2fsecret.txt',
  '/assets%2f..%2f..%2fsecret.txt',
  '/%252e%252e/secret.txt',
  '/%252e%252e%252fsecret.txt',
  '/..%252fsecret.txt',
  '/%25252e%25252e%25252fsecret.txt',
  '/..\\secret.txt',
  '\\..\\secret.txt',
  '/..%5csecret.txt',
  '/%2e%2e%5csecret.txt',
  '/..%255csecret.txt',
  '/assets\\..\\..\\secret.txt',
  '/index.html%00',
  '/index.html%00.js',
  '/../secret.txt%00.html',
  '/%00/../secret.txt',
  '/index.html\0',
  '/%c0%ae%c0%ae/secret.txt',
  '/%c0%ae%c0%ae%c0%afsecret.txt',
  '/..%c0%afsecret.txt',
  '/..%e0%80%afsecret.txt',
  '/%uff0e%uff0e/secret.txt',
  '/%u002e%u002e%u2215secret.txt',
  '/．．/secret.txt',
  '/..∕secret.txt',
  '/link.txt',
  '/assets/link.js',
  '/folder/secret.txt',
  '/folder/out/secret.txt',
  '/assets',
  '/assets/',
  '/assets/main.js/',
  '/assets/main.js/../../../secret.txt',
  '/assets/main.js%20',
  '/assets/main.js.',
  '/assets/main.js::$DATA',
  '/ASSETS/MAIN.JS',
  '/C:/secret.txt',
  '/c%3a%5csecret.txt',
  '/file:///etc/passwd',
  '/etc/passwd',
  '/proc/self/environ',
  '//127.0.0.1/c$/secret.txt',
  '/%5c%5c127.0.0.1%5cc$%5csecret.txt',
  '/?../secret.txt/../assets/none.js',
  '/none?/../index.html',
  '/none#/../index.html',
  '/__proto__',
  '/constructor',
  '/toString',
]

const elsewhere = [
  'app://other-host/',
  'app://other-host/assets/main.js',
  'app://roster.evil/assets/main.js',
  'app://evil.roster/',
  'app://roster:80/',
  'app://roster@evil/',
  'app://name@roster/',
  'app://name:word@roster/',
  'app:///secret.txt',
  'app:secret.txt',
  'app:/../secret.txt',
  'app://../secret.txt',
  'app://%2e%2e/secret.txt',
  'app://./',
  'app://ROSTER/',
  'app://roster./',
  'app://roster%00/',
  'file:///etc/passwd',
  'file://roster/index.html',
  'http://roster/',
  'https://roster/',
]

async function ask(url: string, method = 'GET') {
  const answer = await answerPage(assets, { method, url })
  return { url, status: answer.status, text: await answer.text(), headers: answer.headers }
}

describe('the app scheme', () => {
  it('answers with the page, its files and their policy', async () => {
    const page = await ask('app://roster/')
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining('<title>Roster</title>') as string })
    const script = await ask('app://roster/assets/main.js?v=1#top')
    expect(script).toMatchObject({ status: 200, text: 'export {}' })
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect((await ask('app://roster/assets/main.js', 'HEAD')).status).toBe(200)
  })

  it('sends exactly this content policy, which has no unsafe word', async () => {
    const nonce = /nonce" content="([^"]+)"/
    const page = await ask('app://roster/')
    const expected = [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${nonce.exec(page.text)?.[1]}'`,
      "img-src 'self' blob:",
      "font-src 'self'",
      "connect-src 'none'",
      "frame-src 'none'",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      'trusted-types default',
    ].join('; ')
    expect(page.headers.get('content-security-policy')).toBe(expected)
    expect(expected).not.toMatch(/unsafe|\*|https?:|data:/)
  })

  it('sends a policy with every answer, also with refusals', async () => {
    for (const [url, method] of [
      ['app://roster/none', 'GET'],
      ['app://roster/', 'POST'],
      ['app://other/', 'GET'],
    ] as const) {
      const { headers } = await ask(url, method)
      expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-type')).toBe('text/plain; charset=utf-8')
    }
  })

  it.each(traversals)('does not leave the bundle: %j', async (path) => {
    const { status, text } = await ask(`app://roster${path}`)
    expect(text).not.toContain(SECRET)
    // An address parser may make the start page of it, which is no file outside.
    if (status === 200) expect(text).toContain('<title>Roster</title>')
    else expect([404, 403]).toContain(status)
  })

  it.each(traversals)('does not leave the bundle when no parser came first: %j', async (path) => {
    const { status, body } = await assets.answer(path)
    expect([status, String(body)]).toEqual([404, 'There is nothing here.'])
  })

  it.each(elsewhere)('answers nobody but its own origin: %s', async (url) => {
    const { status, text } = await ask(url)
    expect([status, text]).toEqual([403, 'Files of Roster can only be read.'])
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'get'])(
    'can only be read, not: %s',
    async (method) => {
      expect((await ask('app://roster/', method)).status).toBe(403)
    },
  )

  it('takes no file that came to the bundle after the start', async () => {
    writeFileSync(join(bundle, 'later.js'), 'export {}')
    expect((await ask('app://roster/later.js')).status).toBe(404)
  })
})
