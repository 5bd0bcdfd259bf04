// One user of both sides, cell by cell, as what the values mean to their applications.
import { useQueries } from '@tanstack/react-query'
import type { Cell, ShownCell } from '../../shared/cell.ts'
import type { ColumnPair, UserPair } from '../../shared/compare.ts'
import { where, type Filter } from '../../shared/filters.ts'
import type { Column } from '../../shared/tables.ts'
import { api } from '../api.ts'
import { storedWords, valueInWords } from '../grid/cell-show.ts'
import { wordsOf } from '../ui/call-error.ts'
import css from './compare.module.css'
import { look } from '../grid/cell-show.ts'
import type { Side } from './sides.ts'

interface PairDetailProps {
  pair: UserPair
  left: Side
  right: Side
  columns: readonly ColumnPair[]
}

interface Row {
  columns: readonly Column[]
  /** Null when the row is gone. */
  cells: readonly ShownCell[] | null
}

async function readRow({ profileId, table }: Side, key: readonly Cell[], signal: AbortSignal): Promise<Row> {
  const description = await api.tables.describe({ profileId, table }, { signal })
  const parts = description.key.map((name, index): Filter => where(name, { test: 'equals', value: key[index] ?? null }))
  const [first] = parts
  if (!first) return { columns: description.columns, cells: null }
  const filter: Filter = parts.length === 1 ? first : { kind: 'group', join: 'and', parts }
  const view = { profileId, table, sort: null, filter }
  const page = await api.tables.page({ view, place: { kind: 'first' }, limit: 1 }, { signal })
  return { columns: description.columns, cells: page.rows[0] ?? null }
}

export function PairDetail({ pair, left, right, columns }: PairDetailProps) {
  const [one, other] = useQueries({
    queries: [
      { side: left, key: pair.left },
      { side: right, key: pair.right },
    ].map(({ side, key }) => ({
      queryKey: ['compare', side.profileId, side.table, 'row', pair.email],
      queryFn: ({ signal }: { signal: AbortSignal }) => (key ? readRow(side, key, signal) : Promise.resolve(null)),
      gcTime: 0,
      staleTime: 0,
    })),
  })
  const error = one?.error ?? other?.error
  const differs = new Set(pair.differs)
  return (
    <section className={css.detail} aria-label={`Values of ${look(pair.email).text}`}>
      <h3 className={css.title}>
        <bdi>{look(pair.email).text}</bdi>
      </h3>
      {error && <p role="alert">{wordsOf(error).message}</p>}
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">{left.name}</th>
            <th scope="col">{right.name}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((each) => {
            const name = each.left?.name ?? each.right?.name ?? ''
            const isDifferent = each.left !== null && differs.has(each.left.name)
            return (
              <tr
                key={JSON.stringify([each.left?.name, each.right?.name])}
                data-different={isDifferent || undefined}
                data-out={each.leftOut !== null || undefined}
                title={each.leftOut ?? undefined}
              >
                <th scope="row">
                  {name}
                  {each.isByMeaning && ` / ${each.right?.name ?? ''}`}
                  {isDifferent && <span className={css.mark}>differs</span>}
                </th>
                <Value row={one?.data} name={each.left?.name} />
                <Value row={other?.data} name={each.right?.name} />
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

function Value({ row, name }: { row: Row | null | undefined; name: string | undefined }) {
  if (name === undefined || row === undefined || row === null) return <td className={css.dim}>–</td>
  const place = row.columns.findIndex((column) => column.name === name)
  const column = row.columns[place]
  const cell = row.cells?.[place]
  if (cell === undefined || !column) return <td className={css.dim}>gone</td>
  return (
    <td className={css.value} title={storedWords(cell, column) ?? undefined}>
      <bdi>{valueInWords(cell, column)}</bdi>
    </td>
  )
}
