// What PostgreSQL's planner tells: EXPLAIN scales the rows of the last ANALYZE to the table's present size on disk.
import { FEW_TO_SORT, type Planner } from '../planner.ts'

interface Node {
  'Node Type': string
  'Plan Rows': number
  'Startup Cost': number
  Plans?: Node[]
}

/** In the planner's units (a page read in a row is 1, a row 0.01): sorting ties before the first row, up to a few milliseconds. */
const CHEAP_START = 2000

function planOf(cell: unknown): Node {
  return (JSON.parse(String(cell)) as [{ Plan: Node }])[0].Plan
}

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

export const postgresPlanner: Planner = {
  async rows(ask, _table, { sql, values }) {
    const { rows } = await ask({ sql: `explain (format json) ${sql}`, values })
    return planOf(rows[0]?.[0])['Plan Rows']
  },
  async sorts(ask, { sql, values }) {
    const { rows } = await ask({ sql: `explain (format json) ${sql}`, values })
    return nodesOf(planOf(rows[0]?.[0])).some((node) => {
      // Where an index gives the first column alone, all rows of one value are sorted at a time.
      if (node['Node Type'] === 'Incremental Sort') return node['Startup Cost'] > CHEAP_START
      return node['Node Type'] === 'Sort' && (node.Plans?.[0]?.['Plan Rows'] ?? 0) > FEW_TO_SORT
    })
  },
}
