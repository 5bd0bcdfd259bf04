// What the main area shows while no section is chosen: what this database is, and what to do first.
import { Button } from '@mantine/core'
import { DatabaseZap, ListChecks } from 'lucide-react'
import type { Profile } from '../../shared/profiles.ts'
import { Panel } from '../ui/panel.tsx'
import { plural } from '../ui/wording.ts'
import { USERS_TABLE } from './users-table.ts'

interface WelcomeProps {
  profile: Profile
  /** Tables and views in the database. */
  tables: number
  /** The file has 0 bytes. */
  isEmptyFile: boolean
  onOpenMigrations: () => void
}

export function Welcome({ profile, tables, isEmptyFile, onOpenMigrations }: WelcomeProps) {
  const button = (
    <Button variant="filled" leftSection={<ListChecks size={14} />} onClick={onOpenMigrations}>
      Open Migrations
    </Button>
  )
  return (
    <Panel icon={<DatabaseZap size={22} />} title={profile.name} actions={button}>
      {profile.isSample ? (
        <p>
          This is the sample database that comes with Roster, a SQLite file of its own. Nothing in it is needed by
          anything else.
        </p>
      ) : (
        <p>
          This database has {tables === 0 ? 'no tables yet' : plural(tables, 'table or view', 'tables and views')}.
          {tables > 0 && ' Choose one on the left to see its rows.'}
        </p>
      )}
      {isEmptyFile && (
        <p>
          Its file is empty (0 bytes), as SQLite makes one for any name that it is given. If users were expected here,
          check in the profile whether the application keeps them in another file.
        </p>
      )}
      <p>
        There is no {USERS_TABLE} table yet. Run the migrations to create it; then the users can be added and edited.
      </p>
    </Panel>
  )
}
