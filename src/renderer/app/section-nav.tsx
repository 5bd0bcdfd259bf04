// The sections of the open database in the sidebar: users, migrations, and the tree of other tables and views.
import { Skeleton } from '@mantine/core'
import { ListChecks, Users } from 'lucide-react'
import { useMemo, type ReactNode } from 'react'
import type { TableEntry } from '../../shared/table-structure.ts'
import type { Section } from './place.ts'
import { entryWords, rowsShort } from './tree/entry-words.ts'
import { TableTree } from './tree/table-tree.tsx'
import { USERS_TABLE } from './users-table.ts'
import css from './section-nav.module.css'

interface SectionNavProps {
  profileId: string
  /** Undefined while they are being read, or when the database cannot be opened. */
  tables: readonly TableEntry[] | undefined
  /** Nothing is known of them yet. */
  isReading: boolean
  /** They are being read again. */
  isReloading: boolean
  section: Section | null
  /** Pending steps; null while unknown. */
  pending: number | null
  isMigrating: boolean
  onOpen: (section: Section) => void
  onReload: () => void
}

export function SectionNav(props: SectionNavProps) {
  const { profileId, tables, isReading, isReloading, section, pending, isMigrating, onOpen, onReload } = props
  const users = tables?.find(({ name, kind }) => name === USERS_TABLE && kind === 'table')
  const others = useMemo(() => tables?.filter((table) => table !== users) ?? [], [tables, users])
  const badge = isMigrating ? 'running' : pending ? String(pending) : ''
  const openTable = section?.kind === 'table' ? section.table : null
  return (
    <div className={css.sections}>
      {isReading && <Skeleton height={18} m={5} />}
      {users && (
        <Item
          name={users.name}
          icon={<Users size={15} aria-hidden />}
          description={entryWords(users)}
          fact={rowsShort(users)}
          isOpen={openTable === users.name}
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
      {others.length > 0 && (
        <TableTree
          key={profileId}
          profileId={profileId}
          entries={others}
          openTable={openTable}
          isReading={isReloading}
          onOpen={(table) => onOpen({ kind: 'table', table })}
          onReload={onReload}
        />
      )}
    </div>
  )
}

interface ItemProps {
  name: string
  icon: ReactNode
  badge?: string
  /** Beside the name, for the eye alone: the description says it in words. */
  fact?: string
  /** For screen readers, beside the name. */
  description?: string
  isOpen: boolean
  onOpen: () => void
}

function Item({ name, icon, badge, fact, description, isOpen, onOpen }: ItemProps) {
  return (
    <a
      data-nav
      className={css.item}
      href={`#${encodeURIComponent(name)}`}
      aria-label={name}
      aria-description={description || undefined}
      aria-current={isOpen ? 'page' : undefined}
      title={description ? `${name}\n${description}` : name}
      onClick={(event) => {
        // The address stays as it is: the place is kept in the session, and the fragment is for links that open Roster.
        event.preventDefault()
        onOpen()
      }}
    >
      {icon}
      <span className={css.name}>{name}</span>
      {fact && (
        <span className={css.fact} aria-hidden>
          {fact}
        </span>
      )}
      {badge && <span className={css.badge}>{badge}</span>}
    </a>
  )
}
