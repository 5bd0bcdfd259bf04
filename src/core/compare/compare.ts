// Two users tables side by side: the contract's `compare`.
import type { ComparedTable, Comparison } from '../../shared/compare.ts'
import { streamEvents } from '../event-queue.ts'
import { api, type Context } from '../implement.ts'
import { Refusal } from '../refusal.ts'
import { pairColumns } from './column-pairs.ts'
import { compareRows } from './compare-rows.ts'
import { copyUsers } from './copy-users.ts'
import { keptComparisons } from './kept-comparisons.ts'
import { describePairs } from './pair-words.ts'
import { sideOf, type Side } from './side.ts'

async function sidesOf(
  context: Context,
  input: { left: ComparedTable; right: ComparedTable },
  signal: AbortSignal,
): Promise<{ left: Side; right: Side }> {
  const [left, right] = await Promise.all([sideOf(context, input.left, signal), sideOf(context, input.right, signal)])
  return { left, right }
}

export const compareRouter = {
  schema: api.compare.schema.handler(async ({ input, context }) => {
    const { left, right } = await sidesOf(context, input, context.signal)
    return { columns: describePairs(left, right, pairColumns(left, right)) }
  }),
  rows: api.compare.rows.handler(({ input, context }) => {
    const kept = keptComparisons(context.core)
    return streamEvents<Comparison>(context.signal, async (push, signal) => {
      const sides = await sidesOf(context, input, signal)
      let last: Comparison | null = null
      // The last state comes once the pairs can be asked for.
      const listed = await compareRows(sides, (state) => (state.isDone ? (last = state) : push(state)), signal)
      kept.set(input.id, listed)
      try {
        if (last) push(last)
        await untilLeft(signal)
      } finally {
        kept.delete(input.id)
      }
    })
  }),
  pairs: api.compare.pairs.handler(({ input: { id, kind, from, limit }, context }) => {
    const listed = keptComparisons(context.core).get(id)
    if (!listed) throw new Refusal('NOT_COMPARED', 'The comparison is no longer kept. Compare again.')
    return { pairs: listed[kind].slice(from, from + limit) }
  }),
  copy: api.compare.copy.handler(async ({ input, context }) => {
    const { left: from, right: to } = await sidesOf(context, { left: input.from, right: input.to }, context.signal)
    return copyUsers({ from, to, keptHashes: context.core.keptHashes }, input, context.signal)
  }),
}

/** Until nobody reads any more. */
function untilLeft(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
