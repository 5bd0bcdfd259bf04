// The arrangement of tables on a real disk: kept from one start to the next, by several at once, and whatever the file holds.
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { where } from '../../shared/filters.ts'
import { openTableSettings } from './table-settings-store.ts'

let dataFolder: string
let logged: string[]
const open = () => openTableSettings({ dataFolder, log: (_level, message) => void logged.push(message) })
const file = () => join(dataFolder, 'table-settings.json')

beforeEach(() => {
  dataFolder = realpathSync(mkdtempSync(join(tmpdir(), 'roster-settings-')))
  logged = []
})
afterEach(() => rmSync(dataFolder, { recursive: true, force: true }))

const layout = { sizing: { id: 80 }, order: ['email', 'id'], hidden: { note: false }, pinned: ['id'] }
const filters = [
  {
    name: 'late',
    filter: where('id', { test: 'one-of', values: [9223372036854775807n, -0, null, Uint8Array.of(0, 255)] }),
  },
]

test('what was arranged is there at the next start, value for value, for this person alone', async () => {
  const store = open()
  expect(store.read('a', 'users')).toEqual({ layout: null, filters: [] })
  await store.write('a', 'users', { layout })
  expect(await store.write('a', 'users', { filters })).toEqual({ layout, filters })
  await store.write('b', 'users', { filters: [] })
  const next = open()
  expect(next.read('a', 'users')).toStrictEqual({ layout, filters })
  expect(next.read('a', 'orders')).toEqual({ layout: null, filters: [] })
  expect(statSync(file()).mode & 0o777).toBe(0o600)
  await next.forgetProfile('a')
  expect(open().read('a', 'users')).toEqual({ layout: null, filters: [] })
  expect(readFileSync(file(), 'utf8')).toContain('"b"')
  expect(logged).toEqual([])
})

test('two windows write beside each other', async () => {
  const [one, two] = [open(), open()]
  for (let round = 0; round < 5; round++) {
    await one.write('a', `one ${round}`, { layout })
    await two.write('a', `two ${round}`, { filters })
  }
  const all = Array.from({ length: 20 }, (_, index) => one.write('a', `many ${index}`, { layout }))
  await Promise.all(all)
  const next = open()
  for (let round = 0; round < 5; round++) {
    expect(next.read('a', `one ${round}`).layout).toEqual(layout)
    expect(next.read('a', `two ${round}`).filters).toEqual(filters)
  }
  expect(next.read('a', 'many 19').layout).toEqual(layout)
})

test('a broken file is said once, kept, and started anew', async () => {
  writeFileSync(file(), '{"json": {"version": 1, "tables": [{"profileId"')
  const store = open()
  expect(store.read('a', 'users')).toEqual({ layout: null, filters: [] })
  store.read('a', 'users')
  expect(logged).toEqual([expect.stringMatching(/could not be read from .*table-settings\.json/)])
  await store.write('a', 'users', { layout })
  expect(readdirSync(dataFolder).filter((name) => name.includes('.damaged-'))).toHaveLength(1)
  expect(open().read('a', 'users').layout).toEqual(layout)
})

test('what a newer Roster wrote is left as it is', async () => {
  const text = JSON.stringify({ json: { version: 2, more: [] }, meta: [] })
  writeFileSync(file(), text)
  const store = open()
  expect(store.read('a', 'users')).toEqual({ layout: null, filters: [] })
  await expect(store.write('a', 'users', { layout })).rejects.toMatchObject({ code: 'NOT_STORED' })
  await expect(store.forgetProfile('a')).rejects.toMatchObject({ code: 'NOT_STORED' })
  expect(readFileSync(file(), 'utf8')).toBe(text)
  expect(logged).toEqual([expect.stringMatching(/newer version of Roster/)])
})

test.skipIf(process.getuid?.() === 0)('a disk that takes nothing is said, and the next write goes on', async () => {
  const store = open()
  chmodSync(dataFolder, 0o500)
  await expect(store.write('a', 'users', { layout })).rejects.toMatchObject({ code: 'NOT_STORED' })
  chmodSync(dataFolder, 0o700)
  await store.write('a', 'users', { layout })
  expect(open().read('a', 'users').layout).toEqual(layout)
})
