// What SQLite tells: ANALYZE's statistics where somebody ran it, else the span of the row ids; and its plan in words.
import type { Planner } from '../planner.ts'
import { quote } from './introspect.ts'

/** Bytes that a row takes in the file with its cell pointer, lengths and header: fewer cannot be. */
const SMALLEST_ROW = 6

export const sqlitePlanner: Planner = {
  async rows(ask, table, _select, isFiltered) {
    // It has no guess for a WHERE that it would tell.
    if (isFiltered) return null
    const { rows } = await ask({
      sql: `select name = 'sqlite_stat1', wr, type from pragma_table_list
            where schema = 'main' and name in ('sqlite_stat1', ?)`,
      values: [table],
    })
    const own = rows.find(([isStat]) => Number(isStat) === 0)
    if (own?.[2] !== 'table') return null
    if (rows.length > 1) {
      // The first number is the rows of that index; a partial one has fewer.
      const found = await ask({
        sql: 'select max(cast(stat as integer)) from sqlite_stat1 where tbl = ?',
        values: [table],
      })
      const known = found.rows[0]?.[0] ?? null
      if (known !== null) return Number(known)
    }
    if (Number(own[1]) === 1) return null
    // Both ends are a search of the tree each. Ids that were handed out one by one leave few gaps.
    const ends = await ask({
      sql: `select (select max(rowid) from ${quote(table)}), (select min(rowid) from ${quote(table)}),
                   (select page_count from pragma_page_count) * (select page_size from pragma_page_size)`,
      values: [],
    })
    const [last = null, first = null, bytes = null] = ends.rows[0] ?? []
    if (last === null || first === null) return 0
    const span = Number(last) - Number(first) + 1
    // Ids that were made up leave so many gaps that the file could not hold the rows.
    return span > Number(bytes) / SMALLEST_ROW ? null : span
  },
  async sorts(ask, { sql, values }) {
    const { rows } = await ask({ sql: `explain query plan ${sql}`, values })
    return rows.some((row) => String(row.at(-1)).startsWith('USE TEMP B-TREE FOR'))
  },
}
