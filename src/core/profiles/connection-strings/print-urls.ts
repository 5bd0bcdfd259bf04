// Prints the forms that are URLs: SQLAlchemy, PyDAL, libpq, JDBC and mysql://.
import { encode } from './percent.ts'
import { NotExpressible, type Printed, type ServerAddress } from './address.ts'
import {
  bracketed,
  filesOf,
  isSocket,
  LIBPQ_MODES,
  MYSQL_MODES,
  notesOnFiles,
  notesOnNodes,
  notesOnServerKey,
  query,
} from './print-words.ts'

export function printLibpqUrl(address: ServerAddress): Printed {
  const { user, password, host, port, database, tls } = address
  // An empty password in front of the @ is none to libpq.
  const login = password ? `${encode(user)}:${encode(password)}` : encode(user)
  const { ca, certificate, key } = filesOf(address)
  const settings = query([
    ['password', password === '' ? '' : null],
    ['sslmode', LIBPQ_MODES[tls]],
    ['sslrootcert', ca],
    ['sslcert', certificate],
    ['sslkey', key],
  ])
  // Percent-encoded in brackets is the % of a zone alone.
  const name = host.includes(':') ? `[${host.replaceAll('%', '%25')}]` : encode(host)
  return {
    text: `postgresql://${login}@${name}:${port}/${encode(database)}${settings}`,
    notes: notesOnFiles(address, true),
  }
}

export function printMysqlUrl(address: ServerAddress): Printed {
  const { user, password, host, port, database, tls } = address
  const { ca, certificate, key } = filesOf(address)
  const settings = query([
    ['socket', isSocket(host) ? host : null],
    ['ssl-mode', MYSQL_MODES[tls]],
    ['ssl-ca', ca],
    ['ssl-cert', certificate],
    ['ssl-key', key],
  ])
  const name = isSocket(host) ? 'localhost' : host.includes(':') ? `[${host.replaceAll('%', '%25')}]` : encode(host)
  const login = password === null ? encode(user) : `${encode(user)}:${encode(password)}`
  const notes = [...notesOnNodes(address), ...notesOnFiles(address, true), ...notesOnServerKey(address)]
  return { text: `mysql://${login}@${name}:${port}/${encode(database)}${settings}`, notes }
}

export function printSqlAlchemy(address: ServerAddress): Printed {
  const { dialect, user, password, host, port, database, tls } = address
  if (database.includes('?')) {
    throw new NotExpressible(
      'The name of the database holds a ?, at which SQLAlchemy ends it; nothing in it is decoded.',
    )
  }
  if (password === null && database.includes('@')) {
    throw new NotExpressible(
      'The name of the database holds an @: without a password, SQLAlchemy takes all in front of it for the login.',
    )
  }
  const { ca, certificate, key } = filesOf(address)
  const files =
    dialect === 'postgres'
      ? (['sslrootcert', 'sslcert', 'sslkey'] as const)
      : (['ssl_ca', 'ssl_cert', 'ssl_key'] as const)
  const isPostgresSocket = isSocket(host) && dialect === 'postgres'
  const settings = query([
    ['host', isPostgresSocket ? host : null],
    ['port', isPostgresSocket ? String(port) : null],
    ['unix_socket', isSocket(host) && dialect === 'mysql' ? host : null],
    ...(dialect === 'postgres' ? ([['sslmode', LIBPQ_MODES[tls]]] as const) : pymysqlTls(address)),
    [files[0], ca],
    [files[1], certificate],
    [files[2], key],
  ])
  const place = isPostgresSocket ? '' : `${isSocket(host) ? 'localhost' : bracketed(host)}:${port}`
  const login = password === null ? encode(user) : `${encode(user)}:${encode(password)}`
  const scheme = dialect === 'postgres' ? 'postgresql' : 'mysql+pymysql'
  const notes = [...notesOnNodes(address), ...notesOnFiles(address, true), ...notesOnServerKey(address)]
  if (/%[0-9a-f]{2}/i.test(database))
    notes.push('SQLAlchemy 2.0 takes the name of the database as it is written; 2.1 decodes what follows a %.')
  if (dialect === 'mysql' && ca === null && tls === 'verify')
    notes.push('PyMySQL checks the name in the certificate only where a file of authorities is given (ssl_ca).')
  if (dialect === 'mysql' && tls !== 'off')
    notes.push('PyMySQL goes on without TLS, and says nothing, where the server offers none.')
  return { text: `${scheme}://${login}@${place}/${database}${settings}`, notes }
}

/** PyMySQL checks the chain and the name where it has authorities, and nothing where it has none. */
function pymysqlTls(address: ServerAddress): (readonly [string, string])[] {
  const { ca } = filesOf(address)
  switch (address.tls) {
    case 'off':
      return [['ssl_disabled', 'true']]
    case 'require':
      return [['ssl_check_hostname', 'false']]
    case 'verify-ca':
      return [ca === null ? ['ssl_verify_cert', 'true'] : ['ssl_check_hostname', 'false']]
    case 'verify':
      return ca === null
        ? [
            ['ssl_verify_cert', 'true'],
            ['ssl_verify_identity', 'true'],
          ]
        : []
  }
}

export function printPydal(address: ServerAddress): Printed {
  const { dialect, user, password, host, port, database, tls } = address
  const refuse = (part: string, mark: string) => {
    throw new NotExpressible(`The ${part} holds ${mark}, at which PyDAL ends it; nothing in a PyDAL URI is decoded.`)
  }
  if (/[:@]/.test(user)) refuse('user', 'a : or an @')
  if (password?.includes('@')) refuse('password', 'an @')
  if (database.includes('?')) refuse('name of the database', 'a ?')
  const socket = !isSocket(host) ? null : dialect === 'postgres' ? `${host}/.s.PGSQL.${port}` : host
  if (socket !== null && /[&?=]/.test(socket)) refuse('path of the socket', 'a & or a ?')
  const settings = [
    ...(dialect === 'mysql' ? ['set_encoding=utf8mb4'] : [`sslmode=${LIBPQ_MODES[tls]}`]),
    ...(socket === null ? [] : [`unix_socket=${socket}`]),
  ]
  const place = socket === null ? `${bracketed(host)}:${port}` : ''
  const login = password === null ? user : `${user}:${password}`
  const notes = [...notesOnNodes(address), ...notesOnFiles(address, false), ...notesOnServerKey(address)]
  if (dialect === 'mysql' && tls !== 'off')
    notes.push('A PyDAL URI for MySQL cannot say that TLS is used; it is set in driver_args.')
  if (socket !== null && dialect === 'postgres' && port !== 5432)
    notes.push(`PyDAL does not take the port of a socket: it is ${port} here.`)
  if (host.includes(':'))
    notes.push('PyDAL hands the brackets of an IPv6 address on to its driver, which may not take them.')
  const scheme = dialect === 'postgres' ? 'postgres' : 'mysql'
  return { text: `${scheme}://${login}@${place}/${database}?${settings.join('&')}`, notes }
}

export function printJdbc(address: ServerAddress): Printed {
  const { dialect, user, password, host, port, nodes, database, tls, fetchServerKey } = address
  if (isSocket(host))
    throw new NotExpressible('A JDBC URL cannot say a socket of this machine: that takes code of Java.')
  if (dialect === 'mysql' && database !== database.replace(/^ +| +$/g, ''))
    throw new NotExpressible('The name of the database begins or ends with a blank, which Connector/J cuts off.')
  const { ca, certificate, key } = filesOf(address)
  const isPostgres = dialect === 'postgres'
  const places = [{ host, port }, ...(isPostgres ? [] : nodes)].map((each) => `${bracketed(each.host)}:${each.port}`)
  const settings = query([
    ['user', user],
    ['password', password],
    [isPostgres ? 'sslmode' : 'sslMode', isPostgres ? LIBPQ_MODES[tls] : MYSQL_MODES[tls]],
    ['sslrootcert', isPostgres ? ca : null],
    ['sslcert', isPostgres ? certificate : null],
    ['sslkey', isPostgres ? key : null],
    ['allowPublicKeyRetrieval', !isPostgres && fetchServerKey ? 'true' : null],
  ])
  const notes = notesOnFiles(address, isPostgres)
  if (!isPostgres)
    notes.push('MariaDB’s Connector/J takes jdbc:mysql: only with permitMysqlScheme, and decodes nothing in it.')
  const scheme = isPostgres ? 'postgresql' : 'mysql'
  return { text: `jdbc:${scheme}://${places.join(',')}/${encode(database)}${settings}`, notes }
}
