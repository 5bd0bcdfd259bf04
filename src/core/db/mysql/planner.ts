// What the planners of MySQL and MariaDB tell. Both words differ in their JSON; the plain table is the same in what counts.
import { FEW_TO_SORT, type Planner } from '../planner.ts'
import type { Cell } from '../../../shared/cell.ts'
import type { Rows } from '../database.ts'

function cellsOf({ columns, rows }: Rows, name: string): Cell[] {
  const index = columns.findIndex((column) => column.toLowerCase() === name)
  return index < 0 ? [] : rows.map((row) => row[index] ?? null)
}

export const mysqlPlanner: Planner = {
  async rows(ask, _table, { sql, values }, isFiltered) {
    const plan = await ask({ sql: `explain ${sql}`, values })
    const rows = cellsOf(plan, 'rows')[0] ?? null
    // Without tables: the planner saw that no row can match.
    if (rows === null) return isFiltered ? 0 : null
    if (!isFiltered) return Number(rows)
    // A scan of everything says that the planner knows nothing of the filter; a range of an index was looked up.
    const type = String(cellsOf(plan, 'type')[0] ?? '').toLowerCase()
    return type === 'all' || type === 'index' ? null : Number(rows)
  },
  async sorts(ask, { sql, values }) {
    const plan = await ask({ sql: `explain ${sql}`, values })
    const extras = cellsOf(plan, 'extra')
    const rows = cellsOf(plan, 'rows')
    return extras.some(
      (extra, index) => /using filesort/i.test(String(extra)) && Number(rows[index] ?? 0) > FEW_TO_SORT,
    )
  },
}
