import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openAssets, type Assets } from './assets.ts'

let folder: string
let assets: Assets

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'roster-assets-'))
  const bundle = join(folder, 'renderer')
  mkdirSync(join(bundle, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  writeFileSync(join(bundle, 'index.html'), '<meta name="csp-nonce" content="__NONCE__"><meta content="__DOOR__">')
  writeFileSync(join(bundle, 'assets', 'main-1.js'), 'const nonce = "__NONCE__"')
  symlinkSync(join(folder, 'secret.txt'), join(bundle, 'link.txt'))
  assets = openAssets({ folder: bundle, door: 'socket', connect: "'self'" })
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the files of the page', () => {
  it('are served from the bundle, the document with a fresh nonce that its policy names', async () => {
    const [first, second] = [await assets.answer('/'), await assets.answer('/index.html')]
    const nonceOf = (body: unknown) => /content="([A-Za-z0-9+/]{22}==)"/.exec(String(body))?.[1]
    const nonce = nonceOf(first.body)
    expect(nonce).toBeDefined()
    expect(first.headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}'`)
    expect(nonceOf(second.body)).not.toBe(nonce)
    expect(first.body).toContain('content="socket"')
    const script = await assets.answer('/assets/main-1.js')
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(String(script.body)).toBe('const nonce = "__NONCE__"')
  })

  it('allow nothing unsafe', async () => {
    const { headers } = await assets.answer('/')
    const policy = headers['content-security-policy'] ?? ''
    expect(policy).not.toMatch(/unsafe|data:|https?:|\*/)
    for (const part of ["default-src 'none'", "script-src 'self'", "object-src 'none'", "base-uri 'none'"]) {
      expect(policy.split('; ')).toContain(part)
    }
    expect(policy).toContain("frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default")
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('are all there is: no spelling of a path leads outside', async () => {
    const paths = [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/%252e%252e%252fsecret.txt',
      '/..\\secret.txt',
      '/..%5csecret.txt',
      '/....//secret.txt',
      '//secret.txt',
      '/index.html%00.js',
      '/index.html\0',
      `/${join(folder, 'secret.txt')}`,
      'file:///etc/passwd',
      '/link.txt',
      '/assets',
      '/assets/',
      '/.',
      '',
      '/__proto__',
      '/constructor',
    ]
    for (const path of paths) {
      const { status, body } = await assets.answer(path)
      expect([path, status, String(body)]).toEqual([path, 404, 'There is nothing here.'])
    }
  })

  it('say so when the page is not built', async () => {
    const none = openAssets({ folder: join(folder, 'nowhere'), door: 'port', connect: "'none'" })
    expect(await none.answer('/')).toMatchObject({
      status: 404,
      body: expect.stringContaining('npm run build') as string,
    })
  })
})
