// Keeps the classified failure beside the error that a person sees, so that the runner and the waiting can decide by it.
import type { Failure } from './failure.ts'

const failures = new WeakMap<Error, Failure>()

/** Remembers what `error` means; answers with the same error. */
export function withFailure<E extends Error>(error: E, failure: Failure): E {
  failures.set(error, failure)
  return error
}

/** What an error of a database means; null for errors that no engine has given (a passed deadline, a bug). */
export function failureOf(error: unknown): Failure | null {
  return error instanceof Error ? (failures.get(error) ?? null) : null
}
