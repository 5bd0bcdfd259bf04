// What has been run, what is left, and whether anything may be run at all.
import type { MigrationAction, MigrationStep } from '../../shared/migrations.ts'
import type { Database } from '../db/database.ts'
import type { Step } from './builtin.ts'
import { lastBatchOf, readLedger, type Ledger } from './old-ledger.ts'

export interface SchemaState {
  steps: MigrationStep[]
  /** Names in the last batch, in the order a rollback undoes them. */
  lastBatch: string[]
  /** Null when steps can be run; otherwise why not. */
  blocked: string | null
  /** What a person should know before a run; null where a run is kept whole or not at all. */
  note: string | null
}

/** Ledgers of other tools: they build the schema of this database, so Roster does not begin to. */
const OTHER_TOOLS: readonly (readonly [table: string, tool: string])[] = [
  ['alembic_version', 'Alembic'],
  ['django_migrations', 'Django'],
  ['flyway_schema_history', 'Flyway'],
  ['databasechangelog', 'Liquibase'],
  ['schema_migrations', 'Rails or golang-migrate'],
  ['goose_db_version', 'goose'],
  ['_prisma_migrations', 'Prisma'],
  ['sequelizemeta', 'Sequelize'],
  ['atlas_schema_revisions', 'Atlas'],
  ['__efmigrationshistory', 'Entity Framework'],
]

/** Never writes. A step that the ledger has and `known` lacks is listed as missing and stops nothing. */
export async function readState(database: Database, known: readonly Step[], signal: AbortSignal): Promise<SchemaState> {
  const { readOnly, version } = await database.facts()
  const ledger = await readLedger(database, signal)
  return {
    steps: listSteps(ledger, known),
    lastBatch: lastBatchOf(ledger.rows),
    blocked: whyBlocked(ledger, known, readOnly),
    note: commitsAtOnce(database) ? `${productOf(version)} ${AT_ONCE}` : null,
  }
}

const AT_ONCE = 'commits each change of the schema at once: a run that fails or is cancelled keeps what it had done.'

/** MySQL and MariaDB know no transaction around changes of the schema. */
export const commitsAtOnce = ({ dialect }: Pick<Database, 'dialect'>) => dialect === 'mysql'

/** "MariaDB" of "MariaDB 10.11.19". */
const productOf = (version: string) => version.split(' ')[0] ?? ''

/** Names in the order in which the action will take them. */
export function planOf(action: MigrationAction, { steps, lastBatch }: SchemaState): string[] {
  if (action === 'rollback') return lastBatch
  const pending = steps.filter(({ state }) => state === 'pending').map(({ name }) => name)
  return action === 'all' ? pending : pending.slice(0, 1)
}

function listSteps({ rows }: Ledger, known: readonly Step[]): MigrationStep[] {
  const applied = new Map(rows.map((row) => [row.name, row]))
  const here = known.map(({ name, summary }): MigrationStep => {
    const row = applied.get(name)
    return {
      name,
      summary,
      state: row ? 'applied' : 'pending',
      batch: row?.batch ?? null,
      appliedAt: row?.appliedAt ?? null,
    }
  })
  const missing = [...applied.values()]
    .filter(({ name }) => !known.some((step) => step.name === name))
    .map(({ name, batch, appliedAt }): MigrationStep => {
      const summary = 'It was run in this database, but its file is not among the steps that Roster has.'
      return { name, summary, state: 'missing', batch, appliedAt }
    })
  // As the knex command line does: by file name.
  return [...here, ...missing].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function whyBlocked({ rows, locks, tables }: Ledger, known: readonly Step[], readOnly: string | null): string | null {
  const reasons: string[] = []
  const applied = new Set(rows.map(({ name }) => name))
  const taken = known.filter(({ name, creates }) => creates !== undefined && !applied.has(name) && tables.has(creates))
  for (const { creates } of taken) reasons.push(`${creates ?? ''} exists already and was not made by these migrations.`)
  if (!known.some(({ name }) => applied.has(name))) {
    for (const [table, tool] of OTHER_TOOLS) {
      if (tables.has(table))
        reasons.push(`${tool} builds the schema of this database (table ${table}); change it there.`)
    }
  }
  if (readOnly !== null) reasons.push(`The database cannot be changed: ${readOnly}`)
  if (locks.length > 1) {
    reasons.push(
      `knex_migrations_lock holds ${locks.length} rows instead of one, so that every run would fail. "knex migrate:unlock" repairs it.`,
    )
  } else if (locks.some((lock) => lock !== 0)) {
    reasons.push(
      'Another program is running migrations here, or one was ended while it did: knex_migrations_lock is locked. When none is running, "knex migrate:unlock" frees it.',
    )
  }
  return reasons.length > 0 ? reasons.join(' ') : null
}
