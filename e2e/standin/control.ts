// The test's hand on the stand-in: commands come over the process's channel, and what happened goes back.
import type Electron from 'electron'
import { app } from './app.ts'
import { StandinWindow } from './browser-window.ts'
import { theChromium } from './chromium.ts'
import { questions, type DialogKind } from './dialog.ts'
import { nativeTheme, powerMonitor, screen, type PowerEvent } from './environment.ts'
import { applicationMenu, quit } from './menu.ts'
import { answerOf } from './protocol.ts'
import { onRecord, recorded } from './record.ts'
import { keychain, type Backend } from './safe-storage.ts'

export type WindowAct =
  | ('close' | 'focus' | 'blur' | 'minimize' | 'restore' | 'maximize' | 'unmaximize' | 'crash' | 'reload')
  | ('unresponsive' | 'responsive')

export interface WindowState {
  id: number
  /** Chromium's name of the page; null until it shows a document, and once it crashes. */
  targetId: string | null
  url: string
  title: string
  bounds: Electron.Rectangle
  normalBounds: Electron.Rectangle
  isVisible: boolean
  isFocused: boolean
  isMaximized: boolean
  isMinimized: boolean
  isFullScreen: boolean
  zoomLevel: number
  backgroundColor: string
  preferences: Record<string, unknown>
}

function theWindow(id?: number): StandinWindow {
  const window = id === undefined ? StandinWindow.getAllWindows()[0] : StandinWindow.fromId(id)
  if (!window) throw new Error('There is no such window.')
  return window
}

function state(window: StandinWindow): WindowState {
  return {
    id: window.id,
    targetId: window.contents.shownPage?.targetId ?? null,
    url: window.contents.getURL(),
    title: window.getTitle(),
    bounds: window.getBounds(),
    normalBounds: window.getNormalBounds(),
    isVisible: window.isVisible(),
    isFocused: window.isFocused(),
    isMaximized: window.isMaximized(),
    isMinimized: window.isMinimized(),
    isFullScreen: window.isFullScreen(),
    zoomLevel: window.contents.getZoomLevel(),
    backgroundColor: window.backgroundColor,
    preferences: structuredClone({ ...window.preferences }),
  }
}

export const commands = {
  endpoint: async () => (await theChromium()).endpoint,
  recorded: () => [...recorded()],
  windows: () => StandinWindow.getAllWindows().map(state),
  setBounds: (bounds: Partial<Electron.Rectangle>) => theWindow().setBounds(bounds),
  act(act: WindowAct) {
    const window = theWindow()
    if (act === 'crash') window.contents.forcefullyCrashRenderer()
    else if (act === 'reload') window.reload()
    else if (act === 'unresponsive' || act === 'responsive') {
      window.contents.emit(act)
      window.emit(act)
    } else window[act]()
  },
  wheelZoom: (direction: 'in' | 'out') => void theWindow().contents.emit('zoom-changed', {} as never, direction),
  prepareAnswer: (kind: DialogKind, answer: unknown) => questions.prepare(kind, answer),
  openDialogs: () => questions.open(),
  answerDialog: (id: number, answer: unknown) => questions.answer(id, answer),
  menu: () => applicationMenu()?.list() ?? null,
  clickMenu(name: string) {
    const found = applicationMenu()?.all() ?? []
    const item = found.find((one) => one.id === name) ?? found.find((one) => one.label === name || one.role === name)
    if (!item) throw new Error(`The menu has no item ${name}.`)
    item.click()
  },
  /** What the key does by the menu; false when no item that registers it has it. */
  accelerator(keys: string) {
    const item = (applicationMenu()?.all() ?? []).find(
      (one) => one.registerAccelerator && one.enabled && one.accelerator?.toLowerCase() === keys.toLowerCase(),
    )
    item?.click()
    return item !== undefined
  },
  systemTheme: (theme: 'light' | 'dark') => nativeTheme.setSystem(theme),
  screens: (bounds: Electron.Rectangle[]) => screen.plug(bounds),
  power: (event: PowerEvent) => void powerMonitor.emit(event),
  keychain: (backend: Backend) => keychain.be(backend),
  rotateKeychain: () => keychain.rotate(),
  openFile(path: string) {
    return app.emitPreventable('open-file', (event) => [event as never, path])
  },
  openUrl(url: string) {
    return app.emitPreventable('open-url', (event) => [event as never, url])
  },
  activate: () => void app.emit('activate', {} as never, StandinWindow.getAllWindows().length > 0),
  childGone: (details: Electron.Details) => void app.emit('child-process-gone', {} as never, details),
  quit: () => app.quit(),
  /** What the scheme's handler says to an address exactly as written. */
  request: async (url: string, method: string) => {
    const answer = await answerOf(url, { method })
    return answer && { ...answer, headers: Object.fromEntries(answer.headers), body: answer.body.toString('utf8') }
  },
}

export type Commands = typeof commands
export interface Command {
  id: number
  name: keyof Commands
  args: unknown[]
}

export function listenForCommands(): void {
  quit.call = () => app.quit()
  const send = process.send?.bind(process)
  if (!send) return
  onRecord((one) => void send({ event: one }, undefined, undefined, () => undefined))
  process.on('message', (message) => {
    const { id, name, args } = message as Command
    const table = commands as Record<string, (this: void, ...args: unknown[]) => unknown>
    Promise.resolve()
      .then(() => table[name]?.(...args))
      .then(
        (value) => send({ id, value }),
        (error: unknown) => send({ id, error: String(error) }),
      )
  })
  // The test is gone, and so is the reason to run.
  process.on('disconnect', () => app.exit(0))
  // The app has no channel of its own.
  delete process.send
}
