// A small contract for the conformance suite: calls that show how a door treats values, errors, time and cancelling.
import { type as typed } from '@orpc/contract'
import { z } from 'zod'
import { call, progress } from '../../shared/procedure.ts'

export const testContract = {
  /** Gives back what it got. */
  echo: call().input(typed<unknown>()).output(typed<unknown>()),
  ping: call().output(z.literal('pong')),
  /** Fails as the contract says it may. */
  refuse: call().errors({ TOO_MANY: { data: z.object({ limit: z.bigint() }) } }),
  /** Fails in a way that nobody declared; the error holds a secret. */
  fail: call(),
  /** Answers something else than it promised. */
  lie: call().output(z.number()),
  /** Takes only a number from 1 to 9. */
  strict: call().input(z.number().min(1).max(9)),
  /** Runs under this name until it is aborted. */
  wait: call().input(z.object({ name: z.string() })),
  /** The same, with a deadline of 200 ms. */
  waitBriefly: call(200).input(z.object({ name: z.string() })),
  /** Counts up; fails with a secret after `failAfter`, if that is given. */
  count: progress(z.number()).input(z.object({ name: z.string(), to: z.number(), failAfter: z.number().optional() })),
  /** As much text as asked for. */
  text: call()
    .input(z.object({ length: z.number() }))
    .output(typed<string>()),
}
