// The browser door seen from outside: who gets in, by real HTTP requests and real sockets.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { listen, type Listening, type ListenOptions } from './listen.ts'

let folder: string
let door: Listening
let port: number
let served = 0
let dropped = 0

const start = (more: Partial<ListenOptions> = {}) =>
  listen({
    port: 0,
    rendererFolder: folder,
    log: () => undefined,
    serve(line) {
      served += 1
      return { receive: (frame) => void line.send(`got ${String(frame)}`), drop: () => void (dropped += 1) }
    },
    ...more,
  })

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'roster-door-'))
  writeFileSync(join(folder, 'index.html'), '<title>Roster</title>')
  door = await start()
  port = Number(new URL(door.url).port)
})
afterAll(async () => {
  await door.close()
  rmSync(folder, { recursive: true })
})

interface Asked {
  method?: string
  path?: string
  host?: string | undefined
  origin?: string | undefined
  body?: string
}

function ask({ method = 'GET', path = '/', host = `127.0.0.1:${port}`, origin, body }: Asked) {
  return new Promise<{ status: number; headers: IncomingHttpHeaders; text: string }>((resolve, reject) => {
    const headers = { host, ...(origin === undefined ? {} : { origin }) }
    const asking = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => (text += part))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
    })
    asking.on('error', reject)
    asking.end(body)
  })
}

const tokenOf = (link: string) => link.split('#token=')[1] ?? ''
const exchange = (token: unknown, more: Asked = {}) =>
  ask({ method: 'POST', path: '/session', origin: door.url, body: JSON.stringify({ token }), ...more })

async function session(): Promise<string> {
  const { text } = await exchange(tokenOf(door.freshLink()))
  return (JSON.parse(text) as { secret: string }).secret
}

interface Knocked {
  to?: Listening
  host?: string
  origin?: string | undefined
  path?: string
  first?: string | undefined
}

/** What came of a socket: its first message, the code it was closed with, or the status that refused the upgrade. */
function knock({ to = door, host, origin, path = '/socket', first }: Knocked) {
  return new Promise<{ socket: WebSocket; said: string | number }>((resolve, reject) => {
    const headers = host === undefined ? {} : { host }
    const address = `${to.url.replace('http', 'ws')}${path}`
    const socket = new WebSocket(address, { headers, ...(origin === undefined ? {} : { origin }) })
    socket.on('open', () => first !== undefined && socket.send(first))
    socket.on('message', (data) => resolve({ socket, said: (data as Buffer).toString('utf8') }))
    socket.on('unexpected-response', (_request, answer) => {
      resolve({ socket, said: answer.statusCode ?? 0 })
      answer.destroy()
    })
    socket.on('close', (code) => resolve({ socket, said: code }))
    socket.on('error', reject)
  })
}

const hosts = () => [
  `127.0.0.1:${port}`,
  '127.0.0.1',
  `127.0.0.1:${port + 1}`,
  `localhost:${port}`,
  `[::1]:${port}`,
  `evil.example:${port}`,
  `127.0.0.1:${port}.evil.example`,
  `0.0.0.0:${port}`,
  `127.1:${port}`,
  `evil@127.0.0.1:${port}`,
]
const origins = () => [
  `http://127.0.0.1:${port}`,
  undefined,
  'null',
  'http://127.0.0.1',
  `http://127.0.0.1:${port + 1}`,
  `https://127.0.0.1:${port}`,
  `http://localhost:${port}`,
  `http://127.0.0.1:${port}/`,
  `HTTP://127.0.0.1:${port}`,
  'https://evil.example',
  `http://127.0.0.1:${port}.evil.example`,
  'app://roster',
]

/** Every combination of these Origins and Hosts. */
const combinations = () => origins().flatMap((origin) => hosts().map((host) => ({ origin, host })))

describe('who gets in', () => {
  it('by HTTP: one of 12 Origins x 10 Hosts x 6 tokens', async () => {
    const used = tokenOf(door.freshLink())
    expect((await exchange(used)).status).toBe(200)
    const passed: unknown[] = []
    for (const { origin, host } of combinations()) {
      const token = tokenOf(door.freshLink())
      const tokens = { token, used, none: undefined, empty: '', cut: token.slice(0, -1), other: 'a'.repeat(43) }
      for (const [name, value] of Object.entries(tokens).reverse()) {
        const { status, text } = await exchange(value, { origin, host })
        if (status === 200) passed.push([origin, host, name])
        else expect(text).not.toContain('secret')
      }
    }
    expect(passed).toEqual([[door.url, `127.0.0.1:${port}`, 'token']])
  })

  it('by WebSocket: one of 12 Origins x 10 Hosts x 6 sessions', async () => {
    const secret = await session()
    const firsts = {
      session: JSON.stringify({ session: secret }),
      token: JSON.stringify({ session: tokenOf(door.freshLink()) }),
      cut: JSON.stringify({ session: secret.slice(1) }),
      list: JSON.stringify({ session: [secret] }),
      bare: secret,
      call: '{"i":"1","p":{"u":"/app/about"}}',
    }
    const passed: unknown[] = []
    const before = served
    for (const { origin, host } of combinations()) {
      for (const [name, first] of Object.entries(firsts)) {
        const { socket, said } = await knock({ origin, host, first })
        if (said === '{"ready":true}') passed.push([origin, host, name])
        else expect([403, 421, 4401]).toContain(said)
        socket.terminate()
      }
    }
    expect(passed).toEqual([[door.url, `127.0.0.1:${port}`, 'session']])
    expect(served - before).toBe(1)
  }, 60_000)

  it('reads of the page need the Host, and no Origin or the right one', async () => {
    const passed: unknown[] = []
    for (const { origin, host } of combinations()) {
      const { status, text } = await ask({ origin, host })
      if (status === 200) passed.push(`${origin} ${host}`)
      else expect(text).not.toContain('<title>')
    }
    expect(passed).toEqual([`${door.url} 127.0.0.1:${port}`, `undefined 127.0.0.1:${port}`])
  })

  it('only on 127.0.0.1', async () => {
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((one) => one !== undefined && one.family === 'IPv4' && one.address !== '127.0.0.1')
    for (const address of ['127.0.0.2', '::1', ...others.map((one) => one?.address ?? '')]) {
      const refused = await new Promise((resolve) => {
        const socket = connect({ host: address, port }, () => resolve(`${address} answered`)).on('error', () =>
          resolve(null),
        )
        socket.on('connect', () => socket.destroy())
      })
      expect(refused).toBeNull()
    }
  })
})

describe('HTTP', () => {
  it('gives safe headers with every answer, and never a CORS one', async () => {
    const token = tokenOf(door.freshLink())
    const answers = [
      await ask({}),
      await ask({ path: '/nothing' }),
      await ask({ host: 'evil.example' }),
      await ask({ method: 'OPTIONS', origin: door.url }),
      await ask({ method: 'OPTIONS', origin: 'https://evil.example' }),
      await ask({ method: 'DELETE', origin: door.url }),
      await exchange(token),
      await exchange(token),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 421, 405, 403, 405, 200, 401])
    for (const { headers } of answers) {
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['cache-control']).toBe('no-store')
      expect(headers['referrer-policy']).toBe('no-referrer')
      expect(headers['content-security-policy']).toContain(`connect-src 'self' ws://127.0.0.1:${port};`)
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control') || name === 'set-cookie')).toEqual(
        [],
      )
    }
  })

  it('does not lead out of the page’s files', async () => {
    for (const path of [
      '/../package.json',
      '/%2e%2e/package.json',
      '/..%5cpackage.json',
      '//etc/passwd',
      `${door.url}/../x`,
    ]) {
      expect((await ask({ path })).status).toBe(404)
    }
  })

  it('reads no more than a token', async () => {
    const { status } = await exchange('x'.repeat(5_000_000)).catch(() => ({ status: 413 }))
    expect(status).toBe(413)
    expect((await exchange(undefined, { body: 'no json' })).status).toBe(401)
  })

  it('says so when the port is taken', async () => {
    await expect(start({ port })).rejects.toThrow(`Port ${port} is in use already.`)
  })
})

describe('sockets', () => {
  const origin = () => door.url

  it('come back with the same session, as after a reload, while the link works once', async () => {
    const token = tokenOf(door.freshLink())
    const { secret } = JSON.parse((await exchange(token)).text) as { secret: string }
    expect((await exchange(token)).status).toBe(401)
    for (let reload = 0; reload < 3; reload += 1) {
      const { socket, said } = await knock({ origin: origin(), first: JSON.stringify({ session: secret }) })
      expect(said).toBe('{"ready":true}')
      socket.terminate()
    }
  })

  it('are refused by a host that was started again', async () => {
    const secret = await session()
    const again = await start()
    const { said } = await knock({ to: again, origin: again.url, first: JSON.stringify({ session: secret }) })
    expect(said).toBe(4401)
    await again.close()
  })

  it('are closed when they show no session in time', async () => {
    const hasty = await start({ authentication: 100 })
    const { said } = await knock({ to: hasty, origin: hasty.url })
    expect(said).toBe(4408)
    await hasty.close()
  })

  it('are there under one path only', async () => {
    expect((await knock({ origin: origin(), path: '/' })).said).toBe(404)
    expect((await knock({ origin: origin(), path: '/session' })).said).toBe(404)
  })

  it('cannot be held open by strangers without end', async () => {
    const strangers = await Promise.all(
      Array.from({ length: 32 }, () => {
        const socket = new WebSocket(`${door.url.replace('http', 'ws')}/socket`, { origin: origin() })
        return new Promise<WebSocket>((resolve) => socket.on('open', () => resolve(socket)))
      }),
    )
    expect((await knock({ origin: origin() })).said).toBe(503)
    for (const socket of strangers) socket.terminate()
    await expect.poll(async () => (await knock({ origin: origin(), first: 'x' })).said).toBe(4401)
  })

  it('take no frame over 32 MB, and do not even read it whole', async () => {
    const { socket } = await knock({ origin: origin(), first: JSON.stringify({ session: await session() }) })
    const answered = new Promise((resolve) => socket.once('message', resolve))
    socket.send('x'.repeat(32 * 1024 * 1024))
    await answered
    const code = new Promise((resolve) => socket.once('close', resolve))
    socket.send('x'.repeat(32 * 1024 * 1024 + 1))
    expect(await code).toBe(1009)
  })

  it('are ended when the peer is dead, and what it had is dropped', async () => {
    const watchful = await start({ heartbeat: 50 })
    const to = watchful
    const token = tokenOf(watchful.freshLink())
    const toPort = Number(new URL(watchful.url).port)
    const answer = await fetch(`${watchful.url}/session`, {
      method: 'POST',
      headers: { origin: `http://127.0.0.1:${toPort}` },
      body: JSON.stringify({ token }),
    })
    const { secret } = (await answer.json()) as { secret: string }
    const first = JSON.stringify({ session: secret })
    const alive = await knock({ to, origin: to.url, first })
    const dead = await knock({ to, origin: to.url, first })
    // It no longer reads, so it answers no ping.
    dead.socket.pause()
    const before = dropped
    await expect.poll(() => dropped - before).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(alive.socket.readyState).toBe(WebSocket.OPEN)
    dead.socket.terminate()
    await watchful.close()
    await expect.poll(() => alive.socket.readyState).toBe(WebSocket.CLOSED)
  })
})
