// What every handler gets, and what is done around every call: its deadline, and its errors in words.
import { implement, ORPCError } from '@orpc/server'
import type { CallMeta } from '../shared/procedure.ts'
import { contract } from '../shared/contract.ts'
import type { Core } from './core.ts'
import { Refusal } from './refusal.ts'

/** `core` is everything a handler may use. */
export interface Context {
  core: Core
}

const base = implement(contract).$context<Context>()

/**
 * The contract, to be implemented. Handlers are given a `signal` that fires when the person cancels, the window or socket
 * goes away, or the deadline passes; they pass it down to the database.
 */
export const api = base.use(async ({ next, signal, procedure, context, path }) => {
  const { deadline } = procedure['~orpc'].meta as CallMeta
  const limit = AbortSignal.timeout(deadline)
  const either = signal ? AbortSignal.any([signal, limit]) : limit
  try {
    return await next({ context: { ...context, signal: either } })
  } catch (error) {
    if (limit.aborted && !signal?.aborted) {
      throw new ORPCError('DEADLINE', {
        message: `Stopped after ${Math.round(deadline / 1000)} s without an answer.`,
        data: { milliseconds: deadline },
      })
    }
    if (error instanceof Refusal) throw new ORPCError(error.code, { message: error.message, data: error.data, cause: error })
    if (!(error instanceof ORPCError) && !signal?.aborted) context.core.host.log('error', `call ${path.join('.')} failed`, error)
    throw error
  }
})
