// The columns of a table: type, NULL, default, keys, and how booleans and dates are written.
import { KeyRound } from 'lucide-react'
import type { Reference } from '../../shared/table-structure.ts'
import type { Column, TableDescription } from '../../shared/tables.ts'
import { TableLink } from './table-link.tsx'
import css from './structure.module.css'

interface ColumnsTableProps {
  description: TableDescription
  references: readonly Reference[]
  onOpenTable: (table: string) => void
}

export function ColumnsTable({ description, references, onOpenTable }: ColumnsTableProps) {
  const { columns, key, unique } = description
  const isEncoded = columns.some(({ encoding }) => encoding !== null)
  const owned = columns.map(({ name }) => ownerWords(description, name))
  const isOwned = owned.some((words) => words.length > 0)
  return (
    <table className={css.table}>
      <thead>
        <tr>
          <th scope="col">Column</th>
          <th scope="col">Type</th>
          <th scope="col">NULL</th>
          <th scope="col">Default</th>
          <th scope="col">Keys</th>
          {(isOwned || isEncoded) && (
            <th scope="col">{isOwned ? 'What its owner does with it, and how it is written' : 'How it is written'}</th>
          )}
        </tr>
      </thead>
      <tbody>
        {columns.map((column, index) => (
          <tr key={column.name}>
            <th scope="row" className={css.name}>
              {column.keyPosition > 0 && <KeyRound size={12} className={css.key} aria-hidden />}
              {column.name}
            </th>
            <td className={css.code}>{column.type || <span className={css.faint}>none</span>}</td>
            <td>{column.isNullable ? <span className={css.faint}>allowed</span> : 'NOT NULL'}</td>
            <td className={css.code}>{column.default ?? (column.isAutomatic ? automatic(column) : '')}</td>
            <td>
              {keyWords(column, key, unique)}
              {references
                .filter((reference) => reference.columns.includes(column.name))
                .map((reference) => (
                  <span key={`${reference.table} ${reference.columns.join()}`} className={css.reference}>
                    {' → '}
                    <TableLink table={reference.table} onOpenTable={onOpenTable}>
                      {target(reference, column.name)}
                    </TableLink>
                  </span>
                ))}
            </td>
            {(isOwned || isEncoded) && (
              <td className={css.words}>
                {owned[index]?.map((words) => (
                  <div key={words} className={css.meaning}>
                    {words}
                  </div>
                ))}
                {column.encoding?.words}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What it means to the owner, and that saves set it by rule. */
function ownerWords({ owner }: TableDescription, name: string): string[] {
  const meaning = owner?.meanings[name]
  const touch = owner?.touches.find(({ column }) => column === name)
  return [
    ...(meaning === undefined ? [] : [meaning]),
    ...(touch ? [`Set by rule: ${touch.words} Saves do the same.`] : []),
  ]
}

function automatic({ isGenerated }: Column) {
  return <span className={css.faint}>{isGenerated ? 'computed by the database' : 'numbered by the database'}</span>
}

function keyWords({ name, keyPosition }: Column, key: readonly string[], unique: readonly (readonly string[])[]) {
  const isAlone = unique.some((set) => set.length === 1 && set[0] === name)
  const isTogether = unique.some((set) => set.length > 1 && set.includes(name))
  return [
    ...(keyPosition > 0 ? [key.length > 1 ? `primary key, part ${keyPosition}` : 'primary key'] : []),
    ...(isAlone ? ['unique'] : []),
    ...(isTogether ? ['unique with others'] : []),
  ].join(', ')
}

/** "auth_user.id"; the table alone where the column it points to is not known. */
function target({ table, columns, pointsTo }: Reference, column: string): string {
  const pointed = pointsTo[columns.indexOf(column)]
  return pointed === undefined ? table : `${table}.${pointed}`
}
