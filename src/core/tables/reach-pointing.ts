// The rows of other tables that point to rows of one, by foreign keys that act when those are deleted.
import type { Knex } from 'knex'
import type { Cell } from '../../shared/cell.ts'
import type { Database, Referrer, TableShape } from '../db/database.ts'
import { plainName } from '../db/identifiers.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { rowsByKeys } from './read-rows.ts'

/** Keys asked about in one statement: engines limit the number of values and of parts. */
const KEYS_AT_ONCE = { ofOne: 500, ofSeveral: 100 }

/** A foreign key that acts when rows of the table it points to are deleted. */
export interface Acting extends Referrer {
  onDelete: Exclude<Referrer['onDelete'], 'refuse'>
}

export interface ReachScope {
  database: Database
  dialect: SqlDialect
}

export async function actingOn(database: Database, table: string, signal: AbortSignal): Promise<Acting[]> {
  const referrers = await database.referrers(table, signal)
  return referrers.flatMap((referrer) => {
    const { onDelete } = referrer
    return onDelete === 'refuse' ? [] : [{ ...referrer, onDelete }]
  })
}

/** The rows that point to the rows of these keys. */
export function pointing(
  { dialect }: ReachScope,
  shape: TableShape,
  { table, columns, pointsTo }: Referrer,
  keys: readonly (readonly Cell[])[],
): Knex.QueryBuilder {
  const { knex } = dialect
  const named = (names: readonly string[]) => names.map((name) => knex.raw('??', [plainName(name)]))
  const pointedTo = rowsByKeys(dialect, shape, keys).select(named(pointsTo))
  return knex(dialect.table(table)).whereIn(named(columns) as unknown as string[], pointedTo)
}

export function* keyParts(
  { key }: Pick<TableShape, 'key'>,
  keys: readonly (readonly Cell[])[],
): Generator<readonly (readonly Cell[])[]> {
  const atOnce = key.length === 1 ? KEYS_AT_ONCE.ofOne : KEYS_AT_ONCE.ofSeveral
  for (let start = 0; start < keys.length; start += atOnce) yield keys.slice(start, start + atOnce)
}
