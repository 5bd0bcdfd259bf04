// Inside the child: statements for knex, answered as its own driver would, and its transactions made trustworthy.
import type Sqlite from 'better-sqlite3'
import { ChildFailure, type KnexAnswer, type Requests } from './protocol.ts'

export interface KnexSession {
  query(request: Requests['knex']): KnexAnswer
}

/** Rows of a table that point to a parent row which is not there, by table and the parent's table. */
type Orphans = Map<string, { table: string; parent: string; count: number }>

export function openKnexSession(database: Sqlite.Database): KnexSession {
  /** Set from BEGIN to COMMIT or ROLLBACK. */
  let orphansBefore: Orphans | null = null

  function begin() {
    // The write lock at once: a second program waits here, and then sees what the first has done, instead of failing halfway.
    database.exec('BEGIN IMMEDIATE')
    orphansBefore = findOrphans(database)
  }

  function commit(before: Orphans) {
    try {
      for (const [key, { table, parent, count }] of findOrphans(database)) {
        const added = count - (before.get(key)?.count ?? 0)
        if (added > 0) {
          throw new ChildFailure({
            code: 'ROSTER_FOREIGN_KEYS',
            message: `Not committed: ${added} ${added === 1 ? 'row' : 'rows'} of "${table}" would point to rows of "${parent}" that are not there.`,
          })
        }
      }
      database.exec('COMMIT')
    } finally {
      // knex does not roll back after a COMMIT that failed, and would go on inside the old transaction.
      if (database.inTransaction) database.exec('ROLLBACK')
      orphansBefore = null
    }
  }

  function run({ sql, bindings }: Requests['knex']): KnexAnswer {
    const statement = database.prepare(sql)
    if (statement.reader) return { kind: 'rows', rows: statement.all(bindings) }
    return { kind: 'changed', ...statement.run(bindings) }
  }

  return {
    query(request) {
      const word = /^\s*(BEGIN|COMMIT|END|ROLLBACK)\b(?!\s+TO\b)/i.exec(request.sql)?.[1]?.toUpperCase()
      const nothing: KnexAnswer = { kind: 'rows', rows: [] }
      if (word === 'BEGIN') {
        begin()
        return nothing
      }
      if (orphansBefore && !database.inTransaction && word !== 'ROLLBACK') {
        // After a full disk, for one, SQLite has rolled back by itself; what follows would be saved at once.
        if (word) orphansBefore = null
        throw new ChildFailure({
          code: 'ROSTER_NO_TRANSACTION',
          message: 'The database has ended the transaction; nothing of it was saved.',
        })
      }
      if ((word === 'COMMIT' || word === 'END') && orphansBefore) {
        commit(orphansBefore)
        return nothing
      }
      if (word === 'ROLLBACK') {
        orphansBefore = null
        if (database.inTransaction) database.exec('ROLLBACK')
        return nothing
      }
      return run(request)
    },
  }
}

function findOrphans(database: Sqlite.Database): Orphans {
  const found: Orphans = new Map()
  const tables = database
    .prepare(
      "SELECT DISTINCT t.name FROM pragma_table_list t, pragma_foreign_key_list(t.name) WHERE t.schema = 'main' AND t.type = 'table'",
    )
    .pluck()
    .all() as string[]
  for (const name of tables) {
    try {
      const rows = database
        .prepare('SELECT "table", parent, count(*) FROM pragma_foreign_key_check(?) GROUP BY 1, 2')
        .raw()
        .all(name)
      for (const [table, parent, count] of rows as [string, string, number][]) {
        found.set(JSON.stringify([table, parent]), { table, parent, count })
      }
    } catch {
      // A foreign key whose parent has no unique key cannot be checked, by SQLite itself neither.
    }
  }
  return found
}
