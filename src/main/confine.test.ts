// What Electron asks before it does something for a page, asked of Roster's own listeners. Electron is played by emitters.
import { EventEmitter } from 'node:events'
import type { Session } from 'electron'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

type AskHandler = NonNullable<Parameters<Session['setPermissionRequestHandler']>[0]>
type Permission = Parameters<AskHandler>[1]
interface Handlers {
  request: ((contents: null, permission: string, answer: (is: boolean) => void, details: object) => void) | null
  check: ((contents: null, permission: string, origin: string, details: object) => boolean) | null
  device: ((details: object) => boolean) | null
}
const played = vi.hoisted((): { app: EventEmitter | null; handlers: Handlers; proxy: object | null } => ({
  app: null,
  handlers: { request: null, check: null, device: null },
  proxy: null,
}))
vi.mock('electron', () => ({
  get app() {
    return played.app
  },
  session: {
    defaultSession: {
      setPermissionRequestHandler: (handler: Handlers['request']) => (played.handlers.request = handler),
      setPermissionCheckHandler: (handler: Handlers['check']) => (played.handlers.check = handler),
      setDevicePermissionHandler: (handler: Handlers['device']) => (played.handlers.device = handler),
      setProxy: (config: object) => Promise.resolve(void (played.proxy = config)),
    },
  },
}))

class Contents extends EventEmitter {
  openHandler: ((details: { url: string }) => { action: string }) | null = null
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler
  }
  webRtc = 'default'
  setWebRTCIPHandlingPolicy(policy: string): void {
    this.webRtc = policy
  }
  /** Whether the listeners let it happen. */
  lets(event: string, facts: object = {}, ...more: unknown[]): boolean {
    let isPrevented = false
    this.emit(event, { ...facts, preventDefault: () => (isPrevented = true) }, ...more)
    return !isPrevented
  }
}

let contents: Contents
beforeAll(async () => {
  played.app = new EventEmitter()
  const { confinePages } = await import('./confine.ts')
  confinePages()
})
beforeEach(() => {
  contents = new Contents()
  played.app?.emit('web-contents-created', {}, contents)
})

/** Whether our own page gets it. The compiler sees that every permission Electron has is named. */
const permissions = {
  'clipboard-sanitized-write': true,
  ar: false,
  'automatic-fullscreen': false,
  'background-fetch': false,
  'background-sync': false,
  'captured-surface-control': false,
  'clipboard-read': false,
  'deprecated-sync-clipboard-read': false,
  'display-capture': false,
  fileSystem: false,
  fullscreen: false,
  geolocation: false,
  'geolocation-approximate': false,
  'hand-tracking': false,
  hid: false,
  'idle-detection': false,
  keyboardLock: false,
  'local-fonts': false,
  'local-network': false,
  'local-network-access': false,
  'loopback-network': false,
  media: false,
  mediaKeySystem: false,
  midi: false,
  midiSysex: false,
  nfc: false,
  notifications: false,
  openExternal: false,
  'payment-handler': false,
  'periodic-background-sync': false,
  'persistent-storage': false,
  pointerLock: false,
  'screen-wake-lock': false,
  sensors: false,
  serial: false,
  'smart-card': false,
  'speaker-selection': false,
  'storage-access': false,
  'system-wake-lock': false,
  'top-level-storage-access': false,
  usb: false,
  vr: false,
  'web-app-installation': false,
  'web-printing': false,
  'window-management': false,
  unknown: false,
} satisfies Record<Permission, boolean>

function answers(permission: string, url: string, isMainFrame: boolean): (boolean | undefined)[] {
  const given: (boolean | undefined)[] = []
  const details = { requestingUrl: url, isMainFrame, securityOrigin: url }
  played.handlers.request?.(null, permission, (is) => given.push(is), details)
  const origin = url.replace(/^(\w+:\/\/[^/]*\/).*/, '$1')
  return [...given, played.handlers.check?.(null, permission, origin, details)]
}

describe('every page', () => {
  it.each(Object.entries(permissions))('asks in vain, but for writing to the clipboard: %s', (permission, isGiven) => {
    expect(answers(permission, 'app://roster/', true)).toEqual([isGiven, isGiven])
    expect(answers(permission, 'app://roster/', false)).toEqual([false, false])
    for (const url of ['https://example.com/', 'app://evil/', 'file:///etc/passwd', 'data:text/html,x', ''])
      expect([url, ...answers(permission, url, true)]).toEqual([url, false, false])
  })

  it.each(['hid', 'serial', 'usb'])('gets no device: %s', (deviceType) => {
    expect(played.handlers.device?.({ deviceType, origin: 'app://roster', device: {} })).toBe(false)
  })

  it('may load its own document again, and go nowhere else', () => {
    expect(contents.lets('will-navigate', { url: 'app://roster/', isMainFrame: true })).toBe(true)
    for (const url of ['https://example.com/', 'file:///etc/passwd', 'data:text/html,x', 'app://evil/', 'about:blank'])
      expect([url, contents.lets('will-navigate', { url, isMainFrame: true })]).toEqual([url, false])
  })

  it('is led nowhere by a redirect, not even to its own document', () => {
    for (const url of ['https://example.com/', 'app://roster/'])
      expect([url, contents.lets('will-redirect', { url })]).toEqual([url, false])
  })

  it('has no frame that goes anywhere', () => {
    for (const url of ['https://example.com/', 'app://roster/'])
      expect([url, contents.lets('will-frame-navigate', { url, isMainFrame: false })]).toEqual([url, false])
    expect(contents.lets('will-frame-navigate', { url: 'app://roster/', isMainFrame: true })).toBe(true)
  })

  it('reaches no network, by WebRTC or by what the content policy does not know', () => {
    expect(contents.webRtc).toBe('disable_non_proxied_udp')
    expect(played.proxy).toEqual({
      mode: 'fixed_servers',
      proxyRules: 'roster.invalid:9',
      proxyBypassRules: '<-loopback>',
    })
  })

  it('attaches no webview', () => {
    expect(contents.lets('will-attach-webview', {}, { nodeIntegration: true }, { src: 'app://roster/' })).toBe(false)
  })

  it('opens no window', () => {
    for (const url of ['https://example.com/', 'app://roster/', 'about:blank', ''])
      expect(contents.openHandler?.({ url })).toEqual({ action: 'deny' })
  })
})
