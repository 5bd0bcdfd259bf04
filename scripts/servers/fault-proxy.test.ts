// The proxy against a plain server that answers every request with its echo; what each mode does is seen on the wire.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startProxy, type Proxy } from './fault-proxy.ts'

let server: Server
let proxy: Proxy
/** What the server has received, in all. */
let received: string
let replies: Socket[]
const clients: Client[] = []

beforeEach(async () => {
  received = ''
  replies = []
  server = createServer((socket) => {
    replies.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      received += bytes.toString()
      socket.write(`<${bytes.toString()}>`)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  proxy = await startProxy({ host: '127.0.0.1', port: (server.address() as AddressInfo).port })
})

afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy()
  await proxy.stop()
  server.close()
  expect(proxy.connections.size).toBe(0)
})

interface Client {
  socket: Socket
  text: () => string
  chunks: () => number
  /** How the connection ended: 'fin', an error's code, or '' while it is open. */
  ended: () => string
}

async function open(): Promise<Client> {
  const socket = connect(proxy.port, '127.0.0.1')
  let text = ''
  let chunks = 0
  let ended = ''
  socket.on('data', (bytes) => {
    text += bytes.toString()
    chunks += 1
  })
  socket.on('end', () => (ended ||= 'fin'))
  socket.on('error', (error: NodeJS.ErrnoException) => (ended ||= error.code ?? error.message))
  const client = { socket, text: () => text, chunks: () => chunks, ended: () => ended }
  clients.push(client)
  await once(socket, 'connect')
  return client
}

const eventually = (check: () => void) => vi.waitFor(check, { timeout: 3000, interval: 5 })

it('passes requests and replies, and the end of a client', async () => {
  const client = await open()
  client.socket.write('a')
  await eventually(() => expect(client.text()).toBe('<a>'))
  expect(proxy.connections.size).toBe(1)
  expect([...proxy.connections][0]?.delivered).toEqual({ client: 1, server: 3 })
  client.socket.end()
  await eventually(() => expect(proxy.connections.size).toBe(0))
  expect(proxy.accepted).toBe(1)
})

it('refuses new connections as a server that is down, lets open ones go on, and listens again on the same port', async () => {
  const client = await open()
  await proxy.mode('refuse')
  await expect(open()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  client.socket.write('a')
  await eventually(() => expect(client.text()).toBe('<a>'))
  await proxy.mode('pass')
  await open()
})

it('takes and delivers nothing while it is a black hole, and delivers all of it afterwards', async () => {
  const client = await open()
  await eventually(() => expect(replies).toHaveLength(1))
  await proxy.mode('blackhole')
  client.socket.write('a')
  replies[0]?.write('!')
  await wait(100)
  expect([received, client.text(), client.ended()]).toEqual(['', '', ''])
  await proxy.mode('pass')
  await eventually(() => expect(client.text()).toBe('!<a>'))
})

it('holds replies only', async () => {
  const client = await open()
  await proxy.mode('hold-replies')
  client.socket.write('a')
  await eventually(() => expect(received).toBe('a'))
  await wait(50)
  expect(client.text()).toBe('')
  await proxy.mode('pass')
  await eventually(() => expect(client.text()).toBe('<a>'))
})

it('delivers the request and drops the reply', async () => {
  const client = await open()
  await proxy.mode('drop-reply')
  client.socket.write('a')
  await eventually(() => expect(client.ended()).not.toBe(''))
  expect([received, client.text()]).toEqual(['a', ''])
})

it('resets open connections and new ones', async () => {
  const client = await open()
  await proxy.mode('reset')
  await eventually(() => expect(client.ended()).toBe('ECONNRESET'))
  const next = await open().catch((error: unknown) => error)
  if (next instanceof Error) expect(next).toMatchObject({ code: 'ECONNRESET' })
  else await eventually(() => expect((next as Client).ended()).toBe('ECONNRESET'))
  expect(proxy.accepted).toBe(2)
})

it('adds latency in each direction without reordering', async () => {
  const client = await open()
  await proxy.mode({ latency: 60 })
  const began = Date.now()
  client.socket.write('a')
  await wait(10)
  client.socket.write('b')
  await eventually(() => expect(client.text()).toBe('<a><b>'))
  expect(Date.now() - began).toBeGreaterThanOrEqual(120)
  // Not one after the other: each chunk has its own time.
  expect(Date.now() - began).toBeLessThan(1000)
})

it('slices into single bytes', async () => {
  const client = await open()
  await proxy.mode('slice')
  client.socket.write('abcdefgh')
  await eventually(() => expect(received).toBe('abcdefgh'))
  // The server answers each piece it gets: sliced requests arrive as more than one.
  await eventually(() => expect(client.text().replaceAll(/[<>]/g, '')).toBe('abcdefgh'))
  expect(client.chunks()).toBeGreaterThan(1)
  expect(client.text()).not.toBe('<abcdefgh>')
})

it('delivers no more than the limit, then cuts', async () => {
  const client = await open()
  await proxy.mode({ limit: 4 })
  client.socket.write('abcdefgh')
  await eventually(() => expect(client.ended()).not.toBe(''))
  expect(client.text()).toBe('<abc')
})

it('asks the hook before it delivers: cut, or a mode for this connection alone', async () => {
  proxy.onClientBytes = (bytes) => {
    if (bytes.includes('CUT')) return 'cut'
    if (bytes.includes('COMMIT')) return 'drop-reply'
    return undefined
  }
  const [cut, dropped, other] = [await open(), await open(), await open()]
  cut.socket.write('CUT')
  await eventually(() => expect(cut.ended()).not.toBe(''))
  expect(received).toBe('')
  dropped.socket.write('COMMIT')
  await eventually(() => expect(dropped.ended()).not.toBe(''))
  expect([received, dropped.text()]).toEqual(['COMMIT', ''])
  other.socket.write('a')
  await eventually(() => expect(other.text()).toBe('<a>'))
})

it('waits for a hook that takes its time, and keeps the order', async () => {
  const gate = Promise.withResolvers<undefined>()
  proxy.onClientBytes = (bytes) => (bytes.includes('a') ? gate.promise : undefined)
  const client = await open()
  client.socket.write('a')
  await wait(20)
  client.socket.write('b')
  await wait(50)
  expect(received).toBe('')
  gate.resolve(undefined)
  await eventually(() => expect(received).toBe('ab'))
})

it('shows what the server sends to the other hook', async () => {
  proxy.onServerBytes = (bytes) => (bytes.includes('b') ? 'cut' : undefined)
  const client = await open()
  client.socket.write('a')
  await eventually(() => expect(client.text()).toBe('<a>'))
  client.socket.write('b')
  await eventually(() => expect(client.ended()).not.toBe(''))
  expect(client.text()).toBe('<a>')
})
