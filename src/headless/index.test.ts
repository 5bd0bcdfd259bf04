// The browser door as a program: what it prints, and that nothing stays behind when it ends, however it ends.
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createWire } from '../renderer/link/wire.ts'
import type { Api } from '../shared/contract.ts'

const PROGRAM = join(import.meta.dirname, 'index.ts')
let folder: string
let started: ChildProcess[] = []

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'roster-program-'))
})
afterEach(() => {
  for (const child of started) child.kill('SIGKILL')
  started = []
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(...more: string[]) {
  const child = spawn(process.execPath, [PROGRAM, '--data-dir', join(folder, 'data'), ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
  })
  started.push(child)
  const said = { out: '', err: '' }
  child.stdout.on('data', (text: Buffer) => (said.out += text.toString()))
  child.stderr.on('data', (text: Buffer) => (said.err += text.toString()))
  return { child, said }
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) =>
    child.exitCode === null ? child.once('exit', resolve) : resolve(child.exitCode),
  )

async function linkOf(said: { out: string; err: string }): Promise<string> {
  await expect.poll(() => said.out + said.err, { timeout: 10_000 }).toContain('\n')
  return /http:\S+/.exec(said.out)?.[0] ?? ''
}

/** Opens the sample, so that the host has child processes. */
async function openSample(link: string): Promise<Api> {
  const { origin, hash } = new URL(link)
  const body = JSON.stringify({ token: hash.slice('#token='.length) })
  const answer = await fetch(`${origin}/session`, { method: 'POST', headers: { origin }, body })
  const { secret } = (await answer.json()) as { secret: string }
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, { origin })
  const wire = createWire((frame) => socket.send(frame))
  await new Promise((resolve) => socket.once('open', resolve))
  socket.send(JSON.stringify({ session: secret }))
  await new Promise((resolve) => socket.once('message', resolve))
  socket.on('message', (data) => wire.receive((data as Buffer).toString('utf8')))
  socket.on('error', () => undefined)
  socket.on('close', () => wire.close(new Error('lost')))
  const api = createORPCClient<Api>(wire.link)
  const [sample] = (await api.profiles.list()).profiles
  await api.profiles.open({ profileId: sample?.id ?? '' })
  return api
}

/** Process ids whose parent is `parent`, from the system's own list. */
function childrenOf(parent: number | undefined): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent
      } catch {
        return false
      }
    })
    .map(Number)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A process that has ended and was not yet collected still has a number.
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

describe.runIf(process.platform === 'linux')('the program', () => {
  it('says where it is in one line, and ends in order within 3 s of SIGTERM, with its children', async () => {
    const { child, said } = run()
    const api = await openSample(await linkOf(said))
    expect(said.out).toMatch(/^Roster is ready at http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}\n$/)
    expect(await api.app.about()).toMatchObject({ host: 'browser', dataFolder: join(folder, 'data') })
    const children = childrenOf(child.pid)
    expect(children.length).toBeGreaterThan(0)
    const start = performance.now()
    child.kill('SIGTERM')
    expect(await ended(child)).toBe(0)
    expect(performance.now() - start).toBeLessThan(3_000)
    expect(children.filter(isAlive)).toEqual([])
    expect(said.err).toBe('')
  })

  it('leaves no child behind when it is killed', async () => {
    const { child, said } = run()
    await openSample(await linkOf(said))
    const children = childrenOf(child.pid)
    expect(children.length).toBeGreaterThan(0)
    child.kill('SIGKILL')
    await ended(child)
    await expect.poll(() => children.filter(isAlive), { timeout: 3_000 }).toEqual([])
  })

  it('ends when the one who forked it is gone', async () => {
    const child = fork(PROGRAM, ['--data-dir', join(folder, 'data')], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
    started.push(child)
    await new Promise((resolve) => child.stdout?.once('data', resolve))
    child.disconnect()
    expect(await ended(child)).toBe(0)
  })

  it('ends at once on a second Ctrl+C', async () => {
    const { child, said } = run()
    await openSample(await linkOf(said))
    child.kill('SIGINT')
    child.kill('SIGINT')
    const start = performance.now()
    await ended(child)
    expect(performance.now() - start).toBeLessThan(1_000)
  })

  it('says in plain words what is wrong with its options', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as AddressInfo
    const busy = run('--port', String(port))
    expect(await ended(busy.child)).toBe(1)
    expect(busy.said.err).toBe(
      `Port ${port} is in use already. Choose another with --port, or leave it out for a free one.\n`,
    )
    taken.close()
    for (const [options, words] of [
      [['--port', 'many'], '--port takes a number from 0 to 65535'],
      [['--root', join(folder, 'nowhere')], '--root names a folder that is not there'],
      [['--colour'], '--colour'],
    ] as const) {
      const { child, said } = run(...options)
      expect(await ended(child)).toBe(1)
      expect(said.err).toContain(words)
      expect(said.err.trim().split('\n')).toHaveLength(1)
    }
  })
})
