// knex's PostgreSQL dialect, of which knex itself ships no types.
declare module 'knex/lib/dialects/postgres/index.js' {
  import { Knex } from 'knex'

  class PgClient extends Knex.Client {
    /** Runs `query.sql` and keeps pg's result as its `response`. */
    _query<Q extends { sql: string; response?: { command?: string } }>(connection: unknown, query: Q): Promise<Q>
  }
  export = PgClient
}
