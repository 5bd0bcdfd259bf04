// Trust in folders: asked once, asked again for what has changed, and never given by a file that cannot be read.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { testFolder } from './folder.test-setup.ts'
import { readFolder } from './read-folder.ts'
import { openTrust } from './trust.ts'

const at = testFolder()
let dataFolder: string
let logged: string[]
const open = () => openTrust({ dataFolder, log: (_level, message) => void logged.push(message) })
const stored = () => join(dataFolder, 'trusted-folders.json')
const state = async (folder = at.folder) => open().stateOf(await readFolder(folder))
/** A regular expression would match anything here. */
const saying = (words: string) => expect.stringContaining(words) as string
const trustAsShown = async (folder = at.folder) => open().trust(folder, (await state(folder)).content)

beforeEach(() => {
  dataFolder = join(at.base, 'data')
  mkdirSync(dataFolder)
  logged = []
  at.write({ '1.js': 'one', '2.js': `require('../lib.js')`, '../lib.js': 'helper' })
})

test('a folder is new until it is trusted, and then for every program on this data folder', async () => {
  expect(await state()).toEqual({
    ...{ path: at.folder, trust: 'new', content: expect.stringMatching(/^[0-9a-f]{64}$/) as string, problem: null },
    files: ['../lib.js', '1.js', '2.js'].map((name) => ({ name, change: 'new' })),
  })
  await trustAsShown()
  expect(await state()).toMatchObject({
    trust: 'trusted',
    files: [{ change: 'same' }, { change: 'same' }, { change: 'same' }],
  })
  expect(statSync(stored()).mode & 0o777).toBe(0o600)
  expect(readdirSync(dataFolder)).toEqual(['trusted-folders.json'])
})

test('what has changed since is told file by file, and trusting it again is asked for', async () => {
  await trustAsShown()
  at.write({ '1.js': 'another', '3.js': '', '../lib.js': 'another helper' })
  renameSync(join(at.folder, '2.js'), join(at.folder, '4.js'))
  expect(await state()).toMatchObject({
    trust: 'changed',
    files: [
      { name: '../lib.js', change: 'changed' },
      { name: '1.js', change: 'changed' },
      { name: '2.js', change: 'removed' },
      { name: '3.js', change: 'new' },
      { name: '4.js', change: 'new' },
    ],
  })
  await trustAsShown()
  expect(await state()).toMatchObject({ trust: 'trusted' })
})

test('back to what was trusted is trusted', async () => {
  await trustAsShown()
  at.write({ '1.js': 'another' })
  expect((await state()).trust).toBe('changed')
  at.write({ '1.js': 'one' })
  expect((await state()).trust).toBe('trusted')
})

test('what is trusted is what was shown: a folder that changed meanwhile is refused', async () => {
  const { content } = await state()
  at.write({ '../lib.js': 'evil' })
  const refused = open().trust(at.folder, content)
  await expect(refused).rejects.toMatchObject({
    code: 'NOT_TRUSTED',
    message: saying('has changed'),
  })
  expect((await state()).trust).toBe('new')
})

test('the same files elsewhere are another folder, and a link is the folder that it leads to', async () => {
  await trustAsShown()
  at.write({ '../copy/1.js': 'one', '../copy/2.js': `require('../lib.js')` })
  expect((await state(join(at.base, 'copy'))).trust).toBe('new')
  symlinkSync(at.folder, join(at.base, 'link'))
  expect(await state(join(at.base, 'link'))).toMatchObject({ path: at.folder, trust: 'trusted' })
  // A link that leads elsewhere by now brings no trust along.
  renameSync(at.folder, join(at.base, 'moved'))
  expect((await state(join(at.base, 'moved'))).trust).toBe('new')
})

test('trust in several folders is kept side by side, also when it is given at once', async () => {
  const folders = [1, 2, 3, 4].map((n) => join(at.base, `f${n}`))
  folders.forEach((_, index) => at.write({ [`../f${index + 1}/1.js`]: `${index}` }))
  const trust = open()
  const reads = await Promise.all(folders.map(readFolder))
  await Promise.all(reads.map(({ path, content }) => trust.trust(path ?? '', content)))
  for (const folder of folders) expect((await state(folder)).trust).toBe('trusted')
})

test('nothing to run needs no trust: an empty folder, a missing one, and the built-in steps', async () => {
  mkdirSync(join(at.base, 'empty'))
  expect(await state(join(at.base, 'empty'))).toMatchObject({ trust: 'trusted', files: [], problem: null })
  expect(await state(join(at.base, 'gone'))).toMatchObject({ trust: 'trusted', problem: saying('There is no folder') })
  const builtin = open().stateOf(await readFolder(null))
  expect(builtin).toMatchObject({ path: null, trust: 'built-in', files: [{ change: 'same' }, {}, {}] })
})

test('a folder that cannot be read is not trusted', async () => {
  const refused = open().trust(join(at.base, 'gone'), '')
  await expect(refused).rejects.toMatchObject({ code: 'FOLDER_REFUSED', data: { path: join(at.base, 'gone') } })
})

describe('a stored file that cannot be read', () => {
  test.each([
    ['half of it', (text: string) => text.slice(0, -20)],
    ['an empty one', () => ''],
    ['another shape', () => '{"version": 1, "folders": {}}'],
    ['a key too many', (text: string) => text.replace('"version": 1', '"version": 1, "trustAll": true')],
  ])('%s trusts nothing, says so once, and is kept', async (_what, damage) => {
    await trustAsShown()
    writeFileSync(stored(), damage(readFileSync(stored(), 'utf8')))
    const trust = open()
    const seen = await readFolder(at.folder)
    expect([trust.stateOf(seen).trust, trust.stateOf(seen).trust]).toEqual(['new', 'new'])
    expect(logged).toEqual([expect.stringContaining('no migrations folder is trusted')])
    await trustAsShown()
    expect((await state()).trust).toBe('trusted')
    expect(readdirSync(dataFolder).filter((name) => name.includes('.damaged-'))).toHaveLength(1)
  })

  test('a later version’s is left as it is', async () => {
    const text = '{"version": 2, "future": true}'
    writeFileSync(stored(), text)
    expect((await state()).trust).toBe('new')
    await expect(trustAsShown()).rejects.toMatchObject({ code: 'NOT_STORED', message: saying('by a newer version') })
    expect(readFileSync(stored(), 'utf8')).toBe(text)
  })

  test('where nothing can be written, that is said', async () => {
    const { content } = await state()
    rmSync(dataFolder, { recursive: true })
    await expect(open().trust(at.folder, content)).rejects.toMatchObject({ code: 'NOT_STORED' })
  })
})
