// What a new step begins with: its title as the opening comment, and nothing that does anything yet, or the SQL brought along.

export interface Template {
  /** With the dot: ".ts", ".up.sql". */
  extension: string
  text: string
}

export const KNEX_TS = (title: string): Template => ({
  extension: '.ts',
  text: `// ${title}
import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  // await knex.schema.alterTable('auth_user', (table) => table.string('phone', 30))
}

export async function down(knex: Knex): Promise<void> {
  // await knex.schema.alterTable('auth_user', (table) => table.dropColumn('phone'))
}
`,
})

const TYPES = `/**
 * @param { import('knex').Knex } knex
 * @returns { Promise<void> }
 */`
const UP = `  // await knex.schema.alterTable('auth_user', (table) => table.string('phone', 30))`
const DOWN = `  // await knex.schema.alterTable('auth_user', (table) => table.dropColumn('phone'))`

export const KNEX_ESM = (title: string, extension: string): Template => ({
  extension,
  text: `// ${title}

${TYPES}
export async function up(knex) {
${UP}
}

${TYPES}
export async function down(knex) {
${DOWN}
}
`,
})

export const KNEX_COMMONJS = (title: string, extension: string): Template => ({
  extension,
  text: `// ${title}

${TYPES}
exports.up = async function (knex) {
${UP}
}

${TYPES}
exports.down = async function (knex) {
${DOWN}
}
`,
})

/** The statements of a pair, each with its semicolon. */
export interface SqlText {
  up: string
  down: string
}

const ending = (sql: string) => (sql === '' ? '' : `${sql.trimEnd()}\n`)

export const SQL_PAIR = (title: string, { up, down }: SqlText = { up: '', down: '' }): Template[] => [
  { extension: '.up.sql', text: `-- ${title}\n\n${ending(up)}` },
  { extension: '.down.sql', text: `-- Undoes: ${title}\n\n${ending(down)}` },
]
