// What was understood of a connection string, in lines and sentences for a person. A password is never in them.
import { isAbsolute, resolve } from 'node:path'
import { FORMAT_NAMES } from '../../../shared/connection-strings.ts'
import { DEFAULT_PORTS, type SettingsPreview } from '../../../shared/profiles.ts'
import { placeText, type TlsMode } from '../../../shared/reaching.ts'
import { MASK, shown } from './dangers.ts'
import type { Reading, Readings } from './formats.ts'
import type { Understood } from './understand.ts'

export const DATABASE_NAMES = { postgres: 'PostgreSQL', mysql: 'MySQL or MariaDB', sqlite: 'SQLite' }

export const TLS_WORDS: Readonly<Record<TlsMode, string>> = {
  off: 'off',
  require: 'on, certificate not checked',
  'verify-ca': 'on, certificate checked, its name not',
  verify: 'on, certificate and its name checked',
}

/** One line for each part that was understood; `source` names where the text was found. */
export function valuesOf(understood: Understood, source: string): SettingsPreview['values'] {
  const values: SettingsPreview['values'] = []
  const add = (setting: string, value: string | undefined, from = source) => {
    if (value !== undefined) values.push({ setting, value, source: from })
  }
  const { dialect, host, port, nodes, user, password, database, tls, tlsFiles, file } = understood
  add('Database', DATABASE_NAMES[dialect])
  if (dialect === 'sqlite') {
    add('File', file === null ? 'in memory' : shown(file.path, 4096))
    return values
  }
  add('Host', host)
  if (port !== undefined) add('Port', String(port))
  else add('Port', String(DEFAULT_PORTS[dialect]), `default of ${DATABASE_NAMES[dialect]}`)
  if (nodes.length > 0) add('Further hosts', nodes.map(placeText).join(', '))
  add('Name', database)
  add('User', user)
  add('Password', password === '' ? '(empty)' : password === undefined ? undefined : MASK)
  if (tls !== undefined) add('TLS', TLS_WORDS[tls])
  else add('TLS', TLS_WORDS.off, 'not said; to be chosen in the form')
  add('Authorities', tlsFiles?.ca ?? undefined)
  add('Certificate', tlsFiles?.certificate ?? undefined)
  add('Key', tlsFiles?.key ?? undefined)
  if (understood.fetchServerKey) add('Password without TLS', 'encrypted with the server’s key')
  return values
}

/** A sentence for each other form that reads the text as something else, or that refuses it where it is one of its own. */
export function differences(chosen: Reading, { usable, refused }: Readings): string[] {
  const others = usable.flatMap((other) => {
    if (other.format === chosen.format) return []
    const parts = differing(chosen.understood, other.understood)
    return parts.length === 0 ? [] : [`Read as ${FORMAT_NAMES[other.format]} it would be: ${parts.join(', ')}.`]
  })
  // Of the forms that share a scheme, these two are the ones that it belongs to: what they refuse is worth knowing.
  const unusable = refused.flatMap(({ format, why, isParsed, isForm }) =>
    isParsed || (isForm && (format === 'libpq-url' || format === 'mysql-url'))
      ? [`Read as ${FORMAT_NAMES[format]} it cannot be used. ${why}`]
      : [],
  )
  return [...others, ...unusable]
}

function differing(a: Understood, b: Understood): string[] {
  const parts: string[] = []
  const say = (label: string, one: string | undefined, other: string | undefined) => {
    if (one !== other) parts.push(other === undefined ? `no ${label}` : `${label} ${other}`)
  }
  if (a.dialect !== b.dialect) parts.push(DATABASE_NAMES[b.dialect])
  if (a.dialect === 'sqlite' || b.dialect === 'sqlite') {
    say('file', fileWords(a), fileWords(b))
    return parts
  }
  const usual = (of: Understood) => String(of.port ?? (of.dialect === 'sqlite' ? '' : DEFAULT_PORTS[of.dialect]))
  say('host', a.host, b.host)
  say('port', usual(a), usual(b))
  say('further hosts', a.nodes.map(placeText).join(', '), b.nodes.map(placeText).join(', ') || 'none')
  if (parts.at(-1) === 'further hosts none' && a.nodes.length === 0) parts.pop()
  say('name', a.database, b.database)
  say('user', a.user, b.user)
  if (a.password !== b.password) {
    parts.push(b.password === undefined ? 'no password' : b.password === '' ? 'an empty password' : 'another password')
  }
  say('TLS', a.tls && TLS_WORDS[a.tls], b.tls && TLS_WORDS[b.tls])
  return parts
}

function fileWords({ file, dialect }: Understood): string | undefined {
  if (dialect !== 'sqlite') return undefined
  if (file === null) return 'in memory'
  if (isAbsolute(file.path)) return shown(resolve(file.path), 200)
  return `${shown(file.path, 200)} (${file.base === 'databases-folder' ? 'from the databases folder' : 'from the working directory'})`
}
