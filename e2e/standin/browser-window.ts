// BrowserWindow: place, state and events of a window; its page is Chromium's.
import type Electron from 'electron'
import { appEvents } from './app-events.ts'
import { nativeTheme, screen } from './environment.ts'
import type { WindowEvents } from './events.ts'
import { checkOptions, Modelled, NotModelled } from './not-modelled.ts'
import { stop } from './record.ts'
import { StandinContents } from './web-contents.ts'

const EVENTS = [
  ...['ready-to-show', 'show', 'hide', 'focus', 'blur', 'maximize', 'unmaximize', 'minimize', 'restore'],
  ...['enter-full-screen', 'leave-full-screen', 'resize', 'resized', 'move', 'moved', 'close', 'closed'],
  ...['responsive', 'unresponsive', 'page-title-updated', 'session-end', 'query-session-end'],
] as (keyof WindowEvents)[]

const OPTIONS = [
  ...['x', 'y', 'width', 'height', 'minWidth', 'minHeight', 'center', 'show', 'title', 'icon', 'backgroundColor'],
  ...['webPreferences', 'autoHideMenuBar'],
]
const PREFERENCES = [
  ...['preload', 'contextIsolation', 'sandbox', 'nodeIntegration', 'nodeIntegrationInWorker', 'webSecurity'],
  ...['nodeIntegrationInSubFrames', 'webviewTag', 'spellcheck', 'devTools', 'allowRunningInsecureContent'],
  ...['experimentalFeatures', 'navigateOnDragDrop', 'safeDialogs', 'disableDialogs'],
]
/** The stand-in plays this much of a window and no other: a page apart from Node and from the preload. */
const MUST: Record<string, unknown> = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  webviewTag: false,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
}

type Used =
  | ('id' | 'webContents' | 'loadURL' | 'reload' | 'show' | 'hide' | 'focus' | 'blur' | 'close' | 'destroy')
  | ('isVisible' | 'isFocused' | 'isDestroyed' | 'maximize' | 'unmaximize' | 'isMaximized' | 'minimize' | 'restore')
  | ('isMinimized' | 'setFullScreen' | 'isFullScreen' | 'getBounds' | 'setBounds' | 'getNormalBounds' | 'center')
  | ('setBackgroundColor' | 'setTitle' | 'getTitle' | 'showInactive' | 'setMenuBarVisibility')
  | ('getSize' | 'setSize' | 'getPosition' | 'setPosition' | 'getContentBounds')

const all = new Set<StandinWindow>()
let count = 0

/** electron.d.ts, class BrowserWindow. */
export class StandinWindow extends Modelled<WindowEvents> implements Pick<Electron.BrowserWindow, Used> {
  readonly id = ++count
  readonly contents: StandinContents
  readonly preferences: Electron.WebPreferences
  #bounds: Electron.Rectangle
  readonly #smallest: { width: number; height: number }
  #isVisible: boolean
  #isFocused = false
  #isMaximized = false
  #isMinimized = false
  #isFullScreen = false
  #isDestroyed = false
  #title: string
  #background: string
  #isClosing = false

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super('BrowserWindow', EVENTS)
    checkOptions('new BrowserWindow', options, OPTIONS)
    const preferences = options.webPreferences ?? {}
    checkOptions('webPreferences', preferences, PREFERENCES)
    for (const [name, value] of Object.entries(preferences)) {
      if (name in MUST && MUST[name] !== value) throw new NotModelled(`webPreferences: ${name}: ${String(value)}`)
    }
    this.preferences = preferences
    this.#title = options.title ?? 'Electron'
    this.#background = options.backgroundColor ?? '#FFF'
    this.#smallest = { width: options.minWidth ?? 0, height: options.minHeight ?? 0 }
    const { workArea } = screen.getPrimaryDisplay()
    // electron.d.ts: width 800, height 600, in the middle, unless told otherwise.
    const size = { width: Math.round(options.width ?? 800), height: Math.round(options.height ?? 600) }
    this.#bounds = this.#allowed({
      x: options.x ?? workArea.x + Math.round((workArea.width - size.width) / 2),
      y: options.y ?? workArea.y + Math.round((workArea.height - size.height) / 2),
      ...size,
    })
    this.#isVisible = options.show !== false
    this.contents = new StandinContents(preferences.preload)
    this.contents.onPageClosed = () => this.#gone()
    this.contents.once('did-finish-load' as never, (() => this.emit('ready-to-show')) as never)
    all.add(this)
    void this.#dress().catch((error: unknown) => {
      // A window that was closed meanwhile needs neither a size nor a theme.
      if (!this.#isClosing && !this.#isDestroyed) stop(error)
    })
    appEvents.emit('browser-window-created', {} as never, this.asElectron())
  }

  /** The one place where the stand-in's window is passed off as Electron's. */
  asElectron(): Electron.BrowserWindow {
    return this as unknown as Electron.BrowserWindow
  }
  get webContents(): Electron.WebContents {
    return this.contents.asElectron()
  }

  static getAllWindows(): StandinWindow[] {
    return [...all]
  }
  static getFocusedWindow(): StandinWindow | null {
    return [...all].find((window) => window.isFocused()) ?? null
  }
  static fromWebContents(contents: Electron.WebContents): StandinWindow | null {
    return [...all].find((window) => window.webContents === contents) ?? null
  }
  static fromId(id: number): StandinWindow | null {
    return [...all].find((window) => window.id === id) ?? null
  }

  loadURL(url: string, options?: Electron.LoadURLOptions): Promise<void> {
    return this.contents.loadURL(url, options)
  }
  reload(): void {
    this.contents.reload()
  }

  show(): void {
    const wasVisible = this.#isVisible
    this.#isVisible = true
    if (!wasVisible) this.emit('show')
    this.focus()
  }
  showInactive(): void {
    if (!this.#isVisible) this.emit('show')
    this.#isVisible = true
  }
  hide(): void {
    if (!this.#isVisible) return
    this.#isVisible = false
    this.emit('hide')
    this.blur()
  }
  focus(): void {
    if (this.#isFocused || !this.#isVisible || this.#isMinimized) return
    for (const other of all) if (other !== this) other.blur()
    this.#isFocused = true
    this.emit('focus')
  }
  blur(): void {
    if (!this.#isFocused) return
    this.#isFocused = false
    this.emit('blur')
  }
  isVisible(): boolean {
    return this.#isVisible && !this.#isMinimized
  }
  isFocused(): boolean {
    return this.#isFocused
  }
  isDestroyed(): boolean {
    return this.#isDestroyed
  }

  maximize(): void {
    if (!this.#isVisible) this.show()
    if (this.#isMaximized) return
    this.#isMaximized = true
    this.emit('maximize')
    this.#resized()
  }
  unmaximize(): void {
    if (!this.#isMaximized) return
    this.#isMaximized = false
    this.emit('unmaximize')
    this.#resized()
  }
  isMaximized(): boolean {
    return this.#isMaximized
  }
  minimize(): void {
    if (this.#isMinimized) return
    this.#isMinimized = true
    this.emit('minimize')
    this.blur()
  }
  restore(): void {
    if (!this.#isMinimized) return
    this.#isMinimized = false
    this.emit('restore')
  }
  isMinimized(): boolean {
    return this.#isMinimized
  }
  setFullScreen(isFullScreen: boolean): void {
    if (this.#isFullScreen === isFullScreen) return
    this.#isFullScreen = isFullScreen
    this.emit(isFullScreen ? 'enter-full-screen' : 'leave-full-screen')
    this.#resized()
  }
  isFullScreen(): boolean {
    return this.#isFullScreen
  }

  getBounds(): Electron.Rectangle {
    const display = () => screen.getDisplayMatching(this.#bounds)
    if (this.#isFullScreen) return { ...display().bounds }
    return this.#isMaximized ? { ...display().workArea } : { ...this.#bounds }
  }
  /** The frame around the page is none here. */
  getContentBounds(): Electron.Rectangle {
    return this.getBounds()
  }
  /** "this function always returns the position and size of the window in normal state" (electron.d.ts). */
  getNormalBounds(): Electron.Rectangle {
    return { ...this.#bounds }
  }
  setBounds(bounds: Partial<Electron.Rectangle>): void {
    const before = this.#bounds
    this.#isMaximized = false
    this.#bounds = this.#allowed({ ...before, ...bounds })
    if (before.x !== this.#bounds.x || before.y !== this.#bounds.y) {
      this.emit('move')
      this.emit('moved')
    }
    if (before.width !== this.#bounds.width || before.height !== this.#bounds.height) this.#resized()
  }
  getSize(): number[] {
    const { width, height } = this.getBounds()
    return [width, height]
  }
  setSize(width: number, height: number): void {
    this.setBounds({ width, height })
  }
  getPosition(): number[] {
    const { x, y } = this.getBounds()
    return [x, y]
  }
  setPosition(x: number, y: number): void {
    this.setBounds({ x, y })
  }
  center(): void {
    const { workArea } = screen.getDisplayMatching(this.#bounds)
    const { width, height } = this.#bounds
    this.setPosition(
      workArea.x + Math.round((workArea.width - width) / 2),
      workArea.y + Math.round((workArea.height - height) / 2),
    )
  }
  setBackgroundColor(color: string): void {
    this.#background = color
  }
  get backgroundColor(): string {
    return this.#background
  }
  setTitle(title: string): void {
    this.#title = title
  }
  getTitle(): string {
    return this.#title
  }
  setMenuBarVisibility(): void {
    // No menu bar is drawn.
  }

  /** "close … is emitted before the beforeunload and unload event of the DOM" (electron.d.ts). */
  close(): void {
    if (this.#isDestroyed || this.#isClosing) return
    if (this.emitPreventable('close', (event) => [event as never])) return this.onStay?.()
    this.#isClosing = true
    const opened = this.contents.pageNow
    if (!opened) return this.#gone()
    const stays = () => {
      this.#isClosing = false
      this.onStay?.()
    }
    void opened.page.close({ runBeforeUnload: true }).catch(() => this.#gone())
    this.contents.onUnloadRefused = stays
  }
  /** The window did not close; whoever quits learns of it. */
  onStay: (() => void) | null = null

  /** "Force closing the window, the unload and beforeunload event won't be emitted … and close … also" (electron.d.ts). */
  destroy(): void {
    this.#gone()
  }

  #gone(): void {
    if (this.#isDestroyed) return
    this.#isDestroyed = true
    this.#isVisible = false
    this.#isFocused = false
    all.delete(this)
    this.contents.destroy()
    this.emit('closed')
    if (all.size === 0) onAllClosed.call?.()
  }

  #allowed(bounds: Electron.Rectangle): Electron.Rectangle {
    const { width, height } = this.#smallest
    return { ...bounds, width: Math.max(bounds.width, width), height: Math.max(bounds.height, height) }
  }

  #resized(): void {
    void this.#fit().catch(() => undefined)
    this.emit('resize')
    this.emit('resized')
  }

  async #dress(): Promise<void> {
    await this.contents.page()
    await Promise.all([this.#fit(), this.theme()])
  }

  /** Chromium's window gets the size; its own bars are added, so that the page has what the window shows. */
  async #fit(): Promise<void> {
    const { cdp, targetId } = await this.contents.page()
    const { width, height } = this.getBounds()
    const { windowId, bounds } = await cdp.send('Browser.getWindowForTarget', { targetId })
    const { cssLayoutViewport } = await cdp.send('Page.getLayoutMetrics')
    const bars = {
      width: (bounds.width ?? 0) - cssLayoutViewport.clientWidth,
      height: (bounds.height ?? 0) - cssLayoutViewport.clientHeight,
    }
    const isKnown = bars.width >= 0 && bars.width < 200 && bars.height >= 0 && bars.height < 300
    await cdp.send('Browser.setWindowBounds', {
      windowId,
      bounds: { width: width + (isKnown ? bars.width : 0), height: height + (isKnown ? bars.height : 0) },
    })
  }

  async theme(): Promise<void> {
    const value = nativeTheme.shouldUseDarkColors ? 'dark' : 'light'
    const { cdp } = await this.contents.page()
    await cdp.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] })
  }
}

nativeTheme.onChange = () => {
  for (const window of all) void window.theme().catch(() => undefined)
}

export const onAllClosed: { call: (() => void) | null } = { call: null }
