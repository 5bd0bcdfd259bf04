// Plans one step: runs its program into the recorder, and says what is to be known of it before it is run for real.
import type { StepPlan } from '../../../shared/migration-runs.ts'
import type { Direction, MigrationStep, OtherTool } from '../../../shared/migration-steps.ts'
import type { Dialect } from '../../../shared/profiles.ts'
import { ResultUsed, type StepProgram } from '../step.ts'
import { NOT_ON_CLUSTER } from './cluster-ground.ts'
import type { DependsOn, Ground } from './ground.ts'
import { openRecorder, type Recording } from './recorder.ts'
import type { StatementReading } from './statement.ts'

export interface PlanStep {
  step: MigrationStep
  direction: Direction
  /** Null: it could not be loaded, and `problem` says why. */
  program: StepProgram | null
  problem: string | null
  ground: Ground
  /** `steps` when an earlier plan is not whole. */
  dependsOn: DependsOn
  /** What was begun outside of a transaction goes on outside of one. */
  isAgain: boolean
  doneBefore: number
  otherTools: readonly OtherTool[]
  /** Milliseconds without a statement, after which a step is taken for one that never ends. */
  idleLimit: number
  signal: AbortSignal
}

/** Notes of one step that are told. */
const NOTES = 100

export async function planStep(options: PlanStep): Promise<StepPlan> {
  const { step, direction, program, ground } = options
  const isAtomic = program?.wantsTransaction !== false && ground.dialect !== 'mysql' && !options.isAgain
  const base = { name: step.name, direction, isAtomic }
  if (!program || (direction === 'down' && !program.hasDown)) {
    const problem = options.problem ?? `Nothing in ${step.name} says how to undo it.`
    return { ...base, statements: [], notRehearsed: problem, notes: stepNotes(step), problem }
  }
  const { recording, problem } = await record(options, program, isAtomic)
  const { readings, statements, notes } = recording
  const own = [
    ...stepNotes(step),
    ...(direction === 'up' && !program.hasDown
      ? ['Nothing in it says how to undo it, so that it cannot be rolled back.']
      : []),
    ...ownersNote(options, readings),
    ...(isAtomic ? refusedInside(readings) : []),
    ...(ground.cluster?.takeNotes() ?? []),
  ]
  return {
    ...base,
    statements,
    notRehearsed: ground.cluster ? NOT_ON_CLUSTER : notRehearsed(program, readings, ground.dialect),
    notes: shortened([...new Set([...own, ...notes])]),
    problem,
  }
}

function shortened(notes: readonly string[]): string[] {
  if (notes.length <= NOTES) return [...notes]
  return [...notes.slice(0, NOTES), `${notes.length - NOTES} more notes are left out.`]
}

async function record(options: PlanStep, program: StepProgram, isAtomic: boolean) {
  const { direction, ground, dependsOn, doneBefore, idleLimit, signal } = options
  const stopping = new AbortController()
  const stop = (problem: string) => stopping.abort(new Error(problem))
  const recorder = openRecorder({ ground, dependsOn, isAtomic, doneBefore, stop })
  const { recording } = recorder
  let idle: NodeJS.Timeout | undefined
  const watch = () => {
    clearTimeout(idle)
    idle = setTimeout(() => {
      recording.problem ??= `The plan ends here: the step sent nothing for ${idleLimit / 1000} s and was stopped.`
      stop(recording.problem)
    }, idleLimit)
  }
  const sink = {
    send: (statement: Parameters<typeof recorder.send>[0]) => {
      watch()
      return recorder.send(statement)
    },
  }
  watch()
  let problem: string | null = null
  await ground.beginStep(isAtomic)
  try {
    await program.run(direction, sink, {
      isInTransaction: isAtomic,
      signal: AbortSignal.any([signal, stopping.signal]),
    })
  } catch (error) {
    signal.throwIfAborted()
    problem = whyEnded(error, recording)
  } finally {
    clearTimeout(idle)
    await ground.endStep()
  }
  return { recording, problem: recording.problem ?? problem }
}

function whyEnded(error: unknown, { withheld, problem }: Recording): string {
  if (problem !== null) return problem
  const message = error instanceof Error ? error.message : String(error)
  if (!(error instanceof ResultUsed)) return `The plan ends here: the step fails. ${sentence(message)}`
  const why = withheld ?? 'data'
  return `The plan ends here, because what comes next depends on ${why}. ${sentence(message)}`
}

const sentence = (text: string) => (/[.!?…]$/.test(text) ? text : `${text}.`)

function stepNotes({ problem }: MigrationStep): string[] {
  return problem === null ? [] : [problem]
}

function ownersNote({ otherTools, ground }: PlanStep, readings: readonly StatementReading[]): string[] {
  const changed = readings
    .filter(({ isSchemaChange, isRead }) => isSchemaChange && !isRead)
    .flatMap(({ tables }) => tables)
    .filter((name) => ground.isThere(name) && ground.realName(name) !== null)
  if (changed.length === 0 || otherTools.length === 0) return []
  const tools = otherTools.map(({ tool, where }) => `${tool} (${where})`).join(', ')
  return [
    `${tools} keeps a ledger here too. If it owns ${[...new Set(changed)].join(', ')}, it will not know of this change.`,
  ]
}

function refusedInside(readings: readonly StatementReading[]): string[] {
  const why = readings.find(({ cannotRunInTransaction }) => cannotRunInTransaction !== null)?.cannotRunInTransaction
  return why ? [`${why} The step will fail: it has to ask for no transaction.`] : []
}

function notRehearsed(program: StepProgram, readings: readonly StatementReading[], dialect: Dialect): string | null {
  const refused = readings.find(({ cannotRunInTransaction }) => cannotRunInTransaction !== null)
  if (refused) return refused.cannotRunInTransaction
  if (dialect !== 'mysql') {
    return program.wantsTransaction
      ? null
      : 'It asks to be left outside a transaction, so that nothing of it could be taken back.'
  }
  const names = [...new Set(readings.flatMap(({ qualified }) => qualified))]
  if (names.length === 0) return null
  return `It names ${names.join(', ')} with the database, and on a scratch schema would reach the original all the same.`
}
