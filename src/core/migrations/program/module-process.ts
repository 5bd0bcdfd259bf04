// The host's side of the process that runs a folder's own JavaScript: started when the first step is loaded, ended at once
// when a step is aborted, and started anew when it has ended and something more is asked of it.
import { join } from 'node:path'
import type { Direction } from '../../../shared/migration-steps.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import type { Host, HostProcess } from '../../host.ts'
import { Refusal } from '../../refusal.ts'
import { checksumOf } from '../folder/checksum.ts'
import type { Sink, StepFile, StepProgram } from '../step.ts'
import { answerStatement } from './answer-statement.ts'
import type { FromChild, ToChild, WireFailure } from './module-protocol.ts'
import { lateWords } from './run-in-process.ts'
import { noDirection } from './sql-program.ts'
import { stepSink, type StepSink } from './step-sink.ts'
import { fromFailure } from './wire.ts'

export interface ModuleProcessOptions {
  host: Pick<Host, 'spawn'>
  dialect: Dialect
  /** The folder's real path. */
  path: string
  /** As `DatabaseFacts.version`. */
  version: string | undefined
  /** Milliseconds for the outermost code of a file. */
  loadLimit: number
}

export interface ModuleProcess {
  load(step: StepFile, signal: AbortSignal): Promise<StepProgram>
  close(): void
}

type RunOptions = Parameters<StepProgram['run']>[2]
type Loaded = Extract<FromChild, { kind: 'loaded' }>

interface Run {
  id: number
  sink: StepSink
  options: RunOptions
  /** The sink's own errors, by the statement. */
  errors: Map<number, unknown>
  end: (failure: unknown) => void
}

/** One life of the process. */
interface Life {
  process: HostProcess
  loading: Map<number, { name: string; resolve: (loaded: Loaded) => void; reject: (error: Error) => void }>
  /** What the process has loaded, by name and checksum. */
  loaded: Set<string>
  run: Run | null
  /** Set when it ends or is ended. */
  isOver: boolean
  /** What it said of its own end. */
  lastWords: Error | null
  /** What was printed while a file was loaded; its first run tells it. */
  printed: string[]
}

/** Lines that are kept of what was printed while no step ran. */
const PRINTED = 100

export function openModuleProcess({ host, dialect, path, version, loadLimit }: ModuleProcessOptions): ModuleProcess {
  let life: Life | null = null
  let lastId = 0

  function alive(): Life {
    if (life && !life.isOver) return life
    const own: Life = {
      process: host.spawn('migration'),
      loading: new Map(),
      loaded: new Set(),
      run: null,
      isOver: false,
      lastWords: null,
      printed: [],
    }
    own.process.onMessage((message) => hear(own, message as FromChild))
    own.process.onExit((code, signal) => ended(own, exitWords(code, signal)))
    tell(own, { kind: 'open', dialect, version, folder: path })
    life = own
    return own
  }

  function tell(own: Life, message: ToChild): void {
    if (!own.isOver) own.process.send(message)
  }

  /** Whatever waits for it fails. */
  function ended(own: Life, words: string): void {
    if (own.isOver) return
    own.isOver = true
    for (const { name, reject } of own.loading.values()) reject(stepRefused(name, `${name} was not loaded. ${words}`))
    own.loading.clear()
    own.run?.end(own.lastWords ?? new Error(words))
  }

  function kill(own: Life, words: string): void {
    own.process.kill()
    ended(own, words)
  }

  function hear(own: Life, message: FromChild): void {
    if (own.isOver) return
    const { run } = own
    switch (message.kind) {
      case 'loaded':
        return own.loading.get(message.id)?.resolve(message)
      case 'refused': {
        const waiting = own.loading.get(message.id)
        const data = message.code === 'STEP_REFUSED' ? { name: waiting?.name } : {}
        return waiting?.reject(new Refusal(message.code, message.message, data))
      }
      case 'statement':
        if (run?.id === message.run) void answerStatement(message, { ...run, dialect, tell: (to) => tell(own, to) })
        return
      case 'ended':
        if (run?.id === message.run) run.end(message.failure && errorOf(message.failure, run))
        return
      case 'stray':
        return stray(own, message)
      case 'log':
        if (message.text === '') return
        if (run) run.options.onLog?.(message.text)
        else if (own.printed.length < PRINTED) own.printed.push(message.text)
    }
  }

  function stray(own: Life, { failure, isFatal }: Extract<FromChild, { kind: 'stray' }>): void {
    const how = isFatal ? 'An error in the step was caught by nothing' : 'A promise of the step failed unnoticed'
    const cause = own.run ? errorOf(failure, own.run) : fromFailure(failure)
    const error = new Error(`${how}: ${failure.message}`, { cause })
    own.lastWords = error
    own.run?.end(error)
    for (const { name, reject } of own.loading.values())
      reject(stepRefused(name, `${name} was not loaded. ${error.message}`))
    // Its code may still be at work, in a state that nobody knows.
    kill(own, error.message)
  }

  async function load(own: Life, step: StepFile, signal: AbortSignal): Promise<Loaded> {
    const { name } = step
    const [file] = step.files
    if (!file) throw stepRefused(name, `${name} has no file.`)
    const id = ++lastId
    const loading = new Promise<Loaded>((resolve, reject) => own.loading.set(id, { name, resolve, reject }))
    const onAbort = () => kill(own, 'It was cancelled.')
    const timer = setTimeout(
      () => kill(own, `Its outermost code was not through after ${loadLimit / 1000} s, so the process was ended.`),
      loadLimit,
    )
    signal.addEventListener('abort', onAbort, { once: true })
    tell(own, { kind: 'load', id, name, file: join(path, file.name), checksum: checksumOf([file.text]) })
    try {
      const loaded = await loading
      if (!loaded.hasUp) throw stepRefused(name, `${name} exports no function "up", so it is no migration of knex.`)
      own.loaded.add(`${name} ${step.checksum}`)
      return loaded
    } catch (error) {
      if (signal.aborted) throw signal.reason
      throw error
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      own.loading.delete(id)
    }
  }

  async function run(step: StepFile, direction: Direction, sink: Sink, options: RunOptions): Promise<void> {
    const { signal, isInTransaction, onLog } = options
    signal.throwIfAborted()
    const own = alive()
    if (own.run) throw new Error('One step runs at a time.')
    // The process in which it was loaded may have ended since.
    if (!own.loaded.has(`${step.name} ${step.checksum}`)) await load(own, step, signal)
    const onLate = (sql: string) => onLog?.(lateWords(sql))
    const guarded = stepSink(sink, { dialect, isInTransaction, onLate })
    const id = ++lastId
    const onAbort = () => kill(own, 'It was cancelled.')
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      const failure = await new Promise<unknown>((resolve) => {
        own.run = { id, sink: guarded, options, errors: new Map(), end: resolve }
        for (const text of own.printed.splice(0)) onLog?.(text)
        tell(own, { kind: 'run', id, name: step.name, direction, isInTransaction })
        if (own.isOver) resolve(own.lastWords ?? new Error('The process that runs the steps has ended.'))
      })
      if (signal.aborted) throw signal.reason
      const violation = guarded.violation()
      if (violation) throw violation
      if (failure !== null) throw failure as Error
      await guarded.end()
    } catch (error) {
      guarded.stop(error instanceof Error ? error : new Error(String(error)))
      throw error
    } finally {
      own.run = null
      signal.removeEventListener('abort', onAbort)
    }
  }

  return {
    async load(step, signal) {
      signal.throwIfAborted()
      const { wantsTransaction, hasDown } = await load(alive(), step, signal)
      return {
        wantsTransaction,
        hasDown,
        run: async (direction, sink, options) => {
          if (direction === 'down' && !hasDown) throw noDirection(step.name, direction)
          await run(step, direction, sink, options)
        },
      }
    },
    close() {
      if (life && !life.isOver) kill(life, 'The run was closed.')
    },
  }
}

function errorOf(failure: WireFailure, { errors }: Run): unknown {
  const { statement } = failure
  return statement !== null && errors.has(statement) ? errors.get(statement) : fromFailure(failure)
}

function stepRefused(name: string, message: string): Refusal {
  return new Refusal('STEP_REFUSED', message, { name })
}

function exitWords(code: number | null, signal: string | null): string {
  const how = code !== null ? ` (exit code ${code})` : signal !== null ? ` (${signal})` : ''
  return `The process that runs the step ended${how} before the step was through.`
}
