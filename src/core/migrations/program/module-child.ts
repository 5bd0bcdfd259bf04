// The entry of the process that runs a folder's own JavaScript. It has no connection and no password: its knex sends every
// statement to Roster, and gets the driver's answer back.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Refusal } from '../../refusal.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import type { Sink, SinkAnswer } from '../step.ts'
import { importStep, prepareImports, type StepModule } from './import-step.ts'
import type { ToChild, WireAnswer, WireFailure } from './module-protocol.ts'
import { parentChannel } from './parent-channel.ts'
import { withSinkKnex } from './sink-knex.ts'
import { catchOutput } from './step-output.ts'
import { fromFailure, fromWire, toFailure } from './wire.ts'

interface Asked {
  rows: unknown[]
  resolve: (answer: SinkAnswer) => void
  reject: (error: Error) => void
}

const channel = parentChannel()
const output = catchOutput((text) => channel.send({ kind: 'log', text }))
const steps = new Map<string, StepModule>()
const asked = new Map<number, Asked>()
/** Which statement's answer an error was. */
const statementOf = new WeakMap<Error, number>()
let dialect: Dialect = 'sqlite'
let version: string | undefined
let statements = 0
/** The number of the run under way. */
let running: number | null = null

prepareImports()

channel.onMessage((message) => {
  switch (message.kind) {
    case 'open':
      dialect = message.dialect
      version = message.version
      process.chdir(workingFolder(message.folder))
      return
    case 'load':
      return void load(message)
    case 'run':
      return void run(message)
    case 'rows': {
      const rows = asked.get(message.statement)?.rows
      // One by one: a spread of many would be too many arguments.
      for (const row of message.rows) rows?.push(row)
      return
    }
    case 'answer':
      return settle(message.statement, ({ resolve, rows }) => resolve(answerOf(message.answer, rows)))
    case 'failed': {
      const error = fromFailure(message.failure)
      statementOf.set(error, message.statement)
      return settle(message.statement, ({ reject }) => reject(error))
    }
  }
})

async function load({ id, name, file, checksum }: Extract<ToChild, { kind: 'load' }>): Promise<void> {
  output.start()
  try {
    const step = await importStep(name, file, checksum)
    steps.set(name, step)
    const { up, down, config } = step
    channel.send({
      kind: 'loaded',
      id,
      wantsTransaction: config?.transaction !== false,
      hasUp: typeof up === 'function',
      hasDown: typeof down === 'function',
    })
  } catch (error) {
    const code = error instanceof Refusal && error.code === 'NOT_TRUSTED' ? 'NOT_TRUSTED' : 'STEP_REFUSED'
    channel.send({ kind: 'refused', id, code, message: error instanceof Error ? error.message : String(error) })
  }
  output.flush()
}

async function run({ id, name, direction, isInTransaction }: Extract<ToChild, { kind: 'run' }>): Promise<void> {
  running = id
  output.start()
  let failure = null
  try {
    const step = steps.get(name)
    const signal = new AbortController().signal
    await withSinkKnex(dialect, sinkOf(id), { isInTransaction, signal, version }, (knex) => step?.[direction]?.(knex))
  } catch (error) {
    failure = failureOf(error)
  }
  output.flush()
  running = null
  channel.send({ kind: 'ended', run: id, failure })
}

function sinkOf(run: number): Sink {
  return {
    send({ sql, bindings }) {
      const number = ++statements
      return new Promise((resolve, reject) => {
        asked.set(number, { rows: [], resolve, reject })
        try {
          channel.send({ kind: 'statement', run, number, sql, bindings: [...bindings] })
        } catch (error) {
          asked.delete(number)
          reject(new Error(`A value that the step binds cannot be sent: ${words(error)}`))
        }
      })
    },
  }
}

function settle(statement: number, how: (asked: Asked) => void): void {
  const one = asked.get(statement)
  asked.delete(statement)
  if (one) how(one)
}

function answerOf(answer: WireAnswer, before: unknown[]): SinkAnswer {
  if (answer.kind === 'withheld') return answer
  const { rows, rest, context } = answer
  const all = rows === null ? null : before.length === 0 ? rows : [...before, ...rows]
  return { kind: 'response', response: fromWire(dialect, { rows: all, rest }), context }
}

/** Steps that read a file by a relative path mean the folder of their knexfile, where the knex command line goes. */
function workingFolder(folder: string): string {
  const files = ['knexfile.js', 'knexfile.cjs', 'knexfile.mjs', 'knexfile.ts', 'package.json']
  for (let at = folder; ; at = dirname(at)) {
    if (files.some((file) => existsSync(join(at, file)))) return at
    if (at === dirname(at)) return folder
  }
}

function failureOf(error: unknown): WireFailure {
  return toFailure(error, error instanceof Error ? (statementOf.get(error) ?? null) : null)
}

const words = (error: unknown) => (error instanceof Error ? error.message : String(error))

process.on('unhandledRejection', (error) => {
  if (running === null) channel.send({ kind: 'log', text: `After the step had ended: ${words(error)}` })
  else channel.send({ kind: 'stray', failure: failureOf(error), isFatal: false })
})
process.on('uncaughtException', (error) => {
  channel.send({ kind: 'stray', failure: failureOf(error), isFatal: true })
  // What an error has left behind that nothing caught, nobody knows.
  channel.flush(() => process.exit(1))
})
// Ctrl+C in a terminal reaches the whole group; the parent decides what ends when.
process.on('SIGINT', () => undefined)
// Node's own notes are no output of a step.
process.removeAllListeners('warning')
