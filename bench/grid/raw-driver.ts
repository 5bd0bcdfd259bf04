// What somebody would write by hand with the driver alone: one open connection, a keyset for each order, and LIMIT/OFFSET.
import Sqlite from 'better-sqlite3'
import mysql from 'mysql2/promise'
import pg from 'pg'
import type { Sort } from '../../src/shared/tables.ts'
import type { Engine } from './big-table.ts'

/** The columns of a page; of a hash, only what tells its scheme. */
const COLUMNS = 'id, email, substr(password, 1, 40) as scheme, active, fs_uniquifier, confirmed_at'
/** Milliseconds after which a page by OFFSET is given up. */
const PATIENCE = 90_000

export interface Row {
  id: number
  /** Of the sort column, as text; null for NULL. */
  value: string | number | null
}

export type Test = 'contains' | 'starts' | 'equals'

export interface RawDriver {
  version: string
  first(sort: Sort, limit: number): Promise<number[]>
  last(sort: Sort, limit: number): Promise<number[]>
  /** Rows after one whose sort column is not NULL. Each answers with the ids. */
  after(sort: Sort, row: Row, limit: number): Promise<number[]>
  /** Rows whose sort column is `row.value` or beyond it. */
  from(sort: Sort, row: Row, limit: number): Promise<number[]>
  /** Null when it took longer than 90 s. */
  offset(sort: Sort, rank: number, limit: number): Promise<number[] | null>
  find(test: Test, text: string, limit: number): Promise<number[]>
  /** What a row holds in the sort column. */
  rowOf(id: number, sort: Sort): Promise<Row>
  emailOf(id: number): Promise<string>
  count(): Promise<number>
  /** Statements that other connections run on the table now. */
  running(): Promise<number>
  end(): Promise<void>
}

type Run = (sql: string, values: readonly unknown[]) => Promise<unknown[][]>

interface Words {
  /** Placeholder of the value of a column, the nth of a statement, from 1. */
  value(column: string, n: number): string
  text(column: string): string
  like: string
}

function orderOf({ column, direction }: Sort, isReversed = false): string {
  const isUp = (direction === 'asc') !== isReversed
  const way = isUp ? 'asc' : 'desc'
  return column === 'confirmed_at' ? `order by confirmed_at ${way}, id ${way}` : `order by ${column} ${way}`
}

function driverOf(engine: Engine, run: Run, words: Words): Omit<RawDriver, 'version' | 'running' | 'end' | 'offset'> {
  const ids = (rows: readonly unknown[][]) => rows.map(([id]) => Number(id))
  const select = async (rest: string, values: readonly unknown[]) =>
    ids(await run(`select ${COLUMNS} from auth_user ${rest}`, values))
  return {
    first: (sort, limit) => select(`${orderOf(sort)} limit ${limit}`, []),
    last: (sort, limit) => select(`${orderOf(sort, true)} limit ${limit}`, []),
    async after(sort, { value, id }, limit) {
      const { column } = sort
      const than = sort.direction === 'asc' ? '>' : '<'
      const [v, i] = [words.value(column, 1), words.value('id', 2)]
      const end = `${orderOf(sort)} limit ${limit}`
      if (column !== 'confirmed_at') return select(`where ${column} ${than} ${v} ${end}`, [value])
      if (engine !== 'mysql') return select(`where (confirmed_at, id) ${than} (${v}, ${i}) ${end}`, [value, id])
      // MariaDB scans for a comparison of row values.
      const part = (where: string) => `(select ${COLUMNS} from auth_user where ${where} ${end})`
      const sql = `${part(`confirmed_at = ? and id ${than} ?`)} union all ${part(`confirmed_at ${than} ?`)} limit ${limit}`
      return ids(await run(sql, [value, id, value]))
    },
    from: (sort, { value }, limit) =>
      select(
        `where ${sort.column} ${sort.direction === 'asc' ? '>=' : '<='} ${words.value(sort.column, 1)} ${orderOf(sort)} limit ${limit}`,
        [value],
      ),
    find: (test, text, limit) =>
      test === 'equals'
        ? select(`where email = ${words.value('email', 1)} order by id limit ${limit}`, [text])
        : select(`where email ${words.like} ${words.value('email', 1)} order by id limit ${limit}`, [
            test === 'contains' ? `%${text}%` : `${text}%`,
          ]),
    async rowOf(id, { column }) {
      const [row] = await run(`select ${words.text(column)} from auth_user where id = ${words.value('id', 1)}`, [id])
      const value = row?.[0] ?? null
      return { id, value: column === 'id' ? id : value === null ? null : (value as string) }
    },
    async emailOf(id) {
      const [row] = await run(`select email from auth_user where id = ${words.value('id', 1)}`, [id])
      return row?.[0] as string
    },
    count: async () => Number((await run('select count(*) from auth_user', []))[0]?.[0]),
  }
}

const offsetSql = (sort: Sort, rank: number, limit: number) =>
  `select ${COLUMNS} from auth_user ${orderOf(sort)} limit ${limit} offset ${rank}`

export async function openRaw(engine: Engine, target: string): Promise<RawDriver> {
  if (engine === 'sqlite') return openSqlite(target)
  return engine === 'postgres' ? openPostgres(target) : openMysql(target)
}

function openSqlite(file: string): RawDriver {
  const database = new Sqlite(file, { readonly: true })
  const words: Words = { value: () => '?', text: (column) => column, like: 'like' }
  // eslint knows no await here: the driver works at once, and is compared as it is.
  const run: Run = (sql, values) => Promise.resolve(database.prepare(sql).raw().all(values) as unknown[][])
  return {
    ...driverOf('sqlite', run, words),
    version: String(database.prepare('select sqlite_version()').pluck().get()),
    offset: async (sort, rank, limit) => (await run(offsetSql(sort, rank, limit), [])).map(([id]) => Number(id)),
    // Its connections are processes; see RosterHost.children.
    running: () => Promise.resolve(0),
    end: () => Promise.resolve(void database.close()),
  }
}

async function openPostgres(url: string): Promise<RawDriver> {
  const client = new pg.Client({ connectionString: url, application_name: 'raw driver' })
  await client.connect()
  const types: Record<string, string> = { confirmed_at: '::timestamp', id: '::int' }
  const words: Words = {
    value: (column, n) => `$${n}${types[column] ?? ''}`,
    text: (column) => `${column}::text`,
    like: 'ilike',
  }
  const run: Run = async (sql, values) =>
    (await client.query<unknown[]>({ text: sql, values: [...values], rowMode: 'array' })).rows
  return {
    ...driverOf('postgres', run, words),
    version: String((await run('show server_version', []))[0]?.[0]),
    async offset(sort, rank, limit) {
      await run(`set statement_timeout = ${PATIENCE}`, [])
      try {
        return (await run(offsetSql(sort, rank, limit), [])).map(([id]) => Number(id))
      } catch {
        return null
      } finally {
        await run('set statement_timeout = 0', [])
      }
    },
    running: async () =>
      Number(
        (
          await run(
            `select count(*) from pg_stat_activity where state = 'active' and pid <> pg_backend_pid()
             and datname = current_database() and query like '%auth_user%' and backend_type = 'client backend'`,
            [],
          )
        )[0]?.[0],
      ),
    end: () => client.end(),
  }
}

async function openMysql(url: string): Promise<RawDriver> {
  const connection = await mysql.createConnection(url)
  const words: Words = { value: () => '?', text: (column) => `cast(${column} as char)`, like: 'like' }
  const run: Run = async (sql, values) =>
    (await connection.query<mysql.RowDataPacket[][]>({ sql, values: [...values], rowsAsArray: true }))[0]
  return {
    ...driverOf('mysql', run, words),
    version: String((await run('select version()', []))[0]?.[0]),
    async offset(sort, rank, limit) {
      try {
        const sql = `set statement max_statement_time = ${PATIENCE / 1000} for ${offsetSql(sort, rank, limit)}`
        return (await run(sql, [])).map(([id]) => Number(id))
      } catch {
        return null
      }
    },
    running: async () =>
      Number(
        (
          await run(
            `select count(*) from information_schema.processlist where command in ('Query', 'Execute')
             and id <> connection_id() and info like '%auth_user%' and db = database()`,
            [],
          )
        )[0]?.[0],
      ),
    end: () => connection.end(),
  }
}
