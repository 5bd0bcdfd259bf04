// Prints the forms that are no URLs: libpq's keywords, and GORM's for PostgreSQL and MySQL.
import { encode } from './percent.ts'
import { NotExpressible, type Printed, type ServerAddress } from './address.ts'
import {
  bracketed,
  filesOf,
  isSocket,
  LIBPQ_MODES,
  notesOnFiles,
  notesOnNodes,
  notesOnServerKey,
} from './print-words.ts'

/** The same text means the same to libpq and to pgx, because every value that could be taken otherwise is quoted. */
export function printLibpqKeywords(address: ServerAddress): Printed {
  const { host, port, database, user, password, tls } = address
  const { ca, certificate, key } = filesOf(address)
  const settings: readonly (readonly [string, string | null])[] = [
    ['host', host],
    ['port', String(port)],
    ['dbname', database],
    ['user', user],
    ['password', password],
    ['sslmode', LIBPQ_MODES[tls]],
    ['sslrootcert', ca],
    ['sslcert', certificate],
    ['sslkey', key],
  ]
  const text = settings.flatMap(([name, value]) => (value === null ? [] : [`${name}=${quote(value)}`])).join(' ')
  return { text, notes: notesOnFiles(address, true) }
}

export const printGormPostgres = printLibpqKeywords

function quote(value: string): string {
  if (/^[\w.:/%-]+$/.test(value)) return value
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

export function printGormMysql(address: ServerAddress): Printed {
  const { user, password, host, port, database, tls } = address
  if (user.includes(':'))
    throw new NotExpressible('The user holds a :, at which go-sql-driver ends it; nothing is decoded.')
  if (isSocket(host) && /[@(]/.test(host))
    throw new NotExpressible(
      'The path of the socket holds an @ or a (, which go-sql-driver takes for the end of another part.',
    )
  const place = isSocket(host) ? `unix(${host})` : `tcp(${bracketed(host)}:${port})`
  const login = password === null ? user : `${user}:${password}`
  const mode = { off: 'false', require: 'skip-verify', 'verify-ca': 'true', verify: 'true' }[tls]
  const notes = [...notesOnNodes(address), ...notesOnFiles(address, false), ...notesOnServerKey(address)]
  if (tls === 'verify-ca') notes.push('go-sql-driver cannot leave out the check of the name: tls=true checks it, too.')
  return { text: `${login}@${place}/${encode(database)}?charset=utf8mb4&parseTime=True&tls=${mode}`, notes }
}
