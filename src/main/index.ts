// The desktop door as a program: one window, core behind it, and an end in order.
import { app, dialog } from 'electron'
import { openAssets } from '../core/assets.ts'
import { createCore } from '../core/core.ts'
import { defaultDataFolder } from '../core/data-folder.ts'
import type { Log } from '../core/log.ts'
import type { Context } from '../core/implement.ts'
import { router } from '../core/router.ts'
import { createServing } from '../core/serving.ts'
import { CONNECT } from './answer-page.ts'
import { builtFiles } from './built-files.ts'
import { handOverPort } from './hand-over-port.ts'
import { createDesktopHost } from './host.ts'
import { setMenu } from './menu.ts'
import { registerScheme, serveScheme } from './protocol.ts'
import { mainWindow, openWindow } from './window.ts'

/** Milliseconds for core to end its work in order. */
const PATIENCE = 2_500

async function main(): Promise<void> {
  await app.whenReady()
  const host = createDesktopHost(dataFolder())
  const log: Log = (level, message, detail) => host.log(level, message, detail)
  const core = await createCore(host)
  endInOrder(async () => {
    await Promise.race([core.close(), new Promise((resolve) => setTimeout(resolve, PATIENCE))])
    host.endChildren()
  })
  serveScheme(openAssets({ folder: builtFiles(import.meta.url).page, door: 'port', connect: CONNECT }))
  setMenu()
  const serving = createServing<Context>(router, log)
  const { webContents } = openWindow()
  handOverPort(webContents, (line) => serving.serve(line, { core }), log)
}

/** `--data-dir DIR`, as in the browser door. */
function dataFolder(): string {
  return app.commandLine.getSwitchValue('data-dir') || defaultDataFolder()
}

function endInOrder(close: () => Promise<void>): void {
  let state: 'open' | 'closing' | 'closed' = 'open'
  app.on('before-quit', (event) => {
    if (state === 'closed') return
    event.preventDefault()
    if (state === 'closing') return
    state = 'closing'
    void close().finally(() => {
      state = 'closed'
      app.quit()
    })
  })
}

if (app.requestSingleInstanceLock()) {
  registerScheme()
  app.on('second-instance', () => {
    const window = mainWindow()
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('window-all-closed', () => app.quit())
  process.on('SIGINT', () => app.quit())
  process.on('SIGTERM', () => app.quit())
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    dialog.showErrorBox('Roster could not start', error instanceof Error ? error.message : String(error))
    app.exit(1)
  })
} else {
  app.quit()
}
