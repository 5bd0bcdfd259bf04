// Work on many rows that takes a while: one at a time for each table, with its progress, and a way to stop it.
import { isAbort, wordsOf } from '../../ui/call-error.ts'
import type { TableModel } from '../table-model.ts'
import { Slot } from './slot.ts'

export interface Work {
  /** "Copying 40,000 rows". */
  words: string
  done: number
  of: number
  cancel: () => void
}

export interface Run {
  signal: AbortSignal
  progress: (done: number) => void
}

/** A plain no in words for people. */
export class Declined extends Error {}

export const works = new Slot<Work>()

/** What the body gives; null when it was stopped, declined or failed, which is said on the screen. */
export async function runWork<T>(
  model: TableModel,
  words: string,
  of: number,
  body: (run: Run) => Promise<T>,
): Promise<T | null> {
  works.get(model)?.cancel()
  const own = new AbortController()
  const cancel = () => own.abort(new DOMException('Stopped by a person.', 'AbortError'))
  let work: Work = { words, done: 0, of, cancel }
  works.set(model, work)
  const progress = (done: number) => {
    if (works.get(model) !== work) return
    work = { ...work, done }
    works.set(model, work)
  }
  try {
    const made = await body({ signal: own.signal, progress })
    own.signal.throwIfAborted()
    return made
  } catch (error) {
    const isStopped = own.signal.aborted || isAbort(error)
    const text = isStopped ? `${words}: stopped.` : error instanceof Declined ? error.message : wordsOf(error).message
    model.set({ notice: { tone: isStopped ? 'note' : 'bad', text } })
    return null
  } finally {
    if (works.get(model) === work) works.set(model, null)
  }
}
