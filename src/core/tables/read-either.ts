// Two ways to the same rows, where nobody can tell before which is the faster one: whichever answers first counts.
import type { Rows, Statement } from '../db/database.ts'

/** Milliseconds that the first way has for itself. */
const HEAD_START = 150

/**
 * Runs `first`, and beside it `second` when there is no answer soon; the other one is stopped in the database. Throws what the
 * first one threw when neither answers.
 */
export async function readEither(
  read: (statement: Statement, signal: AbortSignal) => Promise<Rows>,
  first: Statement,
  second: Statement,
  signal: AbortSignal,
): Promise<Rows> {
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  const one = read(first, either)
  const isLate = await lateness(one)
  if (!isLate) return one
  const two = read(second, either)
  try {
    return await Promise.any([one, two])
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error
  } finally {
    over.abort()
  }
}

/** False as soon as there is an answer, or none any more. */
async function lateness(answer: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, HEAD_START, true)))
  const settled = answer.then(
    () => false,
    () => false,
  )
  const isLate = await Promise.race([settled, late])
  clearTimeout(timer)
  return isLate
}
