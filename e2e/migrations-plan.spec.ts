// Before a run: what each step would send and what is lost by it, and a rehearsal that leaves the database as it was.
import type { Page } from '@playwright/test'
import BetterSqlite3 from 'better-sqlite3'
import { addDemoUsers, migrate, shot } from './roster.ts'
import { button, expect, panel, pictures, read, schemaOf, shopSteps, step, test, useSteps } from './migrations.ts'

/** Of everything that a plan marks something. */
const telling = {
  ...shopSteps,
  '004_notes.js': step(
    'Keeps notes about users.',
    `await knex.schema.alterTable('auth_user', (table) => table.text('note'))
  await knex('auth_user').where('active', false).update({ note: 'left' })`,
    `await knex.schema.alterTable('auth_user', (table) => table.dropColumn('note'))`,
  ),
  '005_clean_up.js': step(
    'Keeps sixty users, and nothing of the shop before.',
    `await knex('auth_user').where('id', '>', 60).del()
  await knex('old_prices').del()
  await knex.schema.dropTable('old_orders')
  await knex.schema.alterTable('orders', (table) => table.dropColumn('paid'))`,
  ),
  '006_totals.up.sql':
    '-- Keeps totals, outside a transaction.\n-- roster: no transaction\n\ncreate table totals (month text, cents integer);\n',
  '006_totals.down.sql': '-- Undoes: keeps totals.\n\ndrop table totals;\n',
  '007_by_rows.js': step(
    'Makes one table for each kind.',
    `for (const { name } of await knex('kinds').select('name')) {
    await knex.schema.createTable('kind_' + name, (table) => table.increments('id'))
  }`,
  ),
  '008_by_changed_rows.js': step(
    'Notes who has left.',
    `const left = await knex('auth_user').where('note', 'left').select('id')
  if (left.length > 0) await knex.schema.createTable('left', (table) => table.increments('id'))`,
  ),
}

/** What is there before the steps: a hundred users, and three tables of an older shop. */
async function prepare(page: Page, file: string): Promise<void> {
  await migrate(page)
  await addDemoUsers(page, '100')
  const database = new BetterSqlite3(file)
  database.exec(`create table old_orders (id integer primary key, number text);
    insert into old_orders (number) values ('1'), ('2'), ('3');
    create table old_prices (cents integer);
    insert into old_prices values (100), (200);
    create table kinds (name text);
    insert into kinds values ('shoes'), ('hats')`)
  database.close()
}

test('a plan says what is sent, what is lost and how large the tables are, and writes nothing @browser', async ({
  app: page,
  roster,
  steps,
}) => {
  steps.write(telling)
  await prepare(page, roster.sample)
  await useSteps(page, steps)
  const before = [schemaOf(roster.sample), read(roster.sample, 'select count(*), max(id) from auth_user')]

  await button(page, 'Plan').click()
  const plan = panel(page, /^Plan: every pending step/)
  const planned = (name: string) => plan.getByRole('region', { name })
  await expect(plan.getByRole('status')).toContainText('8 steps')
  await expect(plan.getByRole('status')).toContainText('destructive')
  await expect(planned('001_create_orders.js')).toContainText('create table')
  await expect(planned('001_create_orders.js')).toContainText('All or nothing')
  await expect(planned('001_create_orders.js')).toContainText('A-1')
  await expect(planned('004_notes.js')).toContainText(/auth_user about 100 rows/)
  await expect(planned('005_clean_up.js')).toContainText('3 destructive')
  await expect(planned('005_clean_up.js')).toContainText('Deletes all rows of old_prices: it has no WHERE.')
  await expect(planned('005_clean_up.js')).toContainText('Drops the table old_orders')
  // On SQLite a column is dropped by rebuilding its table; what is lost is said all the same.
  await expect(planned('005_clean_up.js')).toContainText('Drops the column paid of orders with its values.')
  await expect(planned('006_totals.up.sql')).toContainText('Statement by statement')
  await expect(planned('006_totals.up.sql')).toContainText('Cannot be undone')
  await expect(planned('006_totals.up.sql')).toContainText('Not rehearsed')
  await expect(planned('007_by_rows.js')).toContainText('kind_hats')
  await expect(planned('007_by_rows.js').getByText('Depends on data')).toHaveCount(2)
  await expect(planned('008_by_changed_rows.js')).toContainText('depends on data: rows of auth_user')
  await pictures(page, 'plan')
  // What was out of sight is drawn in the frame after the one that scrolled to it.
  for (const _ of ['as it was guessed', 'as it is']) {
    await planned('005_clean_up.js').getByText('Drops the table old_orders').scrollIntoViewIfNeeded()
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
  }
  await page.screenshot(shot('migrations-plan-destructive'))
  await button(plan, 'Copy as SQL').click()
  expect([schemaOf(roster.sample), read(roster.sample, 'select count(*), max(id) from auth_user')]).toEqual(before)
})

test('a rehearsal shows before and after, and takes all of it back @browser', async ({ app: page, roster, steps }) => {
  const { '006_totals.up.sql': _up, '006_totals.down.sql': _down, ...rest } = telling
  steps.write(rest)
  await prepare(page, roster.sample)
  await useSteps(page, steps)
  const before = [schemaOf(roster.sample), read(roster.sample, 'select * from auth_user order by id')]

  await button(page, 'Plan').click()
  await button(panel(page, /^Plan/), 'Rehearse').click()
  const rehearsal = panel(page, /^Rehearsal: every pending step/)
  await expect(rehearsal).toContainText('in one transaction that is rolled back')
  await page.screenshot(shot('migrations-rehearsal-before'))
  await button(rehearsal, 'Start the rehearsal').click()
  await expect(rehearsal.getByText('45 rows would be lost.')).toBeVisible()
  const users = rehearsal.getByRole('region', { name: 'auth_user' })
  await expect(users).toContainText('100 → 60 rows')
  await expect(users).toContainText('note')
  await expect(rehearsal.getByRole('list', { name: 'Steps of the rehearsal' })).toContainText('Went through')
  await pictures(page, 'rehearsal')
  expect([schemaOf(roster.sample), read(roster.sample, 'select * from auth_user order by id')]).toEqual(before)

  await test.step('and then the same is run', async () => {
    await button(rehearsal, 'Run all').click()
    await expect(page.getByText('Applied 7 steps')).toBeVisible()
    expect(read(roster.sample, 'select count(*) from auth_user')).toEqual([[60]])
  })
})

test('a rehearsal that fails says where, and keeps nothing either @browser', async ({ app: page, roster, steps }) => {
  steps.write({ ...shopSteps, '004_broken.js': step('Cannot work.', `await knex('nowhere').insert({ a: 1 })`) })
  await useSteps(page, steps)
  const before = schemaOf(roster.sample)
  await button(page, 'Plan').click()
  await button(panel(page, /^Plan/), 'Rehearse').click()
  const rehearsal = panel(page, /^Rehearsal/)
  await button(rehearsal, 'Start the rehearsal').click()
  await expect(rehearsal.getByRole('status').last()).toContainText(/004_broken\.js.*nowhere/)
  await expect(button(rehearsal, 'Run all')).toHaveCount(0)
  await page.screenshot(shot('migrations-rehearsal-failed'))
  expect(schemaOf(roster.sample)).toEqual(before)
})
