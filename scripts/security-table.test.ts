// The table in SECURITY.md is true: all twenty items, each with tests that exist under that name; and Electron is current.
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inProject } from './project.ts'

const text = (file: string) => readFileSync(inProject(file), 'utf8')
const rows = text('SECURITY.md')
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, number, item, does, held]) => ({ number: Number(number), item, does: does ?? '', held: held ?? '' }))

/** `file`: "title", as the table writes it. */
const named = (held: string) =>
  held.split('<br>').map((one) => {
    const [, file = '', title = ''] = /^`([^`]+)`: "(.+)"$/.exec(one) ?? []
    return { one, file, title }
  })

describe('the Electron checklist', () => {
  it('has the twenty items, in order', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  })

  it.each(rows)('item $number, $item: its tests exist', ({ does, held }) => {
    expect(does).not.toBe('')
    for (const { one, file, title } of named(held)) {
      expect([one, existsSync(inProject(file || 'no file is named'))]).toEqual([one, true])
      // As the title stands in the call of a test: in quotes, after a parenthesis.
      const isThere = ["('", '("', '(`'].some((open) => text(file).includes(`${open}${title}${open[1] ?? ''}`))
      expect([one, isThere]).toEqual([one, true])
    }
  })
})

describe('Electron', () => {
  it('is pinned exactly, at the major version that the table names or a later one', () => {
    const { devDependencies } = JSON.parse(text('package.json')) as { devDependencies: Record<string, string> }
    const pinned = devDependencies.electron ?? ''
    expect(pinned).toMatch(/^\d+\.\d+\.\d+$/)
    const installed = JSON.parse(text('node_modules/electron/package.json')) as { version: string }
    expect(installed.version).toBe(pinned)
    const stated = Number(/Electron (\d+)/.exec(rows.find(({ number }) => number === 16)?.does ?? '')?.[1])
    expect(Number.parseInt(pinned)).toBeGreaterThanOrEqual(stated)
  })
})
