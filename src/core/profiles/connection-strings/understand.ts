// What a parsed text means to Roster: the address, what is left out and why, and what needs a person's consent.
import { domainToASCII } from 'node:url'
import type { ConnectionFormat, Danger } from '../../../shared/connection-strings.ts'
import type { Dialect, SettingsPreview } from '../../../shared/profiles.ts'
import type { CertificateFiles, Place, TlsMode } from '../../../shared/reaching.ts'
import { findings, quoted, shown, type Findings } from './dangers.ts'
import { GO_SETTINGS } from './gorm-mysql.ts'
import { KEYWORDS } from './libpq.ts'
import { StringProblem, type Option, type Parsed, type SqliteFile } from './parsed.ts'
import { checkedHost, checkedPort, readParts, withoutOddSockets } from './parts-said.ts'
import { meaningOf, STATEMENTS } from './settings-known.ts'
import { readTls } from './tls-said.ts'

/** Undefined: not said, or not agreed to. */
export interface Understood {
  dialect: Dialect
  host?: string
  port?: number
  /** Further hosts, for MySQL and MariaDB. */
  nodes: Place[]
  user?: string
  /** An empty one is '' and differs from none. */
  password?: string
  database?: string
  tls?: TlsMode
  tlsFiles?: CertificateFiles
  fetchServerKey?: true
  /** For sqlite; null is in memory. */
  file: SqliteFile | null
  notes: SettingsPreview['notes']
  dangers: Danger[]
  /** Parts that are said in front of the question mark and, differently, behind it. */
  overridden: string[]
  /** Names of settings that are said more than once. */
  repeated: string[]
}

/** Nodes of one profile at most, the first host not counted. */
const MOST_NODES = 15
const PORTS = { postgres: 5432, mysql: 3306 }

const NO_CONSENT: ReadonlySet<string> = new Set()

/**
 * Throws StringProblem for what Roster cannot follow at all; its message shows nothing that may be of a password. Opens no file
 * and looks nothing up. `accepted`: ids of dangers that the person agrees to, in this very `text`.
 */
export function understand(
  whole: Parsed,
  format: ConnectionFormat,
  accepted: ReadonlySet<string> = NO_CONSENT,
  text = '',
): Understood {
  const found = findings(accepted, text)
  const parsed = withoutStatements(whole, format, found)
  const understood: Understood = {
    dialect: parsed.dialect,
    nodes: [],
    file: parsed.file,
    notes: found.notes,
    dangers: found.dangers,
    overridden: [],
    repeated: repeatedOf(parsed.options, format),
  }
  for (const key of understood.repeated)
    found.note(
      'warn',
      `It says ${quoted(key)} more than once. The ${format === 'gorm-postgres' ? 'first' : 'last'} one counts.`,
    )
  if (parsed.dialect === 'sqlite') {
    for (const option of parsed.options) readOther(option, parsed, format, found)
    if (parsed.file !== null && /\p{Cc}/u.test(parsed.file.path))
      throw new StringProblem('The name of the file holds a control character.')
    return understood
  }
  // Behind a bare @, / or ? in a password, the rest of it stands where the database is, and would be shown.
  if (parsed.tail.includes('@')) {
    throw new StringProblem('There is an @ behind the host. In a password, @ / ? are written as %40 %2F %3F.')
  }
  if (format === 'gorm-mysql' && parsed.driver !== null) {
    throw new StringProblem(
      'It goes through a network of the application’s own, which stands in its code. Roster knows tcp and unix.',
    )
  }
  const parts = readParts(parsed, format, found)
  understood.overridden = parts.overridden
  readPlaces(understood, withoutOddSockets(parts, parsed.dialect, found), found)
  for (const name of ['user', 'database'] as const) {
    const value = parts[name]
    if (value === null || value === '') continue
    if (/\p{Cc}/u.test(value)) throw new StringProblem(`The ${name} holds a control character.`)
    understood[name] = value
  }
  if (parts.password !== null) understood.password = checkedPassword(parts.password)
  Object.assign(understood, readTls(parsed.options, whereOf(parsed, format, understood), found))
  for (const option of parsed.options) {
    if (meaningOf(option.key, parsed.dialect).kind === 'server-key') readServerKey(understood, option, found)
    else readOther(option, parsed, format, found)
  }
  noteQuirks(understood, format, text, found)
  return understood
}

/**
 * go-sql-driver runs `SET name = value` for every setting that it does not know, whatever it is called. pgx sets what it does not
 * know, too, and to it Host is another name than host.
 */
function withoutStatements(parsed: Parsed, format: ConnectionFormat, found: Findings): Parsed {
  const isStatement = ({ key }: Option) =>
    format === 'gorm-mysql'
      ? !GO_SETTINGS.has(key)
      : format === 'gorm-postgres' &&
        !KEYWORDS.has(key) &&
        key !== 'database' &&
        ADDRESS_KINDS.has(meaningOf(key, 'postgres').kind)
  for (const option of parsed.options) if (isStatement(option)) found.never(option, STATEMENTS)
  return { ...parsed, options: parsed.options.filter((option) => !isStatement(option)) }
}
const ADDRESS_KINDS: ReadonlySet<string> = new Set(['part', 'tls', 'file'])

function repeatedOf(options: readonly Option[], format: ConnectionFormat): string[] {
  const seen = new Set<string>()
  const twice = options.filter(({ key }) => {
    // Several hosts are said that way.
    if (format === 'sqlalchemy' && key === 'host') return false
    const isKnown = seen.has(key)
    seen.add(key)
    return isKnown
  })
  return [...new Set(twice.map(({ key }) => key))]
}

function checkedPassword(password: string): string {
  if (password.includes('\0')) throw new StringProblem('The password holds a control character.')
  return password
}

function readPlaces(
  understood: Understood,
  places: readonly { host: string; port: string | null }[],
  found: Findings,
): void {
  const read = places.map(({ host, port }) => ({
    host: host === '' ? undefined : checkedHost(host),
    port: port === null ? undefined : checkedPort(port),
  }))
  const [first, ...rest] = read
  for (const { host = '' } of read) if (!/^(?:\/|[ -~]*$)/.test(host)) noteLetters(host, found)
  if (first?.host !== undefined) understood.host = first.host
  if (first?.port !== undefined) understood.port = first.port
  const others = rest.flatMap(({ host, port }) =>
    host === undefined || understood.dialect === 'sqlite' ? [] : [{ host, port: port ?? PORTS[understood.dialect] }],
  )
  if (others.length === 0) return
  if (understood.dialect === 'mysql') {
    understood.nodes = others.filter(({ host }) => !host.startsWith('/')).slice(0, MOST_NODES)
    if (understood.nodes.length < others.length)
      found.note('bad', `It names ${others.length + 1} hosts. Roster takes ${understood.nodes.length + 1} of them.`)
  } else {
    const names = others.map(({ host, port }) => `${shown(host, 60)}:${port}`).join(', ')
    found.note(
      'warn',
      `It names several hosts. The first one is used; ${names} ${others.length === 1 ? 'is' : 'are'} left out.`,
    )
  }
}

function whereOf({ dialect, driver }: Parsed, format: ConnectionFormat, { host }: Understood) {
  const isLocal = host === undefined || host.startsWith('/') || /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i.test(host)
  return { format, dialect, driver, isLocal }
}

/** Letters of other alphabets look like those of another name, and some stand for other letters. */
function noteLetters(host: string, found: Findings): void {
  found.note(
    'warn',
    `The host ${shown(host, 60)} holds letters beyond a to z. It is looked up as ${shown(domainToASCII(host), 80)}: look whether that is the one that is meant.`,
  )
}

function readServerKey(understood: Understood, option: Option, found: Findings): void {
  if (understood.dialect !== 'mysql')
    return found.note('warn', `The setting ${quoted(option.key)} is not known and was left out.`)
  if (/^(?:false|0|no)$/i.test(option.value)) return
  const what =
    'Without TLS, the password would be encrypted with a key that the server hands out: whoever sits in between can hand out another one and read it.'
  if (found.consents(option, what)) understood.fetchServerKey = true
}

/** Everything that is no part of the address and nothing about TLS. */
function readOther(option: Option, { dialect }: Parsed, format: ConnectionFormat, found: Findings): void {
  const meaning = meaningOf(option.key, dialect)
  const isServer = dialect !== 'sqlite'
  switch (meaning.kind) {
    case 'never':
      return found.never(option, meaning.what)
    case 'unused':
      return found.note('note', `${shown(option.key, 40)} is not used: ${meaning.why}.`)
    case 'unknown':
      // What pgx does not know, it sets in every session.
      if (format === 'gorm-postgres') return found.never(option, STATEMENTS)
      return found.note('warn', `The setting ${quoted(option.key)} is not known and was left out.`)
    default:
      if (!isServer) found.note('note', `${shown(option.key, 40)} is not used: a SQLite file has no server.`)
  }
}

function noteQuirks({ database, password }: Understood, format: ConnectionFormat, text: string, found: Findings): void {
  if (format === 'sqlalchemy' && database !== undefined && /%[0-9a-f]{2}/i.test(database)) {
    found.note('warn', 'SQLAlchemy 2.0 takes the name of the database as it is written; 2.1 decodes what follows a %.')
  }
  if (format === 'pydal' && password !== undefined && /%[0-9a-f]{2}/i.test(password)) {
    found.note(
      'warn',
      'PyDAL takes the password as it is written, with its %, unless the application says decode_credentials=True.',
    )
  }
  if (format === 'gorm-mysql' && password !== undefined && /%[0-9a-f]{2}/i.test(password)) {
    found.note('warn', 'go-sql-driver takes the password as it is written, with its %.')
  }
  if (format === 'libpq-keywords' || format === 'gorm-postgres') {
    const [, name] = /(?:^|\s)(\w+)\s*=\s+\w+\s*=/.exec(text.replace(/'(?:[^'\\]|\\.)*'/gs, "''")) ?? []
    if (name !== undefined)
      found.note(
        'warn',
        `Blanks behind ${name}= are skipped: what follows is its value. An empty one is written as ''.`,
      )
  }
}
