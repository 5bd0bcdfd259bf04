// Statements as a person sees them while they run: a hundred a second at most, and every one that fails.
import type { MigrationEvent } from '../../../shared/migration-runs.ts'

type StatementEvent = Extract<MigrationEvent, { kind: 'statement' }>

/** Statements shown in one second. */
const A_SECOND = 100
const SECOND = 1_000
/** Characters of one statement. */
const SQL_LIMIT = 2_000

export interface StatementEvents {
  skipped(step: string, number: number, sql: string): void
  /** Answers with what to call when it is over. */
  running(step: string, number: number, sql: string): (state: 'done' | 'failed') => void
  /** Says how many were not shown since the last call, if any. */
  flush(): void
}

/** `since`: milliseconds since the run began. */
export function statementEvents(push: (event: MigrationEvent) => void, since: () => number): StatementEvents {
  let windowBegan = -Infinity
  let shown = 0
  let left = 0

  function isShown(): boolean {
    const now = since()
    if (now - windowBegan >= SECOND) {
      windowBegan = now
      shown = 0
    }
    if (shown >= A_SECOND) {
      left += 1
      return false
    }
    shown += 1
    return true
  }

  function tell(step: string, number: number, sql: string, state: StatementEvent['state'], ms: number) {
    push({ kind: 'statement', at: since(), step, number, sql: shortened(sql), state, ms })
  }

  return {
    skipped(step, number, sql) {
      if (isShown()) tell(step, number, sql, 'skipped', 0)
    },
    running(step, number, sql) {
      const began = since()
      const isTold = isShown()
      if (isTold) tell(step, number, sql, 'running', 0)
      return (state) => {
        if (isTold || state === 'failed') tell(step, number, sql, state, since() - began)
      }
    },
    flush() {
      if (left === 0) return
      const more = left === 1 ? '1 more statement was' : `${left} more statements were`
      push({ kind: 'log', at: since(), text: `${more} sent; so many in a second are not shown one by one.` })
      left = 0
    },
  }
}

export function shortened(sql: string, limit = SQL_LIMIT): string {
  const text = sql.trim()
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`
}
