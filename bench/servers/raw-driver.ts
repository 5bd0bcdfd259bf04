// What somebody would write with the driver alone, for the same work: one open connection, plain SQL, the driver's decoding.
import mysql from 'mysql2/promise'
import pg from 'pg'
import type { TestServer } from '../../scripts/servers/server.ts'
import type { Cell } from '../../src/shared/cell.ts'
import { copyRows } from './copy-rows.ts'

/** Rows of one INSERT: the number that PostgreSQL's parameters and MariaDB's packets take with room to spare. */
const ROWS_AT_ONCE = 1_000
const COLUMNS = 'id, email, password, active, fs_uniquifier, confirmed_at'

export type ManyRows = (table: string, columns: readonly string[], rows: readonly Cell[][]) => Promise<void>

export interface RawDriver {
  /** `limit` rows of auth_user after an email, which no two have, sorted by it; answers with their keys. */
  page(after: string, limit: number): Promise<string[]>
  /** One update in a transaction of its own. */
  save(id: number, active: Cell): Promise<void>
  /** All rows in one transaction of multi-row INSERTs. */
  insert: ManyRows
  /** The engine's own way for many rows; null where it is not to be had. */
  copy: ManyRows | null
  selectOne(): Promise<void>
  end(): Promise<void>
}

function* parts(rows: readonly Cell[][]): Generator<Cell[][]> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) yield rows.slice(from, from + ROWS_AT_ONCE)
}

export function openRawDriver(server: TestServer, database: string): Promise<RawDriver> {
  return server.kind === 'postgres' ? openPostgres(server, database) : openMysql(server, database)
}

async function openPostgres({ host, port, user, password }: TestServer, database: string): Promise<RawDriver> {
  const client = new pg.Client({ host, port, user, password, database })
  await client.connect()
  const text = `select ${COLUMNS} from auth_user where email > $1 order by email limit $2`
  const tuples = (rows: number, width: number) =>
    Array.from(
      { length: rows },
      (_, row) => `(${Array.from({ length: width }, (_, column) => `$${row * width + column + 1}`).join()})`,
    ).join()
  return {
    async page(email, limit) {
      const { rows } = await client.query<unknown[]>({ text, values: [email, limit], rowMode: 'array' })
      return rows.map(([key]) => String(key))
    },
    async save(id, active) {
      await client.query('begin')
      await client.query('update auth_user set active = $1 where id = $2', [active, id])
      await client.query('commit')
    },
    async insert(table, columns, rows) {
      await client.query('begin')
      for (const part of parts(rows)) {
        const sql = `insert into ${table} (${columns.join()}) values ${tuples(part.length, columns.length)}`
        await client.query(sql, part.flat())
      }
      await client.query('commit')
    },
    copy: (table, columns, rows) => copyRows(client, table, columns, rows),
    selectOne: async () => void (await client.query('select 1')),
    end: () => client.end(),
  }
}

async function openMysql({ host, port, user, password }: TestServer, database: string): Promise<RawDriver> {
  const connection = await mysql.createConnection({ host, port, user, password, database })
  const sql = `select ${COLUMNS} from auth_user where email > ? order by email limit ?`
  return {
    async page(email, limit) {
      const [rows] = await connection.query<mysql.RowDataPacket[][]>({
        ...{ sql, values: [email, limit], rowsAsArray: true },
      })
      return rows.map(([key]) => String(Number(key)))
    },
    async save(id, active) {
      await connection.query('begin')
      await connection.query('update auth_user set active = ? where id = ?', [active, id])
      await connection.query('commit')
    },
    async insert(table, columns, rows) {
      await connection.query('begin')
      for (const part of parts(rows)) {
        await connection.query(`insert into ${table} (${columns.join()}) values ?`, [part])
      }
      await connection.query('commit')
    },
    copy: null,
    selectOne: async () => void (await connection.query('select 1')),
    end: () => connection.end(),
  }
}

/** Opens a connection as the driver does by default, and answers with how to end it. */
export async function connectRaw(server: TestServer, database: string): Promise<() => Promise<void>> {
  const { host, port, user, password, kind } = server
  if (kind === 'mysql') {
    const connection = await mysql.createConnection({ host, port, user, password, database })
    return () => connection.end()
  }
  const client = new pg.Client({ host, port, user, password, database })
  await client.connect()
  return () => client.end()
}
