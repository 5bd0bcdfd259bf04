// What a table is made of: columns, indexes, constraints, foreign keys both ways, triggers, and the statements that make it.
import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { TableStructure } from '../../shared/table-structure.ts'
import type { TableDescription } from '../../shared/tables.ts'
import { api } from '../api.ts'
import { wordsOf } from '../ui/call-error.ts'
import { Notice } from '../ui/notice.tsx'
import { Panel } from '../ui/panel.tsx'
import { ColumnsTable } from './columns-table.tsx'
import { DdlText } from './ddl-text.tsx'
import { OwnerPart } from './owner-part.tsx'
import { IndexesTable } from './indexes-table.tsx'
import { PointingHere, PointingThere } from './reference-tables.tsx'
import { DefinitionsTable } from './definitions-table.tsx'
import css from './structure.module.css'

interface StructureScreenProps {
  profileId: string
  table: string
  onOpenTable: (table: string) => void
}

export function StructureScreen({ profileId, table, onOpenTable }: StructureScreenProps) {
  const { data, error, refetch } = useQuery({
    queryKey: ['tables', profileId, 'structure', table],
    // Asked for one after the other: a table that is gone is told once.
    queryFn: async ({ signal }) => ({
      description: await api.tables.describe({ profileId, table }, { signal }),
      structure: await api.tables.structure({ profileId, table }, { signal }),
    }),
  })
  if (error) {
    const { message, hint } = wordsOf(error)
    return (
      <Panel
        isProblem
        icon={<CircleAlert size={22} />}
        title={`The structure of ${table} could not be read`}
        actions={
          <Button variant="filled" onClick={() => void refetch()}>
            Try again
          </Button>
        }
      >
        <p>{message}</p>
        {hint && <p>{hint}</p>}
      </Panel>
    )
  }
  if (!data) {
    return (
      <div className={css.screen} role="status" aria-label="Reading the structure">
        <Skeleton height={160} m={16} width="60%" />
      </div>
    )
  }
  return <Structure {...data} onOpenTable={onOpenTable} />
}

interface StructureProps {
  description: TableDescription
  structure: TableStructure
  onOpenTable: (table: string) => void
}

function Structure({ description, structure, onOpenTable }: StructureProps) {
  const { indexes, constraints, references, referrers, triggers, ddl } = structure
  return (
    <section className={css.screen} aria-label={`Structure of ${description.name}`} tabIndex={-1}>
      {description.readOnly !== null && <Notice tone="note">{description.readOnly}</Notice>}
      {description.notes.map((note) => (
        <Notice key={note} tone="note">
          {note}
        </Notice>
      ))}
      {description.owner && description.kind === 'table' && <OwnerPart owner={description.owner} />}
      <Part title="Columns" count={description.columns.length}>
        <ColumnsTable description={description} references={references} onOpenTable={onOpenTable} />
      </Part>
      <Part title="Indexes" count={indexes.length} none="No indexes.">
        <IndexesTable indexes={indexes} />
      </Part>
      <Part title="Constraints" count={constraints.length} none="No constraints.">
        <DefinitionsTable
          rows={constraints.map(({ name, kind, definition }) => ({ name, note: KINDS[kind], definition }))}
        />
      </Part>
      <Part title="Points to" count={references.length} none="No foreign keys to other tables.">
        <PointingThere references={references} onOpenTable={onOpenTable} />
      </Part>
      <Part title="Pointed to from" count={referrers.length} none="No foreign keys of other tables point here.">
        <PointingHere referrers={referrers} onOpenTable={onOpenTable} />
      </Part>
      <Part title="Triggers" count={triggers.length} none="No triggers.">
        <DefinitionsTable rows={triggers} />
      </Part>
      <DdlText table={description.name} ddl={ddl} />
    </section>
  )
}

const KINDS: Record<TableStructure['constraints'][number]['kind'], string> = {
  'primary-key': 'primary key',
  unique: 'unique',
  check: 'check',
  'foreign-key': 'foreign key',
  exclusion: 'exclusion',
}

interface PartProps {
  title: string
  count: number
  /** Said in place of an empty table. */
  none?: string
  children: ReactNode
}

function Part({ title, count, none, children }: PartProps) {
  return (
    <section className={css.part} aria-label={title}>
      <h3 className={css.title}>
        {title}
        {count > 0 && <span className={css.count}>{count}</span>}
      </h3>
      {count === 0 && none ? <p className={css.none}>{none}</p> : <div className={css.scroll}>{children}</div>}
    </section>
  )
}
