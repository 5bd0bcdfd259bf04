import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StagedTable } from '../../shared/staged.ts'
import type { Change } from '../../shared/tables.ts'
import type { Cell } from '../../shared/cell.ts'
import type { Secrets } from '../host.ts'
import { keychain } from './keychain.test-setup.ts'
import { sealedFile } from './sealed-file.ts'
import { openStagedStore } from './staged-store.ts'

let dataFolder = ''
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'roster-staged-'))
})
afterEach(() => rmSync(dataFolder, { recursive: true }))

function open(secrets: Secrets | null, here: ReadonlySet<string> = new Set()) {
  return openStagedStore({ dataFolder, secrets, log: () => undefined }, (page) => here.has(page))
}

const update = (id: string, value: Cell, column = 'email'): Change => ({
  kind: 'update',
  id,
  key: [1n],
  original: { [column]: 'before' },
  values: { [column]: value },
})
const users = (...changes: Change[]): StagedTable => ({ profileId: 'sample', table: 'auth_user', changes })

describe('staged edits', () => {
  it('pass from a page that is gone to the next one, and never from one that is there', async () => {
    const here = new Set(['a'])
    const store = open(null, here)
    store.write('a', users(update('1', 'mine')))
    expect((await store.take('b')).tables).toEqual([])
    here.delete('a')
    expect((await store.take('c')).tables).toEqual([users(update('1', 'mine'))])
    // They belong to c now, which is counted as gone here; what a had is not given out twice.
    expect(store.count()).toEqual({ edits: 1, tables: 1 })
  })

  it('of two pages are not mixed: a write replaces what that page had, of that table', async () => {
    const store = open(null)
    store.write('a', users(update('1', 'a')))
    store.write('b', users(update('2', 'b')))
    store.write('b', { ...users(update('9', 'b')), table: 'other' })
    store.write('a', users())
    expect(store.count()).toEqual({ edits: 2, tables: 2 })
    const { tables } = await store.take('c')
    expect(tables.map(({ table, changes }) => [table, changes.map(({ id }) => id)])).toEqual([
      ['auth_user', ['2']],
      ['other', ['9']],
    ])
  })

  it('of the same row in two pages are both kept: the later is given out, the other stays', async () => {
    const here = new Set(['c'])
    const store = open(null, here)
    store.write('a', users(update('1', 'a'), update('2', 'same')))
    store.write('b', users(update('1', 'b'), update('2', 'same')))
    expect((await store.take('c')).tables).toEqual([users(update('1', 'b'), update('2', 'same'))])
    expect(store.count().edits).toBe(3)
    store.forgetSaved(users(update('1', 'b'), update('2', 'same')))
    expect((await store.take('c')).tables).toEqual([users(update('1', 'a'))])
  })

  it('that were saved are dropped at once, and others of the same row are not', async () => {
    const store = open(null)
    store.write('a', users(update('1', 'x'), { kind: 'insert', id: 'new', values: { id: 5n } }))
    store.forgetSaved(users(update('1', 'other'), { kind: 'insert', id: 'new', values: { id: 5n } }))
    expect((await store.take('b')).tables).toEqual([users(update('1', 'x'))])
    store.forgetProfile('sample')
    expect(store.count()).toEqual({ edits: 0, tables: 0 })
  })

  it('without a keychain are not written anywhere', async () => {
    const store = open(null)
    store.write('a', users(update('1', 'mine')))
    expect(await store.settle()).toBe(false)
    expect(readdirSync(dataFolder)).toEqual([])
    const locked = open({ ...keychain(), isAvailable: () => Promise.resolve(false) })
    locked.write('a', users(update('1', 'mine')))
    expect(await locked.settle()).toBe(false)
    expect(readdirSync(dataFolder)).toEqual([])
  })

  it('with a keychain outlast the program, value for value, and cannot be read in the file', async () => {
    const secrets = keychain()
    const values: Cell[] = [
      9_223_372_036_854_775_807n,
      -0,
      Infinity,
      5,
      null,
      '',
      'grüße\u0000',
      new Uint8Array([0, 255]),
    ]
    const changes = values.map((value, index) => update(String(index), value))
    const store = open(secrets)
    store.write('a', users(...changes))
    store.write('a', users(...changes, update('last', 'a plain word')))
    expect(await store.settle()).toBe(true)
    const file = join(dataFolder, 'staged.sealed')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file).includes('a plain word')).toBe(false)

    const next = open(secrets)
    const { tables, problem } = await next.take('b')
    expect(problem).toBeNull()
    expect(tables).toEqual([users(...changes, update('last', 'a plain word'))])
    const zero = tables[0]?.changes[1]
    expect(zero?.kind === 'update' && Object.is(zero.values.email, -0)).toBe(true)
    // Nothing is left to keep, so nothing is left on the disk.
    next.write('b', users())
    await next.settle()
    expect(existsSync(file)).toBe(false)
  })

  it('are changed by what is different, and not at all when that does not come out', async () => {
    const store = open(null)
    const patch = (put: Change[], gone: string[], of: number) =>
      store.patch('a', { profileId: 'sample', table: 'auth_user', put, gone, of })
    expect(patch([update('1', 'a')], [], 2)).toBe(false)
    expect(store.count().edits).toBe(0)
    store.write('a', users(update('1', 'a'), update('2', 'b'), update('3', 'c')))
    expect(patch([update('2', 'B'), update('4', 'd')], ['1'], 3)).toBe(true)
    expect(patch([update('5', 'e')], ['3'], 4)).toBe(false)
    expect((await store.take('b')).tables).toEqual([users(update('2', 'B'), update('3', 'c'), update('4', 'd'))])
  })

  it('of which there are 10,000 are in the file when the program is killed, but for the last second', async () => {
    const key = randomBytes(32)
    const child = fork(join(import.meta.dirname, 'killed.test-setup.ts'), [dataFolder, key.toString('hex')])
    const said: { count: number; at: number }[] = []
    child.on('message', (count) => said.push({ count: Number(count), at: performance.now() }))
    await expect.poll(() => said.length, { timeout: 20_000 }).toBeGreaterThan(80)
    const end = new Promise((resolve) => child.once('exit', resolve))
    const killedAt = performance.now()
    child.kill('SIGKILL')
    await end
    const { pages, problem } = await sealedFile({
      dataFolder,
      secrets: keychain(key),
      log: () => undefined,
    }).read()
    const changes = pages[0]?.[0]?.changes ?? []
    const later = changes.filter((each) => each.kind === 'update' && each.values.email === 'later').length
    expect([problem, changes.length]).toEqual([null, 10_000])
    expect(later).toBeGreaterThanOrEqual(said.findLast(({ at }) => at < killedAt - 1_000)?.count ?? 0)
  })

  it('of an earlier run count as stored before any page has taken them', async () => {
    const secrets = keychain()
    const store = open(secrets)
    store.write('a', users(update('1', 'mine')))
    await store.settle()
    const next = open(secrets)
    expect(await next.settle()).toBe(true)
    expect(next.count().edits).toBe(1)
  })

  it('that cannot be opened stay where they are, and are not overwritten', async () => {
    const first = open(keychain())
    first.write('a', users(update('1', 'mine')))
    await first.settle()
    const sealed = readFileSync(join(dataFolder, 'staged.sealed'))

    const other = open(keychain())
    expect((await other.take('b')).problem).toContain('could not be read')
    await other.settle()
    expect(readFileSync(join(dataFolder, 'staged.sealed'))).toEqual(sealed)
    other.write('b', users(update('2', 'new')))
    expect(await other.settle()).toBe(true)
    const aside = readdirSync(dataFolder).find((name) => name.includes('unread'))
    expect(readFileSync(join(dataFolder, aside ?? ''))).toEqual(sealed)

    writeFileSync(join(dataFolder, 'staged.sealed'), 'damaged')
    expect((await open(keychain()).take('c')).tables).toEqual([])
  })
})
