// Runs an admin's SQL on a connection of its own, so that it disturbs no session that is looked at.
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import type { TestServer } from './server.ts'

type At = Pick<TestServer, 'kind' | 'host' | 'port' | 'user' | 'password' | 'database'>
type Row = (string | null)[]

/** Milliseconds until a server that does not answer is given up. */
const CONNECT_LIMIT = 10_000

/** The rows of the last statement, as the server writes them; none where it gives no rows. */
export function runSql(at: At, sql: string): Promise<Row[]> {
  return at.kind === 'postgres' ? onPostgres(at, sql) : onMysql(at, sql)
}

async function onPostgres({ host, port, user, password, database }: At, sql: string): Promise<Row[]> {
  const client = new pg.Client({
    ...{ host, port, user, password, database, ssl: false, connectionTimeoutMillis: CONNECT_LIMIT },
    types: { getTypeParser: () => (text: unknown) => text },
  })
  // What happens to the connection after the answer is of no interest.
  client.on('error', () => undefined)
  await client.connect()
  try {
    const result: unknown = await client.query({ text: sql, rowMode: 'array' })
    const last = (Array.isArray(result) ? result.at(-1) : result) as { rows: Row[] }
    return last.rows
  } finally {
    await client.end()
  }
}

async function onMysql({ host, port, user, password, database }: At, sql: string): Promise<Row[]> {
  const connection = await createConnection({
    ...{ host, port, user, password, database, connectTimeout: CONNECT_LIMIT, charset: 'utf8mb4' },
    ...{ rowsAsArray: true, multipleStatements: true, flags: ['-LOCAL_FILES'] },
    typeCast: (field: { string(): string | null }) => field.string(),
  })
  connection.on('error', () => undefined)
  try {
    const [result, fields] = await connection.query(sql)
    // With several statements both are lists, one entry for each of them.
    const isSeveral = Array.isArray(fields) && fields.some((of) => of === undefined || Array.isArray(of))
    const last: unknown = isSeveral ? (result as unknown[]).at(-1) : result
    return Array.isArray(last) ? (last as Row[]) : []
  } finally {
    await connection.end()
  }
}
