// What is shown of files that are no steps: the code that trust would let run, and nothing that is no business of migrations.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { fileAccess } from '../../file-access.ts'
import type { Project } from '../project.ts'
import { testFolder } from './folder.test-setup.ts'
import { helperText } from './helper-text.ts'
import { readFolder } from './read-folder.ts'
import { openTrust } from './trust.ts'

const at = testFolder()

beforeEach(() => {
  at.write({
    '1.js': `require('./lib/a.js'); require('../shared/b.ts'); read('../secrets/key'); read('./rows.csv')`,
    'lib/a.js': 'helper a',
    '../shared/b.ts': 'helper b',
    '../secrets/key': 'a private key',
    'rows.csv': 'id,name',
    'lib/data.bin': new Uint8Array([0xff, 0xfe, 0x00]),
    '../other.js': 'not loaded',
  })
})

async function shown(name: string, roots: string[] | null = null): Promise<string | null> {
  const read = await readFolder(at.folder)
  const dataFolder = join(at.base, 'data')
  const folder = openTrust({ dataFolder, log: () => undefined }).stateOf(read)
  const host = { fileRoots: roots?.map((path) => ({ name: path, path })) ?? null }
  const project = { folder, files: read.files } as unknown as Project
  return helperText({ host, files: fileAccess({ ...host, confirm: () => Promise.resolve(false) }) }, project, name)
}

test('helpers are shown, inside of the folder and outside', async () => {
  expect(await shown('lib/a.js')).toBe('helper a')
  expect(await shown('../shared/b.ts')).toBe('helper b')
  expect(await shown('rows.csv')).toBe('id,name')
})

test('a step, and what trust does not cover, is none of these', async () => {
  expect(await shown('1.js')).toBeNull()
  expect(await shown('../other.js')).toBeNull()
  expect(await shown('../../etc/passwd')).toBeNull()
})

test('a file outside that is no code is not shown, though a step names it', async () => {
  await expect(shown('../secrets/key')).rejects.toMatchObject({ code: 'STEP_REFUSED' })
})

test('a browser host shows nothing outside of its roots', async () => {
  expect(await shown('lib/a.js', [at.folder])).toBe('helper a')
  await expect(shown('../shared/b.ts', [at.folder])).rejects.toThrow(/outside of the folders that Roster may show/)
})

test('data that is no text is not shown as if it were', async () => {
  mkdirSync(join(at.folder, 'bin'))
  writeFileSync(join(at.folder, 'bin/x.js'), new Uint8Array([0xff, 0xfe, 0x00]))
  at.write({ '2.js': `require('./bin/x.js')` })
  await expect(shown('bin/x.js')).rejects.toThrow('not UTF-8 text, but 3 bytes')
})
