// The forms in which other software writes the address of a database, to be read and to be written.
import { z } from 'zod'
// First of all, for the setting it makes: object schemas follow.
import './procedure.ts'

export const connectionFormat = z.enum([
  'sqlalchemy',
  'pydal',
  'gorm-postgres',
  'gorm-mysql',
  'gorm-sqlite',
  'libpq-url',
  'libpq-keywords',
  'jdbc',
  'mysql-url',
])
export type ConnectionFormat = z.infer<typeof connectionFormat>

/** What each is called on the screen. */
export const FORMAT_NAMES: Readonly<Record<ConnectionFormat, string>> = {
  sqlalchemy: 'SQLAlchemy URL',
  pydal: 'PyDAL URI (web2py, py4web)',
  'gorm-postgres': 'GORM DSN for PostgreSQL',
  'gorm-mysql': 'GORM DSN for MySQL',
  'gorm-sqlite': 'GORM DSN for SQLite',
  'libpq-url': 'PostgreSQL URL (libpq)',
  'libpq-keywords': 'PostgreSQL key=value (libpq)',
  jdbc: 'JDBC URL',
  'mysql-url': 'MySQL URL',
}

/** Characters of one text at most. */
export const LONGEST_CONNECTION_STRING = 16_384

/** A parameter that could send a password elsewhere, read files, weaken a login or run statements: used after consent alone. */
export const danger = z.object({
  /** To be sent back as consent. */
  id: z.string().max(200),
  /** As it stands in the text; a secret shows as dots. */
  setting: z.string(),
  value: z.string(),
  /** What it would do, in one sentence. */
  what: z.string(),
  /** False: Roster never does that; it is left out whatever is agreed to. */
  canConsent: z.boolean(),
})
export type Danger = z.infer<typeof danger>
