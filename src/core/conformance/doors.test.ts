// One suite, two doors: the same assertions over a real MessageChannel and over a real loopback socket.
import { deepStrictEqual } from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { MessageChannel } from 'node:worker_threads'
import { createORPCClient, isDefinedError, ORPCError, safe } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { listen, type Listening } from '../../headless/listen.ts'
import { servePort } from '../../main/serve-port.ts'
import { createWire } from '../../renderer/link/wire.ts'
import type { Core } from '../core.ts'
import type { Context } from '../implement.ts'
import { createServing } from '../serving.ts'
import { anyValue } from './any-value.ts'
import type { testContract } from './test-contract.ts'
import { createTestRouter, SECRET } from './test-router.ts'

const isFull = process.env.VERIFY === 'full'
const VALUES = isFull ? 10_000 : 300
const CALLS = isFull ? 10_000 : 1_000
const SEED = 20_261_122

/** A page's end of one connection. */
interface Page {
  client: ContractRouterClient<typeof testContract>
  raw(frame: string | Uint8Array): void
  /** The connection goes away without a word. */
  drop(): void
  /** Only a socket's page can leave what was sent to it unread. */
  stopReading?(isPaused: boolean): void
  /** Settles when the host has ended the connection. */
  ended: Promise<unknown>
}

const logged: string[] = []
const log = (level: string, message: string, detail?: unknown) =>
  void logged.push(`${level} ${message} ${detail instanceof Error ? `${detail.message} ${String(detail.cause)}` : ''}`)
const { router, witness } = createTestRouter()
const serving = createServing<Context>(router, log)
const context: Context = { core: { host: { log } } as unknown as Core }

function throughPort(): Promise<Page> {
  const { port1, port2 } = new MessageChannel()
  const listening = {
    on: (event: string, listener: (event: never) => void) => port1.addEventListener(event, listener as never),
    postMessage: (message: string) => port1.postMessage(message),
    start: () => port1.start(),
    close: () => port1.close(),
  }
  servePort(listening, (line) => serving.serve(line, context))
  const wire = createWire((frame) => port2.postMessage(frame))
  port2.on('message', (frame: string) => wire.receive(frame))
  const ended = new Promise((resolve) => port2.on('close', () => resolve('closed')))
  void ended.then(() => wire.close(new Error('lost')))
  return Promise.resolve({
    client: createORPCClient(wire.link),
    raw: (frame) => port2.postMessage(frame),
    drop: () => port2.close(),
    ended,
  })
}

let listening: Listening

async function throughSocket(): Promise<Page> {
  const token = listening.freshLink().split('#token=')[1]
  const headers = { origin: listening.url, 'content-type': 'application/json' }
  const answer = await fetch(`${listening.url}/session`, { method: 'POST', headers, body: JSON.stringify({ token }) })
  const { secret } = (await answer.json()) as { secret: string }
  const socket = new WebSocket(`${listening.url.replace('http', 'ws')}/socket`, { origin: listening.url })
  const wire = createWire((frame) => socket.send(frame))
  await new Promise((resolve) => socket.once('open', resolve))
  const ready = new Promise((resolve) => socket.once('message', resolve))
  socket.send(JSON.stringify({ session: secret }))
  await ready
  socket.on('message', (data) => wire.receive((data as Buffer).toString('utf8')))
  socket.on('error', () => undefined)
  const ended = new Promise((resolve) => socket.on('close', (code) => resolve(code)))
  void ended.then(() => wire.close(new Error('lost')))
  return {
    client: createORPCClient(wire.link),
    raw: (frame) => socket.send(frame),
    drop: () => socket.terminate(),
    stopReading: (isPaused) => (isPaused ? socket.pause() : socket.resume()),
    ended,
  }
}

beforeAll(async () => {
  listening = await listen({
    port: 0,
    rendererFolder: '/nowhere',
    log,
    serve: (line) => serving.serve(line, context),
  })
})
afterAll(() => listening.close())

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 5_000
  while (!condition()) {
    if (performance.now() > end) throw new Error('It did not happen within 5 s.')
    await sleep(2)
  }
}

const doors = [
  { name: 'port', open: throughPort },
  { name: 'socket', open: throughSocket },
]

describe.each(doors)('the $name door', ({ name, open }) => {
  let page: Page
  beforeAll(async () => {
    page = await open()
  })
  afterAll(() => page.drop())

  it(`carries ${VALUES} random nested values without loss (seed ${SEED})`, async () => {
    await fc.assert(
      fc.asyncProperty(anyValue, async (value) => {
        deepStrictEqual(await page.client.echo(value), value)
      }),
      { seed: SEED, numRuns: VALUES },
    )
  }, 600_000)

  it('carries bytes of every kind as a plain Uint8Array', async () => {
    const store = Uint8Array.from({ length: 300 }, (_, index) => index % 256)
    for (const bytes of [
      Buffer.from(store),
      store.subarray(7, 205),
      Buffer.from(store).subarray(3),
      new Uint8Array(),
    ]) {
      deepStrictEqual(await page.client.echo(bytes), new Uint8Array(bytes))
    }
  })

  it('keeps `__proto__` a key like any other', async () => {
    const value: unknown = JSON.parse('{"__proto__":{"isAdmin":true},"a":{"__proto__":null}}')
    const back = (await page.client.echo(value)) as Record<string, unknown>
    deepStrictEqual(back, value)
    expect(back.isAdmin).toBeUndefined()
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined()
  })

  it('tells declared errors by type, with their data', async () => {
    const { error, isDefined } = await safe(page.client.refuse())
    expect(isDefined).toBe(true)
    expect(isDefinedError(error) && error.code === 'TOO_MANY' && error.data.limit).toBe(2n ** 63n - 1n)
    expect(error?.message).toBe('There are too many.')
  })

  it('masks other errors, and the log has them whole under the same id', async () => {
    const failures = [
      () => page.client.fail(),
      () => page.client.lie(),
      () => readAll(page.client.count({ name: 'bad', to: 3, failAfter: 2 })),
    ]
    for (const failure of failures) {
      const before = logged.length
      const { error } = await safe(failure())
      expect(error).toBeInstanceOf(ORPCError)
      expect(JSON.stringify(error)).not.toContain(SECRET)
      const id = /^Unexpected error ([0-9a-f]{6})\. Details are in the log\.$/.exec(error?.message ?? '')?.[1]
      expect(id).toBeDefined()
      expect(logged.slice(before).filter((line) => line.startsWith(`error ${id}`))).toHaveLength(1)
    }
    expect(logged.some((line) => line.includes(SECRET))).toBe(true)
  })

  it('refuses input that the contract does not allow', async () => {
    await expect(page.client.strict(12)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect(page.client.strict('3' as unknown as number)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await expect((page.client as unknown as { nothing(): Promise<void> }).nothing()).rejects.toBeInstanceOf(ORPCError)
  })

  it('aborts down to the handler, and the caller hears within 100 ms', async () => {
    const stop = new AbortController()
    const waiting = page.client.wait({ name: `abort ${name}` }, { signal: stop.signal })
    await until(() => witness.running.has(`abort ${name}`))
    const start = performance.now()
    stop.abort(new Error('cancelled'))
    await expect(waiting).rejects.toThrow()
    expect(performance.now() - start).toBeLessThan(100)
    await until(() => witness.aborted.has(`abort ${name}`))
    expect((witness.aborted.get(`abort ${name}`) ?? Infinity) - start).toBeLessThan(100)
  })

  it('does not let a cancellation overtake its call', async () => {
    const other = await open()
    // Both in one go, so that the host finds them together.
    const body = { json: { name: `overtaken ${name}` } }
    other.raw(JSON.stringify({ i: 'a', p: { u: '/wait', b: body } }))
    other.raw(JSON.stringify({ i: 'a', t: 4 }))
    await other.client.ping()
    await sleep(50)
    expect(witness.running.has(`overtaken ${name}`)).toBe(false)
    other.drop()
  })

  it('aborts a long task when its reader leaves', async () => {
    const events = await page.client.count({ name: `left ${name}`, to: 100_000 })
    for await (const number of events) if (number === 3) break
    await until(() => witness.aborted.has(`left ${name}`) && !witness.running.has(`left ${name}`))
  })

  it('brings the events of a long task in order, and its end', async () => {
    expect(await readAll(page.client.count({ name: 'whole', to: 50 }))).toEqual(
      Array.from({ length: 50 }, (_, i) => i + 1),
    )
  })

  it('aborts everything that a dropped peer had running', async () => {
    const other = await open()
    const calls = [1, 2, 3].map((number) => other.client.wait({ name: `dropped ${name} ${number}` }))
    const events = await other.client.count({ name: `dropped ${name} 4`, to: 100_000 })
    const names = [1, 2, 3, 4].map((number) => `dropped ${name} ${number}`)
    await until(() => names.every((one) => witness.running.has(one)))
    const start = performance.now()
    other.drop()
    for (const call of calls) await expect(call).rejects.toThrow('lost')
    await until(() => names.every((one) => witness.aborted.has(one)))
    expect(Math.max(...names.map((one) => witness.aborted.get(one) ?? Infinity)) - start).toBeLessThan(100)
    await events.return?.()
    expect(await page.client.ping()).toBe('pong')
  })

  it('ends a call at its deadline', async () => {
    const start = performance.now()
    const { error } = await safe(page.client.waitBriefly({ name: `late ${name}` }))
    expect(isDefinedError(error) && error.code === 'DEADLINE' && error.data.milliseconds).toBe(200)
    expect(performance.now() - start).toBeLessThan(1_000)
    expect(witness.aborted.has(`late ${name}`)).toBe(true)
  })

  it('carries 10 MB of text and 10 MB of bytes', async () => {
    const bytes = new Uint8Array(randomBytes(10_000_000))
    const start = performance.now()
    const back = (await page.client.echo(bytes)) as Uint8Array
    const bytesTook = performance.now() - start
    expect(Buffer.compare(back, bytes)).toBe(0)
    const text = 'é"\\\n'.repeat(2_500_000)
    expect((await page.client.echo(text)) === text).toBe(true)
    console.log(`FIGURE ${name}: 10 MB of bytes there and back in ${Math.round(bytesTook)} ms`)
    expect(bytesTook).toBeLessThan(5_000)
  })

  it(`answers ${CALLS} calls, a hundred at a time`, async () => {
    const start = performance.now()
    for (let done = 0; done < CALLS; done += 100) {
      const numbers = Array.from({ length: 100 }, (_, index) => done + index)
      expect(await Promise.all(numbers.map((number) => page.client.echo(number)))).toEqual(numbers)
    }
    console.log(`FIGURE ${name}: ${CALLS} calls in ${Math.round(performance.now() - start)} ms`)
  }, 120_000)

  it('lives through frames that make no sense, and goes on serving others', async () => {
    const frames: (string | Uint8Array)[] = [
      '',
      'null',
      '[]',
      '"text"',
      '{}',
      '{"i":"1","p":{"u":"/ping"',
      '{"i":1,"p":{"u":"/ping"}}',
      '{"i":"1","p":null}',
      '{"i":"1","p":{"u":5}}',
      '{"i":"1","p":{"u":"http://["}}',
      '{"i":"1","t":3}',
      '{"i":"1","p":{"u":"/echo","h":{"content-type":"multipart/form-data; boundary=x"}}}',
      new Uint8Array(randomBytes(500)),
      randomBytes(500).toString('latin1'),
      '['.repeat(1_000_000),
      // These two would be fine as text, and if they were smaller.
      Buffer.from('{"i":"1","p":{"u":"/ping"}}'),
      `{"i":"1","p":{"u":"/ping","b":{"json":"${'x'.repeat(32 * 1024 * 1024)}"}}}`,
    ]
    for (const frame of frames) {
      const other = await open()
      const waiting = other.client.wait({ name: `bad frame ${name}` }).catch((error: unknown) => error)
      await until(() => witness.running.has(`bad frame ${name}`))
      other.raw(frame)
      expect(await Promise.race([other.ended, sleep(3_000, 'still open')])).not.toBe('still open')
      expect(await waiting).toBeInstanceOf(Error)
      await until(() => !witness.running.has(`bad frame ${name}`))
      expect(await page.client.ping()).toBe('pong')
    }
  }, 60_000)

  it('answers or ignores frames that are well formed and wrong', async () => {
    const other = await open()
    for (const frame of [
      '{"i":"999","t":4}',
      '{"i":"999","t":3,"p":{"e":"message","d":1}}',
      '{"i":"a","p":{"u":"/no/such/call","b":{"json":1}}}',
      '{"i":"b","p":{"u":"/__proto__","b":{}}}',
      '{"i":"c","p":{"u":"/echo","b":{"json":{},"meta":[[20,"__proto__","x"]]}}}',
      '{"i":"d","p":{"u":"/echo","b":{"json":[1],"meta":[[20,0]]}}}',
      '{"i":"e","p":{"u":"/echo","b":{"json":"9","meta":"x"}}}',
      '{"i":"f","p":{"u":"/echo","b":null}}',
      '{"i":"g","p":{"u":"/strict","h":{"content-type":"text/event-stream"}}}',
    ]) {
      other.raw(frame)
    }
    expect(await other.client.ping()).toBe('pong')
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
    other.drop()
  })
})

it('makes no more answers for a page that does not read them, and goes on when it does', async () => {
  const page = await throughSocket()
  page.stopReading?.(true)
  const texts = Array.from({ length: 120 }, () => page.client.text({ length: 1_000_000 }))
  await sleep(500)
  // 32 that wait for room, and what the system's own buffers took.
  expect(witness.texts).toBeLessThan(60)
  page.stopReading?.(false)
  expect((await Promise.all(texts)).every((text) => text.length === 1_000_000)).toBe(true)
  expect(witness.texts).toBe(120)
  page.drop()
})

async function readAll<T>(events: Promise<AsyncIterable<T>>): Promise<T[]> {
  const all: T[] = []
  for await (const event of await events) all.push(event)
  return all
}
