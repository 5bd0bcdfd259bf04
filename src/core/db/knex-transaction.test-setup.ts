// A transaction as a step's own code would begin one, for the tests of what knex makes of the engines' answers.
import type { Knex } from 'knex'

/** Knex's callback form: rolls back when `work` fails. Its own `commit()` resolves even when COMMIT failed. */
export function inKnexTransaction<T>(knex: Knex, work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
  return knex.transaction(work)
}
