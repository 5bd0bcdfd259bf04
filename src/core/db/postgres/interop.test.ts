// Tables that other software wrote on PostgreSQL: every value is read as its writer reads it. ROSTER_INTEROP names a folder
// with more of them (dumps of pg_dump as *-postgresql.sql, beside them *.expected.jsonl).
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { describeWithPostgres } from '../../../../scripts/servers/missing.ts'
import type { TestServer } from '../../../../scripts/servers/server.ts'
import type { Cell } from '../../../shared/cell.ts'
import { describeTable } from './introspect.ts'
import { linkTo, readOf } from './postgres.test-setup.ts'

const own = join(import.meta.dirname, '../../../../e2e/fixtures')
const folder = process.env.ROSTER_INTEROP ?? own
const sets = readdirSync(folder).flatMap((name) => /^(.*-postgresql)\.sql$/.exec(name)?.[1] ?? [])

interface Expected extends Record<string, unknown> {
  confirmed_at_detail?: { stored_text: string }
  extra?: Record<string, unknown>
}

interface CopyTarget {
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/** A COPY whose rows are at hand, as psql sends them. */
class CopyIn extends pg.Query {
  readonly #rows: string

  constructor(sql: string, rows: string, done: (error: Error | undefined) => void) {
    super(sql, done)
    this.#rows = rows
  }

  handleCopyInResponse(connection: CopyTarget): void {
    connection.sendCopyFromChunk(Buffer.from(this.#rows))
    connection.endCopyFrom()
  }
}

/** Runs a dump: SQL, and blocks of rows that end with a line of "\\.". Lines for psql alone are left out. */
async function load({ host, port, user, password }: TestServer, database: string, dump: string): Promise<void> {
  const client = new pg.Client({ host, port, user, password, database, ssl: false })
  await client.connect()
  let sql = ''
  const lines = dump.split('\n')
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line.startsWith('\\')) continue
    if (!/^COPY .* FROM stdin;$/.test(line)) {
      sql += `${line}\n`
      continue
    }
    if (sql.trim() !== '') await client.query(sql)
    sql = ''
    const rows = lines.splice(0, lines.indexOf('\\.')).map((row) => `${row}\n`)
    const copy = line
    await new Promise<void>((resolve, reject) => {
      client.query(new CopyIn(copy, rows.join(''), (error) => (error ? reject(error) : resolve())))
    })
  }
  await client.query(sql)
  await client.end()
}

/** In UTC: "2024-12-31T23:59:59.5" as PostgreSQL writes it is "2024-12-31 23:59:59.5"; writers pad the fraction to six digits. */
const asIso = (cell: Cell) =>
  typeof cell === 'string'
    ? cell
        .replace(' ', 'T')
        .replace(/\+00$/, '')
        .replace(/\.(\d+)$/, (_, digits: string) => `.${digits.padEnd(6, '0')}`)
    : cell

const BOOLEANS: Record<string, boolean> = { t: true, f: false, T: true, F: false }

function asExpected(name: string, cell: Cell, row: Expected): unknown {
  if (name === 'id') return String(cell)
  if (name === 'active') return typeof cell === 'string' ? BOOLEANS[cell] : cell
  if (name === 'confirmed_at') return row.confirmed_at_detail ? cell : asIso(cell)
  return typeof row.extra?.[name] === 'number'
    ? Number(cell)
    : /T\d\d:/.test(String(row.extra?.[name]))
      ? asIso(cell)
      : cell
}

function expectedOf(name: string, row: Expected): unknown {
  if (name === 'confirmed_at' && row.confirmed_at_detail) return row.confirmed_at_detail.stored_text
  if (name in row) return row[name]
  // GORM writes only the digits that there are in columns of its own.
  const value = row.extra?.[name]
  return typeof value === 'string' && /T\d\d:/.test(value) ? asIso(value) : value
}

describeWithPostgres('what other software wrote', (server) => {
  describe.each(sets)('%s', (set) => {
    it('is read as its writer reads it', async () => {
      const database = server().unique(set.replaceAll('-', '_'))
      await server().admin(`create database ${database}`)
      await load(server(), database, readFileSync(join(folder, `${set}.sql`), 'utf8'))
      const file = join(folder, `${set}.expected.jsonl`)
      expect(existsSync(file)).toBe(true)
      const expected = readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Expected)

      const link = await linkTo(server(), { database })
      const shape = await describeTable(readOf(link), 'auth_user')
      expect(shape?.key).toEqual(['id'])
      const { columns, rows } = await link.query({ sql: 'select * from auth_user order by id', values: [] })
      expect(columns).toEqual(shape?.columns.map(({ name }) => name))
      expect(rows).toHaveLength(expected.length)
      let compared = 0
      for (const [index, row] of expected.entries()) {
        columns.forEach((name, place) => {
          const value = expectedOf(name, row)
          // Not told by the writer, or in a shape that JSON does not have.
          if (value === undefined || (typeof value === 'object' && value !== null)) return
          compared += 1
          const read = asExpected(name, rows[index]?.[place] ?? null, row)
          expect([row.id, name, read]).toEqual([row.id, name, value])
        })
      }
      expect(compared).toBeGreaterThan(expected.length * 3)
      if (folder !== own) console.log(`${set}: ${expected.length} rows, ${compared} values as expected.`)
      await link.end()
      await server().admin(`drop database ${database}`)
    })
  })
})
