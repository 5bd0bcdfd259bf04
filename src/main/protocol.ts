// Our own scheme: the built page under app://roster/, with the same files and the same policy as the browser door.
import { protocol } from 'electron'
import type { Assets } from '../core/assets.ts'
import { SCHEME } from './rules.ts'
import { answerPage } from './answer-page.ts'

/** To be called before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }])
}

/** To be called once the app is ready. */
export function serveScheme(assets: Assets): void {
  protocol.handle(SCHEME, (request) => answerPage(assets, request))
}
