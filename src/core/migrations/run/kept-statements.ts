// What is in the database of a step that was no single transaction, told from what the journal has of its statements.
import type { Dialect } from '../../../shared/profiles.ts'
import { readStatement } from '../plan/read-statement.ts'
import type { Journal, JournalStatement } from './journal.ts'
import { tokensOf } from '../plan/tokens.ts'
import { callsOnlyKnown } from './known-functions.ts'
import { transactionEffect } from './transaction-effect.ts'

export interface KeptStatement extends Omit<JournalStatement, 'state'> {
  /** `under-way`: sent, its answer never came, so that it is done or not. */
  state: 'done' | 'under-way' | 'failed'
}

export interface Kept {
  /** Those that are kept, may be kept, or failed; what was rolled back is left out. In the order in which they were sent. */
  statements: KeptStatement[]
  /** The first number that is to be sent again: the number done from the beginning on. */
  done: number
  /** Something is, or may be, in the database that was not there before. */
  isSomething: boolean
  /** Why the step cannot be run again from there, in words; null when it can. */
  whyNoResume: string | null
}

/** Session settings and questions: they leave nothing behind, and a resumed run needs them again. */
export function isSentAgain(sql: string, dialect: Dialect): boolean {
  const { isRead, isSession, verb } = readStatement(sql, dialect)
  if (isRead) return callsOnlyKnown(sql, dialect)
  if (isSession && /^(?:set|reset|use|prepare|deallocate)\b/.test(verb)) return true
  return dialect === 'sqlite' && verb === 'pragma'
}

/** Gone with the session that made it, so that what was done with it cannot be gone on with. */
function isTemporary(sql: string, dialect: Dialect): boolean {
  const { list } = tokensOf(sql, dialect)
  const words = list.slice(0, 6).map(({ kind, text }) => (kind === 'word' ? text : ''))
  return words[0] === 'create' && words.slice(1, 4).some((word) => word === 'temporary' || word === 'temp')
}

/** A failed one of these leaves an index behind that is not used. */
export const leavesInvalidIndex = (sql: string) => /^\s*(?:create|reindex)\b[^;]*\bconcurrently\b/i.test(sql)

/** `statements` in order. `where`: a note in a table is part of the step's own transactions, one in a file is not. */
export function keptOf(statements: readonly JournalStatement[], dialect: Dialect, where: Journal['where']): Kept {
  let kept: KeptStatement[] = []
  /** How many were kept when the step began a transaction of its own; null outside of one. */
  let begun: number | null = null
  let whyNoResume: string | null = null
  const keep = (statement: JournalStatement, state: KeptStatement['state']) => void kept.push({ ...statement, state })
  const dropTransaction = () => {
    if (begun !== null) kept = kept.slice(0, begun)
    begun = null
  }

  statements.forEach((statement, index) => {
    const { state, sql } = statement
    const isLast = index === statements.length - 1
    const effect = transactionEffect(sql, dialect)
    if (effect === 'begins' && state !== 'failed') {
      // A second one commits what is open on MySQL and MariaDB; PostgreSQL only warns.
      if (dialect === 'mysql' || begun === null) begun = kept.length
      keep(statement, 'done')
    } else if (effect === 'rolls-back') {
      dropTransaction()
      if (!isLast) whyNoResume ??= WENT_ON_AFTER_ROLLBACK
    } else if (effect === 'commits') {
      const isChange = readStatement(sql, dialect).isSchemaChange
      if (state === 'failed') {
        if (!isChange) dropTransaction()
        keep(statement, 'failed')
        if (!isLast) whyNoResume ??= wentOnAfter(statement)
      } else {
        // In a table the note came into the database with the COMMIT, so that being there proves it.
        const isKnown = state === 'done' || (!isChange && (begun === null || where === 'table'))
        if (!isKnown && begun !== null && where === 'file') {
          whyNoResume = COMMIT_UNKNOWN
          kept = kept.map((one, at) => (at >= (begun ?? 0) ? { ...one, state: 'under-way' } : one))
        }
        begun = null
        keep(statement, isKnown ? 'done' : 'under-way')
      }
    } else if (state === 'failed') {
      keep(statement, 'failed')
      if (!isLast) whyNoResume ??= wentOnAfter(statement)
    } else if (state === 'done') {
      keep(statement, 'done')
      if (isTemporary(sql, dialect)) whyNoResume ??= temporary(statement)
    }
    // One that only asks has left nothing behind, answered or not.
    else if (!statement.isRead) keep(statement, 'under-way')
  })
  // What ended the step ended its transaction.
  if (begun !== null) dropTransaction()

  const done = kept.findIndex(({ state, number }, index) => state !== 'done' || number !== index)
  return {
    statements: kept,
    done: done === -1 ? kept.length : done,
    isSomething: kept.some(
      ({ state, isRead, sql }) =>
        (state === 'done' && !isRead && !isOnlyTransaction(sql, dialect)) ||
        state === 'under-way' ||
        (state === 'failed' && dialect === 'postgres' && leavesInvalidIndex(sql)),
    ),
    whyNoResume,
  }
}

function isOnlyTransaction(sql: string, dialect: Dialect): boolean {
  const effect = transactionEffect(sql, dialect)
  return effect !== null && !readStatement(sql, dialect).isSchemaChange
}

const WENT_ON_AFTER_ROLLBACK =
  'The step rolled a transaction of its own back and went on, so that running it again would not take the same way.'
const COMMIT_UNKNOWN =
  'Whether the step’s own transaction was committed is not known. Look at the tables, then mark the step.'
const temporary = ({ number }: JournalStatement) =>
  `Statement ${number + 1} made something temporary, which went with its session: what comes after it would not find it.`
const wentOnAfter = ({ number }: JournalStatement) =>
  `Statement ${number + 1} failed and the step went on, so that running it again would not take the same way.`
