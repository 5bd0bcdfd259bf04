// An error nobody expected: whole in the log, and outside only an id that finds it there.
import { randomBytes } from 'node:crypto'
import { ORPCError } from '@orpc/server'
import type { Log } from './log.ts'

/** Logs `error` with a fresh id, and gives the error to answer with. `what` names the call, "users.list". */
export function unexpected(log: Log, what: string, error: unknown): ORPCError<string, unknown> {
  const id = randomBytes(3).toString('hex')
  log('error', `${id} ${what} failed`, error)
  return new ORPCError('INTERNAL_SERVER_ERROR', { message: `Unexpected error ${id}. Details are in the log.` })
}
