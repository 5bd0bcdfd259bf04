import { expect, it } from 'vitest'
import { openRuns } from './runs.ts'

async function* numbers(failAt = Infinity) {
  for (let number = 1; number <= 3; number += 1) {
    await Promise.resolve()
    if (number === failAt) throw new Error('broke')
    yield number
  }
}

it('knows what is under way until it ends, fails or is left', async () => {
  const runs = openRuns()
  const seen: unknown[] = []
  for await (const number of runs.during('migrations', numbers())) seen.push([number, runs.underWay()])
  expect(seen).toEqual([1, 2, 3].map((number) => [number, ['migrations']]))
  expect(runs.underWay()).toEqual([])

  await expect(async () => {
    for await (const _number of runs.during('demo-users', numbers(2))) continue
  }).rejects.toThrow('broke')
  expect(runs.underWay()).toEqual([])

  for await (const _number of runs.during('demo-users', numbers())) break
  expect(runs.underWay()).toEqual([])
})
