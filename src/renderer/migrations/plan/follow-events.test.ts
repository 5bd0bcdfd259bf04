// Events arrive in bundles, in order, and none is lost when the stream ends or breaks off.
import { expect, test } from 'vitest'
import { followEvents } from './follow-events.ts'

async function* numbers(upTo: number, error?: Error) {
  for (let number = 0; number < upTo; number++) {
    if (number % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 1))
    yield number
  }
  if (error) throw error
}
const all = (upTo: number) => Array.from({ length: upTo }, (_, index) => index)

test('a thousand events are a few bundles', async () => {
  const bundles: (readonly number[])[] = []
  await followEvents(
    () => Promise.resolve(numbers(1000)),
    (events) => bundles.push(events),
  )
  expect(bundles.flat()).toEqual(all(1000))
  expect(bundles.length).toBeLessThan(20)
})

test('what came before an error is handed on first', async () => {
  const seen: number[] = []
  const following = followEvents(
    () => Promise.resolve(numbers(7, new Error('cut off'))),
    (events) => seen.push(...events),
  )
  await expect(following).rejects.toThrow('cut off')
  expect(seen).toEqual(all(7))
})

test('events are shown while the stream goes on', async () => {
  const seen: number[] = []
  const end = Promise.withResolvers<undefined>()
  async function* slow() {
    yield 1
    await end.promise
  }
  const following = followEvents(
    () => Promise.resolve(slow()),
    (events) => seen.push(...events),
  )
  await expect.poll(() => seen).toEqual([1])
  end.resolve(undefined)
  await following
})
