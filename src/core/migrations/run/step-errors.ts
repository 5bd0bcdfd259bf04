// What stops a step before its first statement, and what refuses it: told apart from what fails in it.
import { failureOf } from '../../db/failure-of.ts'
import { Refusal } from '../../refusal.ts'
import { ResultUsed } from '../step.ts'
import { KnexLocked } from './knex-lock.ts'
import { Differs } from './sending.ts'

/** The ledger is another than what a person was shown. */
export class BaseChanged extends Error {
  override name = 'BaseChanged'
}

/** Somebody else had a lock longer than the engine waits. */
export function isLockTimeout(error: unknown): boolean {
  const kind = failureOf(error)?.kind
  if (kind === 'lock-timeout' || kind === 'busy') return true
  const { code } = Object(error) as { code?: unknown }
  return code === '55P03' || code === 'ER_LOCK_WAIT_TIMEOUT'
}

/** The step took another way than the first time, or wanted what it cannot have: it was refused, not failed. */
export function isRefusedResume(error: unknown): boolean {
  return (
    error instanceof Differs || error instanceof ResultUsed || (error instanceof Error && error.name === 'ResultUsed')
  )
}

export const refused = (name: string, message: string) => new Refusal('STEP_REFUSED', message, { name })

/** Somebody else was at it before the first statement. */
export function isNotBegun(error: unknown): error is Error {
  return error instanceof KnexLocked || error instanceof BaseChanged
}

/** Characters of an error that are told and written down; a step may throw a whole file. */
const ERROR_LENGTH = 10_000

/** An error's own words as any database can keep them as text: no NUL, and not without end. */
export function errorText(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replaceAll('\0', '\u2400')
  return text.length <= ERROR_LENGTH ? text : `${text.slice(0, ERROR_LENGTH - 1)}…`
}
