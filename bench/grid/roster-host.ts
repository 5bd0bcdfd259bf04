// The browser host as a process of its own, as a person starts it, with profiles of the tables to measure on.
import { fork, type ChildProcess } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { WebSocket } from 'ws'
import { createWire } from '../../src/renderer/link/wire.ts'
import type { Api } from '../../src/shared/contract.ts'
import type { Engine } from './big-table.ts'
import { ownFolder } from './own-folder.ts'

const project = join(import.meta.dirname, '../..')
/** Name of the profile, in the list of databases. */
export const PROFILE = 'Large'
/** A profile of an empty file, to come from. */
export const OTHER = 'Other'

/** What the event loop did since this was last asked; milliseconds, and MB now. */
export interface Gaps {
  max: number
  p99: number
  rss: number
  heap: number
}

export interface RosterHost {
  /** Opens the page once. */
  link: string
  pid: number
  gaps(): Promise<Gaps>
  /** Process ids of the children that run now (SQLite's connections). */
  children(): number[]
  end(): Promise<void>
}

export interface RosterClient {
  api: Api
  profileId: string
  end(): Promise<void>
}

export const PROFILE_ID = 'large'

/** Stores the profiles in `folder/data`. Answers with the variables that hold their passwords. */
export function storeProfiles(folder: string, engine: Engine, target: string): Record<string, string> {
  const data = join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  const other = join(folder, 'other.db')
  writeFileSync(other, '')
  const profiles = [profile(PROFILE_ID, PROFILE, engine, target), profile('other', OTHER, 'sqlite', other)]
  writeFileSync(join(data, 'profiles.json'), JSON.stringify({ version: 2, profiles }))
  return { ROSTER_GRID_PASSWORD: engine === 'sqlite' ? '' : decodeURIComponent(new URL(target).password) }
}

/** `target` is a file or the address of a database. */
export async function startHost(engine: Engine, target: string): Promise<RosterHost> {
  const { path: folder, remove } = ownFolder()
  const variables = storeProfiles(folder, engine, target)
  const data = join(folder, 'data')
  const child = fork(join(project, 'out/main/headless.js'), ['--data-dir', data, '--root', folder], {
    cwd: folder,
    execArgv: ['--import', join(import.meta.dirname, 'loop-probe.ts')],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, ...variables },
  })
  const link = await linkOf(child)
  const end = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
    remove()
  }
  const pid = child.pid ?? 0
  return { link, pid, gaps: () => gapsOf(child), children: () => childrenOf(pid), end }
}

function profile(id: string, name: string, engine: Engine, target: string): object {
  if (engine === 'sqlite') return { id, name, dialect: 'sqlite', file: target, isSample: false }
  const { hostname: host, port, pathname, username } = new URL(target)
  const secret = { kind: 'environment', variable: 'ROSTER_GRID_PASSWORD' }
  const at = { host, port: Number(port), database: pathname.slice(1), user: decodeURIComponent(username), secret }
  return { id, name, dialect: engine, isSample: false, ...at }
}

function linkOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stdout?.on('data', (text: Buffer) => {
      said += text.toString()
      const link = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/.exec(said)?.[0]
      if (link) resolve(link)
    })
    child.once('exit', (code) => reject(new Error(`The host ended with ${code}: ${said}`)))
  })
}

/** Of any process that was forked with the probe. */
export function gapsOf(child: ChildProcess): Promise<Gaps> {
  return new Promise((resolve) => {
    child.once('message', (gaps) => resolve(gaps as Gaps))
    child.send('gaps')
  })
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent ? [Number(name)] : []
    } catch {
      return []
    }
  })
}

/** A page without a browser: the real socket, the real session, the real serializers. The profile is open afterwards. */
export async function connectClient({ link }: RosterHost): Promise<RosterClient> {
  const { origin, hash } = new URL(link)
  const body = JSON.stringify({ token: hash.slice('#token='.length) })
  const answer = await fetch(`${origin}/session`, { method: 'POST', headers: { origin }, body })
  const { secret } = (await answer.json()) as { secret: string }
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, { origin })
  const wire = createWire((frame) => socket.send(frame))
  await new Promise((resolve) => socket.once('open', resolve))
  socket.send(JSON.stringify({ session: secret }))
  await new Promise((resolve) => socket.once('message', resolve))
  socket.on('message', (message) => wire.receive((message as Buffer).toString('utf8')))
  socket.on('close', () => wire.close(new Error('The host has closed the connection.')))
  const api = createORPCClient<Api>(wire.link)
  const profileId = PROFILE_ID
  await api.connections.open({ profileId })
  await waitUntilOpen(api, profileId)
  await api.profiles.open({ profileId })
  return {
    api,
    profileId,
    async end() {
      const closed = new Promise((resolve) => socket.once('close', resolve))
      socket.close()
      await closed
    },
  }
}

async function waitUntilOpen(api: Api, profileId: string): Promise<void> {
  const { profiles } = await api.profiles.list()
  if (profiles.find(({ id }) => id === profileId)?.dialect === 'sqlite') return
  const watching = new AbortController()
  try {
    for await (const states of await api.connections.watch(undefined, { signal: watching.signal })) {
      const state = states.find((one) => one.profileId === profileId)?.connection.state
      if (state === 'open') return
      if (state === 'failed' || state === 'needs-password') throw new Error(`The database was not opened: ${state}.`)
    }
  } finally {
    watching.abort()
  }
}
