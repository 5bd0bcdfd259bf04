// Columns of the two tables in pairs: what differs, and which are neither compared nor copied.
import type { ColumnPair } from '../../shared/compare.ts'
import { plural } from '../ui/wording.ts'
import css from './compare.module.css'
import type { Side } from './sides.ts'

interface SchemaPartProps {
  left: Side
  right: Side
  columns: readonly ColumnPair[]
}

export function SchemaPart({ left, right, columns }: SchemaPartProps) {
  const differing = columns.filter(({ differences }) => differences.length > 0).length
  return (
    <section className={css.scroll} aria-label="Columns">
      <p className={css.sentence}>
        {differing === 0
          ? 'All columns hold the same values.'
          : `${plural(differing, 'column')} of ${columns.length} ${differing === 1 ? 'differs' : 'differ'}.`}
      </p>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{left.name}</th>
            <th scope="col">{right.name}</th>
            <th scope="col">Differences</th>
            <th scope="col">Compared</th>
          </tr>
        </thead>
        <tbody>
          {columns.map((pair) => (
            <tr key={JSON.stringify([pair.left?.name, pair.right?.name])} data-out={pair.leftOut !== null || undefined}>
              <ColumnCell column={pair.left} />
              <ColumnCell column={pair.right} />
              <td className={css.wordsCell}>
                {pair.isByMeaning && <div>paired by what they mean</div>}
                {pair.differences.map((words) => (
                  <div key={words}>{words}</div>
                ))}
                {pair.differences.length === 0 && !pair.isByMeaning && <span className={css.dim}>none</span>}
              </td>
              <td className={css.wordsCell}>{pair.leftOut ?? 'yes'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function ColumnCell({ column }: { column: ColumnPair['left'] }) {
  if (!column) return <td className={css.dim}>none</td>
  return (
    <td>
      <span className={css.strong}>{column.name}</span> <span className={css.code}>{column.type}</span>
      {column.words && <div className={css.dim}>{column.words}</div>}
    </td>
  )
}
