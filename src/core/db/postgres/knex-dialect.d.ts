// knex's PostgreSQL dialect, of which knex itself ships no types.
declare module 'knex/lib/dialects/postgres/index.js' {
  import { Knex } from 'knex'

  class PgClient extends Knex.Client {}
  export = PgClient
}
