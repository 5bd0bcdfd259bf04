// The text of a migration that gives an existing users table what it lacks: columns and unique indexes. By knex's schema builder,
// so that it is the same for every engine.
import type { Dialect } from '../../../shared/profiles.ts'
import type { TableShape } from '../../db/database.ts'
import { columnFor, isUnique } from './columns.ts'
import { STANDARD_COLUMNS } from './standard.ts'

/** Null when nothing is lacking that could be added. A key cannot be added to a table that has rows. */
export function closingMigration(shape: TableShape, dialect: Dialect): string | null {
  const missing = STANDARD_COLUMNS.filter(({ name }) => !columnFor(name, shape, dialect))
  if (missing.some(({ knex }) => knex === '')) return null
  const bare = STANDARD_COLUMNS.flatMap((wanted) => {
    const column = columnFor(wanted.name, shape, dialect)
    return wanted.isUnique && (!column || !isUnique(shape, column)) ? [column?.name ?? wanted.name] : []
  })
  if (missing.length === 0 && bare.length === 0) return null
  const what = [
    ...missing.map(({ name }) => `the column ${name}`),
    ...bare.map((name) => `a unique index on ${name}`),
  ].join(', ')
  const names = missing.map(({ name }) => name)
  const up = [
    ...missing.map(({ knex }) => `${knex}.nullable()`),
    ...bare.map((name) => `table.unique([${text(name)}])`),
  ]
  const down = [
    ...bare.map((name) => `table.dropUnique([${text(name)}])`),
    ...(names.length > 0 ? [`table.dropColumns(${names.map(text).join(', ')})`] : []),
  ]
  const notes = [
    ...(names.includes('active')
      ? ['// Every user there is now becomes active: the new column is filled by its default.']
      : []),
    ...(bare.length > 0
      ? ['// A unique index fails where two users have the same value; nothing is changed then.']
      : []),
  ]
  return [
    `// Gives ${shape.name} what the standard has and it lacks: ${what}.`,
    ...notes,
    "import type { Knex } from 'knex'",
    '',
    ...alter('up', shape.name, up),
    '',
    ...alter('down', shape.name, down),
    '',
  ].join('\n')
}

function alter(direction: 'up' | 'down', table: string, lines: readonly string[]): string[] {
  return [
    `export async function ${direction}(knex: Knex): Promise<void> {`,
    `  await knex.schema.alterTable(${text(table)}, (table) => {`,
    ...lines.map((line) => `    ${line}`),
    '  })',
    '}',
  ]
}

const text = (name: string) => `'${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
