// SQLite behind the Database interface: every connection is a child process, so the main thread never waits for a disk.
import { stat } from 'node:fs/promises'
import type { Host } from '../../host.ts'
import { Refusal, unavailable } from '../../refusal.ts'
import type { StatementLog } from '../statement-log.ts'
import type { Database, Rows, Statement } from '../database.ts'
import { stopWhenAborted, untilAborted } from './cancel.ts'
import { closed, constraintOf, isProcessEnded, processEnded, sqliteCode } from './errors.ts'
import { describeTable, listTables, quote } from './introspect.ts'
import { openKnex } from './knex-client.ts'
import { startChild, type Child } from './process.ts'
import { recordedChild } from './recorded-child.ts'
import { IN_MEMORY, type OpenFacts, type Role } from './protocol.ts'
import { keepReaders, READER_IDLE } from './readers.ts'
import { keepSpares } from './spares.ts'
import { takeTurns } from './turns.ts'
import { listReferrers } from './referrers.ts'
import { readStructure } from './structure.ts'
import { readSurroundings } from './surroundings.ts'
import { readTree } from './tree.ts'
import { checkValues } from './values.ts'
import { writeConnection } from './write-connection.ts'

export interface SqliteOptions {
  /** A full path. */
  file: string
  /** Make the file when it is missing or empty, with a write-ahead log. Only for files that belong to Roster. */
  create: boolean
  /** Open the file read-only, whatever its permissions are. It is never made then. */
  readOnly?: boolean
  /** Milliseconds to wait for a lock that another program holds; 5 s unless told. */
  busyTimeout?: number
  /** Milliseconds after which a reading connection that nobody uses is ended; 30 s unless told. */
  readerIdle?: number
  /** Where every statement is noted; nowhere unless told. */
  statements?: StatementLog
}

/** Milliseconds beyond the busy timeout that opening may take: a network drive that does not answer. */
const OPEN_LIMIT = 15_000
/** Milliseconds that the writer gets to put the write-ahead log back into the file when it is closed. */
const CLOSE_LIMIT = 2_000

/** A journal that must be rolled back, or a write-ahead log that must be read anew, by somebody who may write. */
const LEFT_BEHIND = /^SQLITE_(READONLY_(ROLLBACK|RECOVERY|CANTLOCK|CANTINIT)|BUSY_RECOVERY|CANTOPEN)/

/** Opens nothing yet: the first use does. */
export function openSqlite(host: Host, options: SqliteOptions): Database {
  const { file, create, readOnly = false, busyTimeout = 5_000, readerIdle = READER_IDLE, statements } = options
  const spares = keepSpares(() => {
    const child = startChild(host, file, reset)
    return statements ? recordedChild(child, statements) : child
  })
  const turns = takeTurns()
  const readers = keepReaders(async () => (await openNext('reader')).child, readerIdle)
  let writer: Child | null = null
  let opening: Promise<OpenFacts> | null = null
  let isClosed = false

  async function openIn(child: Child, role: Role): Promise<OpenFacts> {
    spares.warm()
    const tooLong = unavailable(
      'not-readable',
      `${file} could not be opened: the disk did not answer.`,
      'Check the disk or the network drive that holds it.',
    )
    const limit = setTimeout(() => child.kill(tooLong), busyTimeout + OPEN_LIMIT)
    try {
      return await child.ask('open', {
        file,
        role,
        create: create && !readOnly && role === 'writer',
        readOnly,
        busyTimeout,
      })
    } catch (error) {
      child.kill()
      throw error
    } finally {
      clearTimeout(limit)
    }
  }

  /** Opens the file in the spare or a new process; in another one when the spare turns out to have ended meanwhile. */
  async function openNext(role: Role): Promise<{ child: Child; facts: OpenFacts }> {
    for (let attempt = 1; ; attempt++) {
      if (isClosed) throw closed()
      const child = spares.take()
      try {
        return { child, facts: await openIn(child, role) }
      } catch (error) {
        if (attempt === 2 || !isProcessEnded(error)) throw error
      }
    }
  }

  async function openWriter(): Promise<OpenFacts> {
    const { child, facts } = await openNext('writer')
    if (isClosed) throw closed()
    writer = child
    void child.over.then(() => {
      if (writer === child) writer = opening = null
    })
    return facts
  }

  /** The writer is opened first, always: it alone can finish what a killed process or another program left behind. */
  function ready(): Promise<OpenFacts> {
    if (isClosed) return Promise.reject(closed())
    if (!opening) {
      const attempt = openWriter()
      opening = attempt
      attempt.catch(() => {
        if (opening === attempt) opening = null
        if (!writer) void spares.end(processEnded())
      })
    }
    return opening
  }

  async function readOnce(statement: Statement, signal: AbortSignal): Promise<Rows> {
    const facts = await untilAborted(ready(), signal)
    const release = facts.journalMode === 'wal' ? () => undefined : await turns.shared(signal)
    const child = await readers.take(signal).catch((error: unknown) => {
      release()
      throw error
    })
    const answer = child.query(statement)
    // The turn and the reader are free when the child has answered or ended, not when the caller has given up.
    const done = () => {
      readers.giveBack(child)
      release()
    }
    answer.then(done, () => void (child.isOver ? child.over.then(done) : done()))
    return stopWhenAborted(answer, signal, () => child.kill(signal.reason as Error))
  }

  /** The path leads to another file now: whatever is asked next opens that one. */
  function reset(): void {
    writer = opening = null
    void spares.end(processEnded())
  }

  async function read(statement: Statement, signal: AbortSignal): Promise<Rows> {
    signal.throwIfAborted()
    checkValues(statement.values)
    try {
      return await readOnce(statement, signal)
    } catch (error) {
      if (!LEFT_BEHIND.test(sqliteCode(error))) throw error
      await recover(signal)
      return readOnce(statement, signal)
    }
  }

  /** Another program ended inside a transaction: nobody may go on before that is rolled back. */
  async function recover(signal: AbortSignal): Promise<void> {
    const release = await turns.exclusive(signal)
    try {
      await untilAborted(ready(), signal)
      await rollBackLeftovers()
    } finally {
      release()
    }
  }

  /** SQLite does it with the next read of a connection that may write; a reader may not. */
  async function rollBackLeftovers(): Promise<void> {
    await writer?.query({ sql: 'SELECT count(*) FROM sqlite_schema', values: [] })
  }

  async function takeExclusively(signal: AbortSignal): Promise<{ release: () => void; facts: OpenFacts }> {
    await untilAborted(ready(), signal)
    const release = await turns.exclusive(signal)
    try {
      const facts = await untilAborted(ready(), signal)
      if (facts.readOnly) throw new Refusal('READ_ONLY', `${file} cannot be changed.`, { why: facts.readOnly })
      return { release, facts }
    } catch (error) {
      release()
      throw error
    }
  }

  /** Ends the writer and opens the next, which rolls back what the last one left, before anybody else may go on. */
  async function replaceWriter(child: Child): Promise<void> {
    child.kill()
    await child.over
    if (!isClosed) await ready().catch(() => undefined)
  }

  /** Puts the write-ahead log back into the file, unless a transaction is running: that one ends with its process. */
  async function closeProperly(last: Child): Promise<void> {
    const soon = AbortSignal.timeout(last.isBusy ? 0 : CLOSE_LIMIT)
    await untilAborted(last.ask('close', null), soon).catch(() => undefined)
  }

  return {
    dialect: 'sqlite',
    async facts() {
      const { version, readOnly, encoding, journalMode, pageSize } = await ready()
      const { size } = await stat(file).catch(() => ({ size: 0 }))
      const details = [
        // SQLite makes an empty file of any name that it is given: a person may have meant another one.
        ...(size === 0 ? [{ name: 'File', value: 'empty, 0 bytes' }] : []),
        { name: 'Journal', value: journalMode },
        { name: 'Page size', value: `${pageSize} bytes` },
      ]
      return { dialect: 'sqlite', version, readOnly, size, encoding, details }
    },
    read,
    async takeForTransaction(signal) {
      const { release } = await takeExclusively(signal)
      const child = writer
      if (!child) {
        release()
        throw processEnded()
      }
      return writeConnection(child, signal, (broken) => {
        if (broken || child.isOver) void replaceWriter(child).finally(release)
        else release()
      })
    },
    tables: (signal) => listTables((statement) => read(statement, signal)),
    describe: (table, signal) => describeTable((statement) => read(statement, signal), table),
    referrers: (table, signal) => listReferrers((statement) => read(statement, signal), table),
    tree: (signal) => readTree((statement) => read(statement, signal)),
    surroundings: (table, signal) => readSurroundings((statement) => read(statement, signal), table),
    structure: (table, signal) => readStructure((statement) => read(statement, signal), table),
    quote,
    constraint: constraintOf,
    schemaLook(signal, work) {
      const look = (statement: Statement) => read(statement, signal)
      return work({ read: look, tables: () => listTables(look) })
    },
    async schema(signal, onSql) {
      const { release } = await takeExclusively(signal)
      const child = spares.take()
      const free = () => {
        child.kill()
        void child.over
          .then(rollBackLeftovers)
          .catch(() => undefined)
          .finally(release)
      }
      try {
        await stopWhenAborted(openIn(child, 'schema'), signal, () => child.kill(signal.reason as Error))
        return openKnex(child, signal, onSql, free)
      } catch (error) {
        free()
        throw error
      }
    },
    async scratch(signal) {
      if (isClosed) throw closed()
      const child = spares.take()
      const request = { file: IN_MEMORY, role: 'schema', create: true, readOnly: false, busyTimeout } as const
      try {
        await stopWhenAborted(child.ask('open', request), signal, () => child.kill(signal.reason as Error))
        return openKnex(child, signal, undefined, () => child.kill())
      } catch (error) {
        child.kill()
        throw error
      }
    },
    // COMMIT runs on this machine: what the file holds after a lost process is what was committed.
    outcomeOf: () => Promise.resolve('look'),
    pool: () => null,
    async close() {
      if (isClosed) return
      isClosed = true
      const last = writer
      writer = null
      const others = spares.end(closed(), last)
      if (last) {
        await others
        await closeProperly(last)
      }
      await spares.end(closed())
    },
  }
}
