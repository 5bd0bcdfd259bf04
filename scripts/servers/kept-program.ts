// Runs a program that ends with its starter: sshd, ssh-agent. What it writes goes to a log file.
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { nodeProgram } from '../setup.mjs'
import type { Account } from './account.ts'
import { killTree } from './process-tree.ts'

export interface KeptOptions {
  /** A full path. */
  program: string
  args: readonly string[]
  env: NodeJS.ProcessEnv
  /** Who it runs as; `{}`: the same user. */
  account: Account
  logFile: string
  /** Removed when the starter is gone without having ended it. */
  folder: string
}

export interface KeptProgram {
  readonly pid: number
  /** Kills it and all that it started, and resolves when none of them is left. */
  end(): Promise<void>
}

/** Resolves as soon as it runs, which need not mean that it is ready. */
export async function keepProgram(options: KeptOptions): Promise<KeptProgram> {
  const keeper = fork(join(import.meta.dirname, 'program-keeper.ts'), [JSON.stringify(options)], {
    execPath: nodeProgram(),
    execArgv: [],
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = new Promise<void>((resolve) => keeper.once('exit', () => resolve()))
  const pid = await new Promise<number>((resolve, reject) => {
    keeper.once('message', (told: { pid: number } | { error: string }) => {
      if ('pid' in told) resolve(told.pid)
      else reject(new Error(`${options.program} could not be started: ${told.error}`))
    })
    keeper.once('exit', () => reject(new Error(`${options.program} has ended at once.`)))
  })
  keeper.unref()
  keeper.channel?.unref()
  return {
    pid,
    async end() {
      keeper.ref()
      if (keeper.exitCode === null) await killTree(pid)
      await ended
    },
  }
}
