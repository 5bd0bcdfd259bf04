// Reads what knex has written down about past runs. Only reads: looking at a database never makes a table in it.
import type { Cell } from '../../shared/cell.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { SchemaLook } from '../db/database.ts'
import { keyOf } from './folder/step-name.ts'
import { columnNamed, columnsOf, plain, quotedTable, refusalIn, textOf, type Asking } from './read-table.ts'

export const LEDGER_TABLE = 'knex_migrations'
export const LOCK_TABLE = 'knex_migrations_lock'

export interface LedgerRow {
  /** A file name with its extension, as it is stored. */
  name: string
  /** What makes two names the same step. */
  key: string
  /** Null for what is no whole number. */
  batch: number | null
  /** ISO 8601 in UTC where it can be told; otherwise the text that is stored. */
  appliedAt: string | null
}

export interface Ledger {
  /** In the order in which the steps were run; each step once, by its first row. */
  rows: LedgerRow[]
  /** What is wrong with it and what to do, in words; null when runs can count on it. */
  problem: string | null
}

type Table = Awaited<ReturnType<SchemaLook['tables']>>[number]

const COLUMNS = ['id', 'name', 'batch', 'migration_time'] as const

/** Rejects when the database cannot be asked; a ledger that is odd is answered with its `problem`. */
export async function readLedger(asking: Asking, look: SchemaLook, tables: readonly Table[]): Promise<Ledger> {
  const table = tableOf(asking.dialect, tables)
  if (!table) return { rows: [], problem: null }
  try {
    return await read(asking, look, table)
  } catch (error) {
    const words = refusalIn(error)
    return { rows: [], problem: `${LEDGER_TABLE} cannot be read: ${words} Migrations need a user that may.` }
  }
}

/** As the knex command line finds it: SQLite alone takes the name in any case. */
function tableOf(dialect: Dialect, tables: readonly Table[]): Table | undefined {
  const isIt = (name: string) => (dialect === 'sqlite' ? name.toLowerCase() : name) === LEDGER_TABLE
  return tables.find(({ name }) => isIt(name))
}

async function read(asking: Asking, look: SchemaLook, table: Table): Promise<Ledger> {
  const columns = await columnsOf(asking, look, table.name)
  const found = COLUMNS.map((name) => columnNamed(columns, name))
  const lacking = COLUMNS.filter((_, index) => found[index] === null)
  const odd =
    table.kind === 'view'
      ? `${LEDGER_TABLE} is a view, and runs would have to write into it. Rename it, or name another database.`
      : lacking.length > 0
        ? `${LEDGER_TABLE} has no column ${lacking.join(', ')}: another program has made it. Rename that table, so that the migrations can have their own.`
        : null
  if (found[1] === null) return { rows: [], problem: odd }
  const list = found.map((column) => (column === null ? 'null' : asking.quote(column))).join(', ')
  const order = found[0] ? ` order by ${asking.quote(found[0])}` : ''
  const { rows } = await look.read(plain(`select ${list} from ${quotedTable(asking, table.name)}${order}`))
  const ledger = fromRows(rows, asking.dialect)
  return { ...ledger, problem: [odd, ledger.problem].filter((words) => words !== null).join(' ') || null }
}

function fromRows(found: readonly Cell[][], dialect: Dialect): Ledger {
  const rows = new Map<string, LedgerRow>()
  const problems = new Set<string>()
  for (const [id, cell, batchCell, time] of found) {
    const name = textOf(cell)
    const where = `${LEDGER_TABLE}, row ${textOf(id) ?? 'without id'}`
    if (name === null || name === '') {
      problems.add(`${where}: it names no step. Delete that row.`)
      continue
    }
    const key = keyOf(name)
    const batch = wholeNumber(batchCell)
    if (batch === null) problems.add(`${where}: the batch of ${name} is no whole number. Set it right.`)
    if (rows.has(key)) problems.add(`${where}: ${name} is there twice. Delete one of the two rows.`)
    else rows.set(key, { name, key, batch, appliedAt: timeText(time, dialect) })
  }
  return { rows: [...rows.values()], problem: firstOf([...problems]) }
}

/** Hundreds of bad rows are one problem. */
function firstOf(problems: readonly string[]): string | null {
  const shown = problems.slice(0, 3)
  if (problems.length > shown.length) shown.push(`There are ${problems.length - shown.length} more such rows.`)
  return shown.join(' ') || null
}

function wholeNumber(cell: Cell | undefined): number | null {
  const number = cell === null || cell === undefined ? NaN : Number(textOf(cell))
  return Number.isSafeInteger(number) ? number : null
}

/** Names in the last batch, in the order in which a rollback undoes them. */
export function lastBatchOf(rows: readonly LedgerRow[]): LedgerRow[] {
  const last = rows.reduce((most, { batch }) => Math.max(most, batch ?? -Infinity), -Infinity)
  return rows.filter(({ batch }) => batch !== null && batch === last).reverse()
}

/**
 * As ISO 8601 in UTC, every digit kept. On SQLite knex stores milliseconds since 1970 as a number; PostgreSQL and MySQL give
 * the text of a timestamp in the zone of the session, which is UTC. Anything else stays as it is.
 */
export function timeText(cell: Cell | undefined, dialect: Dialect): string | null {
  if (typeof cell !== 'bigint' && typeof cell !== 'number') {
    // What SQLite has as text was written by other programs, in a zone that only they know.
    if (dialect === 'sqlite') return textOf(cell)
    return textOf(cell)?.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(?:\+00)?$/, '$1T$2Z') ?? null
  }
  const time = new Date(Number(cell))
  return Number.isNaN(time.getTime()) ? textOf(cell) : time.toISOString()
}
