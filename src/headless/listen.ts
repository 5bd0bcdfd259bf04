// The loopback server of the browser door: one gate in front of its files, its token exchange and its sockets.
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { openAssets } from '../core/assets.ts'
import type { Log } from '../core/log.ts'
import { FRAME_LIMIT, type Line, type ServedLine } from '../core/serving.ts'
import { createGate, type Gate } from './gate.ts'
import { serveHttp } from './serve-http.ts'
import { serveSocket } from './serve-socket.ts'
import { createTokens, type Tokens } from './tokens.ts'

/** Sockets that may be open before any of them has shown a session. */
const STRANGERS_AT_ONCE = 32

export interface ListenOptions {
  /** 0 takes a free one. */
  port: number
  rendererFolder: string
  log: Log
  serve(line: Line): ServedLine
  tokens?: Tokens
  /** Milliseconds; for tests. */
  authentication?: number
  heartbeat?: number
}

export interface Listening {
  /** `http://127.0.0.1:PORT` */
  url: string
  /** An address that opens Roster once, within 10 minutes. */
  freshLink(): string
  /** Ends every connection; resolves when the port is free again. */
  close(): Promise<void>
}

/** Listens on 127.0.0.1 alone. Throws an error in plain words when the port is in use. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const tokens = options.tokens ?? createTokens()
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 })
  const port = await bind(server, options.port)
  const url = `http://127.0.0.1:${port}`
  const gate = createGate(port)
  const connect = `'self' ws://127.0.0.1:${port}`
  const assets = openAssets({ folder: options.rendererFolder, door: 'socket', connect })
  server.on('request', serveHttp({ gate, assets, tokens, connect, log: options.log }))
  const sockets = serveUpgrades(server, { ...options, tokens, gate })
  return {
    url,
    freshLink: () => `${url}/#token=${tokens.issue()}`,
    async close() {
      for (const socket of sockets.clients) socket.close(1001, 'Roster was closed')
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      setTimeout(() => sockets.clients.forEach((socket) => socket.terminate()), 500).unref()
      await closed
    },
  }
}

function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = `Port ${port} is in use already. Choose another with --port, or leave it out for a free one.`
      reject(error.code === 'EADDRINUSE' ? new Error(inUse, { cause: error }) : error)
    })
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}

function serveUpgrades(server: Server, options: ListenOptions & { tokens: Tokens; gate: Gate }): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: FRAME_LIMIT, perMessageDeflate: false })
  let strangers = 0
  server.on('upgrade', (request: IncomingMessage, connection: Duplex, head: Buffer) => {
    connection.on('error', () => undefined)
    const refused = options.gate(request) ?? (request.url === '/socket' ? null : { status: 404 })
    if (refused) return refuse(connection, refused.status)
    if (strangers >= STRANGERS_AT_ONCE) return refuse(connection, 503)
    sockets.handleUpgrade(request, connection, head, (socket) => {
      strangers += 1
      let isStranger = true
      const known = () => {
        if (isStranger) strangers -= 1
        isStranger = false
      }
      socket.on('close', known)
      serveSocket(socket, {
        ...options,
        isSession: (secret) => options.tokens.isSession(secret),
        serve(line) {
          known()
          return options.serve(line)
        },
      })
    })
  })
  return sockets
}

function refuse(connection: Duplex, status: number): void {
  connection.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}
