// Implements the conformance suite's contract, and witnesses what runs and what was aborted.
import { implement } from '@orpc/server'
import { aroundCall, type Context } from '../implement.ts'
import { Refusal } from '../refusal.ts'
import { testContract } from './test-contract.ts'

export const SECRET = 'hunter2-in-an-error'

export interface Witness {
  running: Set<string>
  /** When each was aborted, as performance.now(). */
  aborted: Map<string, number>
  /** How many texts were made. */
  texts: number
}

export function createTestRouter() {
  const witness: Witness = { running: new Set(), aborted: new Map(), texts: 0 }
  const api = implement(testContract).$context<Context>().use(aroundCall)
  const untilAborted = (name: string, signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => {
      // It may have been cancelled before it began.
      if (signal.aborted) return reject(new Error('aborted'))
      witness.running.add(name)
      signal.addEventListener('abort', () => {
        witness.running.delete(name)
        witness.aborted.set(name, performance.now())
        reject(new Error(`aborted, ${SECRET}`))
      })
    })
  const router = api.router({
    echo: api.echo.handler(({ input }) => input),
    ping: api.ping.handler(() => 'pong' as const),
    refuse: api.refuse.handler(() => {
      throw new Refusal('TOO_MANY', 'There are too many.', { limit: 2n ** 63n - 1n }, new Error(SECRET))
    }),
    fail: api.fail.handler(() => {
      throw new Error(`no route to db.example with password ${SECRET}`, { cause: { password: SECRET } })
    }),
    lie: api.lie.handler(() => SECRET as unknown as number),
    strict: api.strict.handler(() => null),
    wait: api.wait.handler(({ input, context }) => untilAborted(input.name, context.signal)),
    waitBriefly: api.waitBriefly.handler(({ input, context }) => untilAborted(input.name, context.signal)),
    count: api.count.handler(async function* ({ input, context }) {
      witness.running.add(input.name)
      context.signal.addEventListener('abort', () => witness.aborted.set(input.name, performance.now()))
      try {
        for (let number = 1; number <= input.to; number += 1) {
          if (number === input.failAfter) throw new Error(SECRET)
          yield number
          // Slow enough that a reader can leave in the middle.
          if (input.to > 100) await new Promise((resolve) => setTimeout(resolve, 5))
        }
      } finally {
        witness.running.delete(input.name)
      }
    }),
    text: api.text.handler(({ input }) => {
      witness.texts += 1
      return 'x'.repeat(input.length)
    }),
  })
  return { router, witness }
}
