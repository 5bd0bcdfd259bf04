// The indexes of a table.
import type { TableStructure } from '../../shared/table-structure.ts'
import { bytes } from '../ui/wording.ts'
import css from './structure.module.css'

export function IndexesTable({ indexes }: Pick<TableStructure, 'indexes'>) {
  const hasSizes = indexes.some((index) => index.bytes !== null)
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col">Index</th>
          <th scope="col">Kind</th>
          <th scope="col">Over</th>
          <th scope="col">Only rows where</th>
          {hasSizes && (
            <th scope="col" className={css.number}>
              Size
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {indexes.map((index) => (
          <tr key={index.name}>
            <th scope="row" className={css.name}>
              {index.name}
            </th>
            <td>{index.isPrimary ? 'primary key' : index.isUnique ? 'unique' : ''}</td>
            <td className={css.code}>{index.columns.join(', ')}</td>
            <td className={css.code}>{index.where ?? ''}</td>
            {hasSizes && <td className={css.number}>{index.bytes === null ? '' : bytes(index.bytes)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
