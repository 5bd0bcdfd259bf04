// What Roster itself finds wrong with a connection to PostgreSQL; everything else is the driver's or the system's own error.
import type { FailureKind } from '../failure.ts'

export class PostgresProblem extends Error {
  readonly kind: FailureKind
  readonly code: string

  /** `code` is an SQLSTATE where the server would have given that one, otherwise a word of Roster's own. */
  constructor(kind: FailureKind, code: string, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'PostgresProblem'
    this.kind = kind
    this.code = code
  }
}
