// Records what a step sends, and sends nothing of it that would change anything. Its reads are answered from the ground.
import { transactionEffect } from '../run/transaction-effect.ts'
import type { PlannedStatement } from '../../../shared/migration-runs.ts'
import type { Sink, SinkAnswer, StepStatement } from '../step.ts'
import { bindingsText, cut } from './bindings-text.ts'
import { columnFindings, rebuildFindings } from './column-changes.ts'
import type { DependsOn, Ground } from './ground.ts'
import { isCatalog } from './is-read.ts'
import { lockNotes } from './lock-notes.ts'
import { readStatement } from './read-statement.ts'
import type { StatementReading } from './statement.ts'

/** Statements of one step. */
export const STATEMENT_LIMIT = 10_000
/** Characters of one statement that are kept, of all of a step, and of each one beyond that. */
const SQL_LENGTH = 20_000
const SQL_IN_ALL = 1_000_000
const SQL_BEYOND = 300
/** Tables of one statement whose size is told. */
const TABLES = 20

export interface Recording {
  statements: PlannedStatement[]
  readings: StatementReading[]
  notes: Set<string>
  /** Why the recording was ended before the step was, in words. */
  problem: string | null
  /** Why the last read was withheld, in words; null when none was. */
  withheld: string | null
}

export interface RecorderOptions {
  ground: Ground
  /** What the step begins with. */
  dependsOn: DependsOn
  /** All of it is in one transaction, which the runner keeps around it. */
  isAtomic: boolean
  /** Statements that are done already, unless they are reads: they are not sent again. */
  doneBefore: number
  /** Called once when there is nothing more to be recorded. */
  stop(problem: string): void
}

export function openRecorder(options: RecorderOptions): Sink & { recording: Recording } {
  const { ground, doneBefore } = options
  const recording: Recording = { statements: [], readings: [], notes: new Set(), problem: null, withheld: null }
  let { dependsOn } = options
  let sent = 0
  let kept = 0
  /** In a transaction that the step has begun itself. */
  let isInOwn = false

  function end(problem: string): never {
    recording.problem ??= problem
    options.stop(recording.problem)
    throw new Error(recording.problem)
  }

  async function send(statement: StepStatement): Promise<SinkAnswer> {
    if (recording.problem !== null) throw new Error(recording.problem)
    const reading = readStatement(statement.sql, ground.dialect)
    if (sent++ < doneBefore && !reading.isRead) return { kind: 'withheld' }
    if (sent > STATEMENT_LIMIT)
      end(`The plan ends here: the step sends more than ${STATEMENT_LIMIT.toLocaleString('en')} statements.`)
    const planned = await describe(statement, reading)
    recording.statements.push(planned)
    recording.readings.push(reading)
    if (reading.verb === 'attach') end('The plan ends here: the step attaches another file.')
    const answered = await ground.answer(statement, reading).catch((error: unknown) => {
      if (isTooLong(error)) end('The plan ends here: a read of the step took longer than 5 s.')
      throw error
    })
    if (answered.dependsOn === 'steps') planned.dependsOn = strongest(planned.dependsOn, 'steps')
    dependsOn = strongest(dependsOn, answered.dependsOn)
    if (answered.note !== undefined) recording.notes.add(answered.note)
    if (answered.why !== undefined) recording.withheld = answered.why
    return answered.answer
  }

  async function describe(statement: StepStatement, reading: StatementReading): Promise<PlannedStatement> {
    const effect = transactionEffect(statement.sql, ground.dialect)
    if (effect) isInOwn = effect === 'begins'
    const changes = await changesOf(statement, reading, ground)
    for (const note of changes.notes) recording.notes.add(note)
    const stops = (await ground.cluster?.stops(reading, statement.sql, ground)) ?? null
    const sql = cut(statement.sql, kept > SQL_IN_ALL ? SQL_BEYOND : SQL_LENGTH)
    kept += sql.length
    return {
      sql,
      bindings: bindingsText(statement.bindings),
      tables: await sizesOf(reading, ground),
      destructive: changes.lost.length > 0 ? changes.lost.join(' ') : null,
      cannotBeUndone: !options.isAtomic && isKept(reading, isInOwn, ground),
      dependsOn,
      ...(stops !== null && { stops }),
    }
  }

  return { send, recording }
}

async function sizesOf({ tables }: StatementReading, ground: Ground): Promise<PlannedStatement['tables']> {
  const named = tables.filter((name) => !isCatalog(name)).slice(0, TABLES)
  return Promise.all(named.map(async (name) => ({ name, ...(await ground.size(name)) })))
}

/** Outside of the runner's transaction: MySQL keeps changes of the schema at once, and everything is kept that is in none. */
function isKept(reading: StatementReading, isInOwn: boolean, { dialect }: Ground): boolean {
  if (reading.isRead || reading.isSession) return false
  return !isInOwn || (dialect === 'mysql' && reading.isSchemaChange)
}

async function changesOf(
  statement: StepStatement,
  reading: StatementReading,
  ground: Ground,
): Promise<{ lost: string[]; notes: string[] }> {
  if (reading.isRead || reading.isSession) return { lost: [], notes: [] }
  const [dropped] = reading.drops
  const copy = dropped?.kind === 'table' ? ground.rebuildOf(dropped.name) : null
  if (dropped && copy) return rebuildFindings(dropped.name, copy, ground)
  const [rename] = reading.renames
  if (rename?.kind === 'table' && ground.rebuildOf(rename.to)?.table === rename.from) return { lost: [], notes: [] }
  const found = await columnFindings(reading, ground)
  const locks = await lockNotes(reading, statement.sql, ground)
  const lost = reading.destructive === null ? found.lost : [reading.destructive, ...found.lost]
  // What the plan itself has made holds nothing yet.
  const isNew =
    reading.tables.length > 0 && reading.tables.every((name) => ground.isThere(name) && ground.realName(name) === null)
  return { lost: isNew ? [] : lost, notes: [...reading.notes, ...found.notes, ...locks] }
}

const ORDER: readonly DependsOn[] = ['nothing', 'steps', 'data']

function strongest(a: DependsOn, b: DependsOn): DependsOn {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b
}

/** PostgreSQL's, MariaDB's and MySQL's code for a statement that took too long, and a read of a file that was ended. */
function isTooLong(error: unknown): boolean {
  const { code, errno, name } = Object(error) as { code?: unknown; errno?: unknown; name?: unknown }
  return code === '57014' || errno === 1969 || errno === 3024 || name === 'TimeoutError'
}
