// What the tests of tunnels share: host keys that are known, a server behind the tunnel, and an SSH server that takes passwords.
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import type { TestSshd } from '../../../scripts/servers/sshd.ts'
import { sshSettings, type Place, type SshLogin, type SshSettings } from '../../shared/reaching.ts'
import { failureOf } from '../db/failure-of.ts'
import type { Failure } from '../db/failure.ts'
import { fingerprintOf } from './host-key.ts'
import { openKnownHosts, type KnownHosts } from './known-hosts.ts'
import { openTunnel, type SshTunnel, type TunnelOptions } from './tunnel.ts'

/** A folder of its own, removed by `end`. */
export function ownFolder(): { path: string; file: (name: string) => string; end: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'roster-ssh-'))
  return { path, file: (name) => join(path, name), end: () => rmSync(path, { recursive: true, force: true }) }
}

/** Roster's list in the folder, and nobody's known_hosts unless a file is named. */
export const knownHostsIn = (dataFolder: string, theirs = join(dataFolder, 'no-known-hosts')): KnownHosts =>
  openKnownHosts({ dataFolder, log: () => undefined }, { theirs })

/** "ssh-ed25519 AAAA…" as a key that was seen at the place. */
export function seenAt({ host, port }: Place, line = '') {
  const [type = '', base64 = ''] = line.split(' ')
  return { host, port, type, fingerprint: fingerprintOf(Buffer.from(base64, 'base64')) }
}

export async function trusting(
  dataFolder: string,
  ...servers: Pick<TestSshd, 'host' | 'port' | 'publicKeys'>[]
): Promise<KnownHosts> {
  const list = knownHostsIn(dataFolder)
  for (const server of servers) await list.trust(seenAt(server, server.publicKeys()[0]))
  return list
}

/** For a jump host, which has none itself. */
export const loginFor = (
  { host, port, user = 'ann' }: Place & { user?: string },
  keyFile: string | null = null,
): SshLogin => ({ host, port, user, auth: 'key', keyFile, secret: { kind: 'none' } })

export const settingsFor = (
  { host, port, user = 'ann' }: Place & { user?: string },
  more: Partial<SshSettings> = {},
): SshSettings => sshSettings.parse({ host, port, user, auth: 'key', keyFile: null, secret: { kind: 'none' }, ...more })

export function tunnelTo(
  settings: SshSettings,
  knownHosts: KnownHosts,
  more: Partial<TunnelOptions> & { secret?: string | null } = {},
): SshTunnel {
  const { secret = null, ...options } = more
  return openTunnel({
    settings,
    knownHosts,
    passwordOf: () => Promise.resolve(secret),
    agentSocket: undefined,
    ...options,
  })
}

export const quietly = (signal = new AbortController().signal) => ({ signal, onPhase: () => undefined })

/** What opening a stream to the place fails with. */
export async function failureAt(tunnel: SshTunnel, at: Place): Promise<Failure> {
  const error: unknown = await tunnel.open(at, quietly()).then(
    (stream) => {
      stream.destroy()
      return new Error('It was opened.')
    },
    (error: unknown) => error,
  )
  const failure = failureOf(error)
  if (!failure) throw error
  return failure
}

export const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)))

export interface Echo extends Place {
  connections: () => number
  [Symbol.asyncDispose](): Promise<void>
}

/** Answers with what it is sent. */
export async function startEcho(): Promise<Echo> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    socket.pipe(socket)
  })
  const port = await listening(server)
  return {
    ...{ host: '127.0.0.1', port },
    connections: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A port where nothing listens. */
export async function deafPort(): Promise<number> {
  const server = createServer()
  const port = await listening(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}

export interface PasswordServer extends Place {
  publicKeys(): string[]
  /** Every way that was tried, with the password where there was one: "none", "password canary". */
  tried: string[]
  /** The one that it takes from now on. */
  password: string
  /** Ends the connections that there are. */
  dropAll(): void
  [Symbol.asyncDispose](): Promise<void>
}

/** The library makes one in 140 that nothing can read, itself included (1.17.0). */
function hostKey(): { private: string; public: string } {
  for (;;) {
    const key = ssh2.utils.generateKeyPairSync('ed25519')
    if (![key.private, key.public].some((text) => ssh2.utils.parseKey(text) instanceof Error)) return key
  }
}

/** An SSH server that takes one password in the ways that are named, and forwards. Not OpenSSH: that needs root for passwords. */
export async function startPasswordServer(
  password: string,
  ways: readonly ('password' | 'keyboard-interactive' | 'publickey')[],
  { questions = ['Password: '], hangsUp = false }: { questions?: string[]; hangsUp?: boolean } = {},
): Promise<PasswordServer> {
  const key = hostKey()
  const tried: string[] = []
  const taken = { password }
  const clients = new Set<ssh2.Connection>()
  const server = new ssh2.Server({ hostKeys: [key.private] }, (client) => {
    clients.add(client)
    client.on('close', () => clients.delete(client)).on('error', () => undefined)
    client.on('authentication', (context) => {
      const settle = (given: string) => {
        tried.push(`${context.method} ${given}`)
        if (given === taken.password) context.accept()
        else if (hangsUp) client.end()
        else context.reject([...ways])
      }
      if (context.method === 'password' && ways.includes('password')) return settle(context.password)
      if (context.method === 'keyboard-interactive' && ways.includes('keyboard-interactive')) {
        return context.prompt(
          questions.map((prompt) => ({ prompt, echo: false })),
          (answers) => settle(answers.join()),
        )
      }
      tried.push(context.method)
      context.reject([...ways])
    })
    client.on('tcpip', (accept, _reject, { destIP, destPort }) => {
      const channel = accept()
      const socket = connect(destPort, destIP)
      channel.pipe(socket).pipe(channel)
      socket.on('error', () => channel.destroy())
      channel.on('error', () => socket.destroy()).on('close', () => socket.destroy())
    })
  })
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  )
  return Object.assign(taken, {
    ...{ host: '127.0.0.1', port, tried },
    publicKeys: () => [key.public],
    dropAll() {
      for (const client of clients) client.end()
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.end()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  })
}
