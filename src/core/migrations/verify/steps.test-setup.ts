// Steps whose every statement can be told from the database afterwards: done, not done, or done twice.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Host } from '../../host.ts'

/** Made before any step: a row for each `insert` of a step that was kept. */
export const TALLY = 'create table tally (step integer not null, way varchar(4) not null, part integer not null)'

const note = (step: number, way: 'up' | 'down', part: number) => `insert into tally values (${step}, '${way}', ${part})`

const sqlSteps = [
  {
    name: '001-first',
    up: ['create table first_table (id integer primary key, name varchar(40))', note(1, 'up', 1), note(1, 'up', 2)],
    down: [note(1, 'down', 1), 'drop table first_table'],
  },
  {
    name: '002-second',
    up: [note(2, 'up', 1), 'create table second_table (id integer primary key)', note(2, 'up', 2)],
    down: [note(2, 'down', 1), 'drop table second_table', note(2, 'down', 2)],
  },
]

/** One more, as code. Its statements are as plain as those in SQL. */
const moduleStep = `exports.up = async (knex) => {
  await knex.schema.createTable('third_table', (table) => { table.integer('id').primary() })
  await knex('tally').insert({ step: 3, way: 'up', part: 1 })
}
exports.down = async (knex) => {
  await knex('tally').insert({ step: 3, way: 'down', part: 1 })
  await knex.schema.dropTable('third_table')
}
`

/** What the tally holds when every step was run once, and undone once. */
export const expectedTally = {
  up: ['1 up 1', '1 up 2', '2 up 1', '2 up 2', '3 up 1'],
  down: ['1 down 1', '2 down 1', '2 down 2', '3 down 1'],
}
export const stepNames = ['001-first.up.sql', '002-second.up.sql', '003-third.cjs']
export const stepTables = ['first_table', 'second_table', 'third_table']

/** The host may reach this folder too. */
export const reaching =
  (folder: string) =>
  (host: Host): Host => ({ ...host, fileRoots: [...(host.fileRoots ?? []), { name: 'Steps', path: folder }] })

/** Writes the folder; answers with its path. */
export function writeSteps(parent: string): string {
  const folder = join(parent, 'migrations')
  mkdirSync(folder, { recursive: true })
  for (const { name, up, down } of sqlSteps) {
    writeFileSync(join(folder, `${name}.up.sql`), up.map((sql) => `${sql};\n`).join(''))
    writeFileSync(join(folder, `${name}.down.sql`), down.map((sql) => `${sql};\n`).join(''))
  }
  writeFileSync(join(folder, '003-third.cjs'), moduleStep)
  return folder
}

/** What a person would look for to say whether a statement was done. */
export function traceOf(sql: string, way: 'up' | 'down'): { table: string; isThere: boolean } | { tally: string } {
  const plain = sql.replace(/[`"]/g, '')
  const made = /^create table (\w+)/i.exec(plain)?.[1]
  if (made) return { table: made, isThere: true }
  const dropped = /^drop table (\w+)/i.exec(plain)?.[1]
  if (dropped) return { table: dropped, isThere: false }
  const [, step = '', , part = ''] = /values \((\d), '(\w+)', (\d)\)/i.exec(plain) ?? []
  if (step) return { tally: `${step} ${way} ${part}` }
  // The module's own insert carries its values as bindings.
  return { tally: `3 ${way} 1` }
}
