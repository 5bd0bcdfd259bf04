// Databases that other people's software wrote, with what its own libraries read of them: each loaded as it was dumped.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine, Opened } from '../../src/core/tables/engines.test-setup.ts'
import { runWithPsql } from '../../scripts/servers/psql.ts'
import type { Dialect } from '../../src/shared/profiles.ts'

const folder = join(import.meta.dirname, '../../e2e/fixtures')
const KIND: Record<Dialect, string> = { sqlite: 'sqlite', postgres: 'postgresql', mysql: 'mariadb' }
export interface ExpectedRow {
  id: string
  email: string | null
  password: string | null
  active?: boolean | null
  fs_uniquifier?: string | null
  /** ISO with T, without a zone. */
  confirmed_at?: string | null
  extra?: Record<string, unknown>
}

export interface InteropSet {
  name: string
  writer: { library: string }
  table: string
  row_count: number
  boolean_encoding: string
}

const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
  sets: (InteropSet & { database: { kind: string } })[]
}

export const setsOf = (dialect: Dialect): InteropSet[] =>
  manifest.sets.filter(({ database }) => database.kind === KIND[dialect])

export const expectedOf = ({ name }: InteropSet): ExpectedRow[] =>
  readFileSync(join(folder, `${name}.expected.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ExpectedRow)

/** A database of its own that holds the set. */
export async function openSet(engine: Engine, { name }: InteropSet): Promise<Opened> {
  if (engine.dialect === 'sqlite') return engine.open('', { from: join(folder, `${name}.db`) })
  const file = join(folder, `${name}.sql`)
  // The first line is for MariaDB's own client alone.
  if (engine.dialect === 'mysql') return engine.open(readFileSync(file, 'utf8').replace(/^\/\*M!.*\n/, ''))
  const opened = await engine.open('select 1')
  const server = engine.server?.()
  if (!server) throw new Error('There is no server.')
  await runWithPsql(server, opened.name, file)
  return opened
}
