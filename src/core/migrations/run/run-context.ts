// What every part of one run has in common.
import type { MigrationEvent } from '../../../shared/migration-runs.ts'
import type { Project } from '../project.ts'
import type { OnBoundary } from './boundary.ts'
import type { RunLock } from './lock.ts'
import type { SchemaSession } from './schema-session.ts'
import type { StatementEvents } from './statement-events.ts'

export interface RunContext {
  project: Project
  /** A UUID. */
  run: string
  session: SchemaSession
  lock: RunLock
  signal: AbortSignal
  statements: StatementEvents
  readonly push: (event: MigrationEvent) => void
  /** Milliseconds since the run began. */
  readonly since: () => number
  boundary: OnBoundary
  /** The run works no more: in a file its own process would count as one that does. */
  readonly over: () => void
}
