// A SQLite child whose statements are noted: of readers, of the writer's transactions, and of schema work by knex.
import { Refusal } from '../../refusal.ts'
import { noted, type StatementLog, type StatementRole } from '../statement-log.ts'
import type { Child } from './process.ts'
import { IN_MEMORY, type Answers, type Kind, type KnexAnswer, type Requests } from './protocol.ts'

export function recordedChild(child: Child, log: StatementLog): Child {
  let isWriting = false
  /** A database of the process alone is nobody's: what a rehearsal tries there is not told. */
  let isOwn = false
  let stoppedBy: Error | undefined
  const isCancelled = (error: unknown) => error === stoppedBy && !(error instanceof Refusal)

  function note<T>(
    role: StatementRole,
    sql: string,
    values: readonly unknown[],
    start: () => Promise<T>,
    rowsOf: (result: T) => number,
    times?: number,
  ): Promise<T> {
    return isOwn ? start() : noted(log.sent(role, sql, values, times), start, rowsOf, isCancelled)
  }

  function ask<K extends Kind>(kind: K, body: Requests[K]): Promise<Answers[K]> {
    const start = () => child.ask(kind, body)
    const role = isWriting ? 'write' : 'read'
    const rowsOf = (answer: Answers[K]) => rowsIn(kind, answer)
    switch (kind) {
      case 'open':
        isOwn = (body as Requests['open']).file === IN_MEMORY
        return start()
      case 'begin':
        isWriting = true
        return note('write', 'begin immediate', [], start, rowsOf)
      case 'commit':
      case 'rollback':
        return note('write', kind, [], start, rowsOf).finally(() => (isWriting = false))
      case 'run': {
        const { sql, values } = body as Requests['run']
        return note(role, sql, values, start, rowsOf)
      }
      case 'bulk':
      case 'many': {
        const { sql, rows } = body as Requests['many']
        return note(role, sql, rows[0] ?? [], start, rowsOf, rows.length)
      }
      case 'knex': {
        const { sql, bindings } = body as Requests['knex']
        return note('schema', sql, bindings, start, rowsOf)
      }
      default:
        return start()
    }
  }

  return {
    get pid() {
      return child.pid
    },
    get isOver() {
      return child.isOver
    },
    get isBusy() {
      return child.isBusy
    },
    over: child.over,
    ask,
    query: (body) =>
      note(
        isWriting ? 'write' : 'read',
        body.sql,
        body.values,
        () => child.query(body),
        ({ rows }) => rows.length,
      ),
    kill(reason) {
      stoppedBy ??= reason
      child.kill(reason)
    },
  }
}

function rowsIn(kind: Kind, answer: Answers[Kind]): number {
  if (kind === 'run') return (answer as Answers['run']).changes
  if (kind === 'bulk') return answer as Answers['bulk']
  if (kind === 'many') return (answer as Answers['many']).changes.reduce((sum, changes) => sum + changes, 0)
  if (kind !== 'knex') return 0
  const done = answer as KnexAnswer
  return done.kind === 'rows' ? done.rows.length : done.changes
}
