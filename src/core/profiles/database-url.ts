// Reads DATABASE_URL strictly: an allow list of what it may say, nothing taken from elsewhere, no file opened, no secret repeated.
import { isIPv6 } from 'node:net'
import type { Dialect } from '../../shared/profiles.ts'

export interface UrlNote {
  tone: 'note' | 'warn' | 'bad'
  text: string
}

/** What an address says; undefined where it says nothing. */
export interface DatabaseUrl {
  dialect: Exclude<Dialect, 'sqlite'>
  host?: string
  port?: number
  user?: string
  /** An empty password is '' and differs from none. */
  password?: string
  database?: string
  tls?: 'off' | 'verify'
  notes: UrlNote[]
}

/** An address that cannot be used; the message never repeats a part that may be of the password. */
export class UrlProblem extends Error {}

const LONGEST = 4096
const SCHEMES: Readonly<Record<string, DatabaseUrl['dialect']>> = {
  postgresql: 'postgres',
  postgres: 'postgres',
  mysql: 'mysql',
  mariadb: 'mysql',
}

/** Throws UrlProblem. Follows libpq: the first @ ends the login, every part is percent-decoded, # is no fragment. */
export function parseDatabaseUrl(text: string): DatabaseUrl {
  if (text.length > LONGEST) throw new UrlProblem(`It is longer than ${LONGEST} characters.`)
  if (/[\s\p{Cc}]/u.test(text))
    throw new UrlProblem('It holds a blank or a control character, which has to be percent-encoded.')
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text)?.[1]
  const dialect = scheme === undefined || !Object.hasOwn(SCHEMES, scheme) ? undefined : SCHEMES[scheme]
  if (scheme === undefined) throw new UrlProblem('It does not begin with postgresql:// or mysql://.')
  if (dialect === undefined) {
    throw new UrlProblem(`Addresses that begin with ${scheme}:// are not read. postgresql:// and mysql:// are.`)
  }
  const { login, place, path, query } = split(text.slice(scheme.length + 3))
  // After a bare / or ? in a password, the rest of it stands where the database is, and would be shown.
  if (path.includes('@') || query.includes('@')) {
    throw new UrlProblem('There is an @ behind the host. In a password, @ / ? are written as %40 %2F %3F.')
  }
  const url: DatabaseUrl = { dialect, notes: [] }
  if (login !== undefined) readLogin(url, login)
  readPlace(url, place)
  if (path !== '') url.database = decode(path, 'database')
  readQuery(url, query)
  return url
}

function split(rest: string): { login: string | undefined; place: string; path: string; query: string } {
  const end = rest.search(/[@/?]/)
  const hasLogin = rest[end] === '@'
  const login = hasLogin ? rest.slice(0, end) : undefined
  const after = hasLogin ? rest.slice(end + 1) : rest
  const question = after.indexOf('?')
  const beforeQuery = question < 0 ? after : after.slice(0, question)
  const slash = beforeQuery.indexOf('/')
  return {
    login,
    place: slash < 0 ? beforeQuery : beforeQuery.slice(0, slash),
    path: slash < 0 ? '' : beforeQuery.slice(slash + 1),
    query: question < 0 ? '' : after.slice(question + 1),
  }
}

function readLogin(url: DatabaseUrl, login: string): void {
  const colon = login.indexOf(':')
  const user = decode(colon < 0 ? login : login.slice(0, colon), 'user')
  if (user !== '') url.user = user
  if (colon >= 0) url.password = decode(login.slice(colon + 1), 'password')
}

function readPlace(url: DatabaseUrl, place: string): void {
  // What stands here may be the end of a password that holds a bare @, / or :, so it is not repeated.
  if (place.includes('@')) {
    throw new UrlProblem('There is a second @. One in a user name or a password is written as %40.')
  }
  if (place.includes(',')) throw new UrlProblem('It names several hosts. Roster takes one.')
  const bracket = /^\[([^\]]*)\](?::(.*))?$/.exec(place)
  const plain = /^([^:[\]]*)(?::(.*))?$/.exec(place)
  const [, host, port] = bracket ?? plain ?? []
  if (host === undefined)
    throw new UrlProblem('Its host cannot be read. An IPv6 address stands in brackets: [2001:db8::1].')
  if (bracket && !isIPv6(host)) throw new UrlProblem('What stands in brackets is no IPv6 address.')
  if (host !== '') url.host = bracket ? host : hostOf(decode(host, 'host'))
  if (port !== undefined && port !== '') url.port = portOf(port)
}

function hostOf(host: string): string {
  if (host.startsWith('/')) throw new UrlProblem('It names a Unix socket. Roster connects through a host and a port.')
  if (!isIPv6(host) && !/^[\p{L}\p{N}_]([\p{L}\p{N}._-]*)$/u.test(host)) {
    throw new UrlProblem(
      'Its host holds characters that a host name cannot have. In a password, @ / : ? are written as %40 %2F %3A %3F.',
    )
  }
  return host
}

function portOf(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port
  throw new UrlProblem('Its port is not a number from 1 to 65535. In a password, : / @ are written as %3A %2F %40.')
}

function decode(text: string, what: string): string {
  if (/%(?![0-9a-f]{2})/i.test(text)) {
    throw new UrlProblem(
      `The ${what} holds a % that is not followed by two hexadecimal digits. A % itself is written as %25.`,
    )
  }
  let decoded: string
  try {
    decoded = decodeURIComponent(text)
  } catch {
    throw new UrlProblem(`The ${what} is percent-encoded, but not as UTF-8.`)
  }
  // In what is decoded, too: a line break in a host or a database name is nobody's intention.
  if (what === 'password' ? decoded.includes('\0') : /\p{Cc}/u.test(decoded)) {
    throw new UrlProblem(`The ${what} holds a control character.`)
  }
  return decoded
}

/** Parts of the address that libpq also takes behind the question mark. Each may be said once. */
const PARTS = ['host', 'port', 'user', 'password', 'dbname'] as const

/** Understood by drivers, harmless, and of no use here; why, in words. */
const UNUSED: Readonly<Record<string, string>> = {
  application_name: 'Roster names itself',
  client_encoding: 'Roster reads and writes UTF-8',
  charset: 'Roster reads and writes utf8mb4',
  connect_timeout: 'Roster has limits of its own',
  keepalives: 'Roster watches its connections itself',
  keepalives_idle: 'Roster watches its connections itself',
  keepalives_interval: 'Roster watches its connections itself',
  keepalives_count: 'Roster watches its connections itself',
  fallback_application_name: 'Roster names itself',
}

/** Would read files, run code, choose another server, or weaken the login; compared without case, - and _. */
const DANGEROUS = new Set(
  (
    'hostaddr service servicefile passfile sslcert sslkey sslpassword sslrootcert sslcrl sslcrldir sslkeylogfile sslsni options ' +
    'requirepeer krbsrvname gsslib gssencmode gssdelegation loadbalancehosts channelbinding requireauth replication ' +
    'sslnegotiation sslca sslcapath sslcipher sslfips unixsocket socket socketpath multiplestatements multistatements ' +
    'enablecleartextplugin allowcleartextpasswords allowallfiles allownativepasswords allowoldpasswords localinfile ' +
    'allowlocalinfile infilestreamfactory flags authplugins authswitchhandler insecureauth defaultauth plugindir initcommand ' +
    'initsql readdefaultfile readdefaultgroup defaultsfile serverpublickeypath getserverpublickey allowpublickeyretrieval ' +
    'uri url stream sessionvariables socketfactory autodeserialize querytimeout interpolateparams proto prototype constructor'
  ).split(' '),
)

function readQuery(url: DatabaseUrl, query: string): void {
  const seen = new Set<string>()
  for (const pair of query === '' ? [] : query.split('&')) {
    const equals = pair.indexOf('=')
    if (equals < 1) throw new UrlProblem('Behind the ?, a setting without a name or a value stands.')
    const key = decode(pair.slice(0, equals), 'name of a setting')
    const value = decode(pair.slice(equals + 1), key === 'password' ? 'password' : 'value of a setting')
    if (seen.has(key)) throw new UrlProblem(`It says ${shown(key)} twice.`)
    seen.add(key)
    readSetting(url, key, value)
  }
}

function readSetting(url: DatabaseUrl, key: string, value: string): void {
  const part = PARTS.find((each) => each === key)
  if (part) return readPart(url, part, value)
  if (/^ssl-?_?mode$/i.test(key)) return readMode(url, key, value)
  if (key === 'ssl' && /^(true|1|false|0)$/i.test(value)) {
    return readMode(url, 'ssl', /^(true|1)$/i.test(value) ? 'require' : 'disable')
  }
  const why = Object.hasOwn(UNUSED, key) ? UNUSED[key] : undefined
  if (why !== undefined) return void url.notes.push({ tone: 'note', text: `${key} is not used: ${why}.` })
  if (key === 'ssl' || DANGEROUS.has(key.toLowerCase().replaceAll(/[-_]/g, ''))) {
    throw new UrlProblem(
      `Its setting ${shown(key)} is refused: it could read files, change the server or weaken the login.`,
    )
  }
  url.notes.push({ tone: 'warn', text: `The setting ${shown(key)} is not known and was left out.` })
}

function readPart(url: DatabaseUrl, part: (typeof PARTS)[number], value: string): void {
  const name = part === 'dbname' ? 'database' : part
  if (url[name] !== undefined) throw new UrlProblem(`It says the ${name} twice, before and behind the question mark.`)
  if (value === '' && part !== 'password') return
  if (name === 'port') url.port = portOf(value)
  else url[name] = name === 'host' ? hostOf(value) : value
}

/** Roster knows two ways: without TLS, or with the certificate and its name checked. */
function readMode(url: DatabaseUrl, key: string, value: string): void {
  const mode = value.toLowerCase().replaceAll('_', '-')
  if (url.tls !== undefined) throw new UrlProblem('It says twice how TLS is used.')
  if (mode === 'disable' || mode === 'disabled') url.tls = 'off'
  else if (mode === 'verify-full' || mode === 'verify-identity') url.tls = 'verify'
  else if (['require', 'required', 'verify-ca'].includes(mode)) {
    url.tls = 'verify'
    const text = `${key} asks for TLS. Roster also checks the server’s certificate and its name, and refuses one that does not fit.`
    url.notes.push({ tone: 'warn', text })
  } else if (['prefer', 'preferred', 'allow'].includes(mode)) {
    url.tls = 'off'
    const text = `${key} leaves it to chance whether TLS is used. Roster does not: it is off here, unless you switch it on.`
    url.notes.push({ tone: 'warn', text })
  } else throw new UrlProblem(`Its ${key} is not one of disable, require and verify-full.`)
}

function shown(key: string): string {
  return `“${key.length > 40 ? `${key.slice(0, 40)}…` : key}”`
}
