// The health of a users table: counted by the database, part by part along the key, and told after each part.
import type { Health } from '../../../shared/health.ts'
import type { Database, Statement } from '../../db/database.ts'
import { planners } from '../../db/planners.ts'
import { toStatement } from '../../db/query.ts'
import type { SqlDialect } from '../../db/sql-dialect.ts'
import { duplicateEmails } from './duplicates.ts'
import type { Subject } from './facts.ts'
import { partsAlongKey } from '../../db/key-parts.ts'
import type { Asking } from './part-sql.ts'
import { Tally } from './tally.ts'

/** Rows of one part: some hundred milliseconds of a slow database, so that a person sees it move and can stop it. */
const PART = 50_000
/** Milliseconds between two states. */
const PACE = 100

export interface HealthScope {
  database: Database
  dialect: SqlDialect
  subject: Subject
}

/** `rowsOfPart`: as many as are counted at a time. Throws what the database says, and ends when the signal fires. */
export async function tellHealth(
  { database, dialect, subject }: HealthScope,
  push: (state: Health) => void,
  signal: AbortSignal,
  rowsOfPart = PART,
): Promise<void> {
  const asking: Asking = { dialect, subject }
  const read = (statement: Statement) => database.read(statement, signal, { isLong: true })
  const tally = new Tally(asking, await estimateOf(database, asking, signal))
  push(tally.state())
  let toldAt = performance.now()
  for await (const part of partsAlongKey({ read, dialect, shape: subject.shape }, rowsOfPart)) {
    await tally.addPart(part, read)
    if (performance.now() - toldAt < PACE) continue
    push(tally.state())
    toldAt = performance.now()
  }
  tally.isPassed = true
  push(tally.state())
  tally.duplicates = await duplicateEmails(asking, read)
  push(tally.state())
}

/** Rows by the database's statistics; null when it has none. They are asked for, and not counted: that would be a pass of its own. */
async function estimateOf(database: Database, asking: Asking, signal: AbortSignal): Promise<number | null> {
  const { dialect, subject } = asking
  const select = toStatement(dialect.knex(dialect.table(subject.shape.name)).select(dialect.knex.raw('1')))
  try {
    const ask = (statement: Statement) => database.read(statement, signal)
    return await planners[database.dialect].rows(ask, subject.shape.name, select, false)
  } catch (error) {
    // A login may be refused the statistics. What else is wrong is said when rows are counted.
    signal.throwIfAborted()
    if (error instanceof Error) return null
    throw error
  }
}
