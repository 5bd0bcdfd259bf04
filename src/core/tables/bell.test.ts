// Who waits is woken, is told of a failure however early it came, and leaves nothing behind.
import { queryObjects } from 'node:v8'
import { expect, it } from 'vitest'
import { makeBell } from './bell.ts'

const never = new AbortController().signal

it('wakes who waits, at every ring', async () => {
  const bell = makeBell()
  for (let at = 0; at < 3; at += 1) {
    const rung = bell.rung(never)
    bell.ring()
    await rung
  }
})

it('rejects who waits, and whoever comes later', async () => {
  const bell = makeBell()
  const waiting = bell.rung(never)
  bell.fail(new Error('It is over.'))
  await expect(waiting).rejects.toThrow('It is over.')
  await expect(bell.rung(never)).rejects.toThrow('It is over.')
  expect(() => bell.check()).toThrow('It is over.')
})

it('is left at once', async () => {
  const leaving = new AbortController()
  const waiting = makeBell().rung(leaving.signal)
  leaving.abort(new Error('Left.'))
  await expect(waiting).rejects.toThrow('Left.')
})

it('keeps nothing of those who have waited', async () => {
  const bell = makeBell()
  const before = queryObjects(Promise, { format: 'count' })
  for (let at = 0; at < 1000; at += 1) {
    const rung = bell.rung(never)
    bell.ring()
    await rung
  }
  // Of a promise that all of them were raced with, a thousand would be left.
  expect(queryObjects(Promise, { format: 'count' }) - before).toBeLessThan(100)
})
