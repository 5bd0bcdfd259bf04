// Host keys: Roster's own list on the disk, and the person's known_hosts as OpenSSH's own programs write and read it.
import { execFileSync } from 'node:child_process'
import { chownSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findProgram } from '../../../scripts/servers/mariadb-engine.ts'
import { makeKey, type KeyType } from '../../../scripts/servers/ssh-keys.ts'
import { algorithmsFor, fingerprintOf } from './host-key.ts'
import { entriesFor } from './openssh-list.ts'
import { knownHostsIn, ownFolder, seenAt } from './ssh.test-setup.ts'

const HOST = { host: 'db1.example.com', port: 22 }
const OTHER_PORT = { host: 'db1.example.com', port: 2222 }

let folder: ReturnType<typeof ownFolder>
beforeEach(() => (folder = ownFolder()))
afterEach(() => folder.end())

const bytesOf = (line: string) => Buffer.from(line.split(' ')[1] ?? '', 'base64')
let count = 0
function newKey(type: KeyType = 'ed25519'): string {
  count += 1
  return makeKey(folder.file(`key-${count}`), { type })
    .split(' ')
    .slice(0, 2)
    .join(' ')
}

describe.skipIf(!findProgram('ssh-keygen'))('host keys', () => {
  it('have the fingerprint that OpenSSH shows', () => {
    for (const type of ['ed25519', 'ecdsa', 'rsa'] as const) {
      const key = newKey(type)
      const said = execFileSync('ssh-keygen', ['-lf', folder.file(`key-${count}.pub`)], { encoding: 'utf8' })
      expect(said.split(' ')[1]).toBe(fingerprintOf(bytesOf(key)))
    }
  })

  it('are offered by the types that are known, then all others', () => {
    expect(algorithmsFor(['ssh-rsa']).slice(0, 4)).toEqual(['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa', 'ssh-ed25519'])
    expect(algorithmsFor([])).toEqual([...algorithmsFor(['ssh-ed25519'])])
    expect(new Set(algorithmsFor(['ssh-unknown'])).size).toBe(7)
  })

  describe('of Roster’s own list', () => {
    it('are written once, for this user alone, and read back by another Roster', async () => {
      const list = knownHostsIn(folder.path)
      const key = newKey()
      const seen = seenAt(HOST, key)
      expect((await list.of(HOST)).judge(bytesOf(key))).toEqual({
        is: 'new',
        seen: { ...seen, known: null, knownFrom: null },
      })
      await Promise.all([list.trust(seen), list.trust(seen), list.trust(seenAt(OTHER_PORT, newKey()))])
      const text = readFileSync(folder.file('known-hosts.json'), 'utf8')
      expect(JSON.parse(text)).toMatchObject({ version: 1, hosts: [seen, { port: 2222 }] })
      expect(statSync(folder.file('known-hosts.json')).mode & 0o777).toBe(0o600)
      const place = await knownHostsIn(folder.path).of({ ...HOST, host: 'DB1.example.com' })
      expect(place.judge(bytesOf(key))).toEqual({ is: 'known' })
      expect(place.types).toEqual(['ssh-ed25519'])
    })

    it('are not replaced by another one, and forgotten for their place alone', async () => {
      const list = knownHostsIn(folder.path)
      const [first, second] = [newKey(), newKey('ecdsa')]
      await list.trust(seenAt(HOST, first))
      await list.trust(seenAt(OTHER_PORT, first))
      const known = seenAt(HOST, first).fingerprint
      expect((await list.of(HOST)).judge(bytesOf(second))).toMatchObject({ is: 'changed', seen: { known } })
      await expect(list.trust(seenAt(HOST, second))).rejects.toMatchObject({
        code: 'HOST_KEY_CHANGED',
        data: { known },
      })
      await list.forget(HOST)
      expect((await list.of(HOST)).judge(bytesOf(first))).toMatchObject({ is: 'new' })
      expect((await list.of(OTHER_PORT)).judge(bytesOf(first))).toEqual({ is: 'known' })
      await list.trust(seenAt(HOST, second))
    })

    it('are not taken for none when the list cannot be read, nor is the list replaced', async () => {
      const list = knownHostsIn(folder.path)
      for (const text of ['{', '{"version":2,"hosts":[]}']) {
        writeFileSync(folder.file('known-hosts.json'), text)
        await expect(list.of(HOST)).rejects.toThrow('known-hosts.json cannot be read')
        await expect(list.trust(seenAt(HOST, newKey()))).rejects.toMatchObject({ code: 'NOT_STORED' })
        expect(readFileSync(folder.file('known-hosts.json'), 'utf8')).toBe(text)
      }
    })
  })

  describe('of the person’s known_hosts', () => {
    const write = (...lines: string[]) => writeFileSync(folder.file('known_hosts'), `${lines.join('\n')}\n`)
    const list = () => knownHostsIn(folder.path, folder.file('known_hosts'))
    const judged = async (at: typeof HOST, key: string) => (await list().of(at)).judge(bytesOf(key)).is

    it('count as known where they are written down plainly, with a port, or by a pattern', async () => {
      const [plain, port, pattern] = [newKey(), newKey(), newKey()]
      write(
        '# a comment',
        '',
        `db1.example.com,192.0.2.1 ${plain} somebody`,
        `[db1.example.com]:2222 ${port}`,
        `*.example.org,!bad.example.org ${pattern}`,
      )
      expect(await judged(HOST, plain)).toBe('known')
      expect(await judged({ host: '192.0.2.1', port: 22 }, plain)).toBe('known')
      expect(await judged(OTHER_PORT, port)).toBe('known')
      expect(await judged(OTHER_PORT, plain)).toBe('changed')
      expect(await judged({ host: 'a.example.org', port: 22 }, pattern)).toBe('known')
      expect(await judged({ host: 'bad.example.org', port: 22 }, pattern)).toBe('new')
      expect(await judged({ host: 'example.org', port: 22 }, pattern)).toBe('new')
      const { fingerprint: known } = seenAt(HOST, plain)
      const changed = (await list().of(HOST)).judge(bytesOf(newKey()))
      expect(changed).toMatchObject({ is: 'changed', seen: { known, knownFrom: folder.file('known_hosts') } })
    })

    it('count as known where ssh-keygen has hashed them', async () => {
      const [key, other] = [newKey(), newKey('ecdsa')]
      write(`db1.example.com ${key}`, `[db1.example.com]:2222 ${other}`)
      execFileSync('ssh-keygen', ['-q', '-H', '-f', folder.file('known_hosts')], { stdio: 'pipe' })
      const text = readFileSync(folder.file('known_hosts'), 'utf8')
      expect(text).toMatch(/^\|1\|/)
      expect(text).not.toContain('example')
      expect(await judged(HOST, key)).toBe('known')
      expect(await judged(OTHER_PORT, other)).toBe('known')
      expect(await judged({ ...HOST, host: 'db2.example.com' }, key)).toBe('new')
      await expect(list().trust(seenAt(HOST, other))).rejects.toMatchObject({ code: 'HOST_KEY_CHANGED' })
      await list().forget(HOST)
      expect(readFileSync(folder.file('known_hosts'), 'utf8')).toBe(text)
      expect(await judged(HOST, key)).toBe('known')
    })

    it('are refused where they are revoked, whatever else is known', async () => {
      const key = newKey()
      await knownHostsIn(folder.path).trust(seenAt(HOST, key))
      write(`@revoked * ${key}`)
      expect(await judged(HOST, key)).toBe('revoked')
      await expect(list().trust(seenAt(OTHER_PORT, key))).rejects.toMatchObject({ code: 'HOST_KEY_CHANGED' })
    })

    it('are not taken from authorities, which is said', async () => {
      const key = newKey()
      write(`@cert-authority *.example.com ${key}`)
      expect(await judged(HOST, key)).toBe('new')
      expect((await list().of(HOST)).note).toContain('authority')
      expect((await list().of({ host: 'elsewhere', port: 22 })).note).toBe('')
    })

    it.skipIf(process.getuid?.() !== 0)('are not believed in a file of somebody else', async () => {
      const key = newKey()
      write(`db1.example.com ${key}`)
      expect(await judged(HOST, key)).toBe('known')
      chownSync(folder.file('known_hosts'), 12_345, 12_345)
      expect(await judged(HOST, key)).toBe('new')
    })

    it('are read as far as they make sense, in time that grows with their length alone', () => {
      const lines = ['|', '|1|', '|1|a|b x y', '@revoked', 'a', 'a b', ',,, ssh-rsa AAAA', '@marker host ssh-rsa AAAA']
      expect(entriesFor(lines.join('\r\n'), HOST)).toEqual({ known: [], revoked: [], hasAuthority: false })
      const hostile = `${'*a'.repeat(5_000)}b ssh-ed25519 AAAA`
      expect(entriesFor(hostile, { host: 'a'.repeat(255), port: 22 }).known).toEqual([])
    })
  })
})
