// Names with their definitions in SQL: constraints, triggers.
import css from './structure.module.css'

interface DefinitionsTableProps {
  rows: readonly { name: string; note?: string; definition: string }[]
}

export function DefinitionsTable({ rows }: DefinitionsTableProps) {
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col">Name</th>
          {rows.some(({ note }) => note !== undefined) && <th scope="col">Kind</th>}
          <th scope="col">Definition</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, note, definition }) => (
          <tr key={`${name} ${definition}`}>
            <th scope="row" className={css.name}>
              {name || <span className={css.faint}>without a name</span>}
            </th>
            {note !== undefined && <td>{note}</td>}
            <td className={css.definition}>{definition}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
