// Fills an empty auth_user with demo users: one transaction, told as it goes, stopped at once.
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
 * Adds `count` demo users (at most a million). Aborting leaves nothing behind. Throws NOT_EMPTY, TABLE_NOT_FOUND,
 * TABLE_DIFFERS, READ_ONLY, and what the database says.
 */
export async function addDemoUsers(
  database: Database,
  count: number,
  push: (state: DemoState) => void,
  signal: AbortSignal,
): Promise<void> {
  const began = performance.now()
  const tell = (added: number, state: DemoState['state']) =>
    push({ added, total: count, state, ms: Math.round(performance.now() - began) })
  checkShape(await database.describe(TABLE, signal))
  let toldAt = performance.now()
  const add = async (session: Session) => {
    const found = await session.query({ sql: `select 1 from ${database.quote(TABLE)} limit 1`, values: [] })
    if (found.rows.length > 0) {
      throw new Refusal('NOT_EMPTY', `${TABLE} holds rows already. Demo users are added to an empty table only.`, {
        table: TABLE,
      })
    }
    // The transaction may be run again from its beginning.
    tell(0, 'adding')
    // While the database works on one chunk, the next one is made.
    let working: Promise<number> = Promise.resolve(0)
    let added = 0
    for (let from = 0; from < count; from += CHUNK) {
      const rows = demoRows(from, Math.min(from + CHUNK, count), WRITING[database.dialect])
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
    if (added !== count) throw new Error(`${added} of ${count} demo users were added; the table may have triggers.`)
    tell(added, 'committing')
  }
  await inTransaction(database, signal, add, { look: (_, looking) => isFilled(database, count, looking) })
  tell(count, 'done')
}

/** After a COMMIT without an answer: the table was empty before, so that its rows tell. Null when they do not. */
async function isFilled(database: Database, count: number, signal: AbortSignal): Promise<boolean | null> {
  const { rows } = await database.read({ sql: `select count(*) from ${database.quote(TABLE)}`, values: [] }, signal)
  const found = Number(rows[0]?.[0])
  return found === count ? true : found === 0 ? false : null
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
