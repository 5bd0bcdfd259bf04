// Runs the steps of a rehearsal one after the other, and stops at the first that fails or that cannot be rehearsed.
import { readStatement } from '../plan/read-statement.ts'
import type { StatementReading } from '../plan/statement.ts'
import type { Sink, StepStatement } from '../step.ts'
import { counted, say, shortened, wordsOf, type Rehearsal, type RehearsedStep } from './rehearsal.ts'

/** What differs between the engines. */
export interface Stage {
  isInTransaction: boolean
  sink: Sink
  /** Why the statement cannot be sent here, in words; null when it can. */
  refuse(statement: StepStatement, reading: StatementReading): Promise<string | null> | string | null
  /** An error of the database that means no more than that this cannot be rehearsed, in words; null for a failure. */
  notHere(error: unknown, reading: StatementReading): string | null
  /** What else to know of an error, as a sentence; asked once the step was taken back. */
  explain(error: unknown, reading: StatementReading): Promise<string | null>
  /** Before a statement that may change something is sent. */
  prepare(reading: StatementReading): Promise<void>
  begin(step: string): Promise<void>
  /** Throws what the database would have said at the step's own COMMIT. */
  end(): Promise<void>
  /** Takes back what the step did. */
  undo(): Promise<void>
}

/** How far it came. `problem` is null when all steps were done. */
export interface Course {
  done: string[]
  problem: { kind: 'failed' | 'left-out'; step: string; message: string } | null
}

/** Statements of one step that are told one by one; the others are counted. */
const TOLD = 50

/** Rejects only when the signal was aborted, or when the session itself is gone. */
export async function runSteps(rehearsal: Rehearsal, stage: Stage): Promise<Course> {
  const { steps, push, signal } = rehearsal
  const done: string[] = []
  for (const [index, step] of steps.entries()) {
    const began = performance.now()
    const tell = (state: 'running' | 'done' | 'failed' | 'left-out') =>
      push({ kind: 'step', name: step.name, state, ms: Math.round(performance.now() - began) })
    tell('running')
    const problem = await runStep(rehearsal, stage, step)
    signal.throwIfAborted()
    if (problem === null) {
      tell('done')
      done.push(step.name)
      continue
    }
    tell(problem.kind)
    for (const { name } of steps.slice(index + 1)) push({ kind: 'step', name, state: 'left-out', ms: 0 })
    return { done, problem: { ...problem, step: step.name } }
  }
  return { done, problem: null }
}

type Problem = Pick<NonNullable<Course['problem']>, 'kind' | 'message'>

async function runStep(rehearsal: Rehearsal, stage: Stage, { name, load }: RehearsedStep): Promise<Problem | null> {
  const { direction, signal } = rehearsal
  const failed = (message: string): Problem => ({ kind: 'failed', message: `${name} failed: ${message}` })
  const leftOut = (why: string): Problem => ({ kind: 'left-out', message: `${name} was not rehearsed: ${why}` })
  const program = await load(signal).catch((error: unknown) => failed(wordsOf(error)))
  if ('kind' in program) return program
  if (direction === 'down' && !program.hasDown) return failed('nothing in it says how to undo it.')
  if (stage.isInTransaction && !program.wantsTransaction) {
    return leftOut('it asks to be left outside a transaction, so that nothing of it could be taken back.')
  }
  const heard = listen(rehearsal, stage)
  let thrown: { error: unknown } | null = null
  await stage.begin(name)
  try {
    await program.run(direction, heard.sink, {
      isInTransaction: stage.isInTransaction,
      signal,
      onLog: (text) => say(rehearsal, `${name} prints: ${text}`),
    })
    if (heard.refusal() === null) await stage.end()
  } catch (error) {
    thrown = { error }
  }
  signal.throwIfAborted()
  heard.tellRest()
  const [refusal, failure] = [heard.refusal(), heard.failure()]
  if (refusal === null && thrown === null) return null
  await stage.undo()
  if (refusal !== null) return leftOut(refusal)
  // A step may go on after an error, and end with another one that only comes of it.
  const first = failure ?? { error: thrown?.error, place: '', sql: '', reading: null }
  const hint = first.reading ? await stage.explain(first.error, first.reading) : null
  const words = `${first.place}${wordsOf(first.error, first.sql)}${hint === null ? '' : ` ${hint}`}`
  return failed(failure === null ? words : `${words}${otherError(thrown?.error, failure)}`)
}

interface Failure {
  error: unknown
  /** "statement 3 (create table a): " */
  place: string
  sql: string
  reading: StatementReading
}

/** The step's own error, where it is not the database's. */
function otherError(error: unknown, failure: Failure): string {
  if (error === undefined) return ''
  const [own, told] = [wordsOf(error, failure.sql), wordsOf(failure.error, failure.sql)]
  const isSame = own === told || own.includes(told) || /current transaction is aborted/.test(own)
  return isSame ? '' : ` The step ended with: ${own}`
}

/** The sink that the step sends into: looks at each statement before it goes on to the database. */
function listen(rehearsal: Rehearsal, stage: Stage) {
  let refusal: string | null = null
  let failure: Failure | null = null
  let sent = 0

  async function guard(statement: StepStatement, reading: StatementReading): Promise<void> {
    // A step that goes on after a refusal sends nothing more.
    refusal ??= await stage.refuse(statement, reading)
    if (refusal !== null) throw new Error(refusal)
  }

  const sink: Sink = {
    async send(statement) {
      rehearsal.signal.throwIfAborted()
      const reading = readStatement(statement.sql, rehearsal.database.dialect)
      await guard(statement, reading)
      if (!reading.isRead && !reading.isSession) await stage.prepare(reading)
      sent++
      if (sent <= TOLD) say(rehearsal, shortened(statement.sql))
      const place = `statement ${sent} (${shortened(statement.sql)}): `
      try {
        const answer = await stage.sink.send(statement)
        // Inside a savepoint of its own a step may expect an error and go on; then it was no failure.
        if (!reading.isSession) failure = null
        return answer
      } catch (error) {
        const why = stage.notHere(error, reading)
        if (why !== null) refusal ??= why
        failure ??= { error, place, sql: statement.sql, reading }
        throw error
      }
    },
  }
  return {
    sink,
    refusal: () => refusal,
    failure: () => failure,
    tellRest() {
      if (sent > TOLD) say(rehearsal, `… and ${counted(sent - TOLD, 'more statement')}.`)
    },
  }
}
