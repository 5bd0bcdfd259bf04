// What the server says about itself: version, settings of the session, size, room for connections.
import type { DatabaseFacts } from '../../../shared/profiles.ts'
import type { Login } from '../server/link.ts'
import type { Read } from '../server/server-dialect.ts'
import { productOf } from './flavour.ts'

type Address = Pick<Login, 'host' | 'port' | 'database' | 'user' | 'isReadOnly'>

export async function facts(read: Read, login: Address): Promise<DatabaseFacts> {
  const { rows } = await read({
    sql: `SELECT VERSION(), @@version_comment, DATABASE(), CURRENT_USER(), @@session.sql_mode, @@session.time_zone,
                 @@global.read_only, @@innodb_lock_wait_timeout, @@hostname, @@global.time_zone,
                 (SELECT DEFAULT_CHARACTER_SET_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()),
                 (SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()),
                 (SELECT SUM(DATA_LENGTH + INDEX_LENGTH) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE())`,
    values: [],
  })
  const told = (rows[0] ?? []).map((cell) => (cell === null ? '' : String(cell)))
  const [version = '', comment = '', database = '', user = '', sqlMode = '', timeZone = '', isServerReadOnly] = told
  const [lockWait = '', hostname = '', serverZone = '', charset = '', collation = '', size = ''] = told.slice(7)
  const isReadOnly = isServerReadOnly !== '0'
  return {
    dialect: 'mysql',
    version: productOf(version),
    readOnly: login.isReadOnly ? 'The profile is read-only.' : isReadOnly ? 'The server is read-only.' : null,
    size: size === '' ? null : Number(size),
    encoding: charset,
    details: [
      { name: 'Server', value: `${login.host}:${login.port} (${hostname})` },
      { name: 'Full version', value: `${version} ${comment}`.trim() },
      { name: 'Database', value: database },
      { name: 'User', value: user },
      { name: 'Collation', value: collation },
      { name: 'SQL mode', value: sqlMode },
      { name: 'Time zone', value: `${timeZone} (server: ${serverZone})` },
      { name: 'Lock timeout', value: `${lockWait} s` },
    ],
  }
}

export async function serverUse(read: Read): Promise<{ limit: number; used: number } | null> {
  const limit = await read({ sql: 'SELECT @@max_connections', values: [] })
  const used = await read({ sql: "SHOW GLOBAL STATUS LIKE 'Threads_connected'", values: [] })
  const numbers = [limit.rows[0]?.[0], used.rows[0]?.[1]].map(Number)
  const [most = NaN, now = NaN] = numbers
  return Number.isFinite(most) && Number.isFinite(now) ? { limit: most, used: now } : null
}
