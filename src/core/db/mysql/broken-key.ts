// Which columns a broken key has: "Duplicate entry for key 'email'" names the key alone, and MySQL 8 the table with it.
import { literal } from './literal.ts'
import type { Answer } from './wire.ts'

const DUPLICATE = new Set([1062, 1586])
const KEY = /for key '(.*)'$/s
/** The table that the statement writes to. */
const TARGET = /^\s*(?:insert\s+(?:ignore\s+)?into|update|replace\s+into|delete\s+from)\s+`((?:[^`]|``)*)`/i

/** Puts `table` and `columns` on the error; leaves it as it is when the key is not one of the table that was written to. */
export async function columnsOfKey(
  ask: (sql: string) => Promise<Answer>,
  error: Error & { errno?: number; table?: string; columns?: string[] },
  sql: string,
): Promise<void> {
  const table = TARGET.exec(sql)?.[1]?.replaceAll('``', '`')
  const named = KEY.exec(error.message)?.[1]
  if (!DUPLICATE.has(error.errno ?? 0) || table === undefined || named === undefined) return
  const names = [named, ...(named.startsWith(`${table}.`) ? [named.slice(table.length + 1)] : [])]
  for (const name of names) {
    const { rows } = await ask(
      `SELECT COLUMN_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ${literal(table)}
       AND INDEX_NAME = ${literal(name)} AND NON_UNIQUE = 0 ORDER BY SEQ_IN_INDEX`,
    ).catch(() => ({ rows: null }))
    if (!rows?.length) continue
    error.table = table
    error.columns = rows.map(([column]) => column?.toString('utf8') ?? '')
    return
  }
}
