// One of the two tables: its database, what its columns are, how they are written and what they mean to its owner.
import type { Cell } from '../../shared/cell.ts'
import type { Codec } from '../../shared/codecs.ts'
import type { ComparedTable } from '../../shared/compare.ts'
import type { Owner, UserColumns } from '../../shared/owners.ts'
import type { Database, ShapeColumn, TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { sqlDialects } from '../db/sql-dialects.ts'
import type { Found } from '../encodings/detect.ts'
import { encodingsOf } from '../encodings/encodings.ts'
import type { Context } from '../implement.ts'
import { ownerOf } from '../owners/owner-of.ts'
import { isSecretColumn } from '../password-schemes.ts'
import { Refusal } from '../refusal.ts'
import { charsetsOf } from './charsets.ts'

export interface SideColumn extends ShapeColumn {
  found: Found
  /** Its text as the server stores it (MySQL: "utf8mb3"); null where any text fits. */
  charset: string | null
  /** It holds password hashes: what is in it stays in the host. */
  isSecret: boolean
  /** It points to a row of a table, so its number says nothing in another database. */
  isReference: boolean
}

export interface Side {
  /** What people call it: the profile's name. */
  name: string
  database: Database
  dialect: SqlDialect
  shape: TableShape
  owner: Owner
  user: UserColumns
  columns: readonly SideColumn[]
}

/** Throws TABLE_NOT_FOUND, and NO_USERS where the table's rows are no users, or cannot be named one by one. */
export async function sideOf(
  { core }: Context,
  { profileId, table }: ComparedTable,
  signal: AbortSignal,
): Promise<Side> {
  const database = core.databases.of(profileId)
  const { name } = core.profiles.get(profileId)
  const shape = await database.describe(table, signal)
  if (!shape) throw new Refusal('TABLE_NOT_FOUND', `There is no table ${table} in ${name} any more.`, { table })
  const owner = await ownerOf(database, shape, signal)
  const { user } = owner
  if (!user) {
    const words = `${table} of ${name} has no column that is known to hold emails, so its rows cannot be compared as users.`
    throw new Refusal('NO_USERS', words, { table })
  }
  if (shape.key.length === 0) {
    const words = `${table} of ${name} has no key, so its rows cannot be named one by one and are not compared.`
    throw new Refusal('NO_USERS', words, { table })
  }
  const dialect = sqlDialects[database.dialect]
  const encodings = await encodingsOf(database, dialect, shape, signal)
  const charsets = await charsetsOf(database, shape.name, signal)
  const { references } = await database.surroundings(shape.name, signal)
  const pointing = new Set(references.flatMap(({ columns }) => columns))
  const columns = shape.columns.map((column) => ({
    ...column,
    found: encodings.get(column.name) ?? { codec: null, encoding: null },
    charset: charsets.get(column.name) ?? null,
    isSecret: isSecretColumn(column.name) || column.name === user.password,
    isReference: pointing.has(column.name),
  }))
  return { name, database, dialect, shape, owner, user, columns }
}

/** The ways in which values of the column may be written: one, several where it is mixed, none where it is neither. */
export function codecsOf({ found: { codec, encoding } }: Pick<SideColumn, 'found'>): readonly Codec[] {
  if (codec) return [codec]
  return encoding && encoding.basis !== 'chosen' ? encoding.choices : []
}

/** As the column's text; null for what is none. */
export const textIn = (cell: Cell | undefined): string | null => (typeof cell === 'string' ? cell : null)
