// The one Chromium of a stand-in process: it ends with the process, and reaches no network.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext } from '@playwright/test'
import { chromiumFlags } from './flags.ts'

export interface Chromium {
  context: BrowserContext
  /** Where a test connects to see the same pages. */
  endpoint: string
  close(): Promise<void>
}

let launched: Promise<Chromium> | null = null

export function theChromium(): Promise<Chromium> {
  return (launched ??= launch())
}

export async function closeChromium(): Promise<void> {
  await (await launched)?.close()
}

async function launch(): Promise<Chromium> {
  // A client names the folder, so that it can clear up after a process that was killed.
  const folder = process.env.STANDIN_PROFILE ?? mkdtempSync(join(tmpdir(), 'roster-standin-'))
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    viewport: null,
    // Signals are the app's own business.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      ...chromiumFlags,
      '--remote-debugging-port=0',
      '--host-resolver-rules=MAP * ~NOTFOUND',
      // Electron tells a page when the other end of a port is closed (electronjs.org/docs/latest/tutorial/message-ports,
      // "Extension: close event"); Chromium has the same behind this name.
      '--enable-blink-features=MessagePortCloseEvent',
    ],
  })
  const port = readFileSync(join(folder, 'DevToolsActivePort'), 'utf8').split('\n')[0]
  return {
    context,
    endpoint: `http://127.0.0.1:${port}`,
    async close() {
      await context.close()
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
