// Keys for tests, made by ssh-keygen, and an agent of their own that holds some of them.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { plainEnvironment } from './engine.ts'
import { keepProgram } from './kept-program.ts'
import { findProgram } from './mariadb-engine.ts'

/** Milliseconds. */
const START_LIMIT = 10_000
const LOOK_EVERY = 10

export type KeyType = 'ed25519' | 'ecdsa' | 'rsa'

/** Makes a pair of keys at `file` and `file.pub`; answers with the line of the public one. */
export function makeKey(file: string, { type = 'ed25519', passphrase = '', format = 'OPENSSH' }: NewKey = {}): string {
  const bits = type === 'rsa' ? ['-b', '2048'] : []
  const pem = format === 'OPENSSH' ? [] : ['-m', format]
  execFileSync('ssh-keygen', ['-q', '-t', type, ...bits, ...pem, '-N', passphrase, '-C', 'test', '-f', file])
  return readFileSync(`${file}.pub`, 'utf8').trim()
}

interface NewKey {
  type?: KeyType
  passphrase?: string
  format?: 'OPENSSH' | 'PEM'
}

export interface TestAgent {
  /** For SSH_AUTH_SOCK. */
  socket: string
  /** A private key without a passphrase. */
  add(file: string): void
  end(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** An ssh-agent of its own, without a key. */
export async function startAgent(): Promise<TestAgent> {
  const folder = mkdtempSync(join(tmpdir(), 'roster-agent-'))
  const socket = join(folder, 'socket')
  const program = findProgram('ssh-agent') ?? ''
  const logFile = join(folder, 'log')
  const running = await keepProgram({
    program,
    args: ['-D', '-a', socket],
    env: plainEnvironment(),
    account: {},
    logFile,
    folder,
  })
  const until = Date.now() + START_LIMIT
  while (!existsSync(socket)) {
    if (Date.now() > until) throw new Error(`ssh-agent did not start: ${readFileSync(logFile, 'utf8')}`)
    await wait(LOOK_EVERY)
  }
  const end = async () => {
    await running.end()
    rmSync(folder, { recursive: true, force: true })
  }
  return {
    socket,
    add(file) {
      const env = { ...plainEnvironment(), SSH_AUTH_SOCK: socket }
      execFileSync('ssh-add', ['-q', file], { env, stdio: 'pipe' })
    },
    end,
    [Symbol.asyncDispose]: end,
  }
}
