// The HTTP side of the browser door: the built page's files, and the exchange of a token for a session.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { plainHeaders, type Answer, type Assets } from '../core/assets.ts'
import type { Log } from '../core/log.ts'
import type { Gate } from './gate.ts'
import type { Tokens } from './tokens.ts'

/** Bytes of the exchange's body at most. */
const BODY_LIMIT = 1024

export interface HttpOptions {
  gate: Gate
  assets: Assets
  tokens: Tokens
  connect: string
  log: Log
}

export function serveHttp(options: HttpOptions): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    // A body that nobody reads must not hold the connection.
    request.on('error', () => undefined)
    void answer(options, request).then(
      (reply) => send(request, response, reply),
      (error: unknown) => {
        options.log('error', `${request.method} ${request.url} failed`, error)
        send(request, response, sentence(options, 500, 'Unexpected error. Details are in the log.'))
      },
    )
  }
}

async function answer(options: HttpOptions, request: IncomingMessage): Promise<Answer> {
  const refused = options.gate(request)
  if (refused) return sentence(options, refused.status, refused.reason)
  const [path = '/'] = (request.url ?? '/').split('?')
  if (path === '/session' && request.method === 'POST') return exchange(options, request)
  if (request.method !== 'GET' && request.method !== 'HEAD') return sentence(options, 405, 'Files can only be read.')
  return options.assets.answer(path)
}

async function exchange(options: HttpOptions, request: IncomingMessage): Promise<Answer> {
  const body = await readBody(request)
  if (body === null) return sentence(options, 413, 'A token is shorter than this.')
  const exchanged = options.tokens.exchange(tokenIn(body))
  if (exchanged === 'busy')
    return sentence(options, 429, 'Too many wrong tokens. A minute from now they are looked at again.')
  if (exchanged === 'wrong') return sentence(options, 401, 'This link was used already, or is too old.')
  const headers = { ...plainHeaders(options.connect), 'content-type': 'application/json; charset=utf-8' }
  return { status: 200, headers, body: JSON.stringify(exchanged) }
}

function tokenIn(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && 'token' in value ? value.token : undefined
  } catch {
    return undefined
  }
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > BODY_LIMIT) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function sentence(options: HttpOptions, status: number, body: string): Answer {
  return { status, headers: plainHeaders(options.connect), body }
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  const length = String(Buffer.byteLength(body))
  // What was not read of the request is not waited for.
  if (!request.complete) response.shouldKeepAlive = false
  response.writeHead(status, { ...headers, 'content-length': length })
  response.end(request.method === 'HEAD' ? undefined : body)
}
