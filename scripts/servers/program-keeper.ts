// A process of its own that runs one program for the process that started it, and ends it when that process is gone, however
// it went: its channel closes even after SIGKILL.
import { spawn } from 'node:child_process'
import { openSync, rmSync } from 'node:fs'
import type { KeptOptions } from './kept-program.ts'
import { killTree } from './process-tree.ts'

const { program, args, env, account, logFile, folder } = JSON.parse(process.argv[2] ?? '') as KeptOptions

const log = openSync(logFile, 'a')
const child = spawn(program, args, { ...account, cwd: '/', env, stdio: ['ignore', log, log] })
child.once('error', (error) => process.send?.({ error: error.message }, () => process.exit(1)))
child.once('spawn', () => process.send?.({ pid: child.pid }))
child.once('exit', () => process.exit(0))

async function end(): Promise<void> {
  child.removeAllListeners('exit')
  if (child.pid !== undefined) await killTree(child.pid)
  rmSync(folder, { recursive: true, force: true })
  process.exit(0)
}
process.on('disconnect', () => void end())
process.on('SIGTERM', () => void end())
// The keystroke and the closing terminal are for the process that started it.
process.on('SIGINT', () => undefined)
process.on('SIGHUP', () => undefined)
