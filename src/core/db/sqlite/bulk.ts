// Many rows through one INSERT: sent in parts, with the next part on its way while the child works on the last.
import type { Cell } from '../../../shared/cell.ts'
import type { Child } from './process.ts'
import { checkValues } from './values.ts'

/** Rows in one message, so that writing it out holds up the main thread for a few milliseconds at most. */
const PART = 500
/** Messages on their way at once. */
const AHEAD = 3

/**
 * Answers with the number of rows changed. After the first error nothing more is sent; and when the transaction has been
 * rolled back meanwhile, that error is there: what is still under way finds the child outside of any transaction.
 */
export async function sendBulk(child: Child, sql: string, rows: readonly (readonly Cell[])[]): Promise<number> {
  const underWay: Promise<number>[] = []
  let changes = 0
  try {
    for (let start = 0; start < rows.length; start += PART) {
      const part = rows.slice(start, start + PART)
      for (const row of part) checkValues(row)
      if (underWay.length >= AHEAD) changes += (await underWay.shift()) ?? 0
      const answer = child.ask('bulk', { sql, rows: part })
      answer.catch(() => undefined)
      underWay.push(answer)
    }
    for (const answer of underWay) changes += await answer
    return changes
  } catch (error) {
    // The child has worked through what was sent before the caller hears of the error.
    await Promise.allSettled(underWay)
    throw error
  }
}
