// The lines of a run's log: what the host says, and every statement with how it ended.
import type { MigrationEvent } from '../../shared/migration-runs.ts'
import { duration } from '../ui/wording.ts'

type StatementEvent = Extract<MigrationEvent, { kind: 'statement' }>

export type LogLine =
  /** `at` is milliseconds since the run began. */
  | { kind: 'text'; at: number; text: string }
  | {
      kind: 'statement'
      at: number
      step: string
      number: number
      sql: string
      state: StatementEvent['state']
      ms: number
    }

interface Log {
  log: readonly LogLine[]
  dropped: number
}

/** Lines kept of a log; the oldest go first. */
export const LOG_LIMIT = 5000

export function withLine({ log, dropped }: Log, line: LogLine): Log {
  const lines = [...log, line]
  const excess = Math.max(0, lines.length - LOG_LIMIT)
  return { log: lines.slice(excess), dropped: dropped + excess }
}

/** A statement has one line, from when it is sent to how it ended. */
export function withStatement(before: Log, { at, step, number, sql, state, ms }: StatementEvent): Log {
  const isIts = (line: LogLine) => line.kind === 'statement' && line.step === step && line.number === number
  const place = before.log.findLastIndex(isIts)
  const sent = before.log[place]
  // Only a line that waits for its end: a step that is run twice in one page sends its first statement again.
  if (sent?.kind !== 'statement' || sent.state !== 'running') {
    return withLine(before, { kind: 'statement', at, step, number, sql, state, ms })
  }
  return { log: before.log.with(place, { ...sent, state, ms }), dropped: before.dropped }
}

/** Text of the database, its line breaks and runs of blanks each as one blank. */
export function oneLine(sql: string): string {
  return sql.trim().replace(/\s+/g, ' ')
}

/** How a statement ended, beside it. */
export function statementNote({ state, ms }: Pick<StatementEvent, 'state' | 'ms'>): string {
  const words = { running: '…', done: duration(ms), failed: `failed after ${duration(ms)}`, skipped: 'done before' }
  return words[state]
}

/** Milliseconds as seconds of the run: "0.041 s", right-aligned for a column. */
export function stamp(at: number): string {
  return `${(at / 1000).toFixed(3)} s`.padStart(9)
}

/** The log as it is copied: statements whole, a line each. */
export function logText(lines: readonly LogLine[]): string {
  return lines
    .map((line) => {
      if (line.kind === 'text') return `${stamp(line.at)}  ${line.text}`
      return `${stamp(line.at)}  ${line.number + 1}  ${oneLine(line.sql)}  -- ${statementNote(line)}`
    })
    .join('\n')
}
