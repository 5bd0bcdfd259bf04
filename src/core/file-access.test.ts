// Which folders a person may reach, in the window (what they picked) and in the browser (what lies in its roots).
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileAccess } from './file-access.ts'

let base: string
const at = (...names: string[]) => join(base, ...names)
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'roster-access-')))
  mkdirSync(at('root', 'steps'), { recursive: true })
  mkdirSync(at('root-2'))
  writeFileSync(at('root', 'file'), '')
  symlinkSync(at('root', 'steps'), at('root', 'link'))
  symlinkSync(at('root-2'), at('root', 'out'))
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

const refusal = (path: string, words: RegExp) =>
  expect.objectContaining({
    ...{ code: 'FOLDER_REFUSED', data: { path } },
    message: expect.stringMatching(words) as string,
  }) as unknown

test('in the browser, folders inside of the roots, by their real path', async () => {
  const files = fileAccess({ fileRoots: [{ name: 'Root', path: at('root') }], confirm: () => Promise.resolve(true) })
  expect(await files.resolveFolder(at('root', 'link'))).toBe(at('root', 'steps'))
  expect(await files.resolveFolder(at('root'))).toBe(at('root'))
  for (const [path, words] of [
    [at('root-2'), /outside of the folders/],
    [at('root', '..', 'root-2'), /outside of the folders/],
    [at('root', 'out'), /outside of the folders/],
    [at('nothing', 'there'), /outside of the folders/],
    ['root/steps', /outside of the folders/],
    [at('root', 'none'), /There is no .* Choose the folder again\./],
    [at('root', 'file'), /is a file, not a folder/],
    [at('root', 'file', 'x'), /There is no/],
  ] as const) {
    await expect(files.resolveFolder(path)).rejects.toEqual(refusal(path, words))
  }
})

test('in the window, folders that were picked', async () => {
  const files = fileAccess({ fileRoots: null, confirm: () => Promise.resolve(true) })
  const path = at('root', 'steps')
  await expect(files.resolveFolder(path)).rejects.toEqual(refusal(path, /was not chosen in the file dialog/))
  files.remember(path)
  expect(await files.resolveFolder(path)).toBe(path)
})
