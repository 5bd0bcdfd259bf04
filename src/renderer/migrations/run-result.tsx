// How the last run ended, in one line that is also announced, and where to go from there.
import { Button } from '@mantine/core'
import { Users } from 'lucide-react'
import { Notice } from '../ui/notice.tsx'
import type { MigrationRun, RunResult } from './migration-run.ts'
import css from './migrations-screen.module.css'
import { resultWords } from './result-words.ts'

const tones: Record<RunResult['outcome'], 'good' | 'note' | 'warn' | 'bad'> = {
  done: 'good',
  'nothing-to-do': 'note',
  cancelled: 'warn',
  unknown: 'warn',
  failed: 'bad',
}

interface RunResultLineProps {
  run: MigrationRun | undefined
  onGoToUsers: (() => void) | null
}

export function RunResultLine({ run, onGoToUsers }: RunResultLineProps) {
  const result = run?.result
  const goToUsers = onGoToUsers && (
    <Button leftSection={<Users size={14} />} onClick={onGoToUsers}>
      Go to users
    </Button>
  )
  // The region is there before its text, or screen readers would not announce it.
  return (
    <div className={css.result} role="status" aria-label="Result of the run">
      {result && (
        <Notice tone={tones[result.outcome]} actions={goToUsers}>
          {resultWords(run, result)}
        </Notice>
      )}
      {!result && run?.phase === 'cancelling' && <Notice tone="note">Cancelling.</Notice>}
    </div>
  )
}
