// A database that cannot be opened: what is the matter, what to do, and another try.
import { Button } from '@mantine/core'
import {
  CircleAlert,
  DatabaseZap,
  FileLock2,
  FileQuestion,
  FileX2,
  HardDrive,
  KeyRound,
  Lock,
  type LucideIcon,
} from 'lucide-react'
import type { UnavailableReason } from '../../shared/procedure.ts'
import { wordsOf } from '../ui/call-error.ts'
import { Panel } from '../ui/panel.tsx'

interface Look {
  title: string
  icon: LucideIcon
}

const reasons: Partial<Record<UnavailableReason, Look>> & Record<'other', Look> = {
  missing: { title: 'The file is not there', icon: FileQuestion },
  locked: { title: 'Another program holds the database', icon: Lock },
  'not-readable': { title: 'The file cannot be read', icon: FileLock2 },
  encrypted: { title: 'The file looks encrypted', icon: KeyRound },
  damaged: { title: 'The database is damaged', icon: DatabaseZap },
  'not-a-database': { title: 'This is not a SQLite database', icon: FileX2 },
  'process-ended': { title: 'The database process ended', icon: CircleAlert },
  'disk-full': { title: 'The disk is full', icon: HardDrive },
  other: { title: 'The database could not be opened', icon: CircleAlert },
}

interface DatabaseProblemProps {
  error: unknown
  isTrying: boolean
  onTryAgain: () => void
  onRemove: () => void
}

export function DatabaseProblem({ error, isTrying, onTryAgain, onRemove }: DatabaseProblemProps) {
  const { message, hint, reason } = wordsOf(error)
  const { title, icon: Icon } = (isReason(reason) && reasons[reason]) || reasons.other
  return (
    <Panel
      isProblem
      icon={<Icon size={22} />}
      title={title}
      actions={
        <>
          <Button variant="filled" loading={isTrying} onClick={onTryAgain}>
            Try again
          </Button>
          <Button onClick={onRemove}>Remove from the list</Button>
        </>
      }
    >
      <p>{message}</p>
      {hint && <p>{hint}</p>}
    </Panel>
  )
}

function isReason(reason: string | null): reason is UnavailableReason {
  return reason !== null && Object.hasOwn(reasons, reason)
}
