import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readGiven } from './given.ts'

const folder = mkdtempSync(join(tmpdir(), 'roster-given-'))
const file = join(folder, 'shop.db')
writeFileSync(file, '')
afterAll(() => rmSync(folder, { recursive: true }))

it('takes files that exist, and nothing else', () => {
  const argv = ['/opt/roster', '--no-sandbox', 'shop.db', file, 'gone.db', '.', `--flag=${file}`]
  expect(readGiven(argv, folder, true)).toEqual({ dataFolder: null, files: [file, file], link: null })
})

it('does not take the app itself for a file before packing', () => {
  expect(readGiven(['/electron', file, 'shop.db'], folder, false).files).toEqual([file])
  expect(readGiven(['/electron', '--inspect', '.', 'shop.db'], folder, false).files).toEqual([file])
})

it('takes the data folder in both spellings', () => {
  expect(readGiven(['/opt/roster', '--data-dir', 'data', file], folder, true)).toEqual({
    dataFolder: join(folder, 'data'),
    files: [file],
    link: null,
  })
  expect(readGiven(['/opt/roster', `--data-dir=${folder}`], '/', true).dataFolder).toBe(folder)
  expect(readGiven(['/opt/roster', '--data-dir'], '/', true).dataFolder).toBeNull()
})

it('takes a link, and nothing that comes with one', () => {
  const link = 'roster:open?file=/a.db'
  expect(readGiven(['/opt/roster', link], folder, true)).toEqual({ dataFolder: null, files: [], link })
  // As Windows would hand over a link whose quotes were broken: nothing of it is an option or a file.
  expect(readGiven(['/opt/roster', '--', link, `--data-dir=${folder}`, file], folder, true)).toEqual({
    dataFolder: null,
    files: [],
    link,
  })
  expect(readGiven(['/electron', '.', link], folder, false).link).toBe(link)
})
