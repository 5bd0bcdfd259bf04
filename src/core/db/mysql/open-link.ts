// A link: statements with values in, cells out, and a transaction that is believed only when the server shows it.
import type { ResultSetHeader } from 'mysql2'
import type { ConnectOptions, Link, Login } from '../server/link.ts'
import type { Changed, Ran, Statement } from '../database.ts'
import { encryptionOf } from '../server/tls.ts'
import { failedAt } from '../failed-at.ts'
import { bentValue } from './bent.ts'
import { bulk } from './bulk.ts'
import { columnsOfKey } from './broken-key.ts'
import { open } from './connect.ts'
import { galeraSide } from './galera-side.ts'
import { placeOf } from './sessions.ts'
import { template, withValues } from './literal.ts'
import { ownFailure } from './own-failure.ts'
import { toRows } from './values.ts'
import type { Answer } from './wire.ts'

/** Of the server status that comes with every OK. */
const IN_TRANSACTION = 1

/** Cells come as raw bytes of the text protocol; the other options only matter if one day the driver decoded something. */
const RAW = {
  rowsAsArray: true,
  typeCast: false,
  supportBigNumbers: true,
  bigNumberStrings: true,
  dateStrings: true,
  jsonStrings: true,
  decimalNumbers: false,
} as const

function changed({ affectedRows, insertId }: ResultSetHeader): Changed {
  // The driver reads the number as signed; 0 stands for none.
  const key = BigInt.asUintN(64, BigInt(insertId))
  return { changes: Number(affectedRows), lastKey: key === 0n ? null : key }
}

export async function openLink(login: Login, options: ConnectOptions): Promise<Link> {
  const { wire, facts } = await open(login, options, RAW, 'reads')
  const session = String(wire.connection.threadId)
  const galera = galeraSide(wire.ask, facts)
  /** What makes it impossible to commit: the first error since BEGIN. The server itself would save the other half. */
  let broken: Error | null = null
  let isInTransaction = false
  let place: string | null = null

  async function ask(sql: string): Promise<Answer> {
    try {
      const answer = await wire.ask(sql)
      if (isInTransaction && answer.header && !(answer.header.serverStatus & IN_TRANSACTION))
        throw ownFailure(
          'ROSTER_UNKNOWN',
          'The server ended the transaction by itself; what was done before may be saved.',
        )
      return answer
    } catch (error) {
      if (isInTransaction) broken ??= error as Error
      throw error
    }
  }

  async function change(sql: string): Promise<ResultSetHeader> {
    const { header } = await ask(sql)
    if (!header) throw new Error('The statement answered with rows instead of a count.')
    return header
  }

  /** Names the columns of a key that is there already, where the server names the key alone. A bent value is an error. */
  async function run(sql: string): Promise<ResultSetHeader> {
    try {
      const header = await change(sql)
      const bent = header.warningStatus > 0 ? await bentValue(wire.ask) : null
      if (bent) throw (broken ??= bent)
      return header
    } catch (error) {
      if (!wire.isDead) await columnsOfKey(wire.ask, error as Error, sql)
      throw error
    }
  }

  /** BEGIN, COMMIT and ROLLBACK, which end in a known state or fail. */
  async function control(sql: string, expected: boolean): Promise<void> {
    const { header } = await wire.ask(sql)
    if (!header || Boolean(header.serverStatus & IN_TRANSACTION) !== expected)
      throw ownFailure(
        'ROSTER_UNKNOWN',
        `The server answered ${sql}, and is ${expected ? 'in no' : 'still in a'} transaction.`,
      )
    isInTransaction = expected
    broken = null
  }

  return {
    session,
    encryption: encryptionOf((wire.connection as unknown as { stream: unknown }).stream),
    ...(galera && { galera }),
    get isDead() {
      return wire.isDead
    },
    onEnd: (listener) => wire.onEnd(listener),
    async query({ sql, values }: Statement) {
      const { rows, fields } = await ask(withValues(sql, values))
      return { columns: fields.map((field) => field.name), rows: toRows(rows ?? [], fields) }
    },
    run: async ({ sql, values }: Statement) => changed(await run(withValues(sql, values))),
    async runMany(sql, rows) {
      const filled = template(sql)
      const done: Ran[] = []
      try {
        // One after the other: what was sent ahead would be run after an error, which may have ended the transaction.
        for (const values of rows) done.push({ ...changed(await run(filled(values))), rows: [] })
      } catch (error) {
        failedAt(error, done.length)
        throw error
      }
      return done
    },
    bulk: (table, columns, rows) =>
      bulk(async (sql) => Number((await run(sql)).affectedRows), facts.maxPacket, table, columns, rows),
    // A plain START TRANSACTION takes the session's READ ONLY, so that the server refuses to write.
    begin: () => control(login.isReadOnly ? 'START TRANSACTION' : 'START TRANSACTION READ WRITE', true),
    async mark() {
      place ??= await placeOf(wire.ask)
      return `${session} ${place}`
    },
    async commit() {
      if (broken || !isInTransaction)
        throw ownFailure('ROSTER_TRANSACTION', 'Not committed: a statement of the transaction had failed.', broken)
      await control('COMMIT', false)
    },
    rollback: () => control('ROLLBACK', false),
    ping: () => wire.ping(),
    end: () => wire.end(),
    destroy: () => wire.destroy(),
  }
}
