// SQLAlchemy URLs, as make_url of 2.0 reads them, with what its SQLite dialect makes of the file.
import {
  cutAt,
  lastOf,
  NOTHING,
  OtherForm,
  StringProblem,
  type Option,
  type Parsed,
  type SqliteFile,
} from './parsed.ts'
import { decodePython } from './percent.ts'
import { readFileUri } from './sqlite-uri.ts'

const DIALECTS = new Map<string, Parsed['dialect']>([
  ['postgresql', 'postgres'],
  // Refused since 1.4, and still what many platforms hand out.
  ['postgres', 'postgres'],
  ['mysql', 'mysql'],
  ['mariadb', 'mysql'],
  ['sqlite', 'sqlite'],
])

/**
 * The user ends at the first :, the password at the first @ behind it, and may hold / and ? in between. Only the beginning has
 * to fit: what stands behind ] in place of a port is ignored, there as here.
 */
const SHAPE =
  /^(?<name>[\p{L}\p{N}_+]+):\/\/(?:(?<user>[^:/]*)(?::(?<password>[^@]*))?@)?(?:(?:\[(?<six>[^/?]+)\]|(?<host>[^/:?]+))?(?::(?<port>[^/?]*))?)?(?:\/(?<database>[^?]*))?(?:\?(?<query>[^\n]*))?/u

/** Settings of the driver, which are no part of a SQLite URI. */
const PYSQLITE = new Set([
  'uri',
  'timeout',
  'isolation_level',
  'detect_types',
  'check_same_thread',
  'cached_statements',
])

export function parseSqlAlchemy(text: string): Parsed {
  const match = SHAPE.exec(text)
  const { name, user, password, six, host, port, database, query } = match?.groups ?? {}
  if (match === null || name === undefined) throw new OtherForm('It does not begin as dialect+driver://.')
  const [dialectName, driver] = cutAt(name, '+')
  const dialect = DIALECTS.get(dialectName)
  if (dialect === undefined) {
    throw new OtherForm(`Its dialect is not one of ${[...DIALECTS.keys()].join(', ')}.`)
  }
  if (dialect === 'sqlite' && driver?.startsWith('pysqlcipher'))
    throw new StringProblem('It is about a database that SQLCipher has encrypted, which Roster cannot open.')
  const place = host ?? six
  if (port !== undefined && !/^\s*[+-]?\d+(?:_\d+)*\s*$/.test(port))
    throw new StringProblem('Its port is not a number.')
  const number = port === undefined ? null : String(Number(port.replaceAll('_', '').trim()))
  const options = query === undefined ? [] : parseQuery(query)
  if (
    dialect === 'sqlite' &&
    ((user ?? '') !== '' || password !== undefined || place !== undefined || number !== null)
  ) {
    throw new StringProblem(
      'A SQLite URL has no login, host or port: three slashes stand before a relative path, four before a full one.',
    )
  }
  return {
    ...NOTHING,
    dialect,
    driver,
    user: user === undefined ? null : decodePython(user),
    password: password === undefined ? null : decodePython(password),
    places: place === undefined && number === null ? [] : [{ host: place ?? '', port: number }],
    database: database ?? null,
    options,
    file: dialect === 'sqlite' ? fileOf(database ?? '', options) : null,
    tail: dialect === 'sqlite' ? '' : `${database ?? ''}?${query ?? ''}`,
  }
}

/** Empty values are dropped; a pair without = too. */
function parseQuery(query: string): Option[] {
  return query.split('&').flatMap((pair) => {
    const [key, value] = cutAt(pair, '=')
    return value === null || value === '' ? [] : [{ key: decodePython(key, true), value: decodePython(value, true) }]
  })
}

function fileOf(database: string, options: readonly Option[]): SqliteFile | null {
  if (database === '' || database === ':memory:') return null
  const base = 'working-directory'
  const isUri = /^(true|yes|on|y|t|1)$/i.test(lastOf(options, 'uri') ?? '')
  if (!isUri || !database.startsWith('file:')) return { path: database, base }
  const rest = options.filter(({ key }) => !PYSQLITE.has(key)).map(({ key, value }) => `${key}=${value}`)
  return readFileUri(rest.length === 0 ? database : `${database}?${rest.join('&')}`, base).file
}
