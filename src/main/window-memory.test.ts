import { EventEmitter } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserWindow } from 'electron'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { windowMemory } from './window-memory.ts'

let folder = ''
const logged: string[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roster-window-'))
  logged.length = 0
})
afterEach(() => rmSync(folder, { recursive: true }))

const open = () => windowMemory(folder, (_level, message) => void logged.push(message))
const bounds = { x: 10, y: 20, width: 900, height: 700 }

/** What the memory asks of a window, and nothing else of it. */
function windowAt(zoom: number): BrowserWindow {
  const window = Object.assign(new EventEmitter(), {
    getNormalBounds: () => bounds,
    isMaximized: () => true,
    webContents: { getZoomLevel: () => zoom },
  })
  return window as unknown as BrowserWindow
}

it('recalls what it stored when the window closed', () => {
  expect(open().recall()).toBeNull()
  const window = windowAt(1.5)
  open().follow(window)
  window.emit('close')
  expect(open().recall()).toEqual({ bounds, isMaximized: true, zoom: 1.5 })
  expect(statSync(join(folder, 'window.json')).mode & 0o777).toBe(0o600)
  expect(logged).toEqual([])
})

it('stores once for many moves', async () => {
  const window = windowAt(0)
  open().follow(window)
  const file = join(folder, 'window.json')
  for (let move = 0; move < 20; move += 1) window.emit('move')
  expect(existsSync(file)).toBe(false)
  await expect.poll(() => existsSync(file), { timeout: 2_000 }).toBe(true)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ bounds })
})

it('leaves a damaged file out, and says so in the log', () => {
  for (const text of ['{', '{}', '{"bounds":{"x":0,"y":0,"width":-5,"height":1},"isMaximized":false,"zoom":0}']) {
    writeFileSync(join(folder, 'window.json'), text)
    expect(open().recall()).toBeNull()
  }
  expect(logged).toHaveLength(3)
})
