// All forms of connection strings, and which of them a text may be in.
import type { ConnectionFormat } from '../../../shared/connection-strings.ts'
import { parseGormMysql } from './gorm-mysql.ts'
import { parseGormPostgres } from './gorm-postgres.ts'
import { parseGormSqlite } from './gorm-sqlite.ts'
import { parseJdbc } from './jdbc.ts'
import { parseLibpqKeywords, parseLibpqUrl } from './libpq.ts'
import { parseMysqlUrl } from './mysql-url.ts'
import { OtherForm, StringProblem, type Parsed } from './parsed.ts'
import { parsePydal } from './pydal.ts'
import { parseSqlAlchemy } from './sqlalchemy.ts'
import { understand, type Understood } from './understand.ts'

const PARSERS: Readonly<Record<ConnectionFormat, (text: string) => Parsed>> = {
  'libpq-url': (text) => parseLibpqUrl(text),
  'mysql-url': parseMysqlUrl,
  sqlalchemy: parseSqlAlchemy,
  pydal: parsePydal,
  jdbc: parseJdbc,
  'libpq-keywords': parseLibpqKeywords,
  'gorm-postgres': parseGormPostgres,
  'gorm-mysql': parseGormMysql,
  'gorm-sqlite': parseGormSqlite,
}
/** In this order they are tried: the forms that say most plainly what they are come first. */
const ALL = Object.keys(PARSERS) as ConnectionFormat[]

/** As the library itself parses it. Throws StringProblem for what it refuses. */
export function parseAs(format: ConnectionFormat, text: string): Parsed {
  return PARSERS[format](text)
}

/** Called before anything is made of the parts: their secrets are hidden then. */
export type OnParsed = (parsed: Parsed) => void

export interface Reading {
  format: ConnectionFormat
  understood: Understood
}

export interface Readings {
  /** Those that Roster can follow. */
  usable: Reading[]
  /** `isParsed`: the library takes it, and Roster cannot follow. `isForm`: the text means to be one, and the library refuses it. */
  refused: { format: ConnectionFormat; why: string; isParsed: boolean; isForm: boolean }[]
}

/**
 * Reads the text in every form that it may be in. Three parsers take nearly any text (a file of that name, a database of that
 * name, a setting of that name): they are asked only where it looks like what they are for.
 */
export function readAll(text: string, accepted: ReadonlySet<string>, onParsed?: OnParsed): Readings {
  const readings: Readings = { usable: [], refused: [] }
  for (const format of ALL) {
    if (format === 'gorm-sqlite' && !isFileName(text)) continue
    if (format === 'gorm-mysql' && (/^[a-z][a-z0-9+.:-]*:\/\//i.test(text) || !/[@(]/.test(text))) continue
    if (format === 'gorm-postgres' && !/^(?:postgres(?:ql)?:\/\/|\s*[a-z_][\w.]*\s*=)/i.test(text)) continue
    readOne(format, text, accepted, onParsed, readings)
  }
  return readings
}

export function readOne(
  format: ConnectionFormat,
  text: string,
  accepted: ReadonlySet<string>,
  onParsed: OnParsed = () => {},
  readings: Readings = { usable: [], refused: [] },
): Readings {
  let isParsed = false
  try {
    const parsed = parseAs(format, text)
    isParsed = true
    onParsed(parsed)
    readings.usable.push({ format, understood: understand(parsed, format, accepted, text) })
  } catch (error) {
    if (!(error instanceof StringProblem)) throw error
    readings.refused.push({ format, why: error.message, isParsed, isForm: !(error instanceof OtherForm) })
  }
  return readings
}

/** A text that is the name of a SQLite file, and no address of anything else. */
export function isFileName(text: string): boolean {
  if (text.startsWith('file:') || text === ':memory:') return true
  if (/^[a-z][a-z0-9+.-]+:/i.test(text) || /[@=()]/.test(text.split('?', 1)[0] ?? '')) return false
  return /\.(?:db|db3|sqlite|sqlite3|sdb|s3db)$/i.test(text.split('?', 1)[0] ?? '')
}
