// Many rows through one statement: sent in parts, with the next part on its way while the child works on the last.
import type { Cell } from '../../../shared/cell.ts'
import type { Ran } from '../database.ts'
import { failedAt, placeOfFailure } from '../failed-at.ts'
import type { Child } from './process.ts'
import type { Failure, ManyAnswer } from './protocol.ts'
import { checkValues, ownBytes } from './values.ts'

/** Rows in one message, so that writing it out holds up the main thread for a few milliseconds at most. */
const PART = 500
/** Messages on their way at once. */
const AHEAD = 3

type CellRows = readonly (readonly Cell[])[]

/**
 * Answers with the number of rows changed. After the first error nothing more is sent; and when the transaction has been
 * rolled back meanwhile, that error is there: what is still under way finds the child outside of any transaction.
 */
export async function sendBulk(child: Child, sql: string, rows: CellRows): Promise<number> {
  let changes = 0
  const send = (part: CellRows) => child.ask('bulk', { sql, rows: part })
  await inParts(rows, send, (changed) => void (changes += changed))
  return changes
}

/** The same, with what each statement did. The error of one that failed tells which it was. */
export async function sendMany(child: Child, sql: string, rows: Iterable<readonly Cell[]>): Promise<Ran[]> {
  const done: Ran[] = []
  const send = (part: CellRows) => child.ask('many', { sql, rows: part })
  await inParts(rows, send, ({ changes, lastKeys, rows: answers }: ManyAnswer) => {
    changes.forEach((count, index) => {
      const answered = answers?.[index] ?? []
      if (answered.length > 0) ownBytes(answered)
      done.push({ changes: count, lastKey: lastKeys?.[index] ?? null, rows: answered })
    })
  })
  return done
}

async function inParts<T>(
  rows: Iterable<readonly Cell[]>,
  send: (part: CellRows) => Promise<T>,
  take: (answer: T) => void,
) {
  const underWay: { answer: Promise<T>; start: number }[] = []
  const takeNext = async () => {
    const next = underWay.shift()
    if (!next) return
    try {
      take(await next.answer)
    } catch (error) {
      failedAt(error, next.start + placeIn(error))
      throw error
    }
  }
  try {
    let start = 0
    for (const part of partsOf(rows)) {
      part.forEach((row, index) => check(row, start + index))
      if (underWay.length >= AHEAD) await takeNext()
      const answer = send(part)
      answer.catch(() => undefined)
      underWay.push({ answer, start })
      start += part.length
    }
    while (underWay.length > 0) await takeNext()
  } catch (error) {
    // The child has worked through what was sent before the caller hears of the error.
    await Promise.allSettled(underWay.map(({ answer }) => answer))
    throw error
  }
}

function* partsOf(rows: Iterable<readonly Cell[]>): Generator<CellRows, void> {
  let part: (readonly Cell[])[] = []
  for (const row of rows) {
    part.push(row)
    if (part.length < PART) continue
    yield part
    part = []
  }
  if (part.length > 0) yield part
}

/** The child told the place within its part. */
function placeIn(error: unknown): number {
  const failure = (error as { cause?: Partial<Failure> } | null)?.cause
  return failure?.place ?? 0
}

function check(row: readonly Cell[], place: number): void {
  try {
    checkValues(row)
  } catch (error) {
    failedAt(error, placeOfFailure(error) ?? place)
    throw error
  }
}
