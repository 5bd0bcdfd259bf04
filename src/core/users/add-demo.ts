// Fills an empty auth_user with demo users: one transaction (on a cluster several), told as it goes, stopped at once.
import { CLUSTER_MOST_CHANGES } from '../../shared/cluster.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { DemoState } from '../../shared/users.ts'
import type { Database, Session, TableShape } from '../db/database.ts'
import { inTransaction } from '../db/transaction.ts'
import { Refusal } from '../refusal.ts'
import { DEMO_COLUMNS, demoRows, NUMBERS, type DemoWriting } from './demo-users.ts'

const TABLE = 'auth_user'
/** Rows made at a time: a few milliseconds of work, so that the event loop is free in between. */
const CHUNK = 1000
/** Milliseconds between two states while adding. */
const PACE = 100

/** What each column must be for the rows to be what its owner would have written. */
const KINDS: Record<(typeof DEMO_COLUMNS)[number], string> = {
  email: 'text',
  password: 'text',
  active: 'boolean',
  fs_uniquifier: 'text',
  confirmed_at: 'datetime',
}

/** How true and false are written into a boolean column, as its owner would. The text of a moment is the same everywhere. */
const WRITING: Record<Dialect, DemoWriting> = {
  sqlite: NUMBERS,
  mysql: NUMBERS,
  postgres: { yes: 't', no: 'f' },
}

/**
 * Adds `count` demo users (at most a million). Aborting leaves nothing behind, but on a Galera cluster, where long transactions
 * would stop all writers: there at most CLUSTER_MOST_CHANGES rows are one transaction, and those that are stored stay. Throws NOT_EMPTY, TABLE_NOT_FOUND,
 * TABLE_DIFFERS, READ_ONLY, and what the database says.
 */
export async function addDemoUsers(
  database: Database,
  count: number,
  push: (state: DemoState) => void,
  signal: AbortSignal,
): Promise<void> {
  const began = performance.now()
  const isClustered = (await database.facts()).cluster !== undefined
  const most = isClustered ? CLUSTER_MOST_CHANGES : count
  let stored = 0
  const tell = (added: number, state: DemoState['state']) =>
    push({
      ...{ added, total: count, state, ms: Math.round(performance.now() - began) },
      stored: isClustered ? stored : null,
    })
  checkShape(await database.describe(TABLE, signal))
  let toldAt = performance.now()
  /** Adds those from `stored` to before `end`. */
  const add = async (session: Session, end: number) => {
    if (stored === 0) await checkEmpty(database, session)
    // The transaction may be run again from its beginning.
    tell(stored, 'adding')
    // While the database works on one chunk, the next one is made.
    let working: Promise<number> = Promise.resolve(0)
    let added = stored
    for (let from = stored; from < end; from += CHUNK) {
      const rows = demoRows(from, Math.min(from + CHUNK, end), WRITING[database.dialect])
      added += await working
      signal.throwIfAborted()
      if (performance.now() - toldAt >= PACE) {
        tell(added, 'adding')
        toldAt = performance.now()
      }
      working = session.bulk(TABLE, DEMO_COLUMNS, rows)
      // Awaited in the next round; an error must not count as unhandled until then.
      working.catch(() => undefined)
    }
    added += await working
    if (added !== end) throw new Error(`${added} of ${end} demo users were added; the table may have triggers.`)
    if (end === count) tell(added, 'committing')
  }
  while (stored < count) {
    const end = Math.min(stored + most, count)
    await inTransaction(database, signal, (session) => add(session, end), {
      look: (_, looking) => isFilled(database, stored, end, looking),
    })
    stored = end
  }
  tell(count, 'done')
}

async function checkEmpty(database: Database, session: Session): Promise<void> {
  const found = await session.query({ sql: `select 1 from ${database.quote(TABLE)} limit 1`, values: [] })
  if (found.rows.length === 0) return
  const words = `${TABLE} holds rows already. Demo users are added to an empty table only.`
  throw new Refusal('NOT_EMPTY', words, { table: TABLE })
}

/** After a COMMIT without an answer: how many rows there were before is known, so that their number tells. Null when not. */
async function isFilled(database: Database, from: number, to: number, signal: AbortSignal): Promise<boolean | null> {
  const { rows } = await database.read({ sql: `select count(*) from ${database.quote(TABLE)}`, values: [] }, signal)
  const found = Number(rows[0]?.[0])
  return found === to ? true : found === from ? false : null
}

function checkShape(shape: TableShape | null): void {
  if (!shape) {
    throw new Refusal('TABLE_NOT_FOUND', `There is no table ${TABLE}. Run the migrations first.`, { table: TABLE })
  }
  if (shape.readOnly !== null)
    throw new Refusal('READ_ONLY', `${TABLE} cannot be changed: ${shape.readOnly}`, { why: shape.readOnly })
  const differing = DEMO_COLUMNS.filter(
    (name) => shape.columns.find((column) => column.name === name)?.kind !== KINDS[name],
  )
  if (differing.length > 0) {
    const words = `${TABLE} is not as the migrations make it (${differing.join(', ')}), so demo users were not added.`
    throw new Refusal('TABLE_DIFFERS', words, { table: TABLE, columns: differing })
  }
}
