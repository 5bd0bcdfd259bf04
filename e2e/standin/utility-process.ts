// utilityProcess: forked Node processes, with what Electron gives theirs.
import { fork, type ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import type Electron from 'electron'
import { appEvents } from './app-events.ts'
import { life } from './life.ts'
import { checkOptions, Modelled, modelled, NotModelled } from './not-modelled.ts'
import { record } from './record.ts'

interface Events {
  spawn: []
  message: [message: unknown]
  exit: [code: number]
  error: [type: 'FatalError', location: string, report: string]
}

const KNOWN = ['serviceName', 'stdio', 'env', 'cwd', 'execArgv']

/** electron.d.ts, class UtilityProcess. */
class StandinUtilityProcess
  extends Modelled<Events>
  implements Pick<Electron.UtilityProcess, 'pid' | 'kill' | 'postMessage' | 'stdout' | 'stderr'>
{
  /** Undefined until 'spawn', and again after 'exit' (electron.d.ts). */
  pid: number | undefined = undefined
  stdout: NodeJS.ReadableStream | null = null
  stderr: NodeJS.ReadableStream | null = null
  readonly #child: ChildProcess

  constructor(modulePath: string, args: string[], options: Electron.ForkOptions) {
    super('UtilityProcess', ['spawn', 'message', 'exit', 'error'])
    const stdio = typeof options.stdio === 'string' ? options.stdio : (options.stdio?.[1] ?? 'inherit')
    if (stdio !== 'inherit' && stdio !== 'ignore' && stdio !== 'pipe') throw new NotModelled(`stdio: ${stdio}`)
    const child = fork(modulePath, args, {
      serialization: 'advanced',
      // The stand-in's own hooks are not the child's.
      execArgv: ['--import', join(import.meta.dirname, 'utility-child.ts'), ...(options.execArgv ?? [])],
      stdio: ['ignore', stdio, stdio, 'ipc'],
      env: { ...(options.env ?? process.env) },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    })
    this.#child = child
    this.stdout = child.stdout
    this.stderr = child.stderr
    const name = options.serviceName ?? 'Node Utility Process'
    child.once('spawn', () => {
      this.pid = child.pid
      record('utility-process', { modulePath, name, pid: child.pid })
      this.emit('spawn')
    })
    child.on('message', (message) => this.emit('message', message))
    child.once('error', () => this.emit('exit', 1))
    child.once('exit', (exitCode, signal) => {
      const code = exitCode ?? (signal === null ? 1 : constants.signals[signal])
      this.emit('exit', code)
      this.pid = undefined
      if (code === 0) return
      const reason = signal === 'SIGKILL' || signal === 'SIGTERM' ? 'killed' : signal ? 'crashed' : 'abnormal-exit'
      appEvents.emit('child-process-gone', {} as never, {
        ...{ type: 'Utility', reason, exitCode: code, serviceName: 'node.mojom.NodeService', name },
      })
    })
  }

  postMessage(message: unknown, transfer: readonly unknown[] = []): void {
    if (transfer.length > 0) throw new NotModelled('ports to a utility process')
    // The engine's own clone: a Buffer arrives as Uint8Array, and what cannot be cloned throws here.
    const data: unknown = structuredClone(message)
    if (this.#child.connected) this.#child.send(data as object, () => undefined)
  }
  /** "On POSIX, it uses SIGTERM" (electron.d.ts). */
  kill(): boolean {
    return this.#child.kill('SIGTERM')
  }
}

/** "utilityProcess.fork can only be called after the ready event has been emitted on App" (electron.d.ts). */
export const utilityProcess = modelled('utilityProcess', {
  fork(modulePath: string, args: string[] = [], options: Electron.ForkOptions = {}) {
    if (!life.isReady) throw new Error('utilityProcess cannot be created before app is ready.')
    checkOptions('utilityProcess.fork', options, KNOWN)
    return new StandinUtilityProcess(modulePath, args, options)
  },
} satisfies Pick<typeof Electron.utilityProcess, 'fork'>)
