// What is kept of saves: sealed on disk where a keychain holds the key, otherwise in memory alone and said so; never in clear.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Change } from '../../../shared/tables.ts'
import type { Secrets } from '../../host.ts'
import { openKeptSaves, type KeptSaves } from './kept-saves.ts'

let dataFolder = ''
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'roster-saves-'))
})
afterEach(() => rmSync(dataFolder, { recursive: true }))

/** A real cipher with a key of its own. */
function keychain(key = randomBytes(32)): Secrets {
  return {
    isAvailable: () => Promise.resolve(true),
    seal(text) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      return Promise.resolve(Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]))
    },
    open(sealed) {
      const bytes = Buffer.from(sealed)
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(-16))
      return Promise.resolve(decipher.update(bytes.subarray(12, -16)).toString('utf8') + decipher.final('utf8'))
    },
  }
}

const open = (secrets: Secrets | null) => openKeptSaves({ dataFolder, secrets, log: () => undefined })
const PLACE = 'here'

/** A row that comes back, with every kind of value. */
const back = (id: string, text = 'secret-canary'): Change => ({
  ...{ kind: 'insert', id },
  values: {
    id: 9_007_199_254_740_993n,
    password: text,
    real: -0,
    big: Infinity,
    bytes: new Uint8Array([0, 255]),
    none: null,
  },
})

function keep(
  saves: KeptSaves,
  changes: Change[] = [back('d1')],
  more: { profileId?: string; reverts?: string } = {},
): string {
  const { profileId = 'p', reverts = null } = more
  const removed: Change[] = changes.map(({ id }) => ({ kind: 'delete', id, key: [1n], original: {} }))
  const note = Promise.resolve('Rows of visit are not brought back.')
  return saves.keep({ profileId, place: PLACE, table: 't', reverts, changes: removed, inverse: { changes }, note })
}

const files = () => (existsSync(join(dataFolder, 'saves')) ? readdirSync(join(dataFolder, 'saves')) : [])
const refusals = (saves: KeptSaves, place = PLACE) => saves.list('p', place, null).map(({ refusal }) => refusal)

describe('kept saves', () => {
  it('outlast the program where a keychain holds the key, and are nowhere in clear', async () => {
    const secrets = keychain()
    const saves = open(secrets)
    const id = keep(saves)
    await saves.settle()
    for (const file of files()) {
      const bytes = readFileSync(join(dataFolder, 'saves', file))
      expect(bytes.includes('canary')).toBe(false)
      // As it would be without the cipher.
      expect(Buffer.from(bytes.toString('latin1'), 'base64').includes('canary')).toBe(false)
    }
    expect(readFileSync(join(dataFolder, 'saves.json'), 'utf8')).not.toContain('canary')
    expect(statSync(join(dataFolder, 'saves', files()[0] ?? '')).mode & 0o777).toBe(0o600)

    const next = open(secrets)
    expect(next.list('p', PLACE, 't')).toMatchObject([
      {
        id,
        table: 't',
        updates: 0,
        inserts: 0,
        deletes: 1,
        refusal: null,
        reverts: null,
        note: 'Rows of visit are not brought back.',
      },
    ])
    const { table, changes } = await next.inverse('p', PLACE, id)
    expect(table).toBe('t')
    expect(changes).toEqual([back('d1')])
    expect(Object.is(changes[0]?.kind === 'insert' && changes[0].values.real, -0)).toBe(true)
  })

  it('without a keychain can be taken back until the program ends, and then say why not', async () => {
    const saves = open(null)
    const id = keep(saves)
    await saves.settle()
    expect(refusals(saves)).toEqual([null])
    expect((await saves.inverse('p', PLACE, id)).changes).toHaveLength(1)
    expect(files()).toEqual([])
    const next = open(null)
    expect(refusals(next)).toEqual([expect.stringContaining('in memory alone')])
    await expect(next.inverse('p', PLACE, id)).rejects.toThrow('cannot be taken back. It was kept in memory alone')
  })

  it('say so when the keychain has another key', async () => {
    const saves = open(keychain())
    const id = keep(saves)
    await saves.settle()
    await expect(open(keychain()).inverse('p', PLACE, id)).rejects.toThrow('could not be read')
  })

  it('are looked at after a restart, also taken back ones; elsewhere, by another key or without one they are not', async () => {
    const secrets = keychain()
    const saves = open(secrets)
    const first = keep(saves)
    keep(saves, undefined, { reverts: first })
    await saves.settle()
    expect(await open(secrets).look('p', PLACE, first)).toEqual([back('d1')])
    expect(await open(secrets).look('p', 'elsewhere', first)).toBe(null)
    expect(await open(secrets).look('other', PLACE, first)).toBe(null)
    expect(await open(keychain()).look('p', PLACE, first)).toBe(null)
    const inMemory = open(null)
    const own = keep(inMemory)
    await inMemory.settle()
    expect(await inMemory.look('p', PLACE, own)).toEqual([back('d1')])
    expect(await open(null).look('p', PLACE, own)).toBe(null)
  })

  it('of a database that is closed before their turn are kept without a word beside them', async () => {
    const saves = open(keychain())
    const keepLost = () => {
      const note = Promise.reject(new Error('The database was closed.'))
      const of = { profileId: 'p', place: PLACE, table: 't', reverts: null }
      return saves.keep({ ...of, changes: [], inverse: { changes: [back('d1')] }, note })
    }
    // The second waits for the first one's file; a failure that nobody has taken by then would end the program.
    const ids = [keepLost(), keepLost()]
    await saves.settle()
    expect(saves.list('p', PLACE, null).map(({ id, note }) => [id, note])).toEqual(
      ids.reverse().map((id) => [id, undefined]),
    )
  })

  it('are of one place and one profile, and are taken back once', async () => {
    const saves = open(null)
    const first = keep(saves)
    expect(refusals(saves, 'elsewhere')).toEqual(['The profile leads to another database now.'])
    await expect(saves.inverse('p', 'elsewhere', first)).rejects.toThrow('another database')
    await expect(saves.inverse('other', PLACE, first)).rejects.toThrow('no longer kept')
    const second = keep(saves, undefined, { reverts: first })
    expect(refusals(saves)).toEqual([null, expect.stringContaining('taken back already')])
    keep(saves, undefined, { reverts: second })
    expect(refusals(saves)).toEqual([null, expect.stringContaining('already'), expect.stringContaining('already')])
  })

  it('are the last 50 of a profile, of 20 MB at most, and go with it', async () => {
    const secrets = keychain()
    const saves = open(secrets)
    keep(saves, undefined, { profileId: 'other' })
    for (let i = 0; i < 60; i++) keep(saves)
    await saves.settle()
    expect(saves.list('p', PLACE, null)).toHaveLength(50)
    expect(saves.list('other', PLACE, null)).toHaveLength(1)
    expect(files()).toHaveLength(51)
    const large = back('d2', 'x'.repeat(9 * 1024 * 1024))
    for (let i = 0; i < 3; i++) keep(saves, [large])
    await saves.settle()
    expect(refusals(saves).slice(0, 4)).toEqual([
      null,
      null,
      expect.stringContaining('20 MB'),
      expect.stringContaining('20 MB'),
    ])
    expect(files()).toHaveLength(3)
    keep(saves, [back('d3', 'x'.repeat(21 * 1024 * 1024))])
    expect(refusals(saves)[0]).toContain('too large')
    saves.forgetProfile('p')
    await saves.settle()
    expect(files()).toHaveLength(1)
    expect(open(secrets).list('p', PLACE, null)).toEqual([])
  })
})
