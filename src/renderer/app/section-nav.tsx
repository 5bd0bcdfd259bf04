// The sections of the open database in the sidebar: users, migrations, other tables and views.
import { Skeleton } from '@mantine/core'
import { Eye, ListChecks, Table2, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Section } from './place.ts'
import { USERS_TABLE } from './users-table.ts'
import css from './section-nav.module.css'

interface SectionNavProps {
  /** Undefined while they are being read, or when the database cannot be opened. */
  tables: readonly { name: string; kind: 'table' | 'view' }[] | undefined
  isReading: boolean
  section: Section | null
  /** Pending steps; null while unknown. */
  pending: number | null
  isMigrating: boolean
  onOpen: (section: Section) => void
}

/** As people count: orders_2 before orders_10. */
const order = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

export function SectionNav({ tables, isReading, section, pending, isMigrating, onOpen }: SectionNavProps) {
  const users = tables?.find(({ name, kind }) => name === USERS_TABLE && kind === 'table')
  const others = tables?.filter((table) => table !== users).sort((a, b) => order.compare(a.name, b.name)) ?? []
  const isOpen = (name: string) => section?.kind === 'table' && section.table === name
  const badge = isMigrating ? 'running' : pending ? String(pending) : ''
  return (
    <div className={css.sections}>
      {isReading && <Skeleton height={18} m={5} />}
      {users && (
        <Item
          name={users.name}
          icon={<Users size={15} aria-hidden />}
          isOpen={isOpen(users.name)}
          onOpen={() => onOpen({ kind: 'table', table: users.name })}
        />
      )}
      {tables && (
        <Item
          name="Migrations"
          icon={<ListChecks size={15} aria-hidden />}
          badge={badge}
          description={isMigrating ? 'A run is under way' : pending ? `${pending} pending` : ''}
          isOpen={section?.kind === 'migrations'}
          onOpen={() => onOpen({ kind: 'migrations' })}
        />
      )}
      {others.length > 0 && <div className={css.heading}>Tables and views</div>}
      {others.map((table) => (
        <Item
          key={table.name}
          name={table.name}
          icon={table.kind === 'view' ? <Eye size={15} aria-hidden /> : <Table2 size={15} aria-hidden />}
          description={table.kind === 'view' ? 'View' : ''}
          isOpen={isOpen(table.name)}
          onOpen={() => onOpen({ kind: 'table', table: table.name })}
        />
      ))}
    </div>
  )
}

interface ItemProps {
  name: string
  icon: ReactNode
  badge?: string
  /** For screen readers, beside the name. */
  description?: string
  isOpen: boolean
  onOpen: () => void
}

function Item({ name, icon, badge, description, isOpen, onOpen }: ItemProps) {
  return (
    <a
      data-nav
      className={css.item}
      href={`#${encodeURIComponent(name)}`}
      aria-label={name}
      aria-description={description || undefined}
      aria-current={isOpen ? 'page' : undefined}
      title={name}
      onClick={(event) => {
        // The address stays as it is: the place is kept in the session, and the fragment is for links that open Roster.
        event.preventDefault()
        onOpen()
      }}
    >
      {icon}
      <span className={css.name}>{name}</span>
      {badge && <span className={css.badge}>{badge}</span>}
    </a>
  )
}
