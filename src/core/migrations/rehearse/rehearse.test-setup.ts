// What the tests of this folder share: a plain schema session, steps out of statements, and rehearsing them.
import type { TestServer } from '../../../../scripts/servers/server.ts'
import type { RehearsalEvent } from '../../../shared/migration-runs.ts'
import type { Direction } from '../../../shared/migration-steps.ts'
import type { Database } from '../../db/database.ts'
import { mysql } from '../../db/mysql/mysql.ts'
import { postgres } from '../../db/postgres/postgres.ts'
import { openServerDatabase, type ServerDatabase } from '../../db/server/server-database.ts'
import { openSchemaSession } from '../run/schema-session.ts'
import type { Sink, StepProgram } from '../step.ts'
import { rehearseInTransaction } from './in-transaction.ts'
import { rehearseOnScratch } from './on-scratch.ts'
import type { Ending, RehearsedStep } from './rehearsal.ts'

export { openSchemaSession }
export const never = new AbortController().signal

export function databaseOn(
  server: Pick<TestServer, 'kind' | 'host' | 'port' | 'user' | 'password' | 'database'>,
): ServerDatabase {
  const { kind, host, port, user, password, database } = server
  const login = () => Promise.resolve({ host, port, user, password, database, tls: 'off' as const, isReadOnly: false })
  return openServerDatabase({
    dialect: kind === 'postgres' ? postgres : mysql,
    login,
    schemaLogin: login,
    poolSize: { limit: 1, from: { kind: 'explicit' } },
    whenUsable: () => Promise.resolve(),
    log: () => undefined,
  })
}

type Send = (sql: string, ...bindings: unknown[]) => Promise<unknown>

/** What a step does: statements in order, or code that sends them. */
export type Way = readonly string[] | ((send: Send) => Promise<unknown>)

export function step(name: string, up: Way, other: { down?: Way; wantsTransaction?: boolean } = {}): RehearsedStep {
  const { down, wantsTransaction = true } = other
  const program: StepProgram = {
    wantsTransaction,
    hasDown: down !== undefined,
    async run(direction, sink) {
      const way = direction === 'up' ? up : (down ?? [])
      const send = senderInto(sink)
      if (typeof way === 'function') await way(send)
      else for (const sql of way) await send(sql)
    },
  }
  return { name, load: () => Promise.resolve(program) }
}

const senderInto =
  (sink: Sink): Send =>
  async (sql, ...bindings) => {
    const answer = await sink.send({ sql, bindings })
    return answer.kind === 'response' ? answer.response : null
  }

export interface Told extends Ending {
  events: RehearsalEvent[]
  logs: string[]
  /** "001: done" */
  steps: string[]
}

export async function rehearsing(
  database: Database,
  steps: readonly RehearsedStep[],
  {
    direction = 'up',
    signal = never,
    onEvent,
  }: { direction?: Direction; signal?: AbortSignal; onEvent?: (event: RehearsalEvent) => void } = {},
): Promise<Told> {
  const events: RehearsalEvent[] = []
  const began = performance.now()
  const rehearse = database.dialect === 'mysql' ? rehearseOnScratch : rehearseInTransaction
  const ending = await rehearse({
    database,
    direction,
    steps,
    signal,
    person: 'tester@here',
    push(event) {
      events.push(event)
      onEvent?.(event)
    },
    since: () => Math.round(performance.now() - began),
    open: (signal) => openSchemaSession(database, signal),
    lock: () => Promise.resolve(),
  })
  return {
    ...ending,
    events,
    logs: events.flatMap((event) => (event.kind === 'log' ? [event.text] : [])),
    steps: events.flatMap((event) =>
      event.kind === 'step' && event.state !== 'running' ? [`${event.name}: ${event.state}`] : [],
    ),
  }
}
