// Which change of a save a foreign key of other rows refused, and whose rows these are: servers tell the name of the key at best, and
// at COMMIT not even the row; SQLite tells nothing at all.
import type { Cell } from '../../shared/cell.ts'
import type { Change } from '../../shared/tables.ts'
import type { Database, Referrer, TableShape } from '../db/database.ts'
import { toStatement } from '../db/query.ts'
import type { SqlDialect } from '../db/sql-dialect.ts'
import { keyParts, pointing } from './reach-pointing.ts'

interface Scope {
  database: Database
  dialect: SqlDialect
  shape: TableShape
  signal: AbortSignal
}

type Moving = Exclude<Change, { kind: 'insert' }>

export interface Referred {
  changeId: string
  words: string
}

/** The first of the changes that takes a row away, or its key, while rows refer to it. Null when none is found. */
export async function stillReferred(scope: Scope, changes: readonly Change[]): Promise<Referred | null> {
  const { database, shape, signal } = scope
  const moving = changes.filter((change): change is Moving => change.kind !== 'insert')
  if (moving.length === 0 || shape.key.length === 0) return null
  const referrers = (await database.referrers(shape.name, signal)).filter(
    // Of a table that points to itself the rows may go in the same save.
    ({ table }) => table !== shape.name || moving.length === 1,
  )
  const found = new Map<Moving, Referrer[]>()
  for (const referrer of referrers) {
    const refused = moving.filter((change) => isMet(change, referrer))
    const keys = new Map(refused.map((change) => [change.key, change] as const))
    const key = await firstReferred(scope, referrer, [...keys.keys()])
    const change = key && keys.get(key)
    if (change) found.set(change, [...(found.get(change) ?? []), referrer])
  }
  const first = moving.find((change) => found.has(change))
  if (!first) return null
  const names = (found.get(first) ?? []).map(({ table, columns }) => `${table} (${columns.join(', ')})`)
  return {
    changeId: first.id,
    words: `Rows of ${names.join(' and of ')} refer to this row. Change or delete them first.`,
  }
}

const isMet = (change: Moving, { onDelete, pointsTo }: Referrer) =>
  change.kind === 'delete' ? onDelete === 'refuse' : pointsTo.some((name) => name in change.values)

/** By halves: in a save of thousands one row is found with some ten statements. */
async function firstReferred<K extends readonly Cell[]>(
  scope: Scope,
  referrer: Referrer,
  keys: readonly K[],
): Promise<K | null> {
  const { database, shape, signal, dialect } = scope
  const isReferred = async (some: readonly K[]) => {
    for (const part of keyParts(shape, some)) {
      const query = pointing(scope, shape, referrer, part).select(dialect.knex.raw('1')).limit(1)
      if ((await database.read(toStatement(query), signal)).rows.length > 0) return true
    }
    return false
  }
  let left = keys
  if (left.length === 0 || !(await isReferred(left))) return null
  while (left.length > 1) {
    const half = left.slice(0, Math.ceil(left.length / 2))
    left = (await isReferred(half)) ? half : left.slice(half.length)
  }
  return left[0] ?? null
}
