// Lets the users table be sorted by active without reading all of it.
import type { Knex } from 'knex'

export const summary = 'Adds an index for sorting users by active; equal values stay in the order of id.'

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('auth_user', (table) => {
    table.index(['active', 'id'])
  })
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('auth_user', (table) => {
    table.dropIndex(['active', 'id'])
  })
}
