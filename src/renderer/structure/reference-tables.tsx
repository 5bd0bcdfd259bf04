// Foreign keys of a table, and those of other tables that point to it. Each leads to the other table.
import type { Reference, TableStructure } from '../../shared/table-structure.ts'
import { TableLink } from './table-link.tsx'
import css from './structure.module.css'

interface Opening {
  onOpenTable: (table: string) => void
}

export function PointingThere({ references, onOpenTable }: Opening & { references: readonly Reference[] }) {
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col">Columns</th>
          <th scope="col">Point to</th>
          <th scope="col">When the other row is deleted</th>
        </tr>
      </thead>
      <tbody>
        {references.map((reference) => (
          <tr key={JSON.stringify(reference)}>
            <th scope="row" className={css.name}>
              {reference.columns.join(', ')}
            </th>
            <td>
              <TableLink table={reference.table} onOpenTable={onOpenTable} /> {list(reference.pointsTo)}
            </td>
            <td className={css.code}>{reference.onDelete}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function PointingHere({ referrers, onOpenTable }: Opening & Pick<TableStructure, 'referrers'>) {
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col">To</th>
          <th scope="col">When a row here is deleted</th>
        </tr>
      </thead>
      <tbody>
        {referrers.map((referrer) => (
          <tr key={JSON.stringify(referrer)}>
            <th scope="row" className={css.name}>
              <TableLink table={referrer.from} onOpenTable={onOpenTable} /> {list(referrer.columns)}
            </th>
            <td>{referrer.pointsTo.join(', ')}</td>
            <td className={css.code}>{referrer.onDelete}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const list = (columns: readonly string[]) => (columns.length === 0 ? '' : `(${columns.join(', ')})`)
