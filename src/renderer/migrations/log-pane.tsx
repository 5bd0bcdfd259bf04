// The log of a run, line by line as it happens; it follows the end unless a person has scrolled up.
import { ActionIcon, CopyButton, Tooltip } from '@mantine/core'
import { Check, Copy } from 'lucide-react'
import { useLayoutEffect, useRef } from 'react'
import { plural } from '../ui/wording.ts'
import type { MigrationRun } from './migration-run.ts'
import css from './log-pane.module.css'

/** Pixels from the end within which the log is taken to be at its end. */
const NEAR = 24

export function LogPane({ run }: { run: MigrationRun | undefined }) {
  const pane = useRef<HTMLDivElement>(null)
  const follows = useRef(true)
  const lines = run?.log ?? []
  const text = lines.map(({ at, text }) => `${stamp(at)}  ${text}`).join('\n')

  // After every drawing, not only after new lines: a notice above makes the pane smaller.
  useLayoutEffect(() => {
    if (follows.current && pane.current) pane.current.scrollTop = pane.current.scrollHeight
  })

  return (
    <section className={css.section} aria-label="Log of the run">
      <div className={css.head}>
        <span className={css.title}>Log</span>
        {run && run.dropped > 0 && <span className={css.dropped}>{plural(run.dropped, 'earlier line')} left out</span>}
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? 'Copied' : 'Copy log'}>
              <ActionIcon className={css.copy} aria-label="Copy log" disabled={lines.length === 0} onClick={copy}>
                {copied ? <Check size={14} /> : <Copy size={14} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </div>
      <div
        ref={pane}
        className={css.pane}
        role="log"
        aria-label="Migration log"
        tabIndex={0}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          follows.current = scrollHeight - scrollTop - clientHeight < NEAR
        }}
      >
        {lines.length === 0 && (
          <div className={css.empty}>
            {run ? 'The run has not said anything yet.' : 'Nothing has been run here since Roster was opened.'}
          </div>
        )}
        {lines.map((line, index) => (
          <div key={(run?.dropped ?? 0) + index} className={css.line}>
            <span className={css.at}>{stamp(line.at)}</span>
            <span className={css.text}>{line.text}</span>
          </div>
        ))}
      </div>
    </section>
  )
}

/** Milliseconds as seconds of the run: "0.041 s", right-aligned for a column. */
function stamp(at: number): string {
  return `${(at / 1000).toFixed(3)} s`.padStart(9)
}
