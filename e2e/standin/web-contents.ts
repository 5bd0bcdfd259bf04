// WebContents: one page of Chromium behind a window, with Electron's navigation events and its bridge.
import type Electron from 'electron'
import { fromChromium, isOurs, toChromium } from './addresses.ts'
import { BridgePorts } from './bridge-ports.ts'
import { codec } from './clone.ts'
import { appEvents } from './app-events.ts'
import { asElectron, StandinFrame } from './frame.ts'
import { invoked, ipcMain } from './ipc-main.ts'
import { Modelled, modelled, NotModelled } from './not-modelled.ts'
import type { ContentsEvents } from './events.ts'
import { openPage, type Paused, type StandinPage } from './page.ts'
import type { BridgeMessage } from './page-bridge.ts'
import { settle } from './permissions.ts'
import { answerOf } from './protocol.ts'
import { record, stop } from './record.ts'
import { defaultSession } from './session.ts'

const EVENTS = [
  ...['did-start-navigation', 'will-frame-navigate', 'will-navigate', 'will-redirect', 'did-frame-navigate'],
  ...['did-navigate', 'did-navigate-in-page', 'did-start-loading', 'did-stop-loading', 'dom-ready', 'did-finish-load'],
  ...['did-fail-load', 'render-process-gone', 'will-prevent-unload', 'preload-error', 'destroyed'],
  // Listened to by careful apps; the stand-in emits them only when a test says so, or (webviews) never.
  ...['will-attach-webview', 'zoom-changed', 'before-input-event', 'context-menu', 'unresponsive', 'responsive'],
] as (keyof ContentsEvents)[]

type Used =
  | ('id' | 'session' | 'mainFrame' | 'loadURL' | 'reload' | 'getURL' | 'isDestroyed' | 'isCrashed' | 'isLoading')
  | (
      | 'forcefullyCrashRenderer'
      | 'setWindowOpenHandler'
      | 'setWebRTCIPHandlingPolicy'
      | 'send'
      | 'postMessage'
      | 'focus'
      | 'isFocused'
    )
  | ('getZoomLevel' | 'setZoomLevel' | 'getZoomFactor' | 'setZoomFactor' | 'zoomLevel' | 'zoomFactor')
  | ('setVisualZoomLevelLimits' | 'openDevTools' | 'getType' | 'close' | 'reloadIgnoringCache')

let count = 0

/** electron.d.ts, class WebContents. */
export class StandinContents extends Modelled<ContentsEvents> implements Pick<Electron.WebContents, Used> {
  readonly id = ++count
  readonly session = defaultSession
  readonly #preload: string | undefined
  readonly #ports = new BridgePorts((contextId, message) => void this.#page?.toBridge(contextId, message))
  readonly #frames = new Map<string, StandinFrame>()
  readonly #main: StandinFrame
  /** Addresses that main itself asked for; Electron emits no will-navigate for them. */
  readonly #asked: string[] = []
  #opening: Promise<StandinPage> | null = null
  #page: StandinPage | null = null
  #status = { code: 200, text: '' }
  #frameCount = 1
  #isDestroyed = false
  #isCrashed = false
  #isShown = false
  #isLoading = false
  #zoomLevel = 0
  #openHandler: ((details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse) | null = null

  constructor(preload: string | undefined) {
    super('WebContents', EVENTS)
    this.#preload = preload
    this.#main = this.#newFrame('', null, 1)
    appEvents.emit('web-contents-created', {} as never, this.asElectron())
  }

  /** The one place where the stand-in's contents are passed off as Electron's. */
  asElectron(): Electron.WebContents {
    return this as unknown as Electron.WebContents
  }
  get mainFrame(): Electron.WebFrameMain {
    return asElectron(this.#main)
  }

  /** Chromium's page, made when it is first needed, and anew after a crash. */
  page(): Promise<StandinPage> {
    if (this.#isDestroyed) return Promise.reject(new TypeError('Object has been destroyed'))
    return (this.#opening ??= this.#open())
  }
  get pageNow(): StandinPage | null {
    return this.#page
  }
  /** The page once it shows a document, and until it begins to crash. */
  get shownPage(): StandinPage | null {
    return this.#isShown ? this.#page : null
  }

  async #open(): Promise<StandinPage> {
    const page: StandinPage = await openPage(this.#preload, {
      paused: (event) =>
        void this.#paused(event).catch((error: unknown) => {
          // A window that was closed meanwhile waits for no answer.
          if (!this.#isDestroyed) stop(error)
        }),
      fromBridge: (frameId, contextId, message) => this.#fromBridge(frameId, contextId, message),
      bridgeGone: (contextId) => this.#ports.gone(contextId),
      navigated: (frame) => this.#navigated(frame),
      navigatedWithin: (frameId, url) => this.#navigatedWithin(frameId, url),
      detached: (frameId) => this.#detached(frameId),
      domReady: () => this.emit('dom-ready'),
      loaded: () => this.#loaded(),
      crashed: () => this.#crashed(),
      closed: () => this.#pageClosed(page),
      windowOpened: (details) => this.#windowOpened(details),
    })
    this.#page = page
    this.#frames.clear()
    this.#frames.set(page.mainFrameId, this.#main)
    page.page.on('dialog', (dialog) => {
      if (dialog.type() !== 'beforeunload') throw new NotModelled(`the page's own ${dialog.type()}()`)
      // "Calling event.preventDefault() will ignore the beforeunload event handler and allow the page to be unloaded."
      const mayLeave = this.emitPreventable('will-prevent-unload', (event) => [event as never])
      void (mayLeave ? dialog.accept() : dialog.dismiss())
      if (!mayLeave) this.onUnloadRefused?.()
      record('beforeunload', { mayLeave })
    })
    return page
  }

  async loadURL(url: string, options?: Electron.LoadURLOptions): Promise<void> {
    if (options) throw new NotModelled('loadURL with options')
    if (!isOurs(url)) throw new NotModelled(`loadURL of ${url}`)
    this.#asked.push(url)
    const { cdp } = await this.page()
    const loaded = new Promise<void>((resolve, reject) => {
      const failed = (_event: unknown, code: number, description: string) =>
        reject(new Error(`${description} (${code}) loading '${url}'`))
      this.once('did-finish-load' as never, (() => (this.off('did-fail-load', failed), resolve())) as never)
      this.once('did-fail-load' as never, failed as never)
    })
    await cdp.send('Page.navigate', { url: toChromium(url) })
    return loaded
  }

  reload(): void {
    const url = this.#main.url
    if (this.#isCrashed) return void this.loadURL(url).catch(() => undefined)
    this.#asked.push(url)
    void this.page().then(({ cdp }) => cdp.send('Page.reload'))
  }
  reloadIgnoringCache(): void {
    this.reload()
  }
  getURL(): string {
    return this.#main.url
  }
  getType(): 'window' {
    return 'window'
  }
  isDestroyed(): boolean {
    return this.#isDestroyed
  }
  isCrashed(): boolean {
    return this.#isCrashed
  }
  isLoading(): boolean {
    return this.#isLoading
  }
  focus(): void {
    void this.page().then(({ page }) => page.bringToFront())
  }
  isFocused(): boolean {
    return false
  }
  forcefullyCrashRenderer(): void {
    this.#isShown = false
    // Never answered: the renderer that would answer is gone.
    void this.page().then(({ cdp }) => void cdp.send('Page.crash').catch(() => undefined))
  }
  openDevTools(): void {
    record('devtools', {})
  }
  setWindowOpenHandler(handler: (details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse): void {
    this.#openHandler = handler
  }
  /** Only recorded. */
  setWebRTCIPHandlingPolicy(policy: string): void {
    record('webrtc', { policy })
  }
  send(channel: string, ...args: unknown[]): void {
    this.#main.send(channel, ...args)
  }
  postMessage(channel: string, message: unknown, transfer: readonly object[] = []): void {
    this.#main.postMessage(channel, message, transfer)
  }
  close(): void {
    void this.page().then(({ page }) => page.close())
  }

  /** Electron's scale: "The factor is 1.2 ^ level" (electron.d.ts, setZoomLevel). Pixels stay as they are here. */
  getZoomLevel(): number {
    return this.#zoomLevel
  }
  setZoomLevel(level: number): void {
    this.#zoomLevel = level
  }
  getZoomFactor(): number {
    return 1.2 ** this.#zoomLevel
  }
  setZoomFactor(factor: number): void {
    if (factor <= 0) throw new Error("'zoomFactor' must be a double greater than 0.0")
    this.#zoomLevel = Math.log(factor) / Math.log(1.2)
  }
  get zoomLevel(): number {
    return this.getZoomLevel()
  }
  set zoomLevel(level: number) {
    this.setZoomLevel(level)
  }
  get zoomFactor(): number {
    return this.getZoomFactor()
  }
  set zoomFactor(factor: number) {
    this.setZoomFactor(factor)
  }
  setVisualZoomLevelLimits(): Promise<void> {
    return Promise.resolve()
  }

  /** The window is gone. */
  destroy(): void {
    if (this.#isDestroyed) return
    this.#isDestroyed = true
    void this.#page?.page.close().catch(() => undefined)
    this.emit('destroyed')
  }

  #pageClosed(page: StandinPage | null): void {
    if (page !== null && page !== this.#page) return
    this.#page = null
    this.onPageClosed?.()
  }
  onPageClosed: (() => void) | null = null
  onUnloadRefused: (() => void) | null = null

  #newFrame(id: string, parent: StandinFrame | null, number: number): StandinFrame {
    const frame: StandinFrame = new StandinFrame({ id, number, parent }, (channel, args, transfer) => {
      const data = codec.encode(args)
      const frameId = frame === this.#main ? this.#page?.mainFrameId : id
      const contextId = frameId === undefined ? undefined : this.#page?.contextOf(frameId)
      if (contextId === undefined) return
      this.#page?.toBridge(contextId, { kind: 'ipc', channel, data, ports: this.#ports.give(contextId, transfer) })
    })
    return frame
  }

  #frame(id: string, parentId?: string): StandinFrame {
    const known = this.#frames.get(id)
    if (known) return known
    const parent = parentId === undefined ? this.#main : this.#frame(parentId)
    const frame = this.#newFrame(id, parent, ++this.#frameCount)
    this.#frames.set(id, frame)
    return frame
  }

  /** Order of events: electronjs.org/docs/api/web-contents, "Document Navigations". */
  async #paused(event: Paused): Promise<void> {
    const url = fromChromium(event.request.url)
    const isNavigation = event.resourceType === 'Document' && event.redirectedRequestId === undefined
    const frame = this.#frame(event.frameId)
    if (isNavigation && !this.#mayStart(frame, url)) return this.#refuse(event, 'Aborted')
    if (!isOurs(url)) {
      record('network', { url, type: event.resourceType })
      return this.#refuse(event, 'BlockedByClient')
    }
    const { method, headers, postData } = event.request
    if (isNavigation && frame === this.#main) await settle(this, await this.page(), url)
    const answer = await answerOf(url, { method, headers, ...(postData === undefined ? {} : { body: postData }) })
    if (answer === null) return this.#refuse(event, 'Failed')
    const target = answer.headers.find(([name]) => name === 'location')?.[1]
    if (answer.status >= 300 && answer.status < 400 && target !== undefined) {
      const to = fromChromium(new URL(target, event.request.url).href)
      if (event.resourceType === 'Document' && !this.#mayRedirect(frame, to)) {
        return this.#refuse(event, 'Aborted')
      }
    }
    if (event.resourceType === 'Document') this.#status = { code: answer.status, text: answer.statusText }
    const { cdp } = await this.page()
    await cdp
      .send('Fetch.fulfillRequest', {
        requestId: event.requestId,
        responseCode: answer.status,
        responseHeaders: answer.headers.map(([name, value]) => ({
          name,
          value: name === 'location' ? toChromium(value) : value,
        })),
        body: answer.body.toString('base64'),
      })
      // The page may have gone on in the meantime.
      .catch(() => undefined)
  }

  async #refuse(event: Paused, errorReason: 'Aborted' | 'BlockedByClient' | 'Failed'): Promise<void> {
    const { cdp } = await this.page()
    await cdp.send('Fetch.failRequest', { requestId: event.requestId, errorReason }).catch(() => undefined)
  }

  #mayStart(frame: StandinFrame, url: string): boolean {
    const isMainFrame = frame === this.#main
    const facts = { url, isSameDocument: false, isMainFrame, frame: asElectron(frame), initiator: asElectron(frame) }
    const rest = [url, false, isMainFrame, frame.processId, frame.routingId] as const
    const details = (first: object) => Object.assign(first, facts) as never
    const asked = isMainFrame ? this.#asked.indexOf(url) : -1
    this.emitPreventable('did-start-navigation', (first) => [details(first), ...rest])
    if (asked >= 0) {
      this.#asked.splice(asked, 1)
      return this.#started(isMainFrame)
    }
    if (this.emitPreventable('will-frame-navigate', (first) => [details(first)])) return this.#prevented(url)
    const isPrevented = isMainFrame && this.emitPreventable('will-navigate', (first) => [details(first), ...rest])
    return isPrevented ? this.#prevented(url) : this.#started(isMainFrame)
  }

  #mayRedirect(frame: StandinFrame, url: string): boolean {
    const isMainFrame = frame === this.#main
    const facts = { url, isSameDocument: false, isMainFrame, frame: asElectron(frame), initiator: asElectron(frame) }
    const rest = [url, false, isMainFrame, frame.processId, frame.routingId] as const
    const isPrevented = this.emitPreventable('will-redirect', (first) => [
      Object.assign(first, facts) as never,
      ...rest,
    ])
    return isPrevented ? this.#prevented(url) : true
  }

  #started(isMainFrame: boolean): true {
    if (isMainFrame && !this.#isLoading) {
      this.#isLoading = true
      this.emit('did-start-loading')
    }
    return true
  }
  #prevented(url: string): false {
    record('prevented', { url })
    return false
  }

  #navigated({ id, parentId, url }: { id: string; parentId?: string; url: string }): void {
    const frame = this.#frame(id, parentId)
    const isMainFrame = frame === this.#main
    const address = fromChromium(url)
    if (url.startsWith('chrome-error:')) {
      this.#isLoading = false
      this.emit(
        'did-fail-load',
        {} as never,
        -2,
        'ERR_FAILED',
        frame.url,
        isMainFrame,
        frame.processId,
        frame.routingId,
      )
      return
    }
    // Documents that Chromium makes without a request come past no throttle here; Electron would have asked the app.
    if (isMainFrame && !isOurs(address)) return stop(new NotModelled(`a navigation of the window to ${address}`))
    frame.url = address
    const { code, text } = this.#status
    this.emit('did-frame-navigate', {} as never, address, code, text, isMainFrame, frame.processId, frame.routingId)
    if (isMainFrame) this.#isShown = true
    if (isMainFrame) this.emit('did-navigate', {} as never, address, code, text)
  }

  #navigatedWithin(frameId: string, url: string): void {
    const frame = this.#frame(frameId)
    const isMainFrame = frame === this.#main
    frame.url = fromChromium(url)
    const facts = {
      url: frame.url,
      isSameDocument: true,
      isMainFrame,
      frame: asElectron(frame),
      initiator: asElectron(frame),
    }
    const rest = [frame.url, true, isMainFrame, frame.processId, frame.routingId] as const
    this.emitPreventable('did-start-navigation', (first) => [Object.assign(first, facts) as never, ...rest])
    this.emit('did-navigate-in-page', {} as never, frame.url, isMainFrame, frame.processId, frame.routingId)
  }

  #detached(frameId: string): void {
    const frame = this.#frames.get(frameId)
    if (frame) frame.detached = true
    this.#frames.delete(frameId)
  }

  #loaded(): void {
    this.#isLoading = false
    this.emit('did-finish-load')
    this.emit('did-stop-loading')
  }

  #crashed(): void {
    const dead = this.#page
    this.#page = null
    this.#opening = null
    this.#isCrashed = true
    this.#isShown = false
    this.#isLoading = false
    void dead?.page.close().catch(() => undefined)
    const details = { reason: 'crashed' as const, exitCode: 139 }
    appEvents.emit('render-process-gone', {} as never, this.asElectron(), details)
    this.emit('render-process-gone', {} as never, details)
    this.once('did-start-navigation' as never, (() => (this.#isCrashed = false)) as never)
  }

  #windowOpened({ url, name, features }: { url: string; name: string; features: string[] }): void {
    const address = fromChromium(url)
    const details = {
      url: address,
      frameName: name,
      features: features.join(','),
      disposition: 'new-window' as const,
      referrer: { url: '', policy: 'no-referrer' as const },
    }
    // Without a handler Electron opens a window of its own.
    const answer = this.#openHandler?.(details)
    record('window-open', { url: address, action: answer?.action ?? 'allow' })
    if (answer?.action !== 'deny') stop(new NotModelled(`a second window for ${address}`))
  }

  #fromBridge(frameId: string, contextId: number, message: BridgeMessage): void {
    if (message.kind === 'port') return this.#ports.message(contextId, message.id, message.data, message.ports)
    if (message.kind === 'close') return this.#ports.closed(contextId, message.id)
    if (message.kind === 'preload-error') {
      const error = Object.assign(new Error(message.message), { stack: message.stack })
      process.stderr.write(`The preload failed: ${error.stack}\n`)
      return void this.emit('preload-error', {} as never, this.#preload ?? '', error)
    }
    const frame = this.#frames.get(frameId) ?? null
    const facts = { sender: this, senderFrame: frame, processId: 1, frameId: frame?.routingId ?? 0, type: 'frame' }
    const args = message.kind === 'answer' ? [] : (codec.decode(message.data) as unknown[])
    if (message.kind === 'ipc') {
      const ports = this.#ports.adopt(contextId, message.ports)
      ipcMain.emit(message.channel, modelled('IpcMainEvent', { ...facts, ports }), ...args)
    } else if (message.kind === 'invoke') {
      const { id } = message
      const answer = (data: unknown, error: string | null) =>
        this.#page?.toBridge(contextId, { kind: 'answer', id, data: codec.encode(data), error })
      void invoked(message.channel, modelled('IpcMainInvokeEvent', facts), args)
        .then((value) => answer(value, null))
        .catch((error: unknown) => answer(null, `Error invoking remote method '${message.channel}': ${String(error)}`))
    }
  }
}
