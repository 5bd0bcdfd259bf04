// Permissions: the app's handlers are asked, and Chromium is told their answer, so that a denied one is really denied.
import type Electron from 'electron'
import { originOf, toChromium } from './addresses.ts'
import type { StandinPage } from './page.ts'
import { record } from './record.ts'
import type { StandinContents } from './web-contents.ts'

type Ask = Parameters<Electron.Session['setPermissionRequestHandler']>[0]
type Check = Parameters<Electron.Session['setPermissionCheckHandler']>[0]

/** Electron's name beside Chromium's (Browser.setPermission of the DevTools protocol). */
const PERMISSIONS = [
  ['geolocation', 'geolocation'],
  ['notifications', 'notifications'],
  ['media', 'camera'],
  ['media', 'microphone'],
  ['midi', 'midi'],
  ['clipboard-read', 'clipboard-read'],
  ['clipboard-sanitized-write', 'clipboard-write'],
  ['idle-detection', 'idle-detection'],
  ['storage-access', 'storage-access'],
  ['window-management', 'window-management'],
  ['keyboardLock', 'keyboard-lock'],
  ['pointerLock', 'pointer-lock'],
] as const

export const handlers: { request: Ask; check: Check } = { request: null, check: null }

/**
 * Asks both handlers about every permission and sets Chromium accordingly, before the document at `url` begins. Electron
 * asks when the page does; here the answer of a handler that changes its mind counts from the next document on.
 */
export async function settle(contents: StandinContents, page: StandinPage, url: string): Promise<void> {
  const answers = await Promise.all(PERMISSIONS.map(([permission]) => ask(contents, permission, url)))
  const origin = new URL(toChromium(url)).origin
  await Promise.all(
    PERMISSIONS.map(async ([permission, name], index) => {
      const isGranted = answers[index] === true
      const setting = isGranted ? 'granted' : 'denied'
      record('permission', { permission, isGranted })
      // Not every Chromium knows every name.
      await page.cdp.send('Browser.setPermission', { permission: { name }, setting, origin }).catch(() => undefined)
    }),
  )
}

/** "Electron approves all permission requests by default" (electronjs.org/docs/tutorial/security, item 5). */
async function ask(contents: StandinContents, permission: string, url: string): Promise<boolean> {
  const origin = originOf(url)
  const details = { requestingUrl: url, isMainFrame: true, securityOrigin: origin }
  if (handlers.check && !handlers.check(contents.asElectron(), permission as never, origin, details)) return false
  const { request } = handlers
  if (!request) return true
  return await new Promise<boolean>((resolve) => {
    // A question that is never answered is never granted.
    setTimeout(() => resolve(false), 1_000).unref()
    request(contents.asElectron(), permission as never, resolve, details)
  })
}
