// The served file picker on a real folder: order, links, roots, and what is no file at all.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fileAccess } from '../file-access.ts'
import { listFolder } from './list-folder.ts'

let base: string
let home: string
let outside: string
const never = new AbortController().signal

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'roster-files-')))
  home = join(base, 'home')
  outside = join(base, 'home-of-another')
  mkdirSync(home)
  mkdirSync(outside)
  writeFileSync(join(outside, 'secret.db'), 'SQLite format 3\0secret')
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

function list(path?: string, signal = never) {
  const host = { fileRoots: [{ name: 'Home', path: home }], confirm: () => Promise.resolve(true) }
  return listFolder(host, fileAccess(host), path, signal)
}
const refused = (words: RegExp) =>
  expect.objectContaining({ code: 'FOLDER_REFUSED', message: expect.stringMatching(words) as string }) as unknown

test('folders come first, then files by name, hidden ones last', async () => {
  for (const folder of ['zoo', 'Alpha', '.cache']) mkdirSync(join(home, folder))
  for (const file of ['users-10.db', 'users-9.db', '.hidden.db', 'Notes.txt']) writeFileSync(join(home, file), 'x')
  const folder = await list()
  expect(folder.path).toBe(home)
  expect(folder.parent).toBeNull()
  expect(folder.entries.map(({ name }) => name)).toEqual([
    'Alpha',
    'zoo',
    'Notes.txt',
    'users-9.db',
    'users-10.db',
    '.cache',
    '.hidden.db',
  ])
  expect((await list(join(home, 'zoo'))).parent).toBe(home)
})

test('a SQLite file is told by its header, not by its name', async () => {
  writeFileSync(join(home, 'a.bin'), 'SQLite format 3\0and more')
  writeFileSync(join(home, 'b.db'), 'SQLite format 3')
  writeFileSync(join(home, 'c.db'), 'nothing of the kind, though long enough')
  const { entries } = await list()
  expect(entries.map(({ name, isSqlite, size }) => [name, isSqlite, size])).toEqual([
    ['a.bin', true, 24],
    ['b.db', false, 15],
    ['c.db', false, 39],
  ])
})

describe('what lies outside of the roots', () => {
  test.each([
    ['a sibling whose name begins alike', () => outside],
    ['the folder above', () => base],
    ['dots in the path', () => `${home}/../home-of-another`],
    ['a path that is not whole', () => 'home'],
    ['the root of the disk', () => '/'],
    ['a folder outside that does not exist', () => join(base, 'nothing')],
  ])('%s is refused', async (_what, path) => {
    await expect(list(path())).rejects.toEqual(refused(/outside of the folders/))
  })

  test('a link that leads out is not listed, and not followed when asked for', async () => {
    symlinkSync(outside, join(home, 'way-out'))
    symlinkSync(join(outside, 'secret.db'), join(home, 'secret.db'))
    symlinkSync(join(home, 'nothing'), join(home, 'broken'))
    mkdirSync(join(home, 'data'))
    symlinkSync(join(home, 'data'), join(home, 'link-inside'))
    const { entries } = await list()
    expect(entries.map(({ name, kind }) => [name, kind])).toEqual([
      ['data', 'folder'],
      ['link-inside', 'folder'],
    ])
    await expect(list(join(home, 'way-out'))).rejects.toEqual(refused(/outside of the folders/))
  })
})

test.skipIf(process.platform === 'win32')('a named pipe is neither listed nor opened', async () => {
  execFileSync('mkfifo', [join(home, 'pipe.db')])
  expect((await list()).entries).toEqual([])
})

test('a file, and a folder that is not there, are refused with words', async () => {
  writeFileSync(join(home, 'users.db'), 'x')
  await expect(list(join(home, 'users.db'))).rejects.toEqual(refused(/is a file, not a folder/))
  await expect(list(join(home, 'gone'))).rejects.toEqual(refused(/There is no/))
})

// The administrator may read everything, so as one there is nothing to see.
test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
  'a folder without permission is refused with words',
  async () => {
    mkdirSync(join(home, 'closed'), { mode: 0o000 })
    await expect(list(join(home, 'closed'))).rejects.toEqual(refused(/no permission/))
  },
)

test('at most 2,000 entries are listed, and the cut is told', async () => {
  for (let i = 0; i < 2001; i++) writeFileSync(join(home, `f${i}`), '')
  const folder = await list()
  expect(folder.entries).toHaveLength(2000)
  expect(folder.isCut).toBe(true)
})

test('a cancelled listing stops', async () => {
  writeFileSync(join(home, 'a'), '')
  await expect(list(home, AbortSignal.abort())).rejects.toThrow(/abort/i)
})

test('where a native dialog chooses, only what it chose is allowed', async () => {
  const files = fileAccess({ fileRoots: null, confirm: () => Promise.resolve(true) })
  const file = join(outside, 'secret.db')
  await expect(files.resolve(file)).rejects.toEqual(refused(/not chosen in the file dialog/))
  files.remember(file)
  await expect(files.resolve(file)).resolves.toBe(file)
  await expect(listFolder({ fileRoots: null }, files, undefined, never)).rejects.toEqual(refused(/own dialog/))
})
