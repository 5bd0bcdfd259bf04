// Our own scheme: the built page under app://roster/, with the same files and the same policy as the browser door.
import { protocol } from 'electron'
import { plainHeaders, type Assets } from '../core/assets.ts'
import { fileAsked, SCHEME } from './rules.ts'

/** The page of the window talks through its port alone. */
export const CONNECT = "'none'"

/** To be called before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }])
}

/** To be called once the app is ready. */
export function serveScheme(assets: Assets): void {
  protocol.handle(SCHEME, async (request) => {
    const path = fileAsked(request)
    if (path === null)
      return new Response('Files of Roster can only be read.', { status: 403, headers: plainHeaders(CONNECT) })
    const { status, headers, body } = await assets.answer(path)
    return new Response(typeof body === 'string' ? body : new Uint8Array(body), { status, headers })
  })
}
