// How far a delete reaches: rows of other tables that the database deletes or empties along with it.
import type { Cell } from '../../shared/cell.ts'
import type { DeleteReach } from '../../shared/tables.ts'
import type { Database, Referrer, TableShape } from '../db/database.ts'
import { plainName } from '../db/identifiers.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { rowByKey } from './save-sql.ts'
import { toStatement } from '../db/query.ts'

/** Keys asked about in one statement: engines limit the number of values. */
const KEYS_AT_ONCE = 200

/** Foreign keys that refuse the delete are left out: saving says so, and nothing is touched then. */
export async function reachOf(
  database: Database,
  dialect: SqlDialect,
  shape: TableShape,
  keys: readonly (readonly Cell[])[],
  signal: AbortSignal,
): Promise<DeleteReach> {
  const direct: DeleteReach['direct'] = []
  for (const referrer of await database.referrers(shape.name, signal)) {
    const { table, onDelete: action } = referrer
    if (action === 'refuse') continue
    const rows = await countPointing({ database, dialect, shape, referrer, signal }, keys)
    if (rows > 0) direct.push({ table, action, rows })
  }
  const emptied = direct.filter(({ action }) => action === 'delete').map(({ table }) => table)
  return { direct, further: await further(database, emptied, signal) }
}

interface Counting {
  database: Database
  dialect: SqlDialect
  shape: TableShape
  referrer: Referrer
  signal: AbortSignal
}

async function countPointing(
  { database, dialect, shape, referrer, signal }: Counting,
  keys: readonly (readonly Cell[])[],
): Promise<number> {
  const { knex } = dialect
  let sum = 0
  for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
    const deleted = knex.unionAll(
      keys
        .slice(start, start + KEYS_AT_ONCE)
        .map((key) =>
          rowByKey(dialect, shape, key).select(referrer.pointsTo.map((name) => knex.raw('??', [plainName(name)]))),
        ),
    )
    const columns = referrer.columns.map((name) => knex.raw('??', [plainName(name)]))
    const pointing = knex(dialect.table(referrer.table))
      .whereIn(columns as unknown as string[], deleted)
      .count({ n: '*' })
    const { rows } = await database.read(toStatement(pointing), signal)
    sum += Number(rows[0]?.[0] ?? 0)
  }
  return sum
}

/** Every table that deleting rows of `emptied` touches in turn. */
async function further(database: Database, emptied: string[], signal: AbortSignal): Promise<string[]> {
  const touched = new Set<string>()
  const looked = new Set<string>()
  const open = [...emptied]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (looked.has(next)) continue
    looked.add(next)
    for (const { table, onDelete } of await database.referrers(next, signal)) {
      if (onDelete === 'refuse') continue
      touched.add(table)
      if (onDelete === 'delete') open.push(table)
    }
  }
  return [...touched].sort()
}
