// A step without a process of its own: its sink is guarded, and an abort ends the waiting for it at once.
import type { Dialect } from '../../../shared/profiles.ts'
import { untilAborted } from '../../db/waiting.ts'
import type { Sink, StepProgram } from '../step.ts'
import { stepSink } from './step-sink.ts'

export async function runInProcess(
  dialect: Dialect,
  sink: Sink,
  { isInTransaction, signal, onLog }: Parameters<StepProgram['run']>[2],
  work: (sink: Sink) => Promise<void>,
): Promise<void> {
  const own = stepSink(sink, { dialect, isInTransaction, onLate: (sql) => onLog?.(lateWords(sql)) })
  try {
    await untilAborted(
      work(own).finally(() => own.end()),
      signal,
    )
    const violation = own.violation()
    if (violation) throw violation
  } catch (error) {
    own.stop(error instanceof Error ? error : new Error(String(error)))
    throw own.violation() ?? error
  }
}

/** For the log. */
export function lateWords(sql: string): string {
  return `Not sent, as the step had ended: ${sql.slice(0, 300)}`
}
