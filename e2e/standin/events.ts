// The events the stand-in emits, with the arguments Electron gives them. `drift` is never run: it makes the compiler hold
// every row against electron.d.ts.
import type Electron from 'electron'

type Event = Electron.Event
type Navigation<T> = [
  details: T,
  url: string,
  isInPlace: boolean,
  isMainFrame: boolean,
  processId: number,
  routingId: number,
]

export interface AppEvents {
  'will-finish-launching': []
  ready: [event: Event, launchInfo: Record<string, unknown> | Electron.NotificationResponse]
  'window-all-closed': []
  'before-quit': [event: Event]
  'will-quit': [event: Event]
  quit: [event: Event, exitCode: number]
  activate: [event: Event, hasVisibleWindows: boolean]
  'second-instance': [event: Event, argv: string[], workingDirectory: string, additionalData: unknown]
  'open-file': [event: Event, path: string]
  'open-url': [event: Event, url: string]
  'child-process-gone': [event: Event, details: Electron.Details]
  'render-process-gone': [event: Event, contents: Electron.WebContents, details: Electron.RenderProcessGoneDetails]
  'web-contents-created': [event: Event, contents: Electron.WebContents]
  'browser-window-created': [event: Event, window: Electron.BrowserWindow]
}

export interface ContentsEvents {
  'did-start-navigation': Navigation<Electron.Event<Electron.WebContentsDidStartNavigationEventParams>>
  'will-frame-navigate': [details: Electron.Event<Electron.WebContentsWillFrameNavigateEventParams>]
  'will-navigate': Navigation<Electron.Event<Electron.WebContentsWillNavigateEventParams>>
  'will-redirect': Navigation<Electron.Event<Electron.WebContentsWillRedirectEventParams>>
  'did-frame-navigate': [
    event: Event,
    url: string,
    code: number,
    status: string,
    isMainFrame: boolean,
    processId: number,
    routingId: number,
  ]
  'did-navigate': [event: Event, url: string, code: number, status: string]
  'did-navigate-in-page': [event: Event, url: string, isMainFrame: boolean, processId: number, routingId: number]
  'did-start-loading': []
  'did-stop-loading': []
  'dom-ready': []
  'did-finish-load': []
  'did-fail-load': [
    event: Event,
    code: number,
    description: string,
    url: string,
    isMainFrame: boolean,
    processId: number,
    routingId: number,
  ]
  'render-process-gone': [event: Event, details: Electron.RenderProcessGoneDetails]
  'will-prevent-unload': [event: Event]
  'will-attach-webview': [event: Event, preferences: Electron.WebPreferences, params: Record<string, string>]
  'preload-error': [event: Event, preloadPath: string, error: Error]
  'zoom-changed': [event: Event, direction: 'in' | 'out']
  'before-input-event': [event: Event, input: Electron.Input]
  'context-menu': [event: Event, params: Electron.ContextMenuParams]
  unresponsive: []
  responsive: []
  destroyed: []
}

export interface WindowEvents {
  'ready-to-show': []
  show: []
  hide: []
  focus: []
  blur: []
  maximize: []
  unmaximize: []
  minimize: []
  restore: []
  'enter-full-screen': []
  'leave-full-screen': []
  resize: []
  resized: []
  move: []
  moved: []
  close: [event: Event]
  closed: []
  responsive: []
  unresponsive: []
  'page-title-updated': [event: Event, title: string, explicitSet: boolean]
  'session-end': [event: Electron.WindowSessionEndEvent]
  'query-session-end': [event: Electron.WindowSessionEndEvent]
}

type OnAll<E extends { [K in keyof E]: unknown[] }> = <K extends keyof E>(
  event: K,
  arrived: (...args: E[K]) => void,
) => (...args: E[K]) => void

export function drift(
  app: Electron.App,
  contents: Electron.WebContents,
  window: Electron.BrowserWindow,
  [a, c, w]: [OnAll<AppEvents>, OnAll<ContentsEvents>, OnAll<WindowEvents>],
): void {
  const any = () => undefined
  app.on('will-finish-launching', a('will-finish-launching', any)).on('ready', a('ready', any))
  app.on('window-all-closed', a('window-all-closed', any)).on('before-quit', a('before-quit', any))
  app.on('will-quit', a('will-quit', any)).on('quit', a('quit', any)).on('activate', a('activate', any))
  app.on('second-instance', a('second-instance', any)).on('open-file', a('open-file', any))
  app.on('open-url', a('open-url', any)).on('child-process-gone', a('child-process-gone', any))
  app.on('render-process-gone', a('render-process-gone', any))
  app.on('web-contents-created', a('web-contents-created', any))
  app.on('browser-window-created', a('browser-window-created', any))

  contents.on('did-start-navigation', c('did-start-navigation', any))
  contents.on('will-frame-navigate', c('will-frame-navigate', any)).on('will-navigate', c('will-navigate', any))
  contents.on('will-redirect', c('will-redirect', any)).on('did-frame-navigate', c('did-frame-navigate', any))
  contents.on('did-navigate', c('did-navigate', any)).on('did-navigate-in-page', c('did-navigate-in-page', any))
  contents.on('did-start-loading', c('did-start-loading', any)).on('did-stop-loading', c('did-stop-loading', any))
  contents.on('dom-ready', c('dom-ready', any)).on('did-finish-load', c('did-finish-load', any))
  contents.on('did-fail-load', c('did-fail-load', any)).on('render-process-gone', c('render-process-gone', any))
  contents.on('will-prevent-unload', c('will-prevent-unload', any))
  contents.on('will-attach-webview', c('will-attach-webview', any)).on('preload-error', c('preload-error', any))
  contents.on('zoom-changed', c('zoom-changed', any)).on('before-input-event', c('before-input-event', any))
  contents.on('context-menu', c('context-menu', any)).on('unresponsive', c('unresponsive', any))
  contents.on('responsive', c('responsive', any)).on('destroyed', c('destroyed', any))

  window.on('ready-to-show', w('ready-to-show', any)).on('show', w('show', any)).on('hide', w('hide', any))
  window.on('focus', w('focus', any)).on('blur', w('blur', any)).on('maximize', w('maximize', any))
  window.on('unmaximize', w('unmaximize', any)).on('minimize', w('minimize', any)).on('restore', w('restore', any))
  window.on('enter-full-screen', w('enter-full-screen', any)).on('leave-full-screen', w('leave-full-screen', any))
  window.on('resize', w('resize', any)).on('resized', w('resized', any)).on('move', w('move', any))
  window.on('moved', w('moved', any)).on('close', w('close', any)).on('closed', w('closed', any))
  window.on('responsive', w('responsive', any)).on('unresponsive', w('unresponsive', any))
  window.on('page-title-updated', w('page-title-updated', any))
  window.on('session-end', w('session-end', any)).on('query-session-end', w('query-session-end', any))
}
