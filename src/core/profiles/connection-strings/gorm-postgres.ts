// GORM's DSNs for PostgreSQL, as pgx reads them: a URL by Go's rules, or keywords that look like libpq's and differ in the corners.
import { isIP } from 'node:net'
import { fromKeywords } from './libpq.ts'
import { cutAt, NOTHING, StringProblem, type Option, type Parsed, type ParsedPlace } from './parsed.ts'
import { decodeGo } from './percent.ts'

export function parseGormPostgres(text: string): Parsed {
  const parsed = /^postgres(?:ql)?:\/\//.test(text) ? parseUrl(text) : fromKeywords(readKeywords(text), 'database')
  for (const { port } of parsed.places) {
    if (port !== null && !isPort(port)) throw new StringProblem('Its port is not a number from 1 to 65535.')
  }
  return parsed
}

/** Bytes below a blank, and 127; not those above, which are parts of letters. */
const hasControl = (text: string) => [...text].some((each) => each < ' ' || each === '\u007f')

const isPort = (text: string) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535

function parseUrl(text: string): Parsed {
  if (hasControl(text)) throw new StringProblem('It holds a control character.')
  const [whole, fragment] = cutAt(text.slice(text.indexOf('://') + 3), '#')
  if (fragment !== null) decodeGo(fragment, 'part behind #', false)
  const [front, query] = cutAt(whole, '?')
  const [authority, path] = cutAt(front, '/')
  const at = authority.lastIndexOf('@')
  const login = at < 0 ? null : authority.slice(0, at)
  if (login !== null && !/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(login)) {
    throw new StringProblem('Its login holds a character that has to be percent-encoded.')
  }
  const [user, password] = login === null ? [null, null] : cutAt(login, ':')
  return {
    ...NOTHING,
    dialect: 'postgres',
    user: user ? decodeGo(user, 'user', false) : null,
    password: password === null ? null : decodeGo(password, 'password', false),
    places: readPlaces(decodeHost(authority.slice(at + 1))),
    database: decodeGo(path ?? '', 'database', false).replace(/^\/+/, '') || null,
    options: readQuery(query ?? ''),
    tail: `${path ?? ''}?${query ?? ''}`,
  }
}

function decodeHost(host: string): string {
  const colon = host.startsWith('[') ? host.slice(host.lastIndexOf(']') + 1) : host.slice(host.lastIndexOf(':'))
  if (host.startsWith('[') && !host.includes(']')) throw new StringProblem('Its host cannot be read: a ] is missing.')
  if (colon.startsWith(':') && !/^:\d*$/.test(colon)) throw new StringProblem('Its port is not a number.')
  if (host.startsWith('[') && colon !== '' && !colon.startsWith(':'))
    throw new StringProblem('Its port is not a number.')
  // Percent-encoded in a host are bytes that are no ASCII, and the % of an IPv6 zone; the rest is refused.
  if (/%(?!25)[0-7]/.test(host) || /[ #/?@\\^`{|}]/.test(host)) {
    throw new StringProblem('Its host holds a character that a host cannot have.')
  }
  return decodeGo(host, 'host', false)
}

/** Hosts without a port leave no gap in the list of ports; where it is too short, its first one counts. */
function readPlaces(list: string): ParsedPlace[] {
  const hosts: string[] = []
  const ports: string[] = []
  for (const each of list.split(',')) {
    if (each === '') continue
    const bare = each.replace(/^[[\]]+|[[\]]+$/g, '')
    if (isIP(bare) !== 0 || !each.includes(':')) {
      hosts.push(bare)
      continue
    }
    const split = /^\[([^\]]*)\]:(.*)$/.exec(each) ?? /^([^:[\]]*):([^:]*)$/.exec(each)
    if (split === null) throw new StringProblem('Its host and port cannot be told apart.')
    if (split[1]) hosts.push(split[1])
    if (split[2]) ports.push(split[2])
  }
  if (hosts.length === 0 && ports.length > 0) hosts.push('')
  return hosts.map((host, at) => ({ host, port: ports[at] ?? ports[0] ?? null }))
}

/** A pair that cannot be decoded, or that holds a ;, is dropped without a word; of a name that is said twice the first counts. */
function readQuery(query: string): Option[] {
  const said = new Map<string, string>()
  for (const pair of query.split('&')) {
    if (pair === '' || pair.includes(';')) continue
    const [name, value] = cutAt(pair, '=')
    try {
      const key = decodeGo(name, 'name of a setting', true)
      if (!said.has(key)) said.set(key, decodeGo(value ?? '', 'value of a setting', true))
    } catch (error) {
      if (!(error instanceof StringProblem)) throw error
    }
  }
  return [...said].map(([key, value]) => ({ key: key === 'dbname' ? 'database' : key, value }))
}

const BLANKS = ' \t\n\v\f\r'

/** Names reach to the next =; in values only \\ and \' are escapes. */
function readKeywords(text: string): Option[] {
  const options: Option[] = []
  let rest = text
  while (rest !== '') {
    const [before, after] = cutAt(rest, '=')
    if (after === null) throw new StringProblem('It does not read as key=value: a = is missing behind a name.')
    const key = trimBlanks(before)
    const isQuoted = trimStart(after).startsWith("'")
    const body = isQuoted ? trimStart(after).slice(1) : trimStart(after)
    const end = endOfValue(body, isQuoted)
    const value = body.slice(0, end).replaceAll('\\\\', '\\').replaceAll("\\'", "'")
    rest = body.slice(end + 1)
    if (key === '') throw new StringProblem('It does not read as key=value: a name is missing.')
    options.push({ key: key === 'dbname' ? 'database' : key, value })
  }
  return options
}

function endOfValue(body: string, isQuoted: boolean): number {
  let at = 0
  while (at < body.length && !(isQuoted ? body[at] === "'" : BLANKS.includes(body.charAt(at)))) {
    if (body[at] === '\\') {
      at++
      if (!isQuoted && at === body.length) throw new StringProblem('A value ends in a single \\.')
    }
    at++
  }
  if (isQuoted && at >= body.length) throw new StringProblem('A quoted value has no end.')
  return at
}

const trimStart = (text: string) => text.replace(/^[ \t\n\v\f\r]+/, '')
const trimBlanks = (text: string) => trimStart(text).replace(/[ \t\n\v\f\r]+$/, '')
