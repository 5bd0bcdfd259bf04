// PostgreSQL's own two forms, as PQconninfoParse reads them: URLs, and keywords with values.
import { cutAt, NOTHING, OtherForm, StringProblem, type Option, type Parsed } from './parsed.ts'
import { decodeStrictly } from './percent.ts'
import { readPlaces } from './place-list.ts'

/** What libpq knows (18); any other name is an error to it, as is one in other letters (Host). */
export const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'service servicefile user password passfile channel_binding connect_timeout dbname host hostaddr port client_encoding options ' +
    'application_name fallback_application_name keepalives keepalives_idle keepalives_interval keepalives_count ' +
    'tcp_user_timeout sslmode sslnegotiation sslcompression sslcert sslkey sslcertmode sslpassword sslrootcert sslcrl ' +
    'sslcrldir sslsni requirepeer require_auth requiressl ssl_min_protocol_version ssl_max_protocol_version gssencmode ' +
    'krbsrvname gsslib gssdelegation replication target_session_attrs load_balance_hosts min_protocol_version ' +
    'max_protocol_version scram_client_key scram_server_key sslkeylogfile oauth_issuer oauth_client_id oauth_client_secret oauth_scope'
  ).split(' '),
)

/**
 * `isLibpq`: false where another library reads the same URL (DATABASE_URL): names that libpq does not know are taken along,
 * and an empty password is one.
 */
export function parseLibpqUrl(text: string, isLibpq = true): Parsed {
  const scheme = /^postgres(?:ql)?:\/\//.exec(text)?.[0]
  if (scheme === undefined) throw new OtherForm('It does not begin with postgresql:// or postgres://.')
  const rest = text.slice(scheme.length)
  const mark = rest.search(/[@/]/)
  const login = mark >= 0 && rest[mark] === '@' ? rest.slice(0, mark) : null
  const behind = login === null ? rest : rest.slice(mark + 1)
  const { written, after } = readPlaces(behind)
  const [path, query] = after.startsWith('/') ? cutAt(after.slice(1), '?') : ['', after === '' ? null : after.slice(1)]
  const [user, password] = login === null ? [null, null] : cutAt(login, ':')
  const places = written.map(({ host, port }) => ({
    host: decodeStrictly(host, 'host'),
    port: port === null ? null : decodeStrictly(port, 'port'),
  }))
  return {
    ...NOTHING,
    dialect: 'postgres',
    user: user ? decodeStrictly(user, 'user') : null,
    password: password === null || (isLibpq && password === '') ? null : decodeStrictly(password, 'password'),
    places: places.some(({ host, port }) => host !== '' || port) || places.length > 1 ? places : [],
    database: path === '' ? null : decodeStrictly(path, 'database'),
    options: readQuery(query, isLibpq),
    tail: `${path}?${query ?? ''}`,
  }
}

function readQuery(query: string | null, isLibpq: boolean): Option[] {
  if (query === null || query === '') return []
  const pairs = query.split('&')
  // One & at the very end is no pair.
  if (isLibpq && pairs.at(-1) === '') pairs.pop()
  return pairs.map((pair) => {
    const [name, written] = cutAt(pair, '=')
    if (written === null || name === '')
      throw new StringProblem('Behind the ?, a setting without a name or a value stands.')
    if (isLibpq && written.includes('=')) throw new StringProblem('Behind the ?, a second = stands in one setting.')
    const key = decodeStrictly(name, 'name of a setting')
    const value = decodeStrictly(written, key === 'password' ? 'password' : 'value of a setting')
    if (key === 'ssl' && value === 'true') return { key: 'sslmode', value: 'require' }
    if (isLibpq && !KEYWORDS.has(key)) throw new StringProblem('It has a setting that libpq does not know.')
    return { key, value }
  })
}

/** "host=db port=5432 password='it\'s'" */
export function parseLibpqKeywords(text: string): Parsed {
  if (/^[^=]*:\/\//.test(text)) throw new OtherForm('It is a URL.')
  if (!/^\s*\w+\s*=/.test(text)) throw new OtherForm('It does not begin as key=value.')
  const options = readKeywords(text)
  if (options.some(({ key }) => !KEYWORDS.has(key))) {
    throw new StringProblem('It has a setting that libpq does not know.')
  }
  const count = (name: string) => options.findLast(({ key }) => key === name)?.value.split(',').length ?? 1
  if (count('port') > 1 && count('port') !== count('host')) {
    throw new StringProblem('It names another number of ports than of hosts.')
  }
  return fromKeywords(options, 'dbname')
}

/** Names that say the address itself, of which the last one counts; the others stay settings. */
export function fromKeywords(options: readonly Option[], databaseKey: string): Parsed {
  const said = new Map(options.map(({ key, value }) => [key, value]))
  const hosts = said.get('host') ? (said.get('host') ?? '').split(',') : ['']
  const ports = said.get('port') ? (said.get('port') ?? '').split(',') : []
  // One port counts for every host, and the first one for those that have none of their own.
  const all = hosts.map((host, at) => ({ host, port: ports[at] ?? ports[0] ?? null }))
  const places = all.some(({ host, port }) => host !== '' || port !== null) ? all : []
  const own = new Set(['host', 'port', 'user', 'password', databaseKey])
  return {
    ...NOTHING,
    dialect: 'postgres',
    user: said.get('user') || null,
    password: said.get('password') ?? null,
    places,
    database: said.get(databaseKey) || null,
    options: options.filter(({ key }) => !own.has(key)),
  }
}

const BLANK = /[ \t\n\v\f\r]/

function readKeywords(text: string): Option[] {
  const options: Option[] = []
  let at = 0
  const isBlank = () => at < text.length && BLANK.test(text.charAt(at))
  const skipBlanks = () => {
    while (isBlank()) at++
  }
  for (;;) {
    skipBlanks()
    if (at >= text.length) return options
    const begin = at
    while (at < text.length && text[at] !== '=' && !isBlank()) at++
    const key = text.slice(begin, at)
    skipBlanks()
    if (text[at] !== '=') throw new StringProblem('It does not read as key=value: a = is missing behind a name.')
    at++
    skipBlanks()
    const isQuoted = text[at] === "'"
    if (isQuoted) at++
    let value = ''
    for (;;) {
      if (at >= text.length) {
        if (isQuoted) throw new StringProblem('A quoted value has no end.')
        break
      }
      if (isQuoted ? text[at] === "'" : isBlank()) break
      if (text[at] === '\\') at++
      value += text.charAt(at++)
    }
    if (isQuoted) at++
    if (value.includes('\0')) throw new StringProblem('It holds a control character.')
    options.push({ key, value })
  }
}
