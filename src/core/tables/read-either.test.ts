// Of two ways to the same rows the faster one counts, and the other one is stopped.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Cell } from '../../shared/cell.ts'
import type { Rows, Statement } from '../db/database.ts'
import { readEither } from './read-either.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const FIRST: Statement = { sql: 'first', values: [] }
const SECOND: Statement = { sql: 'second', values: [] }
const rows = (cell: Cell): Rows => ({ columns: ['a'], rows: [[cell]] })

/** Statements answer as told; one without an answer ends when it is stopped. */
function database(answers: Record<string, () => Promise<Rows>>) {
  const asked: string[] = []
  const stopped: string[] = []
  const read = ({ sql }: Statement, signal: AbortSignal): Promise<Rows> => {
    asked.push(sql)
    const stop = new Promise<Rows>((_, reject) =>
      signal.addEventListener('abort', () => {
        stopped.push(sql)
        reject(new DOMException('stopped', 'AbortError'))
      }),
    )
    return Promise.race([stop, answers[sql]?.() ?? stop])
  }
  return { read, asked, stopped }
}

const never = new AbortController().signal
const run = (read: Parameters<typeof readEither>[0], signal = never) => readEither(read, FIRST, SECOND, signal)

test('a quick first way is the only one', async () => {
  const { read, asked } = database({ first: () => Promise.resolve(rows(1n)) })
  expect(await run(read)).toEqual(rows(1n))
  expect(asked).toEqual(['first'])
})

test('a slow first way is stopped when the second one answers', async () => {
  const { read, asked, stopped } = database({ second: () => Promise.resolve(rows(2n)) })
  const reading = run(read)
  await vi.advanceTimersByTimeAsync(1000)
  expect(await reading).toEqual(rows(2n))
  expect(asked).toEqual(['first', 'second'])
  expect(stopped).toContain('first')
})

test('what fails is left to the other; when both fail, the first one is told', async () => {
  const fail = (words: string) => () => Promise.reject(new Error(words))
  const late = () => new Promise<Rows>((resolve) => setTimeout(resolve, 300, rows(1n)))
  const reading = run(database({ first: late, second: fail('two') }).read)
  await vi.advanceTimersByTimeAsync(1000)
  expect(await reading).toEqual(rows(1n))
  await expect(run(database({ first: fail('one') }).read)).rejects.toThrow('one')
  const lateFail = () => late().then(fail('one'))
  const failing = expect(run(database({ first: lateFail, second: fail('two') }).read)).rejects.toThrow('one')
  await vi.advanceTimersByTimeAsync(1000)
  await failing
})

test('nobody waits any more: both are stopped', async () => {
  const { read, stopped } = database({})
  const leaving = new AbortController()
  const reading = expect(run(read, leaving.signal)).rejects.toThrow('stopped')
  await vi.advanceTimersByTimeAsync(1000)
  leaving.abort()
  await reading
  expect(stopped).toEqual(['first', 'second'])
})
