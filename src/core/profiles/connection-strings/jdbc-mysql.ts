// jdbc:mysql: as Connector/J of MySQL reads it, jdbc:mariadb: as MariaDB's does; both know several hosts.
import { cutAt, NOTHING, StringProblem, type Option, type Parsed, type ParsedPlace } from './parsed.ts'
import { decodeJava } from './percent.ts'

const SHAPE =
  /^(?<scheme>[\w+:%]+)\s*(?:\/\/(?<authority>[^/?#]*))?\s*(?:\/(?!\s*\/)(?<path>[^?#]*))?(?:\?(?!\s*\?)(?<query>[^#]*))?(?:\s*#.*)?$/

/** One host with what stands in front of it or in its own brackets. */
interface Host {
  user: string | null
  password: string | null
  places: ParsedPlace[]
  options: Option[]
}

/** As Java does: all up to the blank, and nothing above it. */
function trim(text: string): string {
  let [begin, end] = [0, text.length]
  while (begin < end && text.charAt(begin) <= ' ') begin++
  while (end > begin && text.charAt(end - 1) <= ' ') end--
  return text.slice(begin, end)
}

export function parseJdbcMysql(text: string): Parsed {
  const { scheme, authority, path, query } = SHAPE.exec(text)?.groups ?? {}
  if (scheme === undefined) throw new StringProblem('It does not read as jdbc:mysql://host:port/database.')
  if (!/^jdbc:mysql:(?:(?:loadbalance|replication):)?$/.test(scheme)) {
    throw new StringProblem('Behind jdbc:mysql: only loadbalance: and replication: are read.')
  }
  const hosts = splitOutside(authority ?? '').map((each) => readHost(each))
  const login = hosts.find(({ user, password }) => user !== null || password !== null)
  return {
    ...NOTHING,
    dialect: 'mysql',
    user: login?.user ?? null,
    password: login?.password ?? null,
    places: hosts.flatMap(({ places }) => places),
    database: path === undefined ? null : trim(decodeJava(path, 'database')) || null,
    options: [...hosts.flatMap(({ options }) => options), ...readPairs((query ?? '').split('&'))],
    tail: path ?? '',
  }
}

/** At commas that are in no brackets. */
function splitOutside(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let begin = 0
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at)
    if ('[('.includes(letter)) depth++
    else if ('])'.includes(letter)) depth--
    else if (letter === ',' && depth === 0) {
      parts.push(text.slice(begin, at))
      begin = at + 1
    }
  }
  return [...parts, text.slice(begin)].map((each) => trim(each))
}

function readHost(text: string): Host {
  const [left, right] = cutAt(text, '@')
  const [user, password] = right === null ? [null, null] : cutAt(trim(left), ':')
  const written = trim(right ?? left)
  return {
    user: user === null ? null : decodeJava(trim(user), 'user') || null,
    password: password === null ? null : decodeJava(trim(password), 'password'),
    ...readPlace(written),
  }
}

function readPlace(text: string): { places: ParsedPlace[]; options: Option[] } {
  if (text === '') return { places: [], options: [] }
  const six = /^\[([0-9a-f:.]*:[0-9a-f:.%\w]*)\](?::(\d*))?$/i.exec(text)
  if (six) return { places: [{ host: six[1] ?? '', port: six[2] || null }], options: [] }
  const list = /^\[(.*)\]$/s.exec(text)
  if (list) {
    const inner = splitOutside(list[1] ?? '').map((each) => readHost(each))
    // A login stands in front of the list, not in it.
    if (inner.some(({ user }) => user !== null)) throw new StringProblem('A login stands inside of a list of hosts.')
    return { places: inner.flatMap(({ places }) => places), options: inner.flatMap(({ options }) => options) }
  }
  const pairs = /^\((.*)\)$/s.exec(text)?.[1]?.split(',') ?? /^address=\s*\((.*)\)$/is.exec(text)?.[1]?.split(/\)\s*\(/)
  if (pairs) return fromPairs(readPairs(pairs))
  const colon = text.lastIndexOf(':')
  const port = colon < 0 ? null : decodeJava(trim(text.slice(colon + 1)), 'port')
  if (port !== null && !/^[+-]?\d*$/.test(port)) throw new StringProblem('Its port is not a number.')
  const host = decodeJava(trim(colon < 0 ? text : text.slice(0, colon)), 'host')
  return { places: [{ host, port: port || null }], options: [] }
}

function fromPairs(pairs: readonly Option[]): { places: ParsedPlace[]; options: Option[] } {
  const said = new Map(pairs.map(({ key, value }) => [key.toLowerCase(), value]))
  const port = said.get('port') ?? null
  return {
    places: [{ host: (said.get('host') ?? '').replace(/^\[(.*)\]$/, '$1'), port: port || null }],
    options: pairs.filter(({ key }) => !['host', 'port'].includes(key.toLowerCase())),
  }
}

function readPairs(pairs: readonly string[]): Option[] {
  return pairs.flatMap((pair) => {
    const [name, value] = cutAt(pair, '=')
    if (!/^[\w.\- \t\n\v\f\r%]*$/.test(name)) throw new StringProblem('The name of a setting cannot be read.')
    const key = decodeJava(trim(name), 'name of a setting')
    if (key === '' && value) throw new StringProblem('A setting has a value and no name.')
    return key === '' ? [] : [{ key, value: decodeJava(trim(value ?? ''), 'value of a setting') }]
  })
}

/** Nothing is decoded; a login stands in the settings alone. */
export function parseJdbcMariadb(text: string): Parsed {
  const [scheme, rest] = cutAt(text, '//')
  if (rest === null) throw new StringProblem('It does not read as jdbc:mariadb://host:port/database.')
  if (!/^jdbc:mariadb:(?:(?:sequential|loadbalance|replication|load-balance-read):)?$/.test(scheme)) {
    throw new StringProblem('Behind jdbc:mariadb: stands a mode that is not known.')
  }
  const question = rest.indexOf('?')
  const slash = rest.indexOf('/', endOfAddresses(rest))
  const end = Math.min(...[question, slash, rest.length].filter((each) => each >= 0))
  const [database, query] =
    slash === end && slash >= 0 ? cutAt(rest.slice(slash + 1), '?') : ['', rest.slice(question + 1)]
  const options = (question < 0 ? '' : (query ?? '')).split('&').flatMap((pair) => {
    const [key, value] = cutAt(pair, '=')
    return key === '' ? [] : [{ key, value: value ?? '' }]
  })
  const list = trim(rest.slice(0, end))
  const hosts = list === '' ? [] : list.split(',').map(readMariadbHost)
  return {
    ...NOTHING,
    dialect: 'mysql',
    driver: 'mariadb',
    places: hosts.flatMap(({ places }) => places),
    database: database || null,
    options: [...hosts.flatMap((each) => each.options), ...options],
    tail: database,
  }
}

/** Addresses in brackets may hold a / of a socket. */
function endOfAddresses(text: string): number {
  let end = 0
  for (const match of text.matchAll(/address=\([^)]*\)(?:\([^)]*\))*/g)) end = match.index + match[0].length
  return end
}

function readMariadbHost(text: string): { places: ParsedPlace[]; options: Option[] } {
  if (text.startsWith('address=')) {
    const pairs =
      text
        .replaceAll(' ', '')
        .slice('address='.length)
        .match(/[^()]+/g) ?? []
    return fromPairs(
      pairs.map((pair) => {
        const [key, value] = cutAt(pair, '=')
        if (!value) throw new StringProblem('An address in brackets holds no key=value.')
        return { key, value: /^(?:host|port)$/i.test(key) ? value.toLowerCase() : value }
      }),
    )
  }
  const six = /^\[([^\]]*)\](?::(.*))?/.exec(text)
  const [host, port] = six ? [six[1], six[2]] : text.split(':')
  if (port !== undefined && !/^[+-]?\d+$/.test(port)) throw new StringProblem('Its port is not a number.')
  return { places: [{ host: host ?? '', port: port ?? '3306' }], options: [] }
}
