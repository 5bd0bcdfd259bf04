// What every handler gets, and what is done around every call: its deadline, and its errors in words.
import { implement, ORPCError, os } from '@orpc/server'
import { contract } from '../shared/contract.ts'
import type { CallMeta } from '../shared/procedure.ts'
import type { Core } from './core.ts'
import { isEventStream, watchEvents } from './event-stream.ts'
import type { Host } from './host.ts'
import { redact } from './redact.ts'
import { Refusal } from './refusal.ts'
import { unexpected } from './unexpected.ts'

/** `core` is everything a handler may use. */
export interface Context {
  core: Core
}

/** Carried from where a call failed to where it is answered. */
interface Failure {
  error: unknown
  path: readonly string[]
  deadline: number
  /** The deadline passed. */
  isLate: boolean
  /** The person cancelled, or the window or socket went away: nobody waits for an answer. */
  isAbandoned: boolean
}

/** What is done around every call. `log` takes what a person must not see. */
export const aroundCall = os
  .$context<Context>()
  .$meta<CallMeta>({ deadline: 30_000 })
  .middleware(async ({ next, signal, procedure, context, path }) => {
    const { deadline } = procedure['~orpc'].meta
    const limit = AbortSignal.timeout(deadline)
    const left = new AbortController()
    const any = AbortSignal.any([limit, left.signal, ...(signal ? [signal] : [])])
    const answer = (error: unknown) =>
      declared(context.core.host, {
        error,
        path,
        deadline,
        isLate: limit.aborted && signal?.aborted !== true,
        isAbandoned: signal?.aborted === true || left.signal.aborted,
      })
    try {
      // Cancelled before its turn came: nothing is begun.
      any.throwIfAborted()
      const result = await next({ context: { signal: any } })
      // A long task fails while it is being read, long after the handler has returned.
      if (!isEventStream(result.output)) return result
      return { ...result, output: watchEvents(result.output, answer, left) }
    } catch (error) {
      throw answer(error)
    }
  })

/**
 * The contract, to be implemented. `context.signal` fires when the person cancels, the window or socket goes away, or the
 * deadline passes; handlers pass it down to the database. (The handler's own `signal` knows nothing of the deadline.)
 */
export const api = implement(contract).$context<Context>().use(aroundCall)

/** Only the words: other data may be values of a table, which are shown as they are. */
function withoutSecrets(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || !('hint' in data) || typeof data.hint !== 'string') return data
  return { ...data, hint: redact(data.hint) }
}

/** The error as the contract declares it; anything unexpected is logged whole and masked, with an id that finds it. */
function declared(
  host: Pick<Host, 'log'>,
  { error, path, deadline, isLate, isAbandoned }: Failure,
): ORPCError<string, unknown> {
  // What became of a COMMIT is known or it is not, however late the answer: "stopped" would be a lie.
  const isAboutCommit = error instanceof Refusal && ['OUTCOME_UNKNOWN', 'INTERRUPTED'].includes(error.code)
  if (isLate && !isAboutCommit) {
    const message = `Stopped after ${Math.round(deadline / 1000)} s without an answer.`
    return new ORPCError('DEADLINE', { defined: true, message, data: { milliseconds: deadline } })
  }
  if (error instanceof Refusal) {
    // The words may be a server's own: no secret goes out with them.
    return new ORPCError(error.code, {
      defined: true,
      message: redact(error.message),
      data: withoutSecrets(error.data),
      cause: error,
    })
  }
  if (error instanceof ORPCError) return error as ORPCError<string, unknown>
  // Work that was cut off fails in many ways, and nobody reads the answer.
  return unexpected(isAbandoned ? () => undefined : host.log, path.join('.'), error)
}
