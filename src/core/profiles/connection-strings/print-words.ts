// The words that the printers of all forms share: modes of TLS, hosts, settings, and what cannot be said.
import type { TlsMode } from '../../../shared/reaching.ts'
import { encode } from './percent.ts'
import type { ServerAddress } from './address.ts'

export const LIBPQ_MODES: Readonly<Record<TlsMode, string>> = {
  off: 'disable',
  require: 'require',
  'verify-ca': 'verify-ca',
  verify: 'verify-full',
}
export const MYSQL_MODES: Readonly<Record<TlsMode, string>> = {
  off: 'DISABLED',
  require: 'REQUIRED',
  'verify-ca': 'VERIFY_CA',
  verify: 'VERIFY_IDENTITY',
}

export const isSocket = (host: string) => host.startsWith('/')
export const bracketed = (host: string) => (host.includes(':') ? `[${host}]` : host)

/** Names as they are, values encoded; those without a value are left out. */
export function query(settings: readonly (readonly [string, string | null | undefined])[]): string {
  const said = settings.flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [`${key}=${encode(value)}`],
  )
  return said.length === 0 ? '' : `?${said.join('&')}`
}

/** Files of certificates as the form names them; authorities only where a check is made with them. */
export function filesOf({ tls, files }: ServerAddress): {
  ca: string | null
  certificate: string | null
  key: string | null
} {
  if (files === null || tls === 'off') return { ca: null, certificate: null, key: null }
  return { ca: tls === 'require' ? null : files.ca, certificate: files.certificate, key: files.key }
}

export function notesOnFiles(address: ServerAddress, canSay: boolean): string[] {
  const { ca, certificate, key } = filesOf(address)
  const isAny = ca !== null || certificate !== null || key !== null
  if (isAny && !canSay)
    return ['The files of certificates cannot be said in this form; they are set in the application.']
  const isChecked = address.tls === 'verify' || address.tls === 'verify-ca'
  return [
    ...(isChecked && ca === null
      ? ['Roster trusts the authorities of the system. Which ones the other software trusts is up to it.']
      : []),
    ...(key !== null && address.files?.secret.kind !== 'none' ? ['The passphrase of the key is not in it.'] : []),
  ]
}

export function notesOnNodes({ nodes }: ServerAddress): string[] {
  if (nodes.length === 0) return []
  return [
    `This form names one host. ${nodes.map(({ host, port }) => `${bracketed(host)}:${port}`).join(', ')} ${nodes.length === 1 ? 'is' : 'are'} not in it.`,
  ]
}

export function notesOnServerKey({ fetchServerKey }: ServerAddress): string[] {
  return fetchServerKey ? ['That the password may be encrypted with the server’s key cannot be said in this form.'] : []
}
