// Says that staged edits of an earlier run could not be read, and where they are.
import { ActionIcon } from '@mantine/core'
import { X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { Notice } from '../ui/notice.tsx'
import { hideJournalProblem, journalProblem, onJournalProblem } from './staged-journal.ts'

export function JournalProblem() {
  const problem = useSyncExternalStore(onJournalProblem, journalProblem)
  if (problem === null) return null
  const close = (
    <ActionIcon aria-label="Hide this notice" onClick={hideJournalProblem}>
      <X size={14} />
    </ActionIcon>
  )
  return (
    <div role="alert">
      <Notice tone="warn" actions={close}>
        {problem}
      </Notice>
    </div>
  )
}
