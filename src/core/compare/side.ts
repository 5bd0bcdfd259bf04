// One of the two tables: its database, what its columns are, how they are written and what they mean to its owner.
import type { Cell } from '../../shared/cell.ts'
import type { BooleanSpelling, Codec } from '../../shared/codecs.ts'
import type { ComparedTable } from '../../shared/compare.ts'
import type { Owner, UserColumns, Writer } from '../../shared/owners.ts'
import type { Database, ShapeColumn, TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { sqlDialects } from '../db/sql-dialects.ts'
import type { Found } from '../encodings/detect.ts'
import { encodingsOf, type Encodings } from '../encodings/encodings.ts'
import type { Context } from '../implement.ts'
import { ownerOf } from '../owners/owner-of.ts'
import { isSecretColumn } from '../password-schemes.ts'
import { Refusal } from '../refusal.ts'

export interface SideColumn extends ShapeColumn {
  found: Found
  /** The ways in which values of it may be written: one, several where it is mixed, none where it has no encoding. */
  codecs: readonly Codec[]
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
  const { references } = await database.surroundings(shape.name, signal)
  const pointing = new Set(references.flatMap(({ columns }) => columns))
  const columns = shape.columns.map((column) => ({
    ...column,
    ...foundOf(encodings, column.name, owner.writer),
    isSecret: isSecretColumn(column.name) || column.name === user.password,
    isReference: pointing.has(column.name),
  }))
  return { name, database, dialect, shape, owner, user, columns }
}

function foundOf(encodings: Encodings, name: string, writer: Writer): Pick<SideColumn, 'found' | 'codecs'> {
  const found = encodings.get(name) ?? { codec: null, encoding: null }
  return { found, codecs: codecsOf(found, writer) }
}

/** The spelling of true and false that a writer reads; what stands beside it says something else to it, or nothing. */
const READ: Partial<Record<Writer, BooleanSpelling>> = {
  sqlalchemy: 'integer',
  gorm: 'integer',
  django: 'integer',
  pydal: 'T/F',
}

function codecsOf({ codec, encoding }: Found, writer: Writer): readonly Codec[] {
  if (codec) return [codec]
  const choices = encoding && encoding.basis !== 'chosen' ? encoding.choices : []
  const spelling = READ[writer]
  return choices.filter((each) => each.kind !== 'boolean' || !spelling || each.spelling === spelling)
}

/** As the column's text; null for what is none. */
export const textIn = (cell: Cell | undefined): string | null => (typeof cell === 'string' ? cell : null)
