// How far a delete reaches: rows of other tables that the database deletes or empties along with it.
import type { Cell } from '../../shared/cell.ts'
import type { DeleteReach } from '../../shared/tables.ts'
import type { Database, TableShape } from '../db/database.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { toStatement } from '../db/query.ts'
import { furtherReach } from './reach-further.ts'
import { actingOn, keyParts, pointingByAny, type Acting } from './reach-pointing.ts'

/** Foreign keys that refuse the delete are left out: saving says so, and nothing is touched then. */
export async function reachOf(
  database: Database,
  dialect: SqlDialect,
  shape: TableShape,
  keys: readonly (readonly Cell[])[],
  signal: AbortSignal,
): Promise<DeleteReach> {
  const scope = { database, dialect }
  const acting = await actingOn(database, shape.name, signal)
  const groups = Map.groupBy(acting, ({ table, onDelete }) => JSON.stringify([table, onDelete]))
  const direct: DeleteReach['direct'] = []
  for (const keysOfOne of groups.values()) {
    const [{ table, onDelete: action }] = keysOfOne as [Acting]
    let rows = 0
    for (const part of keyParts(shape, keys)) {
      const count = pointingByAny(scope, shape, keysOfOne, part).count({ n: '*' })
      rows += Number((await database.read(toStatement(count), signal)).rows[0]?.[0] ?? 0)
    }
    if (rows > 0) direct.push({ table, action, rows })
  }
  const isDeeper = direct.some(({ action }) => action === 'delete')
  return { direct, further: isDeeper ? await furtherReach(scope, shape, keys, signal) : [] }
}
