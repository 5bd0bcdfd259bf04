// Creates the users table that the whole application stands on.
import type { Knex } from 'knex'

export const summary = 'Creates auth_user: id, email, password, active, fs_uniquifier and confirmed_at.'

/** The table this step makes; a table of that name made by another tool stops the run before it begins. */
export const creates = 'auth_user'

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('auth_user', (table) => {
    table.increments('id')
    table.string('email', 255).notNullable().unique()
    table.string('password', 255).nullable()
    table.boolean('active').defaultTo(true)
    table.string('fs_uniquifier', 64).unique()
    // Without a time zone, as SQLAlchemy's DateTime is on PostgreSQL; the other engines know no zone here. MySQL keeps
    // whole seconds unless microseconds are asked for.
    table.datetime('confirmed_at', { useTz: false, precision: 6 }).nullable()
  })
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('auth_user')
}
