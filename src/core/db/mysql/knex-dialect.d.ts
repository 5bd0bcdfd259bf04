// knex's mysql2 dialect, of which knex itself ships no types.
declare module 'knex/lib/dialects/mysql2/index.js' {
  import { Knex } from 'knex'

  class MySQL2Client extends Knex.Client {
    checkVersion(connection: unknown): Promise<unknown>
    _query(connection: unknown, query: unknown): Promise<unknown>
  }
  export = MySQL2Client
}
