// The main area: the screen of the chosen section, or in words why there is none.
import { Button, Loader } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { CircleAlert } from 'lucide-react'
import type { ConnectionState } from '../shared/connections.ts'
import type { Profile } from '../shared/profiles.ts'
import css from './app/frame.module.css'
import type { Section } from './app/place.ts'
import { TableTabs } from './app/table-tabs.tsx'
import { useTableList } from './app/tables-queries.ts'
import type { Travels } from './app/use-visits.ts'
import { USERS_TABLE } from './app/users-table.ts'
import { Welcome } from './app/welcome.tsx'
import { CompareScreen } from './compare/compare-screen.tsx'
import { ConnectionArea } from './connections/connection-area.tsx'
import { WithSchemaPassword } from './connections/schema-password.tsx'
import { hasOpened, openServer } from './connections/use-connecting.ts'
import { MigrationsScreen } from './migrations/migrations-screen.tsx'
import { DatabaseProblem } from './profiles/database-problem.tsx'
import { useDatabase } from './profiles/profiles-queries.ts'
import { StructureScreen } from './structure/structure-screen.tsx'
import { stageChanges } from './tables/stage-changes.ts'
import { useStagedCount } from './tables/staged-edits.ts'
import { TableScreen } from './tables/table-screen.tsx'
import { wordsOf } from './ui/call-error.ts'
import { Panel } from './ui/panel.tsx'
import { DemoUsers } from './users/demo-users.tsx'
import { userExtras } from './users/user-extras.tsx'

interface MainAreaProps {
  profile: Profile | undefined
  /** Undefined until the host has told. */
  connection: ConnectionState | undefined
  /** Why the list of profiles could not be read, or null. */
  profilesError: unknown
  onReadProfiles: () => void
  section: Section | null
  travels: Travels
  onOpen: (section: Section) => void
  /** Leaves for another profile: for a section of it, or for where a person was in it. */
  onGoTo: (profileId: string, section: Section | null) => void
  onRemove: (profile: Profile) => void
  /** Opens the form of the profile; not where there is none. */
  onEdit?: (profile: Profile) => void
}

/** What is read of a database stays while its connection is lost; until it was open, the way there is shown. */
export function MainArea(props: MainAreaProps) {
  const { profile, connection, onEdit } = props
  const database = useDatabase(profile && hasOpened(profile, connection) ? profile.id : undefined)
  if (!profile || profile.dialect === 'sqlite') return <Content {...props} />
  return (
    <ConnectionArea
      profile={profile}
      state={connection}
      isRead={database.data !== undefined}
      onEdit={onEdit && (() => onEdit(profile))}
    >
      <Content {...props} />
    </ConnectionArea>
  )
}

function Content(props: MainAreaProps) {
  const { profile, connection, profilesError, onReadProfiles, section, travels, onOpen, onGoTo, onRemove } = props
  const client = useQueryClient()
  const database = useDatabase(profile && hasOpened(profile, connection) ? profile.id : undefined)
  const tables = useTableList(profile?.id ?? '', database.isSuccess)
  const staged = useStagedCount(profile?.id ?? '')

  if (!profile) {
    if (!profilesError) return <Waiting />
    return <Failure title="The profiles could not be read" error={profilesError} onTryAgain={onReadProfiles} />
  }
  if (database.error) {
    return (
      <DatabaseProblem
        error={database.error}
        isTrying={database.isFetching}
        onTryAgain={() => void database.refetch()}
        onRemove={() => onRemove(profile)}
      />
    )
  }
  if (!database.data) return <Waiting />
  if (section?.kind === 'migrations') {
    const hasUsers = tables.data?.some(({ name, kind }) => name === USERS_TABLE && kind === 'table')
    const screen = (
      <MigrationsScreen
        key={profile.id}
        profileId={profile.id}
        staged={staged}
        isClustered={database.data.cluster !== undefined}
        onGoToUsers={hasUsers ? () => onOpen({ kind: 'table', table: USERS_TABLE }) : null}
        // Every key that names this profile: whatever was read from the database may be another now.
        onChanged={() => void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes(profile.id) })}
      />
    )
    return profile.dialect === 'sqlite' ? screen : <WithSchemaPassword profile={profile}>{screen}</WithSchemaPassword>
  }
  if (section) {
    const { table } = section
    // Features do not import each other: what an empty users table offers is handed over here.
    const demo = (reload: () => void) => <DemoUsers profileId={profile.id} table={table} onAdded={reload} />
    return (
      <TableTabs section={section} travels={travels}>
        {section.tab === 'structure' ? (
          <StructureScreen
            key={`${profile.id}/${table}`}
            profileId={profile.id}
            table={table}
            onOpenTable={(name) => onOpen({ kind: 'table', table: name, tab: 'structure' })}
          />
        ) : section.tab === 'compare' ? (
          <CompareScreen
            key={`${profile.id}/${table}`}
            here={{ profileId: profile.id, table, name: profile.name, environment: profile.environment }}
            onOpenProfile={openServer}
            onGoToProfile={(profileId) => onGoTo(profileId, null)}
            onGoToTable={(to) => onGoTo(to.profileId, { kind: 'table', table: to.table })}
            onStage={(to, changes) => stageChanges(to.profileId, to.table, changes)}
          />
        ) : (
          <TableScreen
            key={`${profile.id}/${table}`}
            profileId={profile.id}
            table={table}
            extras={userExtras}
            {...(table === USERS_TABLE && { whenEmpty: demo })}
          />
        )}
      </TableTabs>
    )
  }
  if (tables.error) {
    return (
      <Failure title="The tables could not be listed" error={tables.error} onTryAgain={() => void tables.refetch()} />
    )
  }
  if (!tables.data) return <Waiting />
  return (
    <Welcome
      profile={profile}
      tables={tables.data.length}
      isEmptyFile={profile.dialect === 'sqlite' && database.data.size === 0}
      onOpenMigrations={() => onOpen({ kind: 'migrations' })}
    />
  )
}

/** Appears only after a moment (styles): most answers are there before. */
function Waiting() {
  return (
    <div className={css.waiting} role="status">
      <Loader size={18} /> Opening the database
    </div>
  )
}

function Failure({ title, error, onTryAgain }: { title: string; error: unknown; onTryAgain: () => void }) {
  const { message, hint } = wordsOf(error)
  const again = (
    <Button variant="filled" onClick={onTryAgain}>
      Try again
    </Button>
  )
  return (
    <Panel isProblem icon={<CircleAlert size={22} />} title={title} actions={again}>
      <p>{message}</p>
      {hint && <p>{hint}</p>}
    </Panel>
  )
}
