// GORM's DSNs for MySQL, as go-sql-driver reads them: [user[:password]@][net[(address)]]/database[?settings], which is no URL.
import { isIPv6 } from 'node:net'
import { cutAt, NOTHING, StringProblem, type Option, type Parsed, type ParsedPlace } from './parsed.ts'
import { decodeGo } from './percent.ts'

const SWITCHES = new Set([
  'allowAllFiles',
  'allowCleartextPasswords',
  'allowFallbackToPlaintext',
  'allowNativePasswords',
  'allowOldPasswords',
  'checkConnLiveness',
  'clientFoundRows',
  'columnsWithAlias',
  'interpolateParams',
  'multiStatements',
  'parseTime',
  'rejectReadOnly',
])
/** Taken as they are written; every other value is decoded. */
const UNDECODED = new Set([
  ...SWITCHES,
  'charset',
  'collation',
  'maxAllowedPacket',
  'readTimeout',
  'timeout',
  'writeTimeout',
])

/** Settings that the driver knows; with any other name it runs `SET name = value`. */
export const GO_SETTINGS: ReadonlySet<string> = new Set([
  ...UNDECODED,
  'connectionAttributes',
  'loc',
  'serverPubKey',
  'timeTruncate',
  'tls',
])

/** `driver` is the network where it is neither TCP nor a socket: then the application itself knows how to get there. */
export function parseGormMysql(text: string): Parsed {
  const slash = text.lastIndexOf('/')
  if (slash < 0) throw new StringProblem('The / in front of the name of the database is missing.')
  const front = text.slice(0, slash)
  const at = front.lastIndexOf('@')
  const [user, password] = at < 0 ? ['', null] : cutAt(front.slice(0, at), ':')
  const [network, address] = readNetwork(front.slice(at + 1))
  const [database, settings] = cutAt(text.slice(slash + 1), '?')
  const isTcp = network === 'tcp' || network === 'tcp4' || network === 'tcp6'
  return {
    ...NOTHING,
    dialect: 'mysql',
    driver: isTcp || network === 'unix' ? null : network,
    user: user === '' ? null : user,
    password,
    places: isTcp ? [readAddress(address)] : network === 'unix' ? [{ host: address, port: null }] : [],
    database: decodeGo(database, 'database', false) || null,
    options: readSettings(settings ?? ''),
  }
}

function readNetwork(text: string): [string, string] {
  const [network, rest] = cutAt(text, '(')
  if (rest !== null && !rest.endsWith(')')) {
    throw new StringProblem(
      rest.includes(')')
        ? 'A setting behind the ? holds a bare /, which has to be written as %2F.'
        : 'The ) behind the address is missing.',
    )
  }
  const address = rest?.slice(0, -1) ?? ''
  const name = network === '' ? 'tcp' : network
  if (address !== '') return [name, address]
  if (name === 'tcp') return [name, '127.0.0.1:3306']
  if (name === 'unix') return [name, '/tmp/mysql.sock']
  throw new StringProblem('Its address does not stand as tcp(host:port).')
}

function readAddress(address: string): ParsedPlace {
  const [, six, sixPort] = /^\[([^[\]]*)\]:([^:]*)$/.exec(address) ?? []
  if (six !== undefined) return { host: six, port: sixPort ?? null }
  const [, host, port] = /^([^:[\]]*):([^:[\]]*)$/.exec(address) ?? []
  if (host !== undefined) return { host, port: port ?? null }
  // Without a port the driver adds its own; brackets of its own, too, around an IPv6 address.
  if (isIPv6(address) || /^[^:[\]]+$/.test(address)) return { host: address, port: '3306' }
  throw new StringProblem('Its host and port cannot be told apart.')
}

function readSettings(text: string): Option[] {
  return text.split('&').flatMap((pair) => {
    const [key, written] = cutAt(pair, '=')
    if (written === null) return []
    if (SWITCHES.has(key) && !/^(?:1|true|TRUE|True|0|false|FALSE|False)$/.test(written)) {
      throw new StringProblem('A setting that is true or false has another value.')
    }
    return [{ key, value: UNDECODED.has(key) ? written : decodeGo(written, 'value of a setting', true) }]
  })
}
