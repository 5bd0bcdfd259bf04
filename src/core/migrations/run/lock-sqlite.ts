// SQLite: the file's own write lock, which every step takes with BEGIN IMMEDIATE, together with knex's lock.
import type { LockKind } from './run-lock.ts'

/**
 * Between two steps the file is free for others: the ledger and the journal are read again inside of each step's transaction,
 * and another run that is under way there is waited for. A step that asks for no transaction is held by its entry in the
 * journal and by knex's lock, both written in one transaction before its first statement.
 */
export const sqliteLock: LockKind = {
  words:
    'Each step holds the write lock of the file from its first statement to its last. Between two steps other programs may write; the ledger is read again before each.',
  tryTake: () => Promise.resolve(true),
  isOurs: () => Promise.resolve(true),
  release: () => Promise.resolve(),
  holder: () => Promise.resolve(null),
}
