// Authorities of the system count where a profile names none, and do not where it names one. A process of its own, because
// Node reads the system's list once.
import { execFile } from 'node:child_process'
import { platform } from 'node:os'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { makeAuthority } from '../../../../scripts/servers/authority.ts'
import { startFakeMysql } from '../../../../scripts/servers/fake-mysql.ts'
import { startFakePostgres } from '../../../../scripts/servers/fake-postgres.ts'
import type { Login } from './link.ts'

const run = promisify(execFile)
const authority = makeAuthority()
const other = makeAuthority('Another authority')
afterAll(() => {
  authority[Symbol.dispose]()
  other[Symbol.dispose]()
})
const tls = authority.issue('good')
const engines = {
  postgres: () => startFakePostgres({ tls, password: 'secret' }),
  mysql: () => startFakeMysql({ tls, password: 'secret' }),
}

const PROGRAM = `
const [name, module, login] = process.argv.slice(1)
const dialect = (await import(module))[name]
const options = { signal: new AbortController().signal, onPhase: () => undefined }
const said = await dialect.connect(JSON.parse(login), options).then(
  (link) => (link.destroy(), link.encryption),
  (error) => dialect.classify(error).code,
)
console.log(said)`

// Elsewhere the list is no file.
describe.skipIf(platform() !== 'linux')('authorities of the system', () => {
  async function connected(name: keyof typeof engines, file: string, certificates?: Login['certificates']) {
    await using fake = await engines[name]()
    const { port } = fake
    const login: Login = {
      ...{
        host: '127.0.0.1',
        port,
        user: 'ada',
        password: 'secret',
        database: 'app',
        isReadOnly: false,
        tls: 'verify',
      },
      ...(certificates && { certificates }),
    }
    const module = new URL(`../${name}/${name}.ts`, import.meta.url).href
    const args = ['--input-type=module', '-e', PROGRAM, name, module, JSON.stringify(login)]
    const env = { PATH: process.env.PATH, SSL_CERT_FILE: file, SSL_CERT_DIR: '/nonexistent' }
    const { stdout } = await run(process.execPath, args, { env })
    return stdout.trim()
  }

  it.each(['postgres', 'mysql'] as const)('count for %s', async (name) => {
    const ca = { ca: other.ca, certificate: null, key: null, passphrase: null }
    const [known, unknown, replaced] = await Promise.all([
      connected(name, authority.caFile),
      connected(name, other.caFile),
      connected(name, authority.caFile, ca),
    ])
    expect(known).toBe('TLS 1.3, certificate verified')
    expect([unknown, replaced]).toEqual(['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'])
  })
})
