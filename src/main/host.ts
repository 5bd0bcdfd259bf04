// The desktop door's host: utility processes, native dialogs, the person's browser.
import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { app, dialog, safeStorage, utilityProcess } from 'electron'
import { childEnvironment } from '../core/child-environment.ts'
import type { Host, HostProcess } from '../core/host.ts'
import { openLog } from '../core/log.ts'
import { hasConsent } from '../core/secrets-consent.ts'
import { builtFiles } from './built-files.ts'
import { openOutside, showInFolder } from './open-outside.ts'
import { createSecrets } from './secrets.ts'
import { mainWindow } from './window.ts'

export interface DesktopHost extends Host {
  /** Ends at once whatever `spawn` has started and is still running. */
  endChildren(): void
}

/** To be called once the app is ready: utility processes cannot be started before. */
export function createDesktopHost(dataFolder: string): DesktopHost {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const logFile = join(dataFolder, 'roster.log')
  const log = openLog(logFile)
  const children = new Set<HostProcess>()
  return {
    kind: 'desktop',
    version: app.getVersion(),
    dataFolder: realpathSync(dataFolder),
    logFile,
    fileRoots: null,
    pickPath,
    showFile: showInFolder,
    confirm,
    spawn(entry) {
      const child = forkEntry(entry)
      children.add(child)
      child.onExit(() => children.delete(child))
      return child
    },
    endChildren() {
      for (const child of children) child.kill()
    },
    secrets: createSecrets({
      storage: safeStorage,
      platform: process.platform,
      hasConsent: () => hasConsent(dataFolder),
      log,
    }),
    openExternal: openOutside,
    log,
  }
}

async function confirm({ message, detail, yes }: Parameters<Host['confirm']>[0]): Promise<boolean> {
  const options = {
    type: 'warning' as const,
    message,
    detail,
    buttons: [yes, 'Cancel'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  }
  const window = mainWindow()
  const { response } = window ? await dialog.showMessageBox(window, options) : await dialog.showMessageBox(options)
  return response === 0
}

async function pickPath(title: string, kind: 'file' | 'folder' = 'file'): Promise<string | null> {
  const options = { title, properties: [kind === 'folder' ? ('openDirectory' as const) : ('openFile' as const)] }
  const window = mainWindow()
  const { canceled, filePaths } = window
    ? await dialog.showOpenDialog(window, options)
    : await dialog.showOpenDialog(options)
  return canceled ? null : (filePaths[0] ?? null)
}

function forkEntry(entry: Parameters<Host['spawn']>[0]): HostProcess {
  const child = utilityProcess.fork(builtFiles(import.meta.url).child(entry), [], {
    serviceName: `Roster ${entry}`,
    stdio: entry === 'sqlite' ? 'inherit' : 'ignore',
    env: childEnvironment(),
  })
  // The id is gone from the object once the process has ended; a number used again must not be killed.
  let isOver = false
  child.once('exit', () => (isOver = true))
  return {
    get pid() {
      return child.pid
    },
    send: (message) => void (isOver || child.postMessage(message)),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', (code) => listener(code, null)),
    kill() {
      if (isOver) return
      // kill() of a utility process asks with SIGTERM; SQLite in the middle of a statement would not hear it.
      if (child.pid === undefined) child.once('spawn', () => killNow(child.pid))
      else killNow(child.pid)
    },
  }
}

function killNow(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself in the meantime.
  }
}
