// Stands between a step and the sink it was given: one statement at a time, none after the step's end, and no BEGIN or
// COMMIT of its own inside a transaction that the caller has begun.
import type { Dialect } from '../../../shared/profiles.ts'
import type { Sink, StepStatement } from '../step.ts'
import { transactionWord } from './transaction-words.ts'

export interface StepSink extends Sink {
  /** Resolves when every statement that was sent is answered; then refuses all others. */
  end(): Promise<void>
  /** Refuses from now on, at once. */
  stop(reason: Error): void
  /** What the step did that it may not, though it may have caught the error. */
  violation(): Error | null
}

export interface StepSinkOptions {
  dialect: Dialect
  isInTransaction: boolean
  /** Hears of statements that came after the end. */
  onLate: (sql: string) => void
}

export function stepSink(sink: Sink, { dialect, isInTransaction, onLate }: StepSinkOptions): StepSink {
  let last: Promise<unknown> = Promise.resolve()
  let stopped: Error | null = null
  let violation: Error | null = null

  async function send(statement: StepStatement) {
    if (stopped) throw stopped
    return sink.send(statement)
  }

  return {
    send(statement) {
      if (stopped) {
        onLate(statement.sql)
        return Promise.reject(stopped)
      }
      const word = isInTransaction ? transactionWord(statement.sql, dialect) : null
      if (word !== null) {
        violation ??= ownTransaction(word)
        return Promise.reject(violation)
      }
      // Nothing may come after what would have ended the transaction: it was meant to be outside.
      if (violation) return Promise.reject(violation)
      const answer = last.then(() => send(statement))
      last = answer.catch(() => undefined)
      return answer
    },
    async end() {
      for (let seen: unknown = null; seen !== last;) {
        seen = last
        await last
      }
      stopped = late()
    },
    stop(reason) {
      stopped ??= reason
    },
    violation: () => violation,
  }
}

export function late(): Error {
  return new Error('The step had ended before this statement came, so it was not sent. The step has to wait for it.')
}

export function ownTransaction(word: string, cause?: unknown): Error {
  const message = `The step sends ${word} inside the transaction that Roster keeps around it, together with the ledger. Take it out, or let the step ask for no transaction.`
  return new Error(message, { cause })
}
