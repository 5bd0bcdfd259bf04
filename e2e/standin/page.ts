// One page of Chromium as a window needs it: the preload in a world of its own, the bridge to it, and every request
// asked for before it leaves.
import { readFileSync } from 'node:fs'
import type { CDPSession, Page } from '@playwright/test'
import { createCodec } from './clone.ts'
import { theChromium } from './chromium.ts'
import { installBridge, type BridgeMessage } from './page-bridge.ts'

/** Electron's own name for the world of preloads. */
const WORLD = 'Electron Isolated Context'

export interface Paused {
  requestId: string
  frameId: string
  resourceType: string
  redirectedRequestId?: string
  request: { url: string; method: string; headers: Record<string, string>; postData?: string }
}

export interface PageListener {
  /** Every request, before it leaves. */
  paused(event: Paused): void
  fromBridge(frameId: string, contextId: number, message: BridgeMessage): void
  /** The document that had this bridge is gone. */
  bridgeGone(contextId: number): void
  navigated(frame: { id: string; parentId?: string; url: string }): void
  navigatedWithin(frameId: string, url: string): void
  detached(frameId: string): void
  domReady(): void
  loaded(): void
  crashed(): void
  closed(): void
  windowOpened(details: { url: string; name: string; features: string[] }): void
}

export interface StandinPage {
  page: Page
  cdp: CDPSession
  targetId: string
  mainFrameId: string
  /** The bridge of the frame's present document; undefined when it has none. */
  contextOf(frameId: string): number | undefined
  /** Messages arrive in order; those for a document that is gone are dropped. */
  toBridge(contextId: number, message: BridgeMessage): void
}

export async function openPage(preload: string | undefined, listener: PageListener): Promise<StandinPage> {
  const { context } = await theChromium()
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  const { targetInfo } = await cdp.send('Target.getTargetInfo')
  const { frameTree } = await cdp.send('Page.getFrameTree')
  const bridges = new Map<number, string>()
  const gone = (contextId: number) => {
    if (bridges.delete(contextId)) listener.bridgeGone(contextId)
  }

  cdp.on('Runtime.executionContextCreated', ({ context: created }) => {
    if (created.name !== WORLD) return
    bridges.set(created.id, String((created.auxData as { frameId?: string }).frameId))
  })
  cdp.on('Runtime.executionContextDestroyed', ({ executionContextId }) => gone(executionContextId))
  cdp.on('Runtime.executionContextsCleared', () => [...bridges.keys()].forEach(gone))
  cdp.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
    const frameId = bridges.get(executionContextId)
    if (name !== 'standinSend' || frameId === undefined) return
    listener.fromBridge(frameId, executionContextId, JSON.parse(payload) as BridgeMessage)
  })
  cdp.on('Fetch.requestPaused', (event) => listener.paused(event))
  cdp.on('Page.frameNavigated', ({ frame }) => listener.navigated(frame))
  cdp.on('Page.navigatedWithinDocument', ({ frameId, url }) => listener.navigatedWithin(frameId, url))
  cdp.on('Page.frameDetached', ({ frameId, reason }) => reason === 'remove' && listener.detached(frameId))
  cdp.on('Page.domContentEventFired', () => listener.domReady())
  cdp.on('Page.loadEventFired', () => listener.loaded())
  cdp.on('Page.windowOpen', ({ url, windowName, windowFeatures }) =>
    listener.windowOpened({ url, name: windowName, features: windowFeatures }),
  )
  cdp.on('Inspector.targetCrashed', () => {
    ;[...bridges.keys()].forEach(gone)
    listener.crashed()
  })
  page.on('close', () => {
    ;[...bridges.keys()].forEach(gone)
    listener.closed()
  })
  // Whatever was opened all the same is closed; nothing is loaded in it, as no name resolves.
  page.on('popup', (popup) => void popup.close().catch(() => undefined))

  await Promise.all([
    cdp.send('Page.enable'),
    cdp.send('Inspector.enable'),
    cdp.send('Runtime.enable'),
    // Visible in the preload's world alone.
    cdp.send('Runtime.addBinding', { name: 'standinSend', executionContextName: WORLD }),
    cdp.send('Page.addScriptToEvaluateOnNewDocument', { worldName: WORLD, source: bridgeSource(preload) }),
    cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
  ])
  return {
    page,
    cdp,
    targetId: targetInfo.targetId,
    mainFrameId: frameTree.frame.id,
    contextOf: (frameId) => [...bridges].findLast(([, id]) => id === frameId)?.[0],
    toBridge(contextId, message) {
      if (!bridges.has(contextId)) return
      cdp
        .send('Runtime.callFunctionOn', {
          functionDeclaration: 'function (text) { globalThis.standinReceive?.(text) }',
          arguments: [{ value: JSON.stringify(message) }],
          executionContextId: contextId,
        })
        .catch(() => undefined)
    },
  }
}

/** Types are blanked out when Node loads a module, so the source of a function is plain JavaScript. */
function bridgeSource(preload: string | undefined): string {
  const text = preload === undefined ? '' : readFileSync(preload, 'utf8')
  return `(${installBridge.toString()})((${createCodec.toString()})(), function (require, module, exports) {${text}\n})`
}
