import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { calls, setWire } from './calls.ts'
import { isLinkLost, LinkLost } from './link-lost.ts'
import { setLinkState, type LinkState } from './link-state.ts'
import { createWire } from './wire.ts'

const state = (name: LinkState['state'], message = '') =>
  setLinkState({ state: name, attempt: 0, nextTryAt: null, message })
const call = (signal?: AbortSignal) =>
  calls.call(['app', 'about'], undefined, { context: {}, ...(signal ? { signal } : {}) })
const failure = (promise: Promise<unknown>) => promise.then(() => null).catch((error: unknown) => error)

/** A wire whose other end answers every call with its id. */
function answering() {
  const wire = createWire((frame) => {
    const { i } = JSON.parse(frame) as { i: string }
    wire.receive(JSON.stringify({ i, p: { b: { json: 'answer' } } }))
  })
  return wire
}

beforeEach(() => {
  vi.useFakeTimers()
  setWire(null)
  state('connecting', 'Connecting.')
})
afterEach(() => vi.useRealTimers())

describe('calls', () => {
  it('wait for the link, and go out when it is there', async () => {
    const answer = call()
    await vi.advanceTimersByTimeAsync(9_000)
    setWire(answering())
    state('open')
    expect(await answer).toBe('answer')
  })

  it('give up after 10 s, in the words of the link', async () => {
    const error = failure(call())
    await vi.advanceTimersByTimeAsync(9_999)
    state('lost', 'Nobody there.')
    await vi.advanceTimersByTimeAsync(1)
    expect(isLinkLost(await error)).toBe(true)
    expect(await error).toHaveProperty('message', 'Nobody there.')
  })

  it('fail at once while the session is refused', async () => {
    state('refused', 'A new link is needed.')
    expect(await failure(call())).toEqual(new LinkLost('A new link is needed.'))
  })

  it('stop waiting when they are cancelled', async () => {
    const stop = new AbortController()
    const error = failure(call(stop.signal))
    stop.abort(new Error('cancelled'))
    expect(await error).toHaveProperty('message', 'cancelled')
    expect(await failure(call(stop.signal))).toHaveProperty('message', 'cancelled')
  })

  it('fail as lost when the link drops under them, and only then', async () => {
    const wire = createWire(() => undefined)
    setWire(wire)
    state('open')
    const error = failure(call())
    await vi.advanceTimersByTimeAsync(60_000)
    wire.close(new LinkLost('dropped'))
    expect(isLinkLost(await error)).toBe(true)
  })

  it('tell a long task that was cut off from one that was cancelled', async () => {
    const begin = async (signal: AbortSignal) => {
      const wire = createWire((frame) => {
        const { i, t } = JSON.parse(frame) as { i: string; t?: number }
        if (t !== undefined) return
        queueMicrotask(() => wire.receive(JSON.stringify({ i, p: { h: { 'content-type': 'text/event-stream' } } })))
      })
      setWire(wire)
      state('open')
      const events = (await call(signal)) as AsyncIterator<unknown>
      return { wire, next: failure(events.next()) }
    }
    const cut = await begin(new AbortController().signal)
    cut.wire.close(new LinkLost('dropped'))
    expect(isLinkLost(await cut.next)).toBe(true)

    const stop = new AbortController()
    const cancelled = await begin(stop.signal)
    stop.abort(new Error('cancelled'))
    expect(await cancelled.next).toHaveProperty('message', 'cancelled')
  })
})
