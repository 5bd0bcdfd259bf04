// One connection to PostgreSQL as a link: raw rows, transactions whose COMMIT is believed only when the server said so.
import pg from 'pg'
import type { Cell } from '../../../shared/cell.ts'
import type { Rows, Statement } from '../database.ts'
import { failedAt } from '../failed-at.ts'
import type { FailureKind } from '../failure.ts'
import type { ConnectOptions, Link, Login } from '../server/link.ts'
import { encryptionOf } from '../server/tls.ts'
import { insertRows } from './bulk.ts'
import { runMany } from './many.ts'
import { openClient, toldOf, type OpenClient } from './client.ts'
import { classify } from './errors.ts'
import { PostgresProblem } from './problem.ts'
import { LOCK_TIMEOUT, setUp } from './settings.ts'
import { cellTypes, checkValues, toParameter } from './values.ts'

/** Milliseconds for a goodbye. */
const GOODBYE = 1000

/** After these nothing more can be had of a connection. */
const OVER: ReadonlySet<FailureKind> = new Set<FailureKind>(['lost', 'protocol'])

/** Always the extended protocol: it takes one statement, however many the text may hold. */
type Extended = pg.QueryArrayConfig<(string | Buffer | null)[]> & { queryMode: 'extended' }

export function connect(login: Login, options: ConnectOptions): Promise<Link> {
  return openClient(login, options, cellTypes, async (opened) => {
    const ask = async (text: string) => {
      const { rows } = await opened.client.query<unknown[]>({ text, rowMode: 'array' })
      return rows[0] ?? []
    }
    const session = await setUp(ask, login, false, toldOf(opened.client))
    return makeLink(opened, session, login.isReadOnly)
  })
}

/** The process that the connection was told of, and the one that answers. */
function isPooled(client: OpenClient['client'], session: string): boolean {
  const told = toldOf(client)
  return told !== null && String(told) !== session
}

function makeLink({ client, socket }: OpenClient, session: string, isReadOnly: boolean): Link {
  const isShared = isPooled(client, session)
  const begin = `BEGIN ${isReadOnly ? 'READ ONLY' : 'READ WRITE'}`
  const limits = isShared ? `; SET LOCAL ${LOCK_TIMEOUT.name} = '${LOCK_TIMEOUT.value}'` : ''
  let hasEnded = socket.destroyed
  let isBroken = false
  const listeners: (() => void)[] = []
  let last: Promise<unknown> = Promise.resolve()

  socket.once('close', () => {
    hasEnded = true
    for (const listener of listeners.splice(0)) listener()
  })
  // Out of step, or told that it is over: what comes next on it could be anything.
  client.on('error', () => breakOff())

  function breakOff() {
    isBroken = true
    socket.destroy()
  }

  /** One after the other, in the order of the calls. */
  function inTurn<T>(start: () => Promise<T>): Promise<T> {
    const turn = last.then(start)
    last = turn.catch(() => undefined)
    return turn
  }

  async function send(statement: Statement): Promise<pg.QueryArrayResult<Cell[]>> {
    checkValues(statement.values)
    const config: Extended = {
      text: statement.sql,
      values: statement.values.map(toParameter),
      rowMode: 'array',
      queryMode: 'extended',
    }
    return answered(client.query<Cell[]>(config))
  }

  /** Every statement's answer: the next one would wait for ever behind one that was of no protocol. */
  async function answered<T>(running: Promise<T>): Promise<T> {
    try {
      return await running
    } catch (error) {
      if (OVER.has(classify(error).kind)) breakOff()
      throw error
    }
  }

  return {
    session,
    isPooled: isShared,
    encryption: encryptionOf(socket),
    get isDead() {
      return hasEnded || isBroken
    },
    onEnd(listener) {
      if (hasEnded) queueMicrotask(listener)
      else listeners.push(listener)
    },
    query: (statement) => inTurn(async () => toRows(await send(statement))),
    run: (statement) => inTurn(async () => ({ changes: (await send(statement)).rowCount ?? 0, lastKey: null })),
    runMany: (sql, rows) =>
      inTurn(() => {
        const all = Array.from(rows, (values, index) => {
          try {
            checkValues(values)
          } catch (error) {
            failedAt(error, index)
            throw error
          }
          return values.map(toParameter)
        })
        return answered(runMany(client, sql, all))
      }),
    bulk: (table, columns, rows) => inTurn(() => insertRows(send, table, columns, rows)),
    begin: () =>
      inTurn(async () => {
        await answered(client.query(begin + limits)).catch(refuseStandby)
      }),
    mark: () =>
      inTurn(async () => {
        const text = 'select pg_current_xact_id_if_assigned()::text'
        const { rows } = await answered(client.query<[string | null]>({ text, rowMode: 'array' }))
        return rows[0]?.[0] ?? null
      }),
    commit: () =>
      inTurn(async () => {
        // A transaction that had an error is answered with ROLLBACK, and no error: only the word COMMIT counts.
        const { command } = await answered(client.query('COMMIT'))
        if (command === 'COMMIT') return
        const words = 'Nothing was saved: a statement of the transaction had failed before, and the server rolled back.'
        throw new PostgresProblem('failed-transaction', '25P02', words)
      }),
    rollback: () =>
      inTurn(async () => {
        await answered(client.query('ROLLBACK'))
      }),
    ping: () => inTurn(async () => void (await answered(client.query('select 1')))),
    async end() {
      if (hasEnded) return
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
      const timer = setTimeout(() => socket.destroy(), GOODBYE)
      client.end().catch(() => undefined)
      await closed
      clearTimeout(timer)
    },
    destroy: breakOff,
  }
}

function toRows({ fields, rows }: pg.QueryArrayResult<Cell[]>): Rows {
  return { columns: fields.map(({ name }) => name), rows }
}

/** A standby refuses READ WRITE as something it cannot do at all. */
function refuseStandby(error: unknown): never {
  if (error instanceof pg.DatabaseError && error.code === '0A000') {
    throw new PostgresProblem('read-only', '25006', error.message, error)
  }
  throw error
}
