// Addresses of our own schemes as Chromium must see them: it knows no custom scheme, so each host of one becomes an
// https origin that no name server answers.
import { NotModelled } from './not-modelled.ts'

const SUFFIX = '.standin.invalid'
/** Schemes that were registered as standard and secure before the app was ready. */
const schemes = new Set<string>()

export function registerScheme(scheme: string): void {
  if (!/^[a-z]+$/.test(scheme)) throw new NotModelled(`the scheme ${scheme}`)
  schemes.add(scheme)
}

/** `app://roster/a` becomes `https://roster.app.standin.invalid/a`; other addresses stay as they are. */
export function toChromium(url: string): string {
  const found = /^([a-z]+):\/\/([^/?#]*)(.*)$/i.exec(url)
  const [, scheme = '', host = '', rest = ''] = found ?? []
  if (!schemes.has(scheme.toLowerCase())) return url
  return `https://${host}.${scheme.toLowerCase()}${SUFFIX}${rest.startsWith('/') ? '' : '/'}${rest}`
}

/** The other way. */
export function fromChromium(url: string): string {
  const found = /^https:\/\/([^/?#]*)\.([a-z]+)\.standin\.invalid(?=[/?#]|$)(.*)$/.exec(url)
  const [, host, scheme, rest = ''] = found ?? []
  return found && schemes.has(scheme ?? '') ? `${scheme}://${host}${rest}` : url
}

export function isOurs(url: string): boolean {
  return schemes.has(/^([a-z]+):\/\//.exec(url)?.[1] ?? '')
}

/** An origin as Electron spells it: a standard scheme has one, as https has. */
export function originOf(url: string): string {
  if (isOurs(url)) return /^[a-z]+:\/\/[^/?#]*/.exec(url)?.[0] ?? 'null'
  return URL.canParse(url) ? new URL(url).origin : 'null'
}
