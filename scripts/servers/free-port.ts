// Finds a port for a server that is started, stopped and started again while clients keep trying to connect.
import { createServer } from 'node:net'

/**
 * Below the ports that systems hand out to clients (32768 and up on Linux, 49152 elsewhere): there another program's
 * connection could take the port while the server is down, and a client that keeps trying could connect to itself.
 */
const FIRST = 20_000
const LAST = 32_000
const TRIES = 50

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** A port on 127.0.0.1 where nothing listens now. Drawn at random, so that two processes seldom choose the same. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
    if (await isFree(port)) return port
  }
  throw new Error(`No free port was found between ${FIRST} and ${LAST}.`)
}
