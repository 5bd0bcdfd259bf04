// The host's side of one statement from the process: into the sink, and the driver's response back, rows in parts.
import type { Dialect } from '../../../shared/profiles.ts'
import type { SinkAnswer } from '../step.ts'
import { withBuffers } from './bindings.ts'
import type { FromChild, ToChild } from './module-protocol.ts'
import type { StepSink } from './step-sink.ts'
import { toFailure, toWire } from './wire.ts'

/** Rows in one message, so that the host's only thread is free again soon. */
const PART = 1_000

export interface Answering {
  dialect: Dialect
  sink: StepSink
  errors: Map<number, unknown>
  tell: (message: ToChild) => void
}

/** Never rejects: an error of the sink goes back to the step, and is kept under the statement's number. */
export async function answerStatement(
  { number, sql, bindings }: Extract<FromChild, { kind: 'statement' }>,
  { dialect, sink, errors, tell }: Answering,
): Promise<void> {
  try {
    const answer = await sink.send({ sql, bindings: withBuffers(bindings) as unknown[] })
    await tellAnswer(number, answer, dialect, tell)
  } catch (error) {
    errors.set(number, error)
    tell({ kind: 'failed', statement: number, failure: toFailure(error, number) })
  }
}

async function tellAnswer(
  statement: number,
  answer: SinkAnswer,
  dialect: Dialect,
  tell: (message: ToChild) => void,
): Promise<void> {
  if (answer.kind === 'withheld') return tell({ kind: 'answer', statement, answer })
  const { rows, rest } = toWire(dialect, answer.response)
  let start = 0
  for (; rows !== null && rows.length - start > PART; start += PART) {
    tell({ kind: 'rows', statement, rows: rows.slice(start, start + PART) })
    await new Promise((resolve) => setImmediate(resolve))
  }
  const last = rows === null || start === 0 ? rows : rows.slice(start)
  tell({ kind: 'answer', statement, answer: { kind: 'response', rows: last, rest, context: answer.context } })
}
