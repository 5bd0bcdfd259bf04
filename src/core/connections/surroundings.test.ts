// A machine that slept, whose clock was set, or that is in another network is noticed; a quiet one is not.
import { expect, test } from 'vitest'
import { watchSurroundings } from './surroundings.ts'

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

/** A clock and addresses that the test moves, looked at every 20 ms. */
function machine() {
  const it = { ahead: 0, addresses: 'eth0 10.0.0.5', noticed: 0 }
  const surroundings = watchSurroundings(() => (it.noticed += 1), {
    every: 20,
    late: 30_000,
    now: () => Date.now() + it.ahead,
    addresses: () => it.addresses,
  })
  return { it, surroundings }
}

test('a quiet machine is left in peace, also when timers are a little late', async () => {
  const { it, surroundings } = machine()
  surroundings.begin()
  await pause(60)
  it.ahead += 20_000
  await pause(60)
  expect(it.noticed).toBe(0)
  surroundings.end()
})

test('a timer that is later than 30 s is sleep; a clock that was set back counts as well', async () => {
  const { it, surroundings } = machine()
  surroundings.begin()
  await pause(50)
  it.ahead += 31_000
  await pause(60)
  expect(it.noticed).toBe(1)
  it.ahead -= 31_000
  await pause(60)
  expect(it.noticed).toBe(2)
  surroundings.end()
})

test('another network is noticed once', async () => {
  const { it, surroundings } = machine()
  surroundings.begin()
  surroundings.begin()
  it.addresses = 'tun0 10.8.0.2'
  await pause(80)
  expect(it.noticed).toBe(1)
  surroundings.end()
  it.addresses = 'eth0 10.0.0.5'
  await pause(60)
  expect(it.noticed).toBe(1)
})

test('without connections to servers nothing is looked at', async () => {
  const { it } = machine()
  it.ahead += 60_000
  await pause(60)
  expect(it.noticed).toBe(0)
})
