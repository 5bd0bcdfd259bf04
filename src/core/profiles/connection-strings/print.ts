// Writes an address in the form of each library, so that the library reads back exactly what was meant, or says that it cannot.
import { FORMAT_NAMES, type ConnectionFormat } from '../../../shared/connection-strings.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import { NotExpressible, type Address, type Printed, type ServerAddress } from './address.ts'
import { StringProblem } from './parsed.ts'
import { checkedHost } from './parts-said.ts'
import { printGormMysql, printGormPostgres, printLibpqKeywords } from './print-keywords.ts'
import { printFile } from './print-file.ts'
import { printJdbc, printLibpqUrl, printMysqlUrl, printPydal, printSqlAlchemy } from './print-urls.ts'
import { DATABASE_NAMES } from './words.ts'

const PRINTERS: Readonly<Record<Exclude<ConnectionFormat, 'gorm-sqlite'>, (address: ServerAddress) => Printed>> = {
  sqlalchemy: printSqlAlchemy,
  pydal: printPydal,
  'gorm-postgres': printGormPostgres,
  'gorm-mysql': printGormMysql,
  'libpq-url': printLibpqUrl,
  'libpq-keywords': printLibpqKeywords,
  jdbc: printJdbc,
  'mysql-url': printMysqlUrl,
}
const DIALECTS: Readonly<Record<ConnectionFormat, readonly Dialect[]>> = {
  sqlalchemy: ['postgres', 'mysql', 'sqlite'],
  pydal: ['postgres', 'mysql', 'sqlite'],
  jdbc: ['postgres', 'mysql', 'sqlite'],
  'gorm-postgres': ['postgres'],
  'gorm-mysql': ['mysql'],
  'gorm-sqlite': ['sqlite'],
  'libpq-url': ['postgres'],
  'libpq-keywords': ['postgres'],
  'mysql-url': ['mysql'],
}

/** Throws NotExpressible. */
export function printAddress(format: ConnectionFormat, address: Address): Printed {
  if (!DIALECTS[format].includes(address.dialect)) {
    const known = DIALECTS[format].map((each) => DATABASE_NAMES[each]).join(', ')
    throw new NotExpressible(
      `A ${FORMAT_NAMES[format]} is for ${known}, and this is ${DATABASE_NAMES[address.dialect]}.`,
    )
  }
  if (address.dialect === 'sqlite') {
    if (format === 'gorm-sqlite' || format === 'sqlalchemy' || format === 'pydal' || format === 'jdbc')
      return printFile(format, address.file)
  } else if (format !== 'gorm-sqlite') {
    return PRINTERS[format](checked(address))
  }
  throw new Error(`${format} has no printer for ${address.dialect}.`)
}

/** What no form can say. */
function checked(address: ServerAddress): ServerAddress {
  for (const part of ['user', 'database', 'password'] as const) {
    const text = address[part] ?? ''
    const name = part === 'database' ? 'name of the database' : part
    if (part === 'password' ? text.includes('\0') : /\p{Cc}/u.test(text))
      throw new NotExpressible(`The ${name} holds a control character, which no connection string can say.`)
    if (!text.isWellFormed())
      throw new NotExpressible(`The ${name} holds half a character, which no connection string can say.`)
  }
  try {
    for (const { host } of [address, ...address.nodes]) checkedHost(host)
  } catch (error) {
    if (!(error instanceof StringProblem)) throw error
    throw new NotExpressible('The host is no name that a host can have, so no connection string can say it.')
  }
  return address
}
