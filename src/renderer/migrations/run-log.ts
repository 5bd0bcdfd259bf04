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

/** In blocks, so that one more line copies and draws the last block alone. All but the last have `BLOCK` lines. */
export type LogBlocks = readonly (readonly LogLine[])[]

interface Log {
  log: LogBlocks
  /** Lines that were left out at the beginning. */
  dropped: number
}

export const BLOCK = 100
/** Lines kept of a log; the oldest go first, a block at a time. */
export const LOG_LIMIT = 5000

export function withLine({ log, dropped }: Log, line: LogLine): Log {
  const last = log.at(-1)
  if (last && last.length < BLOCK) return { log: log.with(-1, [...last, line]), dropped }
  const isFull = log.length >= LOG_LIMIT / BLOCK
  return { log: [...(isFull ? log.slice(1) : log), [line]], dropped: dropped + (isFull ? BLOCK : 0) }
}

/** A statement has one line, from when it is sent to how it ended. */
export function withStatement(before: Log, { at, step, number, sql, state, ms }: StatementEvent): Log {
  const isIts = (line: LogLine) =>
    line.kind === 'statement' && line.step === step && line.number === number && line.state === 'running'
  // What is said between the two ends of a statement is little: its line is in one of the last two blocks.
  for (const place of [-1, -2]) {
    const block = before.log.at(place)
    const at = block?.findLastIndex(isIts) ?? -1
    const sent = block?.[at]
    if (!block || sent?.kind !== 'statement') continue
    return { log: before.log.with(place, block.with(at, { ...sent, state, ms })), dropped: before.dropped }
  }
  return withLine(before, { kind: 'statement', at, step, number, sql, state, ms })
}

export function lineCount(log: LogBlocks): number {
  return log.length === 0 ? 0 : (log.length - 1) * BLOCK + log.at(-1)!.length
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
export function logText(log: LogBlocks): string {
  return log
    .flat()
    .map((line) => {
      if (line.kind === 'text') return `${stamp(line.at)}  ${line.text}`
      return `${stamp(line.at)}  ${line.number + 1}  ${oneLine(line.sql)}  -- ${statementNote(line)}`
    })
    .join('\n')
}
