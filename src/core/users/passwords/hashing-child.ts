// The entry of the hashing worker: the one process beside the page's form that holds a password in clear, and for one request.
import { makeHash } from './make-hash.ts'
import type { Reply, Request } from './hashing-protocol.ts'
import { verifyHash } from './verify-hash.ts'

/** Electron's utility processes have this in place of `process.send`. */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  postMessage(message: unknown): void
}

const parentPort = (process as { parentPort?: ParentPort }).parentPort

function send(reply: Reply): void {
  if (parentPort) parentPort.postMessage(reply)
  else if (process.connected) process.send?.(reply)
}

async function perform(request: Request): Promise<Extract<Reply, { kind: 'done' }>['value']> {
  if (request.kind === 'verify') return verifyHash(request.body)
  const hashes: string[] = []
  for (let made = 0; made < request.body.count; made++) hashes.push(await makeHash(request.body))
  return hashes
}

async function answer(request: Request): Promise<void> {
  try {
    send({ id: request.id, kind: 'done', value: await perform(request) })
  } catch {
    send({ id: request.id, kind: 'failed' })
  }
}

if (parentPort) {
  parentPort.on('message', ({ data }) => void answer(data as Request))
} else {
  process.on('message', (message) => void answer(message as Request))
  process.on('disconnect', () => process.exit(0))
}
// Ctrl+C in a terminal reaches the whole group; the parent decides what ends when.
process.on('SIGINT', () => undefined)
