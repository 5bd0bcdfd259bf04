// The listener over streams that a test feeds: what it passes on, and when it hangs up, goes elsewhere and goes on.
import { afterEach, expect, test, vi } from 'vitest'
import { where } from '../../../shared/filters.ts'
import type { Survey, View } from '../../../shared/tables.ts'
import { ViewSurvey } from './view-survey.ts'

const view = (table: string): View => ({ profileId: 'p', table, sort: null, filter: null })
const survey = (reached: number, more: Partial<Survey> = {}): Survey => ({
  ...{ estimate: 10_000_000, reached, total: null, anchors: 1, asOf: 1, error: 0, isDone: false },
  ...more,
})

interface Stream {
  table: string
  near: number | null
  signal: AbortSignal
  push(survey: Survey): void
  end(error?: Error): void
}

function setUp() {
  const streams: Stream[] = []
  const told: (number | null)[] = []
  const errors: unknown[] = []
  const listening = new ViewSurvey({
    listen: ({ table }, near, signal) => {
      const waiting: (Survey | Error | null)[] = []
      let wake = () => {}
      const put = (one: Survey | Error | null) => {
        waiting.push(one)
        wake()
      }
      streams.push({ table, near, signal, push: put, end: (error) => put(error ?? null) })
      return Promise.resolve({
        async *[Symbol.asyncIterator]() {
          for (;;) {
            const next = waiting.shift()
            if (next === null) return
            if (next instanceof Error) throw next
            if (next) yield next
            else await new Promise<void>((resolve) => (wake = resolve))
          }
        },
      })
    },
    onChange: (state) => told.push(state?.reached ?? null),
    onError: (error) => errors.push(error),
  })
  const last = () => streams.at(-1) as Stream
  return { listening, streams, told, errors, last }
}

vi.useFakeTimers()
afterEach(() => vi.clearAllTimers())
const settle = () => vi.advanceTimersByTimeAsync(1_000)

test('what the host says is passed on, until another view is followed', async () => {
  const { listening, streams, told, last } = setUp()
  listening.follow(view('a'))
  await settle()
  last().push(survey(10))
  await settle()
  listening.follow(view('b'))
  expect(streams[0]?.signal.aborted).toBe(true)
  await settle()
  streams[0]?.push(survey(20))
  last().push(survey(1))
  await settle()
  expect(told).toEqual([10, null, 1])
  expect(streams.map(({ table }) => table)).toEqual(['a', 'b'])
})

test('it begins where somebody looks, once they stay there, and not for what it has reached', async () => {
  const { listening, streams, last } = setUp()
  listening.follow(view('a'))
  await settle()
  last().push(survey(400_000))
  await settle()
  listening.look(300_000)
  await settle()
  listening.look(7_000_000)
  await vi.advanceTimersByTimeAsync(100)
  listening.look(6_000_000)
  await vi.advanceTimersByTimeAsync(100)
  expect(streams).toHaveLength(1)
  await settle()
  expect(streams.map(({ near }) => near)).toEqual([null, 6_000_000])
  expect(streams[0]?.signal.aborted).toBe(true)
  last().push(survey(500_000))
  await settle()
  listening.look(6_010_000)
  await settle()
  expect(streams).toHaveLength(2)
  last().push(survey(10_000_000, { total: 10_000_000, isDone: true }))
  listening.look(1)
  await settle()
  expect(streams).toHaveLength(2)
})

test('a pause hangs up and keeps what was found; what is done is listened to again', async () => {
  const { listening, streams, told, last } = setUp()
  listening.follow(view('a'))
  await settle()
  last().push(survey(10))
  await settle()
  listening.pause()
  expect([streams[0]?.signal.aborted, listening.isListening, listening.state?.reached]).toEqual([true, false, 10])
  listening.resume()
  await settle()
  expect(streams).toHaveLength(2)
  last().push(survey(20, { total: 20, isDone: true }))
  await settle()
  listening.pause()
  listening.resume()
  await settle()
  expect(streams).toHaveLength(3)
  expect(told).toEqual([10, 20])
})

test('a scan is not begun anew for where somebody looks', async () => {
  const { listening, streams, last } = setUp()
  listening.follow(view('a'))
  await settle()
  last().push(survey(0))
  listening.look(7_000_000)
  await settle()
  listening.follow({ ...view('a'), filter: where('email', { test: 'null' }) })
  await settle()
  last().push(survey(1_000))
  await settle()
  listening.look(9_000_000)
  await settle()
  expect(streams.map(({ near }) => near)).toEqual([null, null])
})

test('a view that is followed while nobody looks is asked for when somebody does', async () => {
  const { listening, streams } = setUp()
  listening.pause()
  listening.follow(view('a'))
  await settle()
  expect(streams).toHaveLength(0)
  listening.resume()
  await settle()
  expect(streams).toHaveLength(1)
})

test('a failure is told once, and it goes on when asked to', async () => {
  const { listening, streams, errors, last } = setUp()
  listening.follow(view('a'))
  await settle()
  last().end(new Error('lost'))
  await settle()
  expect(errors).toHaveLength(1)
  listening.resume()
  await settle()
  expect(streams).toHaveLength(2)
})
