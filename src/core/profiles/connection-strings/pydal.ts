// PyDAL URIs, as its adapters for PostgreSQL, MySQL and SQLite read them: nothing is decoded.
import { cutAt, lastOf, NOTHING, OtherForm, StringProblem, type Option, type Parsed } from './parsed.ts'

const ADAPTERS = new Map<string, Parsed['dialect']>([
  ['postgres', 'postgres'],
  ['postgres2', 'postgres'],
  ['postgres3', 'postgres'],
  ['mysql', 'mysql'],
  ['sqlite', 'sqlite'],
])
const DRIVERS = new Set(['psycopg2', 'pg8000', 'pymysql', 'MySQLdb', 'mysqlconnector'])
const PORTS = { postgres: '5432', mysql: '3306' }

/** The user ends at the first :, the password at the first @; a host keeps its brackets. */
const SERVER =
  /^(?<user>[^:@]+)(?::(?<password>[^@]*))?@(?<host>[^:/]*|\[[^\]]+\])(?::(?<port>\d+))?\/(?<database>[^?]+)(?:\?(?<query>[^\n]*))?\n?$/

export function parsePydal(text: string): Parsed {
  const [head, rest] = cutAt(text, '://')
  const [adapter, driver] = cutAt(head, ':')
  const dialect = ADAPTERS.get(adapter)
  if (dialect === undefined) throw new OtherForm(`Its adapter is not one of ${[...ADAPTERS.keys()].join(', ')}.`)
  if (dialect === 'sqlite') {
    if (driver === 'memory') return { ...NOTHING, dialect }
    if (driver !== null || rest === null || rest === '') throw new StringProblem('It names no file.')
    return { ...NOTHING, dialect, file: { path: rest, base: 'databases-folder' } }
  }
  if (driver !== null && !DRIVERS.has(driver)) throw new StringProblem('Its driver is not one that PyDAL has.')
  if (rest === null) throw new OtherForm('It does not begin as adapter://.')
  const match = SERVER.exec(rest)
  const { user, password, host, port, database, query } = match?.groups ?? {}
  if (match === null || user === undefined || host === undefined || database === undefined) {
    throw new StringProblem('It does not read as adapter://user:password@host:port/database. Nothing in it is decoded.')
  }
  const options = dialect === 'mysql' ? pairsOf(query ?? '') : wordsOf(query ?? '')
  const socket = lastOf(options, 'unix_socket')
  if (host === '' && !socket) throw new StringProblem('It names neither a host nor a socket.')
  return {
    ...NOTHING,
    dialect,
    driver,
    user,
    password: password ?? null,
    // A socket goes before the host.
    places: socket ? [] : [{ host, port: port ?? PORTS[dialect] }],
    database,
    options,
    tail: `${database}?${query ?? ''}`,
  }
}

/** For MySQL: & and ? end a value, but a name reaches to the next =, and a = in front of it is skipped. */
function pairsOf(query: string): Option[] {
  const found: Option[] = []
  let at = 0
  for (;;) {
    while (query[at] === '=') at++
    const equals = query.indexOf('=', at)
    if (equals < 0) return found
    const length = query.slice(equals + 1).search(/[&?]/)
    const end = length < 0 ? query.length : equals + 1 + length
    found.push({ key: query.slice(at, equals), value: query.slice(equals + 1, end) })
    at = end + 1
  }
}

/** For PostgreSQL: & and ? end a pair; a name may stand alone, and a = in front of it is skipped. */
function wordsOf(query: string): Option[] {
  return query.split(/[&?]/).flatMap((pair) => {
    const [key, value] = cutAt(pair.replace(/^=+/, ''), '=')
    return key === '' ? [] : [{ key, value: value ?? '' }]
  })
}
