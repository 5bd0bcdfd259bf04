// knex's better-sqlite3 dialect, of which knex itself ships no types.
declare module 'knex/lib/dialects/better-sqlite3/index.js' {
  import { Knex } from 'knex'

  class BetterSqlite3Client extends Knex.Client {
    _formatBindings(bindings: readonly unknown[] | undefined): unknown[]
  }
  export = BetterSqlite3Client
}
