// A small program of a test's own in the stand-in, in place of Roster's bundle.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test as base } from '@playwright/test'
import { Standin } from './client.ts'

/** What every program begins with: our scheme, pages by path, a window, and words for the test. */
const HEAD = `
import * as electron from 'electron'
const { app, BrowserWindow, ipcMain, MessageChannelMain, protocol, session, utilityProcess } = electron
const say = (...words) => console.log(JSON.stringify(words))
protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }])
const html = (text = '', init = {}) => new Response(text, { headers: { 'content-type': 'text/html' }, ...init })
const open = (preload) => new BrowserWindow({ webPreferences: {
  preload, contextIsolation: true, sandbox: true, nodeIntegration: false } })
`

export interface Program {
  standin: Standin
  /** What it said so far. */
  said: () => unknown[][]
}
export interface ProgramOptions {
  preload?: string
  /** Further files beside it, by path. */
  files?: Record<string, string>
}

export const test = base.extend<{
  folder: string
  start: (source: string, options?: ProgramOptions) => Program
}>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'standin-test-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  },
  start: async ({ folder }, use) => {
    const started: Standin[] = []
    await use((source, { preload = '', files = {} } = {}) => {
      const main = join(folder, 'out/main/program.mjs')
      const all = { ...files, 'out/main/program.mjs': HEAD + source, 'out/main/preload.cjs': preload }
      for (const [path, text] of Object.entries(all)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), text)
      }
      const standin = new Standin({ dataFolder: join(folder, 'data'), main })
      started.push(standin)
      const said = () =>
        standin.output
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line) as unknown[])
      return { standin, said }
    })
    for (const standin of started) await standin.kill()
  },
})

export { expect } from '@playwright/test'
