// What the settings of the standard (DB_TYPE, DB_HOST ..., DATABASE_URL) mean, with the source of each value.
import {
  DEFAULT_DELAY,
  DEFAULT_PORTS,
  DEFAULT_TRIES,
  type SettingsDraft,
  type SettingsPreview,
} from '../../shared/profiles.ts'
import type { Danger } from '../../shared/connection-strings.ts'
import { placeText } from '../../shared/reaching.ts'
import { MASK } from './connection-strings/dangers.ts'
import { DATABASE_NAMES, TLS_WORDS } from './connection-strings/words.ts'
import { parseDatabaseUrl, UrlProblem, type DatabaseUrl } from './database-url.ts'

/** The variables that are read; no other is looked at. */
export const SETTINGS = [
  'DB_TYPE',
  'DB_HOST',
  'DB_PORT',
  'DB_NAME',
  'DB_USER',
  'DB_PASS',
  'DB_POOL_SIZE',
  'DB_MAX_RETRIES',
  'DB_RETRY_DELAY',
  'DATABASE_URL',
] as const
export type Setting = (typeof SETTINGS)[number]
export type Settings = Partial<Record<Setting, string>>

export interface Understood extends Pick<SettingsPreview, 'draft' | 'values' | 'notes'> {
  /** Of DATABASE_URL. */
  dangers: Danger[]
  /** Null when none is given; '' when an empty one is. */
  password: { text: string; source: Setting } | null
  /** DB_NAME of a sqlite database: a file that still has to be found. */
  fileName: string | null
}

const TYPES: Readonly<Record<string, SettingsDraft['dialect']>> = {
  postgresql: 'postgres',
  postgres: 'postgres',
  mysql: 'mysql',
  mariadb: 'mysql',
  sqlite: 'sqlite',
}

export function understandSettings(given: Settings, accepted?: ReadonlySet<string>): Understood {
  const found: Understood = { draft: null, values: [], notes: [], dangers: [], password: null, fileName: null }
  const settings = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, name === 'DB_PASS' ? value : value.trim()] as const),
  ) as Settings
  let url: DatabaseUrl | null = null
  try {
    if (settings.DATABASE_URL) url = parseDatabaseUrl(settings.DATABASE_URL, accepted)
  } catch (error) {
    if (!(error instanceof UrlProblem)) throw error
    found.notes.push({ tone: 'bad', text: `DATABASE_URL cannot be used. ${error.message}` })
    return found
  }
  found.notes.push(...(url?.notes.map(({ tone, text }) => ({ tone, text: `DATABASE_URL: ${text}` })) ?? []))
  found.dangers = url?.dangers ?? []
  const dialect = dialectOf(settings, url, found)
  if (dialect === null) return found
  found.values.push({ setting: 'Database', value: DATABASE_NAMES[dialect], source: url ? 'DATABASE_URL' : 'DB_TYPE' })
  const draft: SettingsDraft = { dialect, name: '' }
  if (dialect === 'sqlite') readFile(settings, found)
  else readServer(settings, url, draft, found)
  readNumbers(settings, draft, found)
  found.draft = { ...draft, name: nameOf(draft, found) }
  return found
}

function dialectOf(settings: Settings, url: DatabaseUrl | null, found: Understood): SettingsDraft['dialect'] | null {
  const type = settings.DB_TYPE?.toLowerCase()
  const typed = type && Object.hasOwn(TYPES, type) ? TYPES[type] : undefined
  if (type && typed === undefined) {
    const text = `DB_TYPE is “${cut(settings.DB_TYPE ?? '')}”. Roster knows postgresql, mysql and sqlite.`
    found.notes.push({ tone: url ? 'warn' : 'bad', text })
  }
  if (url) {
    if (typed !== undefined && typed !== url.dialect)
      conflict(found, 'DB_TYPE', settings.DB_TYPE ?? '', DATABASE_NAMES[url.dialect])
    return url.dialect
  }
  if (typed === undefined && !type) {
    found.notes.push({
      tone: 'bad',
      text: 'Neither DB_TYPE nor DATABASE_URL is set, so the kind of database is not known.',
    })
  }
  return typed ?? null
}

function readFile(settings: Settings, found: Understood): void {
  found.fileName = settings.DB_NAME || null
  if (found.fileName === null)
    found.notes.push({ tone: 'bad', text: 'DB_NAME is not set. For sqlite it names the file.' })
  else found.values.push({ setting: 'File', value: found.fileName, source: 'DB_NAME' })
  const unused = (['DB_HOST', 'DB_PORT', 'DB_USER', 'DB_PASS', 'DB_POOL_SIZE'] as const).filter(
    (name) => settings[name],
  )
  if (unused.length > 0) {
    found.notes.push({
      tone: 'note',
      text: `${unused.join(', ')} ${unused.length === 1 ? 'is' : 'are'} not used: a SQLite file has no server.`,
    })
  }
}

function readServer(settings: Settings, url: DatabaseUrl | null, draft: SettingsDraft, found: Understood): void {
  const text = (label: string, name: Setting, fromUrl: string | undefined): string | undefined => {
    const own = settings[name] || undefined
    if (fromUrl !== undefined && own !== undefined && own !== fromUrl) conflict(found, name, own, fromUrl)
    const value = fromUrl ?? own
    if (value !== undefined)
      found.values.push({ setting: label, value, source: fromUrl === undefined ? name : 'DATABASE_URL' })
    return value
  }
  const host = text('Host', 'DB_HOST', url?.host)
  const port = portOf(settings, url, draft, found)
  const database = text('Name', 'DB_NAME', url?.database)
  const user = text('User', 'DB_USER', url?.user)
  const missing = [
    ...(host === undefined ? ['host'] : []),
    ...(database === undefined ? ['name of the database'] : []),
    ...(user === undefined ? ['user'] : []),
  ]
  if (missing.length > 0) {
    found.notes.push({
      tone: 'warn',
      text: `No ${missing.join(', no ')} is given. Nothing is guessed; it can be filled in.`,
    })
  }
  readPassword(settings, url, found)
  if (url?.tls !== undefined) {
    found.values.push({
      setting: 'TLS',
      value: TLS_WORDS[url.tls],
      source: 'DATABASE_URL',
    })
  }
  if (url?.nodes && url.nodes.length > 0) {
    found.values.push({ setting: 'Further hosts', value: url.nodes.map(placeText).join(', '), source: 'DATABASE_URL' })
    draft.nodes = url.nodes
  }
  const { tls, tlsFiles, fetchServerKey } = url ?? {}
  Object.assign(draft, withoutUndefined({ host, port, database, user, tls, tlsFiles, fetchServerKey }))
}

function portOf(
  settings: Settings,
  url: DatabaseUrl | null,
  draft: SettingsDraft,
  found: Understood,
): number | undefined {
  if (draft.dialect === 'sqlite') return undefined
  const usual = DEFAULT_PORTS[draft.dialect]
  const own = settings.DB_PORT ? numberOf(settings, 'DB_PORT', 1, 65_535, true, found) : undefined
  // A host of DATABASE_URL comes with its own port, named or not: DB_PORT may be about another server.
  const ofUrl = url?.port ?? (url?.host === undefined ? undefined : usual)
  if (ofUrl !== undefined && own !== undefined && own !== ofUrl) conflict(found, 'DB_PORT', String(own), String(ofUrl))
  // A port that cannot be read is not replaced by one that nobody asked for.
  if (ofUrl === undefined && own === undefined && settings.DB_PORT) return undefined
  const port = ofUrl ?? own ?? usual
  const source = url?.port !== undefined ? 'DATABASE_URL' : ofUrl === undefined && own !== undefined ? 'DB_PORT' : null
  found.values.push({
    setting: 'Port',
    value: String(port),
    source: source ?? `default of ${DATABASE_NAMES[draft.dialect]}`,
  })
  const other = draft.dialect === 'mysql' ? 'postgres' : 'mysql'
  if (port === DEFAULT_PORTS[other]) {
    const text = `Port ${port} is the usual one of ${DATABASE_NAMES[other]}, and this is ${DATABASE_NAMES[draft.dialect]} (usually ${usual}). Check which is meant.`
    found.notes.push({ tone: 'warn', text })
  }
  return port
}

function readPassword(settings: Settings, url: DatabaseUrl | null, found: Understood): void {
  const own = settings.DB_PASS
  if (url?.password !== undefined && own !== undefined && own !== url.password) {
    found.notes.push({
      tone: 'warn',
      text: 'DB_PASS and the password in DATABASE_URL differ: the one in DATABASE_URL is used.',
    })
  }
  if (url?.password !== undefined) found.password = { text: url.password, source: 'DATABASE_URL' }
  else if (own !== undefined) found.password = { text: own, source: 'DB_PASS' }
  if (!found.password) return
  const value = found.password.text === '' ? '(empty)' : MASK
  found.values.push({ setting: 'Password', value, source: found.password.source })
}

function readNumbers(settings: Settings, draft: SettingsDraft, found: Understood): void {
  const read = (
    label: string,
    name: Setting,
    least: number,
    most: number,
    isWhole: boolean,
    unit = '',
  ): number | undefined => {
    const value = settings[name] ? numberOf(settings, name, least, most, isWhole, found) : undefined
    if (value !== undefined) found.values.push({ setting: label, value: `${value}${unit}`, source: name })
    return value
  }
  const poolSize = draft.dialect === 'sqlite' ? undefined : read('Connections at most', 'DB_POOL_SIZE', 1, 1000, true)
  const tries = read('Tries', 'DB_MAX_RETRIES', 1, 1000, true)
  const delay = read('Seconds between tries', 'DB_RETRY_DELAY', 0, 3600, false)
  if (tries === undefined) found.values.push({ setting: 'Tries', value: String(DEFAULT_TRIES), source: 'default' })
  if (delay === undefined)
    found.values.push({ setting: 'Seconds between tries', value: String(DEFAULT_DELAY), source: 'default' })
  Object.assign(draft, withoutUndefined({ poolSize, tries, delay }))
}

/** Undefined, with a note that names it, when the text is no such number. */
function numberOf(
  settings: Settings,
  name: Setting,
  least: number,
  most: number,
  isWhole: boolean,
  found: Understood,
): number | undefined {
  const text = settings[name] ?? ''
  const value = Number(text)
  if (/^\d+(\.\d+)?$/.test(text) && value >= least && value <= most && (!isWhole || Number.isInteger(value)))
    return value
  const kind = isWhole ? 'a whole number' : 'a number'
  found.notes.push({
    tone: 'bad',
    text: `${name} is “${cut(text)}”, which is not ${kind} from ${least} to ${most}. It was left out.`,
  })
  return undefined
}

function conflict(found: Understood, name: Setting, own: string, fromUrl: string): void {
  found.notes.push({
    tone: 'warn',
    text: `${name} is “${cut(own)}”, DATABASE_URL says “${cut(fromUrl)}”: DATABASE_URL is used.`,
  })
}

function nameOf({ dialect, host, database }: SettingsDraft, { fileName }: Understood): string {
  const name =
    dialect === 'sqlite' ? (fileName ?? '').replace(/^.*[\\/]/, '') : [database, host].filter(Boolean).join(' on ')
  return name.slice(0, 80)
}

function withoutUndefined(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
}

function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
