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
  const argv = ['/opt/roster', '--no-sandbox', 'shop.db', file, 'gone.db', '.', 'roster:open?x', `--flag=${file}`]
  expect(readGiven(argv, folder, true)).toEqual({ dataFolder: null, files: [file, file] })
})

it('does not take the app itself for a file before packing', () => {
  expect(readGiven(['/electron', file, 'shop.db'], folder, false).files).toEqual([file])
  expect(readGiven(['/electron', '--inspect', '.', 'shop.db'], folder, false).files).toEqual([file])
})

it('takes the data folder in both spellings', () => {
  expect(readGiven(['/opt/roster', '--data-dir', 'data', file], folder, true)).toEqual({
    dataFolder: join(folder, 'data'),
    files: [file],
  })
  expect(readGiven(['/opt/roster', `--data-dir=${folder}`], '/', true).dataFolder).toBe(folder)
  expect(readGiven(['/opt/roster', '--data-dir'], '/', true).dataFolder).toBeNull()
})
