// The statements of a save through the driver alone, as somebody would run them: one transaction, one after the other.
import BetterSqlite3 from 'better-sqlite3'
import mysql from 'mysql2/promise'
import pg from 'pg'
import type { TestServer } from '../../scripts/servers/server.ts'
import type { Cell } from '../../src/shared/cell.ts'

/** One text and the values of each time it is run. */
export interface Many {
  sql: string
  rows: readonly (readonly Cell[])[]
}

export interface RawSaver {
  /** Answers with the number of rows changed. */
  save(work: readonly Many[]): Promise<number>
  end(): Promise<void>
}

export function rawFile(file: string): RawSaver {
  const database = new BetterSqlite3(file)
  return {
    save(work) {
      let changed = 0
      database.exec('begin immediate')
      for (const { sql, rows } of work) {
        const statement = database.prepare(sql)
        for (const row of rows) changed += statement.reader ? statement.all(row).length : statement.run(row).changes
      }
      database.exec('commit')
      return Promise.resolve(changed)
    },
    end: () => Promise.resolve(void database.close()),
  }
}

export async function rawServer(server: TestServer, database: string): Promise<RawSaver> {
  const { host, port, user, password } = server
  if (server.kind === 'postgres') {
    const client = new pg.Client({ host, port, user, password, database })
    await client.connect()
    let texts = 0
    return {
      async save(work) {
        let changed = 0
        await client.query('begin')
        for (const { sql: text, rows } of work) {
          // Prepared, which is the faster of pg's ways.
          texts += 1
          const name = `save ${texts}`
          for (const values of rows)
            changed += (await client.query({ name, text, values: values as unknown[] })).rowCount ?? 0
        }
        await client.query('commit')
        return changed
      },
      end: () => client.end(),
    }
  }
  const connection = await mysql.createConnection({ host, port, user, password, database, supportBigNumbers: true })
  return {
    async save(work) {
      let changed = 0
      await connection.query('begin')
      for (const { sql, rows } of work) {
        for (const row of rows) {
          // Bytes have to be a Buffer to this driver.
          const values = row.map((cell) => (cell instanceof Uint8Array ? Buffer.from(cell) : cell))
          changed += (await connection.query<mysql.ResultSetHeader>(sql, values))[0].affectedRows
        }
      }
      await connection.query('commit')
      return changed
    },
    end: () => connection.end(),
  }
}
