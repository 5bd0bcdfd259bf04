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
  scope: ReachScope,
  shape: TableShape,
  referrer: Referrer,
  keys: readonly (readonly Cell[])[],
): Knex.QueryBuilder {
  const { dialect } = scope
  return dialect.knex(dialect.table(referrer.table)).where(pointsBy(scope, shape, referrer, keys))
}

/**
 * The rows of one table that point to them by any of these foreign keys, each once: a user may be made and changed by the same
 * administrator. Without the rows of these keys themselves, which a table that points to itself may hold.
 */
export function pointingByAny(
  scope: ReachScope,
  shape: TableShape,
  referrers: readonly Referrer[],
  keys: readonly (readonly Cell[])[],
): Knex.QueryBuilder {
  const { dialect } = scope
  const { table = '' } = referrers[0] ?? {}
  const query = dialect.knex(dialect.table(table)).where((any) => {
    for (const referrer of referrers) void any.orWhere(pointsBy(scope, shape, referrer, keys))
  })
  if (table !== shape.name) return query
  const own = names(scope, shape.key)
  return query.whereNotIn(own, rowsByKeys(dialect, shape, keys).select(own) as unknown as string[][])
}

const names = ({ dialect }: ReachScope, columns: readonly string[]) =>
  columns.map((name) => dialect.knex.raw('??', [plainName(name)])) as unknown as string[]

function pointsBy(
  scope: ReachScope,
  shape: TableShape,
  { columns, pointsTo }: Referrer,
  keys: readonly (readonly Cell[])[],
): Knex.QueryCallback {
  const pointedTo = rowsByKeys(scope.dialect, shape, keys).select(names(scope, pointsTo))
  return (query) => void query.whereIn(names(scope, columns), pointedTo)
}

export function* keyParts(
  { key }: Pick<TableShape, 'key'>,
  keys: readonly (readonly Cell[])[],
): Generator<readonly (readonly Cell[])[]> {
  const atOnce = key.length === 1 ? KEYS_AT_ONCE.ofOne : KEYS_AT_ONCE.ofSeveral
  for (let start = 0; start < keys.length; start += atOnce) yield keys.slice(start, start + atOnce)
}
