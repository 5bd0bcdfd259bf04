// How the last run or deed ended, in one line that is also announced, and where to go from there.
import { Button } from '@mantine/core'
import { Users } from 'lucide-react'
import { Notice } from '../ui/notice.tsx'
import type { MigrationRun, RunResult } from './migration-run.ts'
import { halfWords, resultWords } from './result-words.ts'
import { oneLine } from './run-log.ts'
import type { Deed } from './use-deed.ts'
import css from './run-result.module.css'

const tones: Record<RunResult['outcome'], 'good' | 'note' | 'warn' | 'bad'> = {
  done: 'good',
  'nothing-to-do': 'note',
  cancelled: 'warn',
  unknown: 'warn',
  failed: 'bad',
}

interface RunResultLineProps {
  run: MigrationRun | undefined
  /** The latest of the two is shown: a deed is put away when a run begins. */
  deed: Deed | null
  /** What is shown of the failure elsewhere is not said twice. */
  isHalfShown: boolean
  onGoToUsers: (() => void) | null
}

export function RunResultLine({ run, deed, isHalfShown, onGoToUsers }: RunResultLineProps) {
  const result = run?.result
  const isFailed = result?.outcome === 'failed'
  const isGood = result?.outcome === 'done' || result?.outcome === 'nothing-to-do'
  const goToUsers = isGood && onGoToUsers && (
    <Button leftSection={<Users size={14} />} onClick={onGoToUsers}>
      Go to users
    </Button>
  )
  // The region is there before its text, or screen readers would not announce it.
  return (
    <div className={css.result} role="status" aria-label="Result of the run">
      {deed && <Notice tone={deed.tone}>{deed.text}</Notice>}
      {!deed && result && (
        <Notice tone={tones[result.outcome]} actions={goToUsers}>
          {isFailed && isHalfShown ? halfWords(run) : resultWords(run, result)}
          {isFailed && !isHalfShown && <FailedStatement failed={run.failedStatement} said={result.message} />}
        </Notice>
      )}
      {!result && run?.waiting && <span className={css.unseen}>Waiting for the lock. {run.waiting}</span>}
      {!result && run?.phase === 'cancelling' && <span className={css.unseen}>Cancelling.</span>}
    </div>
  )
}

/** The whole statement, as the database was sent it; nothing where the message has it already. */
function FailedStatement({ failed, said }: { failed: MigrationRun['failedStatement']; said: string }) {
  if (!failed || said.includes(oneLine(failed.sql))) return null
  return (
    <details className={css.failed} open>
      <summary>
        Statement {failed.number + 1} of {failed.step}
      </summary>
      <pre className={css.sql}>{failed.sql}</pre>
    </details>
  )
}
