// What is known of an open database, in words for a person.
import type { ServerDialect } from '../server/server-dialect.ts'

export const facts: ServerDialect['facts'] = async (read, login) => {
  const { rows } = await read({
    sql: `select current_setting('server_version'), current_database(), current_user::text, session_user::text,
                 current_setting('server_encoding'), current_setting('TimeZone'), pg_is_in_recovery(),
                 has_database_privilege(current_database(), 'connect'),
                 array_to_string(current_schemas(false), ', '),
                 (select datcollate || ' / ' || datctype from pg_database where datname = current_database())`,
    values: [],
  })
  const [version, database, user, sessionUser, encoding, timeZone, isStandby, mayKnowSize, path, collation] = (
    rows[0] ?? []
  ).map((cell) => (cell === null ? '' : String(cell)))
  const standsBy = isStandby === 't'
  return {
    dialect: 'postgres',
    // Packagers add words of their own: "16.14 (Debian 16.14-1.pgdg12+1)".
    version: `PostgreSQL ${version?.split(' ')[0] ?? ''}`,
    readOnly: login.isReadOnly
      ? 'The profile is read-only: its sessions refuse to write.'
      : standsBy
        ? 'The server is a standby: it takes changes from another server alone.'
        : null,
    size: mayKnowSize === 't' ? await sizeOf(read) : null,
    encoding: encoding ?? '',
    details: [
      { name: 'Server', value: `${login.host}:${login.port}${standsBy ? ', a standby' : ''}` },
      { name: 'Database', value: database ?? '' },
      {
        name: 'User',
        value: user === sessionUser ? (user ?? '') : `${user ?? ''} (logged in as ${sessionUser ?? ''})`,
      },
      { name: 'Search path', value: path ?? '' },
      { name: 'Time zone', value: timeZone ?? '' },
      { name: 'Collation', value: collation ?? '' },
    ],
  }
}

async function sizeOf(read: Parameters<ServerDialect['facts']>[0]): Promise<number> {
  const { rows } = await read({ sql: 'select pg_database_size(current_database())', values: [] })
  return Number(rows[0]?.[0])
}
