// The name of another table, as a link to its structure; plain text where it cannot be opened from here.
import type { ReactNode } from 'react'
import css from './structure.module.css'

interface TableLinkProps {
  table: string
  onOpenTable: (table: string) => void
  children?: ReactNode
}

export function TableLink({ table, onOpenTable, children }: TableLinkProps) {
  // MySQL: a table of another database, which this profile does not list.
  if (table.startsWith('`')) return <span>{children ?? table}</span>
  return (
    <button type="button" className={css.link} onClick={() => onOpenTable(table)}>
      {children ?? table}
    </button>
  )
}
