// Why nothing can be run just now: somebody holds the lock, or has left it behind; with its repair.
import { Button } from '@mantine/core'
import { LockOpen } from 'lucide-react'
import { useState } from 'react'
import type { MigrationLock } from '../../shared/migration-steps.ts'
import { Notice } from '../ui/notice.tsx'
import { ConsentDialog } from './consent-dialog.tsx'

interface LockBannerProps {
  lock: MigrationLock
  isClustered: boolean
  isBusy: boolean
  onRepair: () => void
}

export function LockBanner({ lock, isClustered, isBusy, onRepair }: LockBannerProps) {
  const [isAsking, setAsking] = useState(false)
  /** Of a cluster: the row of a run whose end nobody can tell. */
  const isOfRun = isClustered && lock.kind === 'run'
  const repair = lock.canRepair && (
    <Button leftSection={<LockOpen size={14} />} loading={isBusy} onClick={() => setAsking(true)}>
      Repair the lock
    </Button>
  )
  return (
    <>
      <Notice tone={lock.kind === 'run' && !lock.canRepair ? 'note' : 'warn'} actions={repair}>
        {lock.message}
      </Notice>
      {isAsking && (
        <ConsentDialog
          title="Repair the lock?"
          confirm="Repair the lock"
          touches={isOfRun ? [LOCK_ROW, JOURNAL, UNTOUCHED] : touched[lock.kind]}
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false)
            onRepair()
          }}
        >
          <p>{lock.message}</p>
          {isOfRun ? (
            <p>
              Make sure that this run has ended: ask whoever began it, and look at its machine. Roster looks once more
              before it writes, and refuses when anything was heard of the run meanwhile.
            </p>
          ) : (
            <p>
              Only somebody who runs migrations with another program at this moment would be disturbed: two runs could
              then be under way at once. Look there first. Roster looks once more before it writes, and refuses when the
              lock is held.
            </p>
          )}
        </ConsentDialog>
      )}
    </>
  )
}

const JOURNAL = 'Roster’s journal: one entry that says who repaired the lock, and when.'
const LOCK_ROW = 'roster_migration_lock: its row says afterwards that nobody holds the lock.'
const UNTOUCHED = 'No other table, and none of the steps.'

const touched: Record<MigrationLock['kind'], readonly string[]> = {
  run: [JOURNAL, UNTOUCHED],
  knex: ['knex_migrations_lock: its row says afterwards that nobody holds the lock.', JOURNAL, UNTOUCHED],
  broken: [
    'knex_migrations_lock: it has one row afterwards, which says that nobody holds the lock.',
    JOURNAL,
    UNTOUCHED,
  ],
}
