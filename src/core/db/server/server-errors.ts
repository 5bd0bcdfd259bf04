// Turns what a driver throws into what a person reads, with the classified failure beside it.
import { Refusal, unavailable } from '../../refusal.ts'
import { failureOf, withFailure } from '../failure-of.ts'
import { causeOf, type Address } from '../failure-words.ts'
import type { Failure, FailureKind, Phase } from '../failure.ts'
import type { ServerDialect } from './server-dialect.ts'

/** Kinds that say something about the connection, whatever was running on it. */
const ofConnections: ReadonlySet<FailureKind> = new Set<FailureKind>([
  'refused',
  'no-answer',
  'unreachable',
  'name-temporary',
  'name-unknown',
  'starting',
  'lost',
  'outcome-unknown',
  'too-many-connections',
  'user-limit',
  'host-blocked',
  'authentication',
  'not-in-cluster',
  'tls',
  'unsafe',
  'protocol',
  'tunnel',
  'host-key',
  'local',
])

/** What stands before the server's own words, where these alone do not say what to do. */
const statementWords: Partial<Record<FailureKind, string>> = {
  'lock-timeout': 'Another session holds a lock on what was asked for. Try again when it has finished.',
}

export interface ServerErrors {
  /** Null for what no engine gave: a Refusal of another part, a bug. */
  classify(error: unknown): Failure | null
  /** The Refusal to throw (see `failureOf`); what is none of an engine's errors stays as it is. */
  refusal(error: unknown, phase: Phase): Error
}

/** `at`: where the server is, as the latest login said. `closed`: what every failure means once the database was closed. */
export function serverErrors(dialect: ServerDialect, at: () => Address, closed: () => Error | null): ServerErrors {
  const isOwn = (error: unknown) =>
    error instanceof Refusal ||
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError

  const classify = (error: unknown) => failureOf(error) ?? (isOwn(error) ? null : dialect.classify(error))

  return {
    classify,
    refusal(error, phase) {
      const failure = classify(error)
      if (!failure || error instanceof Refusal) return error as Error
      const closedWith = closed()
      if (closedWith) return closedWith
      if (phase === 'connecting' || ofConnections.has(failure.kind)) {
        const { reason, message, hint } = causeOf(failure, at())
        return withFailure(unavailable(reason, message, hint, error), failure)
      }
      const { kind, code, message } = failure
      const refusal =
        kind === 'read-only'
          ? new Refusal('READ_ONLY', message, { why: message }, error)
          : new Refusal('QUERY_FAILED', [statementWords[kind], message].filter(Boolean).join(' '), { code }, error)
      return withFailure(refusal, failure)
    },
  }
}
