// Lets the knex command line work on the same file as Roster: `DB_NAME=/path/to/users.db npx knex migrate:list`.
import process from 'node:process'

const filename = process.env['DB_NAME']
if (!filename) {
  throw new Error('Set DB_NAME to the SQLite file, for example: DB_NAME=./users.db npx knex migrate:list')
}

/** @type {import('knex').Knex.Config} */
const config = {
  client: 'better-sqlite3',
  connection: { filename },
  useNullAsDefault: true,
  migrations: { directory: './migrations', extension: 'ts', loadExtensions: ['.ts'] },
  pool: {
    // A step that rebuilds a table drops the old one, and with foreign keys on that would empty the tables that refer to it.
    afterCreate(connection, done) {
      connection.pragma('foreign_keys = OFF')
      done(null, connection)
    },
  },
}

// The knex command line reads the default export.
export default config
