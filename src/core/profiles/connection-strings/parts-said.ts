// The parts of an address, where the settings of a text say them again, or in place of what stands in front.
import { isIP, isIPv6 } from 'node:net'
import type { ConnectionFormat } from '../../../shared/connection-strings.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import type { Findings } from './dangers.ts'
import { quoted } from './dangers.ts'
import { StringProblem, type Option, type Parsed, type ParsedPlace } from './parsed.ts'
import { meaningOf } from './settings-known.ts'

export interface Parts {
  places: ParsedPlace[]
  user: string | null
  password: string | null
  database: string | null
  /** Names of parts that stand in front of the question mark and behind it, with different values. */
  overridden: string[]
  /** Sockets that are in their usual place, or agreed to, already. */
  sockets: Set<string>
}

const ELSEWHERE = 'It names another'

export function readParts(parsed: Parsed, format: ConnectionFormat, found: Findings): Parts {
  const parts: Parts = {
    places: parsed.places.flatMap(({ host, port }) =>
      hostsOf(host, parsed, format).map((each) => ({ host: withoutBrackets(each), port: port === '' ? null : port })),
    ),
    user: parsed.user,
    password: parsed.password,
    database: parsed.database,
    overridden: [],
    sockets: new Set(),
  }
  const options = parsed.options.flatMap((option) => {
    const meaning = meaningOf(option.key, parsed.dialect)
    return meaning.kind === 'part' ? [{ ...option, part: meaning.part }] : []
  })
  if (format === 'pydal') {
    for (const { key, part } of options) {
      if (part !== 'socket') found.note('note', `${quoted(key)} is not used: PyDAL does not read it there.`)
    }
  } else {
    readHosts(
      parts,
      options.filter(({ part }) => part === 'host' || part === 'port'),
      format,
      found,
    )
    for (const part of ['user', 'password', 'database'] as const) {
      const said = options.findLast((each) => each.part === part)
      if (said === undefined || (said.value === '' && part !== 'password')) continue
      const before = parts[part]
      if (before === null || before === said.value) parts[part] = said.value
      else {
        parts.overridden.push(part)
        if (
          found.consents(
            said,
            `${ELSEWHERE} ${part === 'database' ? 'name of the database' : part} than the one in front.`,
          )
        )
          parts[part] = said.value
      }
    }
    const address = options.findLast(({ part }) => part === 'hostaddr')
    if (address !== undefined) readAddress(parts, address, found)
  }
  const socket = options.findLast(({ part }) => part === 'socket')
  if (socket !== undefined) readSocket(parts, socket, parsed.dialect, found)
  return parts
}

/** Drivers that hand the host on to libpq, which splits it. */
const ON_LIBPQ = new Set([null, 'psycopg', 'psycopg2', 'psycopg2cffi'])
const hostsOf = (host: string, { dialect, driver }: Parsed, format: ConnectionFormat) =>
  format === 'sqlalchemy' && dialect === 'postgres' && ON_LIBPQ.has(driver) ? host.split(',') : [host]

const withoutBrackets = (host: string) =>
  /^\[.*\]$/.test(host) && isIPv6(host.slice(1, -1)) ? host.slice(1, -1) : host

function readHosts(parts: Parts, said: (Option & { part: string })[], format: ConnectionFormat, found: Findings): void {
  const allHosts = said.filter(({ part }) => part === 'host')
  const lastHost = allHosts.at(-1)
  const portOption = said.findLast(({ part }) => part === 'port')
  if (lastHost !== undefined && lastHost.value !== '') {
    const values =
      format === 'sqlalchemy' && allHosts.length > 1 ? allHosts.map(({ value }) => value) : lastHost.value.split(',')
    const places = values.map((each) =>
      format === 'sqlalchemy' ? splitPlace(each) : { host: withoutBrackets(each), port: null },
    )
    const own = parts.places
    const isNamed = own.some(({ host }) => host !== '')
    const isSame =
      own.length === places.length &&
      places.every(
        (each, at) => each.host === own[at]?.host && (each.port ?? own[at]?.port ?? null) === (own[at]?.port ?? null),
      )
    const port = own[0]?.port ?? null
    if (!isNamed) parts.places = places.map((each) => ({ ...each, port: each.port ?? port }))
    else if (!isSame) {
      parts.overridden.push('host')
      if (found.consents(lastHost, `${ELSEWHERE} host than the one in front: the password would go there.`))
        parts.places = places.map((each, at) => ({ ...each, port: each.port ?? own[at]?.port ?? port }))
    }
  }
  if (portOption !== undefined && portOption.value !== '') readPorts(parts, portOption, found)
}

function readPorts(parts: Parts, option: Option, found: Findings): void {
  const ports = option.value.split(',')
  const portOf = (at: number) => (ports.length === 1 ? ports[0] : ports[at]) || null
  if (parts.places.length === 0) parts.places = [{ host: '', port: portOf(0) }]
  const isOther = parts.places.some(({ port }, at) => port !== null && port !== portOf(at))
  if (isOther) {
    parts.overridden.push('port')
    if (!found.consents(option, `${ELSEWHERE} port than the one in front.`)) return
  }
  parts.places = parts.places.map(({ host }, at) => ({ host, port: portOf(at) }))
}

/** "h1:5432" or "[::1]:5432", as SQLAlchemy takes several hosts. */
function splitPlace(text: string): ParsedPlace {
  const [, host, port] = /^(\[[^\]]*\]|[^:[\]]*):(\d*)$/.exec(text) ?? []
  return host === undefined
    ? { host: withoutBrackets(text), port: null }
    : { host: withoutBrackets(host), port: port || null }
}

function readAddress(parts: Parts, option: Option, found: Findings): void {
  const addresses = option.value.split(',')
  const [first] = addresses
  if (first === undefined || addresses.some((each) => isIP(each) === 0))
    return found.never(option, 'It names an address that is none.')
  if (parts.places.length === 1 && parts.places[0]?.host === first) return
  const isConsent = found.consents(
    option,
    'It connects to this address, whatever the host says; the host would be a name alone.',
  )
  if (isConsent) parts.places = [{ host: first, port: parts.places[0]?.port ?? null }]
}

/** Where the servers put their sockets by themselves. */
const USUAL_SOCKETS = {
  postgres: new Set(['/var/run/postgresql', '/run/postgresql', '/tmp', '/private/tmp', '/var/pgsql_socket']),
  mysql: new Set([
    '/run/mysqld/mysqld.sock',
    '/var/run/mysqld/mysqld.sock',
    '/var/lib/mysql/mysql.sock',
    '/tmp/mysql.sock',
  ]),
}
const ODD_SOCKET = 'It goes through a socket of this machine in a place where no server puts its own.'

/** PyDAL and MySQL name the file; PostgreSQL knows the folder, and the file's name says the port. */
function readSocket(parts: Parts, option: Option, dialect: Dialect, found: Findings): void {
  const file = /^(.*)\/\.s\.PGSQL\.(\d+)$/s.exec(option.value)
  const place =
    dialect === 'postgres' && file ? { host: file[1] ?? '', port: file[2] ?? null } : { host: option.value, port: null }
  if (!place.host.startsWith('/')) return found.never(option, 'It names a socket without its full path.')
  const before = parts.places[0]?.host ?? ''
  if (before === place.host) return
  const isUsual = isUsualSocket(place.host, dialect) && (before === '' || before === 'localhost')
  if (!isUsual && !found.consents(option, ODD_SOCKET)) return
  parts.sockets.add(place.host)
  parts.places = [{ host: place.host, port: place.port ?? parts.places[0]?.port ?? null }]
}

const isUsualSocket = (path: string, dialect: Dialect) => dialect !== 'sqlite' && USUAL_SOCKETS[dialect].has(path)

/**
 * Leaves out sockets in odd places that stand where the host does, unless they are agreed to. Where that is the first one, no
 * other takes its place: nobody has said that the connection goes there first.
 */
export function withoutOddSockets({ places, sockets }: Parts, dialect: Dialect, found: Findings): ParsedPlace[] {
  const isTaken = ({ host }: ParsedPlace) =>
    !host.startsWith('/') ||
    sockets.has(host) ||
    isUsualSocket(host, dialect) ||
    found.consents({ key: 'host', value: host }, ODD_SOCKET)
  const taken = places.filter(isTaken)
  return taken[0] === places[0] ? taken : []
}

/** Throws StringProblem, which says nothing of the text: it may be the end of a password. */
export function checkedHost(host: string): string {
  if (host.includes('@')) {
    throw new StringProblem('There is a second @. One in a user name or a password is written as %40.')
  }
  if (/\p{Cc}/u.test(host)) throw new StringProblem('The host holds a control character.')
  if (host.startsWith('/') || isIPv6(host) || /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}._-]*$/u.test(host)) return host
  throw new StringProblem(
    'Its host holds characters that a host name cannot have. In a password, @ / : ? are written as %40 %2F %3A %3F.',
  )
}

export function checkedPort(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port
  throw new StringProblem('Its port is not a number from 1 to 65535. In a password, : / @ are written as %3A %2F %40.')
}
