// The migrations of one database: the steps, what can be done with them, and what a run says as it goes.
import { Button, Loader } from '@mantine/core'
import { wordsOf } from '../ui/call-error.ts'
import { Panel } from '../ui/panel.tsx'
import { MigrationsContent } from './migrations-content.tsx'
import { useMigrations } from './migrations-queries.ts'
import css from './migrations-screen.module.css'

interface MigrationsScreenProps {
  profileId: string
  /** Staged edits of this database, which a changed schema may not fit. */
  staged: number
  /** A Galera cluster, all of which a change of the schema stops. */
  isClustered: boolean
  /** Set when there is a users table to go to. */
  onGoToUsers: (() => void) | null
  /** After every run, however it ended: anything read from this database may have changed. */
  onChanged: () => void
}

export function MigrationsScreen(props: MigrationsScreenProps) {
  const { data, error, isFetching, refetch } = useMigrations(props.profileId)
  if (error && !data) {
    const { message, hint } = wordsOf(error)
    return (
      <Panel
        isProblem
        title="The list of migrations could not be read"
        actions={
          <Button variant="filled" loading={isFetching} onClick={() => void refetch()}>
            Try again
          </Button>
        }
      >
        <p>{message}</p>
        {hint && <p>{hint}</p>}
      </Panel>
    )
  }
  if (!data) return <Loader size={18} className={css.loading} aria-label="Reading the migrations" />
  return <MigrationsContent {...props} list={data} />
}
