// What happens when the page crashes or hangs: it is loaded again, and what was staged comes back from the host.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app, crashReporter, dialog, type BrowserWindow } from 'electron'
import type { Log } from '../core/log.ts'
import { crashCounter } from './crash-counter.ts'

/**
 * Milliseconds before a page whose process ended is loaded again: from inside of the event, a reload could end the main
 * process (Electron pull request 51900), and right after a forced crash it may start no process (issue 48661).
 */
const AFTER_END = 100
/** Chromium's ERR_ABORTED. */
const ABORTED = -3

/** Dumps of crashes stay in the data folder; nothing is ever sent. To be called before the app is ready. */
export function keepCrashReports(dataFolder: string): void {
  const folder = join(dataFolder, 'crashes')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  app.setPath('crashDumps', folder)
  crashReporter.start({ uploadToServer: false })
}

export function reviveAfterCrashes(window: BrowserWindow, log: Log): void {
  const mayReload = crashCounter()
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return
    log('error', `the page's process ended: ${reason}, exit code ${exitCode}`)
    const isLoadedAgain = mayReload(Date.now())
    setTimeout(() => {
      if (window.isDestroyed()) return
      if (isLoadedAgain) window.webContents.reload()
      else void askAfterManyCrashes(window)
    }, AFTER_END)
  })
  window.webContents.on('preload-error', (_event, _path, error) => log('error', 'the preload script failed', error))
  window.webContents.on('did-fail-load', (_event, code, words, url) => {
    // A load that another one took the place of is no failure.
    if (code !== ABORTED) log('error', `${url}: ${words} (${code})`)
  })
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => {
    if (reason !== 'clean-exit' && reason !== 'killed') {
      log('error', `a process ended: ${name ?? type}, ${reason}, exit code ${exitCode}`)
    }
  })
  askWhenHanging(window, log)
}

async function askAfterManyCrashes(window: BrowserWindow): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The window of Roster crashed three times within a minute',
    detail: 'Staged edits are kept. The log in the Help menu names each crash; reports of them stay on this computer.',
    buttons: ['Reload', 'Quit'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  })
  if (response === 1) app.quit()
  else if (!window.isDestroyed()) window.webContents.reload()
}

function askWhenHanging(window: BrowserWindow, log: Log): void {
  let asking: AbortController | null = null
  window.on('responsive', () => asking?.abort())
  window.on('unresponsive', () => {
    if (asking) return
    const abort = new AbortController()
    asking = abort
    log('warn', 'the page does not answer')
    dialog
      .showMessageBox(window, {
        type: 'warning',
        message: 'The window of Roster does not answer',
        detail: 'Wait for it, or load it again. Edits that were staged a moment before are kept.',
        buttons: ['Wait', 'Reload'],
        defaultId: 0,
        cancelId: 0,
        noLink: true,
        signal: abort.signal,
      })
      .then(({ response }) => {
        // A page that hangs does not hear of a reload; once its process is gone, it is loaded again as after a crash.
        if (response === 1 && !abort.signal.aborted) window.webContents.forcefullyCrashRenderer()
      })
      .catch((error: unknown) => log('warn', 'the question was not asked', error))
      .finally(() => (asking = null))
  })
}
