// An expected error: declared in the contract, and shown to a person in its own words.
import type { UnavailableReason } from '../shared/procedure.ts'

/**
 * Thrown anywhere in core; the contract's middleware turns it into the declared error of that code. Everything else that
 * is thrown is masked outside and logged whole inside.
 */
export class Refusal extends Error {
  readonly code: string
  readonly data: unknown

  /** `message` says what happened and to what, in plain words; a hint says what to do next. */
  constructor(code: string, message: string, data: unknown = {}, cause?: unknown) {
    super(message, { cause })
    this.name = 'Refusal'
    this.code = code
    this.data = data
  }
}

export function unavailable(reason: UnavailableReason, message: string, hint: string, cause?: unknown): Refusal {
  return new Refusal('DATABASE_UNAVAILABLE', message, { reason, hint }, cause)
}
