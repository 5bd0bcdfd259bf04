// The retry table as it is specified: what each way to fail must make Roster do in each phase. Written out anew from the
// specification (reliability.md 3.1 and 3.2), not taken from `decide.ts`.
import type { ServerError } from '../../../../scripts/servers/fake-server.ts'

/**
 * What the table says of a code. `lost` is its "by phase"; `ask` shows it to a person, who decides; `prepare` is "re-prepare
 * once if not in a transaction"; `read-only` is "drop the connection", and then, with one host, stop.
 */
export type Says =
  'lost' | 'wait' | 'slow' | 'replay' | 'replay-once' | 'unknown' | 'stop' | 'ask' | 'prepare' | 'read-only'

/**
 * P1 to P5 of the table. P4, an autocommit write in flight, exists in Roster for schema work alone: rows are written by the
 * transaction runner, whose writes are all P3 or P5. Migrations on MySQL and MariaDB are such writes, whatever is around them,
 * and on PostgreSQL those that stand outside of a transaction.
 */
export const PHASES = ['idle', 'reading', 'transaction', 'writing', 'committing'] as const
export type WirePhase = (typeof PHASES)[number]

/** What is seen of it: `again`, `replay` and `wait` run the work (once more); `unknown` looks; the rest is told. */
export type Taken = 'wait' | 'again' | 'replay' | 'replay-once' | 'unknown' | 'stop'

/**
 * In P4 nothing is run again, whatever is said: a migration is free SQL ("never for free SQL the user typed"), and unknown or
 * stopped it is for the migrations to look at their ledger.
 */
const SPECIFIED: Readonly<Record<Says, Readonly<Record<WirePhase, Taken>>>> = {
  lost: { idle: 'wait', reading: 'again', transaction: 'replay', writing: 'stop', committing: 'unknown' },
  // A connection that is turned away is as good as lost: 3.1 holds for it. Profiles have one host, so that NEXT is WAIT.
  wait: { idle: 'wait', reading: 'again', transaction: 'replay', writing: 'stop', committing: 'unknown' },
  slow: { idle: 'wait', reading: 'again', transaction: 'replay', writing: 'stop', committing: 'unknown' },
  // In P1 there is nothing to roll back: what was not sent yet is sent.
  replay: { idle: 'wait', reading: 'again', transaction: 'replay', writing: 'stop', committing: 'replay' },
  // A lock that is not given while connecting is none of a row: nothing says that a second try helps.
  'replay-once': {
    idle: 'stop',
    reading: 'again',
    transaction: 'replay-once',
    writing: 'stop',
    committing: 'replay-once',
  },
  // Before COMMIT was sent nothing can have been saved: there is nothing to look for, and nothing is run again.
  unknown: { idle: 'stop', reading: 'stop', transaction: 'stop', writing: 'stop', committing: 'unknown' },
  stop: { idle: 'stop', reading: 'stop', transaction: 'stop', writing: 'stop', committing: 'stop' },
  'read-only': { idle: 'stop', reading: 'stop', transaction: 'stop', writing: 'stop', committing: 'stop' },
  ask: { idle: 'stop', reading: 'stop', transaction: 'stop', writing: 'stop', committing: 'stop' },
  prepare: { idle: 'stop', reading: 'again', transaction: 'stop', writing: 'stop', committing: 'stop' },
}

export interface Way {
  /** The code, or what happens without one. */
  name: string
  says: Says
  /** The session is over after it: the server ended it, or what comes next on it could be anything. */
  ends: boolean
  /** `hang`: no answer, and none to the next connection either; `no-tls`: the profile asks for TLS from then on. */
  how: 'close' | 'reset' | 'hang' | 'no-tls' | { bytes: Buffer } | { tag: string } | { error: ServerError }
  /** Phases in which a server can do it; all of them unless told. */
  only?: readonly WirePhase[]
}

/** Where Roster does something else than the table, on purpose. */
export interface Deviation {
  names: readonly string[]
  phase: WirePhase
  instead: Taken
  why: string
}

export function takenFor(
  way: Way,
  phase: WirePhase,
  deviations: readonly Deviation[],
): { specified: Taken; taken: Taken } {
  const said = SPECIFIED[way.says][phase]
  // 3.1: whatever the code, a connection that is gone while COMMIT is in flight leaves it unknown.
  const specified = phase === 'committing' && said === 'stop' && way.ends ? 'unknown' : said
  const deviation = deviations.find((each) => each.phase === phase && each.names.includes(way.name))
  return { specified, taken: deviation?.instead ?? specified }
}
