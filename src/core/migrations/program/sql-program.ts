// A step that is SQL: its statements go one by one, in the file's order.
import type { Direction } from '../../../shared/migration-steps.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import { Refusal } from '../../refusal.ts'
import { splitSql, wantsTransaction, type SplitStatement } from '../folder/split-sql.ts'
import type { StepFile, StepProgram } from '../step.ts'
import { runInProcess } from './run-in-process.ts'

const DOWN = /\.down\.sql$/i

/**
 * The texts are those that were read, and so those that were trusted; the files are not read again. Throws STEP_REFUSED where
 * one cannot be taken apart.
 */
export function sqlProgram(dialect: Dialect, { name, files }: StepFile): StepProgram {
  const split = (direction: Direction) => {
    const file = files.find((one) => DOWN.test(one.name) === (direction === 'down'))
    return file && statementsOf(name, file, dialect)
  }
  const statements = { up: split('up'), down: split('down') }
  return {
    wantsTransaction: files.every(({ text }) => wantsTransaction(text, dialect)),
    hasDown: statements.down !== undefined,
    async run(direction, sink, options) {
      const list = statements[direction]
      if (list === undefined) throw noDirection(name, direction)
      await runInProcess(dialect, sink, options, async (own) => {
        for (const { sql } of list) {
          options.signal.throwIfAborted()
          await own.send({ sql, bindings: [] })
        }
      })
    },
  }
}

function statementsOf(name: string, file: StepFile['files'][number], dialect: Dialect): SplitStatement[] {
  try {
    return splitSql(file.text, dialect)
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw new Refusal('STEP_REFUSED', `${file.name} cannot be run. ${words}`, { name }, error)
  }
}

export function noDirection(name: string, direction: Direction): Refusal {
  const what = direction === 'up' ? 'what it does' : 'how to undo it'
  return new Refusal('STEP_REFUSED', `Nothing in ${name} says ${what} (${direction}).`, { name })
}
