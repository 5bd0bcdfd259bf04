// app: the program's life, its one instance, its paths.
import { mkdirSync, readFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type Electron from 'electron'
import { AppEmitter, appEvents } from './app-events.ts'
import { onAllClosed, StandinWindow } from './browser-window.ts'
import { closeChromium, theChromium } from './chromium.ts'
import { life } from './life.ts'
import { modelled, NotModelled } from './not-modelled.ts'
import { record, stop } from './record.ts'
import { takeLock, type Lock } from './single-instance.ts'

const root = join(import.meta.dirname, '../..')
const facts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  name: string
  productName?: string
  version: string
}
const isPackaged = process.env.STANDIN_PACKAGED === '1'

type PathName = Parameters<Electron.App['getPath']>[0]
type Used =
  | ('whenReady' | 'isReady' | 'quit' | 'exit' | 'relaunch' | 'focus' | 'getVersion' | 'getName' | 'setName' | 'name')
  | ('getPath' | 'setPath' | 'getAppPath' | 'requestSingleInstanceLock' | 'hasSingleInstanceLock')
  | ('releaseSingleInstanceLock' | 'commandLine' | 'isPackaged' | 'getLocale' | 'enableSandbox')
  | ('setAsDefaultProtocolClient' | 'setAppUserModelId' | 'setAboutPanelOptions' | 'setDesktopName')
  | ('addRecentDocument' | 'clearRecentDocuments' | 'userAgentFallback')

/** electron.d.ts, interface App. */
class StandinApp extends AppEmitter implements Pick<Electron.App, Used> {
  readonly isPackaged = isPackaged
  readonly commandLine = commandLine()
  readonly #paths: Partial<Record<PathName, string>> = {}
  #name = facts.productName ?? facts.name
  #lock: Lock | null = null
  #ready = Promise.withResolvers<void>()
  #code = 0
  userAgentFallback = ''

  whenReady(): Promise<void> {
    return this.#ready.promise
  }
  isReady(): boolean {
    return life.isReady
  }
  getVersion(): string {
    return facts.version
  }
  getName(): string {
    return this.#name
  }
  setName(name: string): void {
    this.#name = name
  }
  get name(): string {
    return this.#name
  }
  set name(name: string) {
    this.#name = name
  }
  getLocale(): string {
    return life.isReady ? 'en-US' : ''
  }
  getAppPath(): string {
    return root
  }

  /** electron.d.ts, getPath: appData is "$XDG_CONFIG_HOME or ~/.config on Linux". */
  getPath(name: PathName): string {
    const chosen = this.#paths[name]
    if (chosen !== undefined) return chosen
    if (name === 'home') return homedir()
    if (name === 'temp') return tmpdir()
    if (name === 'exe') return process.execPath
    if (name === 'appData') return process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config')
    if (name === 'userData') return join(this.getPath('appData'), this.#name)
    if (name === 'sessionData') return this.getPath('userData')
    if (name === 'crashDumps') return join(this.getPath('userData'), 'Crashpad')
    if (name === 'logs') return join(this.getPath('userData'), 'logs')
    if (name === 'downloads' || name === 'documents' || name === 'desktop') {
      return join(homedir(), name.charAt(0).toUpperCase() + name.slice(1))
    }
    throw new NotModelled(`app.getPath('${name}')`)
  }
  /** "Overrides the path … If the path specifies a directory that does not exist, an Error is thrown"; not for all names. */
  setPath(name: PathName, path: string): void {
    if (resolve(path) !== path) throw new Error('Path must be absolute')
    this.#paths[name] = path
  }

  requestSingleInstanceLock(additionalData?: Record<string, unknown>): boolean {
    if (this.#lock) return true
    const folder = this.getPath('userData')
    mkdirSync(folder, { recursive: true })
    const hello = { argv: process.argv, folder: process.cwd(), data: additionalData ?? null }
    this.#lock = takeLock(folder, hello, ({ argv, folder: from, data }) => {
      // "guaranteed to be emitted after the ready event of app gets emitted" (electron.d.ts, second-instance)
      void this.whenReady().then(() => this.emit('second-instance', {} as never, argv, from, data))
    })
    return this.#lock !== null
  }
  hasSingleInstanceLock(): boolean {
    return this.#lock !== null
  }
  releaseSingleInstanceLock(): void {
    this.#lock?.release()
    this.#lock = null
  }

  /**
   * electron.d.ts, quit: "Try to close all windows. The before-quit event will be emitted first. If all windows are
   * successfully closed, the will-quit event will be emitted." window-all-closed is not emitted then.
   */
  quit(): void {
    if (life.isQuitting) return
    life.isQuitting = true
    if (this.emitPreventable('before-quit', (event) => [event as never])) {
      life.isQuitting = false
      return
    }
    const windows = StandinWindow.getAllWindows()
    if (windows.length === 0) return this.#willQuit()
    for (const window of windows) {
      window.onStay = () => (life.isQuitting = false)
      window.close()
      if (!life.isQuitting) return
    }
  }
  /** "All windows will be closed immediately without asking the user, and the before-quit and will-quit events will not be emitted." */
  exit(code = 0): void {
    for (const window of StandinWindow.getAllWindows()) window.destroy()
    this.#end(code)
  }
  relaunch(options?: Electron.RelaunchOptions): void {
    record('relaunch', options ?? {})
  }
  focus(): void {
    StandinWindow.getAllWindows()[0]?.focus()
  }
  enableSandbox(): void {
    if (life.isReady) throw new Error('app.enableSandbox() can only be called before app is ready')
    record('enable-sandbox', {})
  }
  setAsDefaultProtocolClient(protocol: string): boolean {
    record('default-protocol-client', { protocol })
    return true
  }
  setAppUserModelId(id: string): void {
    record('app-user-model-id', { id })
  }
  setAboutPanelOptions(options: Electron.AboutPanelOptionsOptions): void {
    record('about-panel', options)
  }
  setDesktopName(name: string): void {
    record('desktop-name', { name })
  }
  addRecentDocument(path: string): void {
    record('recent-document', { path })
  }
  clearRecentDocuments(): void {
    record('recent-documents-cleared', {})
  }

  /** Called by the stand-in: Chromium is there. */
  async begin(): Promise<void> {
    this.emit('will-finish-launching')
    await theChromium()
    life.isReady = true
    this.emit('ready', {} as never, {})
    this.#ready.resolve()
  }
  allClosed(): void {
    if (life.isQuitting) return this.#willQuit()
    // "If you do not subscribe to this event and all windows are closed, the default behavior is to quit the app."
    if (this.listenerCount('window-all-closed') === 0) this.quit()
    else this.emit('window-all-closed')
  }

  #willQuit(): void {
    if (this.emitPreventable('will-quit', (event) => [event as never])) {
      life.isQuitting = false
      return
    }
    this.#end(this.#code)
  }
  #isOver = false
  #end(code: number): void {
    if (this.#isOver) return
    this.#isOver = true
    this.emit('quit', {} as never, code)
    this.releaseSingleInstanceLock()
    record('quit', { code })
    const end = () => process.exit(code)
    // A second instance ends before Chromium was ever started.
    closeChromium().then(end, end)
    setTimeout(end, 5_000).unref()
  }
}

/** Chromium's own reading of the command line: a value belongs to its switch by '=' alone. */
function commandLine(): Electron.CommandLine {
  const switches = new Map<string, string>()
  for (const argument of process.argv.slice(1)) {
    if (argument === '--') break
    const found = /^--([^=]+)(?:=(.*))?$/s.exec(argument)
    if (found) switches.set(found[1] as string, found[2] ?? '')
  }
  const line = {
    hasSwitch: (name: string) => switches.has(name),
    getSwitchValue: (name: string) => switches.get(name) ?? '',
    appendSwitch(name: string, value = '') {
      switches.set(name, value)
      record('switch', { name, value })
    },
    appendArgument: (value: string) => record('argument', { value }),
    removeSwitch: (name: string) => void switches.delete(name),
  } satisfies Electron.CommandLine
  return modelled('app.commandLine', line)
}

export const app = new StandinApp()
appEvents.be(app)
onAllClosed.call = () => app.allClosed()
process.on('unhandledRejection', stop)
