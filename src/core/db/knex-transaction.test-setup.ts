// Runs schema work in one transaction: all of it is kept, or nothing.
import type { Knex } from 'knex'

/**
 * Resolves only when the database has acknowledged the commit. Knex's own `commit()` resolves even when COMMIT failed; the
 * promise of its callback form does not, and it rolls back when `work` fails. That PostgreSQL may answer COMMIT with ROLLBACK
 * is seen to by `postgres/knex.ts`. MySQL and MariaDB commit at every change of the schema, whatever is around it.
 */
export function inSchemaTransaction<T>(knex: Knex, work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
  return knex.transaction(work)
}
