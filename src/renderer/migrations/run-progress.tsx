// What a run is doing, for how long, and the button that stops it. There only while a run is under way.
import { Button, Loader } from '@mantine/core'
import { LockKeyhole, Square } from 'lucide-react'
import { useEffect, useState } from 'react'
import { duration } from '../ui/wording.ts'
import type { MigrationRun } from './migration-run.ts'
import { progressWords } from './run-words.ts'
import css from './run-progress.module.css'

export function RunProgress({ run, onCancel }: { run: MigrationRun; onCancel: () => void }) {
  const done = run.steps.filter(({ state }) => state === 'done').length
  const isWaiting = run.waiting !== null && run.phase === 'running'
  return (
    <section className={css.progress} aria-label="Run under way" data-waiting={isWaiting || undefined}>
      {isWaiting ? <LockKeyhole size={15} className={css.icon} aria-hidden /> : <Loader size={14} aria-hidden />}
      <span className={css.text}>{progressWords(run)}</span>
      {run.steps.length > 1 && (
        <progress className={css.bar} max={run.steps.length} value={done} aria-label="Steps that are done" />
      )}
      <Elapsed since={run.startedAt} />
      <Button leftSection={<Square size={13} />} onClick={onCancel} disabled={run.phase === 'cancelling'}>
        Cancel
      </Button>
    </section>
  )
}

/** Not announced: it changes ten times a second. */
function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(() => performance.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100)
    return () => clearInterval(timer)
  }, [])
  return (
    <span className={css.elapsed} aria-hidden>
      {duration(Math.max(0, Math.round((now - since) / 100) * 100))}
    </span>
  )
}
