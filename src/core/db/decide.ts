// The one table of what is done about a failure: its kind and how far things had come decide, for every engine alike.
import type { Action, DecideOptions, Failure, FailureKind, Phase } from './failure.ts'

type Row = Readonly<Record<Phase, Action>>

const always = (action: Action): Row => ({
  connecting: action,
  idle: action,
  reading: action,
  transaction: action,
  writing: action,
  committing: action,
})

/** The connection is gone: harmless before anything was sent and for reads; nobody knows once a write or COMMIT was. */
const gone: Row = {
  connecting: 'wait',
  idle: 'wait',
  reading: 'wait',
  transaction: 'replay',
  writing: 'unknown',
  committing: 'unknown',
}

/** The server takes nothing from this connection any more, and did not take this statement. */
const turnedAway: Row = { ...gone, writing: 'replay' }

/** The whole transaction was undone by the server itself, also when it says so at COMMIT. */
const undone = always('replay')

const stop = always('stop')

/** Told once more at once, because the second answer is often another one; then a person is asked. */
const quickly: Row = { ...gone, connecting: 'again-once' }

const TABLE: Readonly<Record<FailureKind, Row>> = {
  refused: gone,
  'no-answer': gone,
  unreachable: gone,
  'name-temporary': gone,
  'name-unknown': quickly,
  starting: gone,
  lost: gone,
  'outcome-unknown': always('unknown'),
  'too-many-connections': always('wait-slowly'),
  'user-limit': stop,
  'host-blocked': stop,
  authentication: stop,
  'no-database': stop,
  'no-privilege': stop,
  serialization: undone,
  deadlock: undone,
  'lock-timeout': { ...always('replay-once'), connecting: 'stop' },
  cancelled: stop,
  timeout: stop,
  'read-only': stop,
  'not-in-cluster': turnedAway,
  constraint: stop,
  resources: stop,
  damaged: stop,
  protocol: stop,
  tls: stop,
  unsafe: stop,
  tunnel: stop,
  'host-key': stop,
  local: stop,
  // Inside of a transaction the statement has ended it: what is prepared anew runs in the next one.
  'stale-plan': { ...always('prepare-again'), transaction: 'replay-once', committing: 'replay-once' },
  'failed-transaction': stop,
  // The engine itself has waited 5 s by then.
  busy: stop,
  'busy-snapshot': undone,
  other: stop,
}

/** What a profile that waits for its database waits for as well. */
const absent: ReadonlySet<FailureKind> = new Set(['no-database', 'name-unknown'])

/** What is done about `failure` when things had come as far as `phase`. Retrying itself is `retry.ts` alone. */
export function decide(failure: Failure, phase: Phase, options: DecideOptions = { waitForDatabase: false }): Action {
  if (phase === 'connecting' && options.waitForDatabase && absent.has(failure.kind)) return 'wait'
  return TABLE[failure.kind][phase]
}
