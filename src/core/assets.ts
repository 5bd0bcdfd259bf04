// The files of the built page as both doors serve them: only what lies in the bundle, under a strict content policy.
import { randomBytes } from 'node:crypto'
import { existsSync, lstatSync, readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

export interface Answer {
  status: number
  headers: Record<string, string>
  body: Uint8Array | string
}

export interface Assets {
  /** `path` is the raw path of the address, without its query. Anything that names no file of the bundle is a 404. */
  answer(path: string): Promise<Answer>
}

export interface AssetOptions {
  /** The built page. */
  folder: string
  /** How the page reaches core: it is told so in its own document. */
  door: 'port' | 'socket'
  /** Addresses the page may connect to, as the content policy spells them. */
  connect: string
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

const NOT_BUILT = 'The page of Roster is not built. `npm run build` builds it; then start Roster again.'

/** Reads the list of files once: an address is looked up in it as it stands, so no spelling of a path can lead outside. */
export function openAssets({ folder, door, connect }: AssetOptions): Assets {
  const files = listFiles(folder)
  return {
    async answer(path) {
      const file = files.get(path === '/' ? '/index.html' : path)
      if (!file) {
        const text = files.size === 0 ? NOT_BUILT : 'There is nothing here.'
        return { status: 404, headers: plainHeaders(connect), body: text }
      }
      const nonce = randomBytes(16).toString('base64')
      const type = types[extname(file)] ?? 'application/octet-stream'
      const headers = { ...safeHeaders(connect, nonce), 'content-type': type }
      const content = await readFile(file)
      if (extname(file) !== '.html') return { status: 200, headers, body: content }
      const html = content.toString('utf8').replaceAll('__NONCE__', nonce).replaceAll('__DOOR__', door)
      return { status: 200, headers, body: html }
    },
  }
}

/** Headers for an answer that is only a sentence. */
export function plainHeaders(connect: string): Record<string, string> {
  return { ...safeHeaders(connect), 'content-type': 'text/plain; charset=utf-8' }
}

/**
 * Symbolic links and special files are left out. Names and lstat alone: inside of an archive (a packed Roster), Electron
 * answers these two as Node does, while its recursive listings and its entries with types have differed by version.
 */
function listFiles(folder: string): Map<string, string> {
  return new Map(existsSync(folder) ? filesIn(folder, '/') : [])
}

function filesIn(folder: string, address: string): [address: string, file: string][] {
  return readdirSync(folder).flatMap((name) => {
    const file = join(folder, name)
    const entry = lstatSync(file)
    const here = `${address}${encodeURIComponent(name)}`
    if (entry.isDirectory()) return filesIn(file, `${here}/`)
    return entry.isFile() ? [[here, file]] : []
  })
}

/** No script but the bundle's, no style but the bundle's and what carries this document's nonce, no text made into code. */
function contentPolicy(connect: string, nonce?: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${nonce === undefined ? '' : ` 'nonce-${nonce}'`}`,
    "img-src 'self' blob:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "frame-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ')
}

function safeHeaders(connect: string, nonce?: string): Record<string, string> {
  return {
    'content-security-policy': contentPolicy(connect, nonce),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  }
}
