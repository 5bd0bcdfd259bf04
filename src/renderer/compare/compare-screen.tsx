// A table of users beside one of another database: who is in both, who differs, how the tables differ, and copying users across.
import { Button, SegmentedControl } from '@mantine/core'
import { skipToken, useQuery } from '@tanstack/react-query'
import { CircleAlert, UsersRound } from 'lucide-react'
import { useState } from 'react'
import type { ComparedTable } from '../../shared/compare.ts'
import type { Change } from '../../shared/tables.ts'
import { api } from '../api.ts'
import { wordsOf } from '../ui/call-error.ts'
import { EnvironmentMark } from '../ui/environment-mark.tsx'
import { Panel } from '../ui/panel.tsx'
import css from './compare.module.css'
import { LedgersPart } from './ledgers-part.tsx'
import { OtherSide } from './other-side.tsx'
import { SchemaPart } from './schema-part.tsx'
import { comparedOf, useChoice, type Side } from './sides.ts'
import { UsersPart } from './users-part.tsx'

export interface CompareScreenProps {
  here: Side
  /** Opens the connection of a server; its screen stays where it is. */
  onOpenProfile: (profileId: string) => void
  /** Leaves for the rows of a table, of another profile too. */
  onGoToTable: (table: ComparedTable) => void
  /** Leaves for a profile, wherever a person was in it. */
  onGoToProfile: (profileId: string) => void
  /** Stages changes in a table; answers with how many were taken. */
  onStage: (table: ComparedTable, changes: readonly Change[]) => number
}

export function CompareScreen(props: CompareScreenProps) {
  const { here, onOpenProfile, onGoToProfile } = props
  const [choice, choose] = useChoice(here)
  const [other, setOther] = useState<Side | null>(null)
  return (
    <section className={css.screen} aria-label={`Compare ${here.table}`} tabIndex={-1}>
      <header className={css.head}>
        <div className={css.side}>
          <span className={css.sideName}>{here.name}</span>
          <EnvironmentMark environment={here.environment} />
          <span className={css.dim}>{here.table}</span>
        </div>
        <span className={css.dim}>beside</span>
        <OtherSide
          here={here}
          choice={choice}
          onChoose={choose}
          onReady={setOther}
          onOpenProfile={onOpenProfile}
          onGoToProfile={onGoToProfile}
        />
      </header>
      {other ? (
        <Compared key={JSON.stringify([other.profileId, other.table])} {...props} other={other} />
      ) : (
        choice === null && (
          <Panel icon={<UsersRound size={22} />} title="Two tables of users, side by side">
            <p>Choose a profile above: its users are compared with those of {here.name} by their emails.</p>
          </Panel>
        )
      )}
    </section>
  )
}

const PARTS = [
  { value: 'users', label: 'Users' },
  { value: 'columns', label: 'Columns' },
  { value: 'ledgers', label: 'Ledgers' },
] as const
type Part = (typeof PARTS)[number]['value']

function Compared({ here, other, onGoToTable, onStage }: CompareScreenProps & { other: Side }) {
  const [part, setPart] = useState<Part>('users')
  const isSame = here.profileId === other.profileId && here.table === other.table
  const sides = { left: comparedOf(here), right: comparedOf(other) }
  const { data, error, refetch } = useQuery({
    queryKey: ['compare', here.profileId, other.profileId, here.table, other.table, 'schema'],
    queryFn: isSame ? skipToken : ({ signal }) => api.compare.schema(sides, { signal }),
  })
  if (isSame) {
    return (
      <Panel icon={<UsersRound size={22} />} title="This is the same table">
        <p>Choose another profile, or another table of it.</p>
      </Panel>
    )
  }
  if (error) {
    const { message, hint } = wordsOf(error)
    return (
      <Panel
        isProblem
        icon={<CircleAlert size={22} />}
        title="These tables cannot be compared"
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
      <p className={css.reading} role="status">
        Reading both tables…
      </p>
    )
  }
  return (
    <>
      <div className={css.parts}>
        <SegmentedControl
          aria-label="What is compared"
          size="xs"
          data={PARTS.map((each) => ({ ...each }))}
          value={part}
          onChange={(next) => setPart(next)}
        />
      </div>
      {/* Hidden and not left: the host keeps a comparison only while somebody reads it. */}
      <div className={css.body} hidden={part !== 'users'}>
        <UsersPart left={here} right={other} columns={data.columns} onGoToTable={onGoToTable} onStage={onStage} />
      </div>
      {part === 'columns' && <SchemaPart left={here} right={other} columns={data.columns} />}
      {part === 'ledgers' && <LedgersPart left={here} right={other} />}
    </>
  )
}
