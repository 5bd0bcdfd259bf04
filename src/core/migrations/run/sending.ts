// Sends the statements of one step: each after a look at the lock, noted in the journal before and after where the step is no
// single transaction, and skipped where an earlier run has done it.
import { splitSql } from '../folder/split-sql.ts'
import { transactionWord } from '../program/transaction-words.ts'
import type { Sink, SinkAnswer, StepStatement } from '../step.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { JournalStatement } from './journal.ts'
import { asksForLast } from './known-functions.ts'
import { isSentAgain } from './kept-statements.ts'
import { withoutSecrets } from './without-secrets.ts'
import { SQL_LENGTH } from './open-journal.ts'
import type { RunContext } from './run-context.ts'
import { LockLost } from './lock-lost.ts'
import { rowsNote } from './rows-note.ts'
import { shortened } from './statement-events.ts'
import { together } from './together.ts'
import { transactionEffect, undoesFailure } from './transaction-effect.ts'

/** A resumed step took another way than the first time; nothing was sent that changes anything. */
export class Differs extends Error {
  override name = 'Differs'
}

export interface Sending extends Sink {
  /** Of this run and those that were skipped, in order. */
  readonly statements: readonly JournalStatement[]
  /** The one that failed last. */
  readonly failed: { number: number; sql: string; error: unknown } | null
  /** Why nothing more is sent, whatever the step makes of it. */
  readonly stopped: Error | null
  /** Something that changes rows or schema was sent in this run. */
  readonly hasSent: boolean
  /** The step ended the transaction that it was in. */
  readonly brokeOut: boolean
  /** Notes that could not be written while a transaction of the step had failed; call it outside of one. */
  flush(): Promise<void>
}

export interface SendingOptions {
  step: string
  /** The journal's id of it. */
  entry: string
  isAtomic: boolean
  /** What is not sent again: done by the run that ended in the middle. */
  skip: readonly JournalStatement[]
}

export function sending(context: RunContext, { step, entry, isAtomic, skip }: SendingOptions): Sending {
  const { session, lock, signal, project, boundary } = context
  const { journal } = project
  const { dialect } = session
  const statements: JournalStatement[] = []
  const noteRows = rowsNote(context, step)
  const unsaved = new Set<number>()
  let failed: Sending['failed'] = null
  let stopped: Error | null = null
  let hasSent = false
  /** In this run. */
  let hasInserted = false
  let brokeOut = false
  /** The number of the statement with which the step began a transaction of its own. */
  let begun: number | null = null

  function stop(error: Error): Error {
    stopped ??= error
    return stopped
  }

  async function note(statement: JournalStatement): Promise<void> {
    statements[statement.number] = statement
    if (isAtomic) return
    if (session.transaction === 'failed') return void unsaved.add(statement.number)
    await boundary('before journal')
    await save(statement)
    await boundary('after journal')
  }

  /** On a cluster, where a run may wake up that has lost its lock, in a transaction that it could not commit then. */
  async function save(statement: JournalStatement): Promise<void> {
    const work = () => journal.saveStatement(session, entry, statement)
    if (!session.galera || session.transaction !== 'none') return work()
    await together(session, work).catch((error: unknown) => {
      throw error instanceof LockLost ? stop(error) : error
    })
  }

  /** In a transaction that has failed the server has answered, and answers nothing else. */
  async function isAlive(): Promise<boolean> {
    if (session.transaction === 'failed') return true
    return session.ask('select 1 as alive').then(
      () => true,
      () => false,
    )
  }

  async function flush(): Promise<void> {
    for (const number of [...unsaved].sort((a, b) => a - b)) {
      const statement = statements[number]
      if (statement) await save(statement)
      unsaved.delete(number)
    }
  }

  /** Notes of a transaction that was rolled back went with it. */
  async function afterEffect(sql: string, number: number): Promise<void> {
    const effect = transactionEffect(sql, dialect)
    if (effect === 'begins') begun = dialect === 'mysql' ? number : (begun ?? number)
    else if (effect === 'commits') begun = null
    else if (effect === 'rolls-back') {
      for (let at = begun ?? number; at < number; at += 1) unsaved.add(at)
      begun = null
    }
    if (session.transaction !== 'failed') await flush()
  }

  async function checked(sql: string): Promise<void> {
    signal.throwIfAborted()
    // PostgreSQL answers nothing else now, and the session has the lock as long as it lives.
    if (session.transaction === 'failed') return
    if (isAtomic && session.transaction === 'none') {
      brokeOut = true
      throw stop(new Error(`The step ended the transaction that Roster keeps around it; ${oneLine(sql)} was not sent.`))
    }
    await lock.check().catch((error: unknown) => {
      throw stop(error instanceof Error ? error : new Error(String(error)))
    })
  }

  async function send(statement: StepStatement): Promise<SinkAnswer> {
    if (stopped) throw stopped
    const number = statements.length
    const { sql } = statement
    const told = withoutSecrets(sql, dialect)
    const one = {
      number,
      sql: told.slice(0, SQL_LENGTH),
      fingerprint: fingerprintOf(statement),
      isRead: isSentAgain(sql, dialect),
    }
    const done = skip[number]
    if (done) {
      if (done.fingerprint !== one.fingerprint) throw stop(new Differs(differs(done, one.sql)))
      if (!done.isRead) {
        statements.push({ ...one, state: 'done' })
        context.statements.skipped(step, number, told)
        return { kind: 'withheld' }
      }
    }
    const isAfterSkipped = skip.length > 0 && (!hasInserted || skip[number - 1]?.isRead === false)
    if (isAfterSkipped && asksForLast(sql)) throw stop(new Differs(lost(number, sql)))
    refuseWhileJournaled(sql)
    refuseAlone(sql)
    refuseHidden(sql)
    await checked(sql)
    await boundary('before statement')
    // What was noted by the run before stands.
    if (!done) await note({ ...one, state: 'sent' })
    if (!one.isRead) hasSent = true
    if (INSERTS.test(sql)) hasInserted = true
    const over = context.statements.running(step, number, told)
    try {
      const answer = await session.send(statement)
      await boundary('after statement')
      // What it did may be in a transaction that nobody commits, or was committed with it: the note says that it was sent.
      if (session.bent !== null) throw stop(new Error(`${oneLine(sql)} ${session.bent}`))
      if (isAtomic && session.transaction === 'none') brokeOut = true
      const text = session.hasCommitted ? `COMMIT by ${one.sql}` : one.sql
      noteRows(number, answer)
      if (done) statements.push({ ...one, state: 'done' })
      else await note({ ...one, sql: text, state: 'done' })
      await afterEffect(text, number)
      over('done')
      return answer
    } catch (error) {
      failed = { number, sql: told, error }
      over('failed')
      // Where the connection is gone nothing was answered: it is done or not, and the journal has it as sent.
      if (signal.aborted || session.bent !== null || !(await isAlive())) statements[number] = { ...one, state: 'sent' }
      else await note({ ...one, state: 'failed' }).catch(() => unsaved.add(number))
      throw error
    }
  }

  return {
    async send(statement) {
      const isOver = session.transaction === 'failed' && !undoesFailure(statement.sql, dialect)
      // A step that goes on after a statement that failed may roll back to its savepoint; the rest would be refused anyway.
      if (isOver && failed) throw failed.error instanceof Error ? failed.error : new Error(String(failed.error))
      return send(statement)
    },
    get statements() {
      return statements
    },
    get failed() {
      return failed
    },
    get stopped() {
      return stopped
    },
    get hasSent() {
      return hasSent
    },
    get brokeOut() {
      return brokeOut
    },
    flush,
  }

  /** MySQL and MariaDB let a session that has locked tables reach no others, so that nothing more could be written down. */
  function refuseWhileJournaled(sql: string): void {
    if (dialect !== 'mysql' || !LOCKS_TABLES.test(sql)) return
    if (session.galera) throw stop(new Error(NO_LOCK_TABLES))
    if (journal.where !== 'table') return
    throw stop(
      new Error(
        'The step sends LOCK TABLES, and with tables locked nothing could be written into the journal’s tables, so that it was not sent. Take it out of the step, or let the profile keep its journal in a file.',
      ),
    )
  }

  /** What is written on one node alone makes the nodes of a cluster differ, and the ledger would tell it of all. */
  function refuseAlone(sql: string): void {
    if (!session.galera || !SETS_ALONE.test(sql)) return
    throw stop(
      new Error(
        `${oneLine(sql)} would let what follows change this node of the cluster alone, and was not sent. Take it out of the step.`,
      ),
    )
  }

  /** Of several statements in one text PostgreSQL keeps those before a COMMIT, and tells only how the last one ended. */
  function refuseHidden(sql: string): void {
    if (dialect !== 'postgres' || !sql.includes(';')) return
    const word = transactionWord(sql, dialect)
    if (word === null || splitSql(sql, dialect).length < 2) return
    const why = `The step sends several statements in one text, and ${word} among them, so that nobody could tell what of it is kept if one fails; nothing of the text was sent. Let the step send them one by one.`
    throw stop(new Error(why))
  }

  function differs(expected: JournalStatement, got: string): string {
    const isSame = expected.sql === got
    const same = isSame ? ' The texts are the same; the values bound to them differ.' : ''
    return `Statement ${expected.number + 1} is another now: the journal has ${oneLine(expected.sql)}, and the step sends ${oneLine(got)}.${same}`
  }
}

const LOCKS_TABLES = /^(?:\s|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*lock\s+tables?\b/i

const NO_LOCK_TABLES =
  'The step sends LOCK TABLES, which a Galera cluster does not support: it would lock them on one node alone. It was not sent. Take it out of the step.'

/** Changes that are not replicated. RSU is left to the author of a step: it says itself that it is of one node. */
const SETS_ALONE = /^\s*set\b[^;]*\bwsrep_on\b\s*:?=\s*(?:0|off|false)\b/i

const INSERTS = /\b(?:insert|replace)\b/i

const lost = (number: number, sql: string) =>
  `Statement ${number + 1}, ${oneLine(sql)}, asks the session for what the statement before it had made, and that was another session.`

export const oneLine = (sql: string) => `“${shortened(sql.replace(/\s+/g, ' '), 120)}”`
