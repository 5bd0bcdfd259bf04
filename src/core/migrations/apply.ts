// Runs steps through knex's migrator as the engine allows: in one transaction, or, where every change of the schema is
// committed at once, one after the other without pretending. Two runs in one database never mix.
import type { Knex } from 'knex'
import type { MigrationAction } from '../../shared/migrations.ts'
import type { Dialect } from '../../shared/profiles.ts'
import type { Database } from '../db/database.ts'
import { inSchemaTransaction } from '../db/schema-transaction.ts'
import type { Step } from './builtin.ts'
import { LEDGER_TABLE, LOCK_TABLE } from './old-ledger.ts'
import { commitsAtOnce, type SchemaState } from './old-state.ts'

export interface Application {
  knex: Knex
  dialect: Dialect
  steps: readonly Step[]
  action: MigrationAction
  /** What a person was shown. */
  before: SchemaState
}

/** How far it came, for whoever has to find out what was kept. */
export interface Progress {
  /** knex's lock is ours. */
  holdsLock: boolean
  /** Set when all steps are done and only COMMIT is left: what `Database.outcomeOf` takes. */
  mark: string | null
}

/** Resolves when the database has acknowledged all of it. */
export async function apply(application: Application, progress: Progress): Promise<void> {
  const { knex, dialect, before } = application
  if (commitsAtOnce(application)) {
    await takeOwnLock(knex)
    await refuseIfChanged(knex, before)
    await migrate(knex, application, progress)
    return
  }
  await inSchemaTransaction(knex, async (trx) => {
    if (dialect === 'postgres') await lockOut(trx)
    await refuseIfChanged(trx, before)
    await migrate(trx, application, progress)
    if (dialect === 'postgres') progress.mark = await markOf(trx)
  })
}

/** What a person was shown is still so, or nothing is run. */
async function refuseIfChanged(knex: Knex, before: SchemaState): Promise<void> {
  const known = before.steps.filter(({ state }) => state !== 'pending').map(({ name }) => name)
  const rows = (await knex.schema.hasTable(LEDGER_TABLE))
    ? ((await knex(LEDGER_TABLE).select('name', 'batch').orderBy('id')) as { name: string; batch: number }[])
    : []
  const now = rows.map(({ name }) => name)
  const isSame = now.length === known.length && now.every((name) => known.includes(name))
  if (!isSame) throw new Error('Another program has run or undone steps meanwhile. Look at the list again.')
}

async function migrate(knex: Knex, { steps, action, before, dialect }: Application, progress: Progress): Promise<void> {
  const config: Knex.MigratorConfig & { beforeAll(knex: Knex): Promise<void> } = {
    tableName: LEDGER_TABLE,
    // A missing file does not stop the others; a rollback that would need it was refused before.
    disableMigrationsListValidation: true,
    disableTransactions: commitsAtOnce({ dialect }),
    migrationSource: {
      getMigrations: () => Promise.resolve([...steps]),
      getMigrationName: (step) => (step as Step).name,
      getMigration: (step) => Promise.resolve(step as Step),
    },
    // knex has its lock by now. It has read the ledger before, and without a transaction around it does not read it again.
    async beforeAll(locked: Knex) {
      progress.holdsLock = true
      await refuseIfChanged(locked, before)
    },
  }
  if (action === 'rollback') await knex.migrate.rollback(config)
  else if (action === 'all') await knex.migrate.latest(config)
  else await knex.migrate.up(config)
  progress.holdsLock = false
}

/** Until the end of the transaction no other Roster and no knex writes into the ledger; waits as long as for any lock. */
async function lockOut(trx: Knex.Transaction): Promise<void> {
  await trx.raw("select pg_advisory_xact_lock(hashtext('roster migrations'))")
  if (await trx.schema.hasTable(LEDGER_TABLE))
    await trx.raw('lock table ?? in share row exclusive mode', [LEDGER_TABLE])
}

async function markOf(trx: Knex.Transaction): Promise<string | null> {
  const { rows } = await trx.raw<{ rows: { mark: string | null }[] }>(
    'select pg_current_xact_id_if_assigned()::text as mark',
  )
  return rows[0]?.mark ?? null
}

/**
 * On MySQL and MariaDB a lock of the session itself, beside knex's: it keeps two Rosters apart, and it ends with the session
 * that has it, so that having it proves that no run of another session is left.
 */
async function takeOwnLock(knex: Knex): Promise<void> {
  // Names of locks are the whole server's, and at most 64 characters long.
  const [rows] = await knex.raw<[{ got: number | null }[]]>(
    "select get_lock(concat('roster ', md5(database())), 5) as got",
  )
  if (rows?.[0]?.got !== 1) throw new Error('Another session is running migrations in this database.')
}

/** Frees knex's lock, which a run of this process had, once the session of that run has ended. */
export async function freeLock(database: Database, signal: AbortSignal): Promise<void> {
  const schema = await database.schema(signal)
  try {
    await takeOwnLock(schema.knex)
    await schema.knex(LOCK_TABLE).update({ is_locked: 0 })
  } finally {
    await schema.close()
  }
}
