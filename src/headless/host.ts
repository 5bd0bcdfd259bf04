// The browser door's host: forked child processes, and folders that the served file picker may show.
import { fork } from 'node:child_process'
import { mkdirSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { childEnvironment } from '../core/child-environment.ts'
import type { Host, HostProcess } from '../core/host.ts'
import { openLog } from '../core/log.ts'

export interface HeadlessHostOptions {
  version: string
  /** Made when it does not exist, readable by this person alone. */
  dataFolder: string
  /** Further folders for the file picker, beside the home and the working folder. */
  roots?: readonly string[]
}

export interface HeadlessHost extends Host {
  /** Ends at once whatever `spawn` has started and is still running. */
  endChildren(): void
}

export function createHeadlessHost({ version, dataFolder, roots = [] }: HeadlessHostOptions): HeadlessHost {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const logFile = join(dataFolder, 'roster.log')
  const children = new Set<HostProcess>()
  return {
    kind: 'browser',
    version,
    dataFolder: realpathSync(dataFolder),
    logFile,
    fileRoots: pickerRoots(roots),
    pickPath: () => Promise.reject(new Error('The browser host has no native dialog; files are listed instead.')),
    showFile: null,
    confirm: () => Promise.resolve(false),
    spawn(entry) {
      const child = forkEntry(entry)
      children.add(child)
      child.onExit(() => children.delete(child))
      return child
    },
    endChildren() {
      for (const child of children) child.kill()
    },
    secrets: null,
    openExternal: () => Promise.reject(new Error('In a browser, links open in the browser.')),
    log: openLog(logFile),
  }
}

function pickerRoots(more: readonly string[]): { name: string; path: string }[] {
  const roots = [
    { name: 'Home', path: homedir() },
    { name: 'Working folder', path: process.cwd() },
    ...more.map((path) => ({ name: basename(path) || path, path })),
  ]
  const seen = new Set<string>()
  return roots.flatMap(({ name, path }) => {
    const real = realpathSync(path)
    if (seen.has(real)) return []
    seen.add(real)
    return [{ name, path: real }]
  })
}

const SOURCES = {
  sqlite: '../core/db/sqlite/child.ts',
  migration: '../core/migrations/program/module-child.ts',
  hashing: '../core/users/passwords/hashing-child.ts',
}

/** Bundled, the entries lie beside this file as .js; from source, Node runs the TypeScript as it is. */
function forkEntry(entry: keyof typeof SOURCES): HostProcess {
  const file = import.meta.url.endsWith('.ts') ? SOURCES[entry] : `./${entry}.js`
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', entry === 'sqlite' ? 'inherit' : 'ignore', 'ipc'],
    execArgv: [],
    env: childEnvironment(),
  })
  return {
    get pid() {
      return child.pid
    },
    // A message to a process that has just ended is lost; its exit is what the sender hears of.
    send: (message) => void (child.connected && child.send(message as object, () => undefined)),
    onMessage: (listener) => void child.on('message', listener),
    onExit(listener) {
      let told = false
      const tell = (code: number | null, signal: string | null) => {
        if (told) return
        told = true
        listener(code, signal)
      }
      child.once('exit', tell)
      child.once('error', () => tell(null, null))
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
