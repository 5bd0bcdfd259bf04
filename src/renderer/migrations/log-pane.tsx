// The log of a run, line by line as it happens; it follows the end unless a person has scrolled up.
import { ActionIcon, Tooltip } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { Check, Copy } from 'lucide-react'
import { memo, useLayoutEffect, useRef } from 'react'
import { plural } from '../ui/wording.ts'
import type { MigrationRun } from './migration-run.ts'
import { BLOCK, lineCount, logText, oneLine, stamp, statementNote, type LogBlocks, type LogLine } from './run-log.ts'
import css from './log-pane.module.css'

/** Pixels from the end within which the log is taken to be at its end. */
const NEAR = 24

export function LogPane({ run }: { run: MigrationRun | undefined }) {
  const pane = useRef<HTMLDivElement>(null)
  const follows = useRef(true)
  const log = run?.log ?? []
  const isEmpty = lineCount(log) === 0

  // After every drawing, not only after new lines: a notice above makes the pane smaller.
  useLayoutEffect(() => {
    if (follows.current && pane.current) pane.current.scrollTop = pane.current.scrollHeight
  })

  return (
    <section className={css.section} aria-label="Log of the run" data-empty={run === undefined || undefined}>
      <div className={css.head}>
        <span className={css.title}>Log</span>
        {run && run.dropped > 0 && <span className={css.dropped}>{plural(run.dropped, 'earlier line')} left out</span>}
        <CopyLog log={log} />
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
        {isEmpty && (
          <div className={css.empty}>
            {run ? 'The run has not said anything yet.' : 'Nothing has been run here since Roster was opened.'}
          </div>
        )}
        {log.map((lines, index) => (
          <Block key={(run?.dropped ?? 0) / BLOCK + index} lines={lines} />
        ))}
      </div>
    </section>
  )
}

/** The text is made when it is asked for: a log may have thousands of lines, and changes all the time. */
function CopyLog({ log }: { log: LogBlocks }) {
  const { copied, copy } = useClipboard()
  return (
    <Tooltip label={copied ? 'Copied' : 'Copy log'}>
      <ActionIcon
        className={css.copy}
        aria-label="Copy log"
        disabled={lineCount(log) === 0}
        onClick={() => copy(logText(log))}
      >
        {copied ? <Check size={14} /> : <Copy size={14} />}
      </ActionIcon>
    </Tooltip>
  )
}

/** Only the last one changes, and only those in sight are laid out. */
const Block = memo(function Block({ lines }: { lines: readonly LogLine[] }) {
  return (
    <div className={css.block}>
      {lines.map((line, index) => (
        <Line key={index} line={line} />
      ))}
    </div>
  )
})

const Line = memo(function Line({ line }: { line: LogLine }) {
  if (line.kind === 'text') {
    return (
      <div className={css.line}>
        <span className={css.at}>{stamp(line.at)}</span>
        <span className={css.text}>{line.text}</span>
      </div>
    )
  }
  return (
    <div className={css.line} data-state={line.state}>
      <span className={css.at}>{stamp(line.at)}</span>
      <span className={css.number}>{line.number + 1}</span>
      <span className={css.sql} title={line.sql}>
        {oneLine(line.sql)}
      </span>
      <span className={css.note}>{statementNote(line)}</span>
    </div>
  )
})
