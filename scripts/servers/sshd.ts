// A real OpenSSH server on loopback, for tests: without being root, without PAM, with keys of its own, ended with its starter.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { serverAccount } from './account.ts'
import { plainEnvironment } from './engine.ts'
import { freePort } from './free-port.ts'
import { keepProgram, type KeptProgram } from './kept-program.ts'
import { findProgram } from './mariadb-engine.ts'
import { childrenOf, killTree, signalEach, stopTree, treeOf } from './process-tree.ts'
import { makeKey, type KeyType } from './ssh-keys.ts'
import { giveTo } from './template.ts'
import { unpackPackage } from './unpacked-package.ts'

/** The account that MariaDB's tests run under: sshd that is not root lets in its own user alone. */
const ACCOUNT = 'mysql'
/** Milliseconds. */
const START_LIMIT = 10_000
const LOOK_EVERY = 10

export interface SshdOptions {
  /** One host key for each; 'ed25519' unless told. */
  hostKeys?: readonly KeyType[]
  /** Of sshd_config: `{ AllowTcpForwarding: 'no' }`. */
  settings?: Readonly<Record<string, string>>
}

export interface TestSshd {
  host: string
  port: number
  /** The only one it lets in. */
  user: string
  /** Of each host key: "ssh-ed25519 AAAA…" */
  publicKeys(): string[]
  /** Lets in whoever has this key: the line of a `.pub` file. */
  authorize(publicKey: string): void
  log(): string
  /** How many there are now, let in or not. */
  connections(): number
  /** Ends the connections that there are; new ones are taken. */
  dropAll(): Promise<void>
  /** It listens no more, and its connections end. */
  stop(): Promise<void>
  /** Begins again on the same port, with new host keys where told. */
  start(hostKeys?: readonly KeyType[]): Promise<void>
  pause(): void
  resume(): void
  end(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Why none can be had here, in one line; null when it can. */
export function whyNoSshd(): string | null {
  const chosen = process.env.SSHD
  if (chosen) return existsSync(chosen) ? null : `sshd is not there: SSHD names ${chosen}`
  if (!findProgram('ssh-keygen') || !findProgram('ssh-agent'))
    return 'ssh-keygen and ssh-agent are not there (openssh-client)'
  if (findProgram('sshd') || (existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-deb'))) return null
  return 'sshd is not there, and it can be had by itself on Debian alone'
}

interface Sshd {
  program: string
  /** Where libraries are that it needs and the system lacks; '' for none. */
  libraries: string
}
/** Asking apt takes half a second. */
let known: Promise<Sshd> | null = null

/** The system's own program, or Debian's package unpacked, which starts nothing by itself. */
async function findSshd(): Promise<Sshd> {
  const installed = process.env.SSHD ?? findProgram('sshd')
  if (installed) return { program: installed, libraries: '' }
  const [server, wrap] = await Promise.all(['openssh-server', 'libwrap0'].map(unpackPackage))
  return { program: join(server ?? '', 'usr/sbin/sshd'), libraries: folderOfLibrary(wrap ?? '') }
}

function folderOfLibrary(folder: string): string {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('libwrap.so.0'))
  return found === undefined ? '' : join(folder, dirname(found))
}

export async function startSshd({ hostKeys = ['ed25519'], settings = {} }: SshdOptions = {}): Promise<TestSshd> {
  const { program, libraries } = await (known ??= findSshd())
  const account = serverAccount(ACCOUNT)
  const folder = mkdtempSync(join(tmpdir(), 'roster-sshd-'))
  const port = await freePort()
  const logFile = join(folder, 'log')
  const allowed = join(folder, 'authorized_keys')
  const config = join(folder, 'sshd_config')
  writeFileSync(allowed, '')
  chmodSync(folder, 0o755)
  let keys: string[] = []
  let running: KeptProgram | null = null
  const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '')

  function makeHostKeys(types: readonly KeyType[]): void {
    const into = join(folder, 'host-keys')
    rmSync(into, { recursive: true, force: true })
    mkdirSync(into, { mode: 0o755 })
    keys = types.map((type) => {
      const line = makeKey(join(into, type), { type })
      giveTo(account, join(into, type))
      return line.split(' ').slice(0, 2).join(' ')
    })
    const lines = {
      Port: port,
      ListenAddress: '127.0.0.1',
      AuthorizedKeysFile: allowed,
      PidFile: 'none',
      UsePAM: 'no',
      StrictModes: 'no',
      UseDNS: 'no',
      PasswordAuthentication: 'no',
      KbdInteractiveAuthentication: 'no',
      LogLevel: 'VERBOSE',
      ...settings,
    }
    const text = [
      ...types.map((type) => `HostKey ${join(into, type)}`),
      ...Object.entries(lines).map(([name, value]) => `${name} ${value}`),
    ]
    writeFileSync(config, `${text.join('\n')}\n`)
  }

  async function start(types?: readonly KeyType[]): Promise<void> {
    if (types) makeHostKeys(types)
    const before = log().length
    const env = { ...plainEnvironment(), ...(libraries && { LD_LIBRARY_PATH: libraries }) }
    running = await keepProgram({ program, args: ['-D', '-e', '-f', config], env, account, logFile, folder })
    const until = Date.now() + START_LIMIT
    while (!log().slice(before).includes('Server listening')) {
      if (Date.now() > until) throw new Error(`sshd did not start. Its log:\n${log()}`)
      await wait(LOOK_EVERY)
    }
  }

  async function stop(): Promise<void> {
    const ending = running
    running = null
    await ending?.end()
  }

  async function end(): Promise<void> {
    await stop()
    rmSync(folder, { recursive: true, force: true })
  }

  const tree = () => (running ? treeOf(running.pid) : [])
  try {
    await start(hostKeys)
  } catch (error) {
    await end()
    throw error
  }
  return {
    ...{ host: '127.0.0.1', port, user: account.uid === undefined ? userInfo().username : ACCOUNT },
    publicKeys: () => keys,
    authorize: (publicKey) => writeFileSync(allowed, `${publicKey}\n`, { flag: 'a' }),
    log,
    // One process listens, and starts one for each connection, which may start others.
    connections: () => (running ? childrenOf(running.pid).length : 0),
    async dropAll() {
      for (const pid of tree().slice(1)) await killTree(pid)
    },
    stop,
    start,
    pause() {
      if (running) stopTree(running.pid)
    },
    resume: () => signalEach(tree(), 'SIGCONT'),
    end,
    [Symbol.asyncDispose]: end,
  }
}
