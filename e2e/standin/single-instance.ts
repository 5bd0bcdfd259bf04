// The lock of the one instance: a file names the process that holds it, and a local socket takes what a second start says.
import { execFileSync } from 'node:child_process'
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Hello {
  argv: string[]
  folder: string
  data: unknown
}
export interface Lock {
  release(): void
}

/** Names that leave no file behind where the platform has such. */
function socketOf(folder: string): string {
  const name = `standin-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`
  return process.platform === 'linux' ? `\0${name}` : join(tmpdir(), name)
}

/** Null when another process has it; that one has then been told, before this returns. */
export function takeLock(folder: string, hello: Hello, onSecond: (hello: Hello) => void): Lock | null {
  const file = join(folder, 'standin.lock')
  const holder = holderOf(file)
  if (holder !== null) {
    tell(socketOf(folder), hello)
    return null
  }
  rmSync(file, { force: true })
  const descriptor = openSync(file, 'wx')
  writeSync(descriptor, String(process.pid))
  closeSync(descriptor)
  if (process.platform === 'darwin') rmSync(socketOf(folder), { force: true })
  const server = createServer((socket) => {
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (part: string) => (text += part))
    socket.on('end', () => {
      socket.end('heard')
      onSecond(JSON.parse(text) as Hello)
    })
  })
  server.listen(socketOf(folder))
  server.unref()
  const release = () => {
    server.close()
    rmSync(file, { force: true })
  }
  process.once('exit', () => rmSync(file, { force: true }))
  return { release }
}

/** A process that was killed leaves its file behind. */
function holderOf(file: string): number | null {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    process.kill(pid, 0)
    return pid
  } catch {
    return null
  }
}

/** requestSingleInstanceLock answers at once, so the first instance is told by a process that is waited for. */
function tell(socket: string, hello: Hello): void {
  const script = `
    const socket = require('node:net').connect(${JSON.stringify(socket)})
    socket.end(${JSON.stringify(JSON.stringify(hello))})
    socket.on('data', () => process.exit(0)).on('error', () => process.exit(1))
    setTimeout(() => process.exit(2), 5000)`
  execFileSync(process.execPath, ['-e', script], { stdio: 'inherit' })
}
