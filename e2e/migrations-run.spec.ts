// Runs on SQLite: one that fails, one that is cancelled, rolling back, and what is told of steps and runs afterwards.
import { readFileSync } from 'node:fs'
import { shot } from './roster.ts'
import {
  button,
  choose,
  dialog,
  closeDialog,
  expect,
  lookAgain,
  openMigrations,
  pictures,
  read,
  result,
  row,
  schemaOf,
  shopSteps,
  states,
  step,
  table,
  test,
  trustFolder,
  useSteps,
} from './migrations.ts'

const refunds = (statement: string) =>
  step(
    'Keeps refunds.',
    `await knex.schema.createTable('refunds', (table) => table.increments('id'))
  ${statement}`,
    `await knex.schema.dropTable('refunds')`,
  )

test('a step that fails is taken back, is told, and runs once it is mended @browser', async ({
  app: page,
  roster,
  steps,
}) => {
  steps.write({ ...shopSteps, '004_refunds.js': refunds(`await knex('refund').insert({ id: 1 })`) })
  await useSteps(page, steps)
  await button(page, 'Run all').click()
  await expect(result(page)).toContainText('004_refunds.js failed at statement 2')
  await expect(result(page)).toContainText('no such table: refund')
  await expect(result(page)).toContainText('The step was rolled back: nothing of it was kept.')
  await expect.poll(() => states(page)).toEqual(['Applied', 'Applied', 'Applied', 'Pending'])
  await pictures(page, 'failure')
  expect(read(roster.sample, 'select name from sqlite_master where name like ?', 'refund%')).toEqual([])
  expect(read(roster.sample, 'select name, batch from knex_migrations order by id')).toEqual([
    ['001_create_orders.js', 1],
    ['002_add_paid.js', 1],
    ['003_index_number.up.sql', 1],
  ])

  steps.write({ '004_refunds.js': refunds(`await knex('refunds').insert({ id: 1 })`) })
  await lookAgain(page)
  await trustFolder(page)
  await button(page, 'Run all').click()
  await expect(result(page)).toContainText('Applied 1 step')
  await expect(page.getByText('At head')).toBeVisible()
})

test('the last batch is rolled back, and then down to a step @browser', async ({ app: page, roster, steps }) => {
  steps.write(shopSteps)
  await useSteps(page, steps)
  const empty = schemaOf(roster.sample)
  expect(empty).toEqual([])
  await button(page, 'Run next').click()
  await expect(result(page)).toContainText('Applied 1 step')
  await choose(page, '002_add_paid.js', 'Run up to here')
  await button(dialog(page), 'Run 1 step').click()
  await expect.poll(() => states(page)).toEqual(['Applied', 'Applied', 'Pending'])
  await button(page, 'Run all').click()
  await expect.poll(() => states(page)).toEqual(['Applied', 'Applied', 'Applied'])

  await button(page, 'Roll back last batch').click()
  await expect(dialog(page).getByRole('list', { name: 'Steps in order' })).toHaveText(/^003_index_number.*batch 3/)
  await expect(dialog(page)).toContainText('Rows in dropped tables are lost.')
  await button(dialog(page), 'Roll back').click()
  await expect(result(page)).toContainText('Rolled back 1 step')
  await expect.poll(() => states(page)).toEqual(['Applied', 'Applied', 'Pending'])
  expect(read(roster.sample, `select name from sqlite_master where name = 'orders_number'`)).toEqual([])

  await choose(page, '001_create_orders.js', 'Plan rolling back to here')
  const plan = page.getByRole('region', { name: /^Plan: roll back down to 001_create_orders/ })
  await expect(plan.getByRole('status')).toContainText('2 destructive')
  await page.screenshot(shot('migrations-plan-down'))
  await button(plan, 'Roll back').click()
  await expect(dialog(page).getByRole('listitem')).toHaveText([/^002_add_paid/, /^001_create_orders/])
  await page.screenshot(shot('migrations-roll-back'))
  await button(dialog(page), 'Roll back').click()
  await expect(result(page)).toContainText('Rolled back 2 steps')
  await expect.poll(() => states(page)).toEqual(['Pending', 'Pending', 'Pending'])
  expect(read(roster.sample, `select name from sqlite_master where name like 'orders%'`)).toEqual([])
})

test('a step that never ends is cancelled within seconds, and the app is usable meanwhile @browser', async ({
  app: page,
  roster,
  steps,
}) => {
  steps.write({
    ...shopSteps,
    '004_for_ever.js': refunds(`for (let turns = 0; ; turns++) {}`),
    '005_after.js': step('Comes after it.', `await knex.schema.createTable('later', (table) => table.increments())`),
  })
  await useSteps(page, steps)
  await choose(page, '003_index_number.up.sql', 'Run up to here')
  await button(dialog(page), 'Run 3 steps').click()
  await expect(result(page)).toContainText('Applied 3 steps')
  await button(page, 'Run all').click()
  const underWay = page.getByRole('region', { name: 'Run under way' })
  await expect(underWay).toContainText('Running 004_for_ever.js, step 1 of 2, 1 statement so far.')
  await page.screenshot(shot('migrations-running'))
  // Elsewhere in the app, and back: the run is where it was.
  await page.getByRole('treeitem', { name: 'orders' }).click()
  await expect(page.getByRole('gridcell', { name: 'A-1' })).toBeVisible()
  await openMigrations(page)
  await expect(underWay).toContainText('Running 004_for_ever.js')
  const began = Date.now()
  await button(underWay, 'Cancel').click()
  await expect(result(page)).toContainText('Cancelled while 004_for_ever.js was run.')
  await expect.poll(() => states(page)).toEqual(['Applied', 'Applied', 'Applied', 'Pending', 'Pending'])
  await expect(button(page, 'Run all')).not.toHaveAttribute('aria-disabled', 'true')
  expect(Date.now() - began).toBeLessThan(5_000)
  await page.screenshot(shot('migrations-cancelled'))
  expect(read(roster.sample, `select name from sqlite_master where name in ('refunds', 'later')`)).toEqual([])
  await button(page, 'History').click()
  const last = dialog(page).getByRole('table', { name: 'History' }).getByRole('row').nth(1)
  await expect(last).toContainText('004_for_ever.js')
  await expect(last).toContainText('Cancelled')
})

test('what is changed, missing, renamed or late is told, and the history of it can be copied @browser', async ({
  app: page,
  context,
  roster,
  steps,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  steps.write({
    ...shopSteps,
    '004_refunds.js': refunds(''),
    '005_named.js': step(
      'Has another name later.',
      `await knex.schema.createTable('named', (table) => table.increments())`,
    ),
  })
  await useSteps(page, steps)
  await button(page, 'Run all').click()
  await expect(result(page)).toContainText('Applied 5 steps')

  await test.step('the list shows each', async () => {
    const named = readFileSync(`${steps.path}/005_named.js`, 'utf8')
    steps.remove('005_named.js')
    steps.remove('004_refunds.js')
    steps.write({
      '002_add_paid.js': shopSteps['002_add_paid.js'].replace('defaultTo(false)', 'defaultTo(true)'),
      '003b_late.js': step('Was forgotten.', `await knex('orders').insert({ number: 'A-3' })`),
      '005_with_a_name.js': named,
      '006_broken.js': refunds(`await knex('refund').insert({ id: 1 })`).replaceAll(`'refunds'`, `'other_refunds'`),
    })
    await lookAgain(page)
    await trustFolder(page)
    await expect
      .poll(() => states(page))
      .toEqual(['Applied', 'Changed', 'Applied', 'Out of order', 'Missing file', 'Renamed', 'Pending'])
    await expect(page.getByText('1 out of order · 1 changed · 1 renamed · 1 without a file')).toBeVisible()
    await expect(row(page, '005_with_a_name.js')).toContainText('In the ledger as 005_named.js')
    await pictures(page, 'states')
  })

  await test.step('what changed since it was applied', async () => {
    await choose(page, '002_add_paid.js', 'What changed')
    const difference = dialog(page).getByRole('region', { name: 'Difference of 002_add_paid.js' })
    await expect(difference).toContainText(
      `removed: await knex.schema.alterTable('orders', (table) => table.boolean('paid').defaultTo(false))`,
    )
    await expect(difference).toContainText('defaultTo(true)')
    await pictures(page, 'changed')
    await closeDialog(page)
  })

  await test.step('a missing file cannot be undone, and its text is still known', async () => {
    await page.getByRole('button', { name: 'Actions for 004_refunds.js' }).click()
    await expect(page.getByRole('menuitem', { name: 'Roll back down to here' })).toBeDisabled()
    await expect(page.getByRole('menu')).toContainText('Its file is missing, so that it cannot be undone.')
    await page.screenshot(shot('migrations-menu'))
    await page.getByRole('menuitem', { name: 'Show what was applied' }).click()
    await expect(dialog(page)).toContainText(
      'The file is not in the folder any more. This is its text as it was applied.',
    )
    await expect(dialog(page)).toContainText(`createTable('refunds'`)
    await closeDialog(page)
  })

  await test.step('a new name is taken into the ledger', async () => {
    await choose(page, '005_with_a_name.js', 'Rename in the ledger')
    await button(dialog(page), 'Rename in the ledger').click()
    await expect(result(page)).toContainText('The ledger has 005_with_a_name.js under this name now.')
    await expect(row(page, '005_with_a_name.js')).toContainText(/Applied.*renamed in the ledger/)
    expect(read(roster.sample, 'select name from knex_migrations order by id desc limit 1')).toEqual([
      ['005_with_a_name.js'],
    ])
  })

  await test.step('a late step is asked about before it runs', async () => {
    await button(page, 'Run all').click()
    await expect(dialog(page)).toContainText('003b_late.js is older than steps that are applied already')
    await page.screenshot(shot('migrations-late'))
    await button(dialog(page), 'Run 2 steps').click()
    await expect(result(page)).toContainText('006_broken.js failed at statement 2')
    await expect(table(page).getByText('Pending')).toHaveCount(1)
  })

  await test.step('the history', async () => {
    await button(page, 'History').click()
    const entries = dialog(page).getByRole('table', { name: 'History' }).getByRole('row')
    await expect(entries).toHaveCount(9)
    await expect(entries.nth(1)).toContainText('006_broken.js')
    await expect(entries.nth(1)).toContainText('Failed')
    await expect(entries.nth(3)).toContainText(/005_with_a_name\.js.*Renamed in the ledger/)
    await entries.nth(1).getByRole('button', { name: 'Failed' }).click()
    await expect(entries.nth(1)).toContainText('no such table: refund')
    await pictures(page, 'history')
    await button(dialog(page), 'Copy as text').click()
    await expect(button(dialog(page), 'Copied')).toBeVisible()
    const copied = String(await page.evaluate('navigator.clipboard.readText()'))
    expect(copied).toMatch(/^Migrations of Sample users \(SQLite\), \d{4}-/)
    expect(copied).toMatch(/ UTC {2}006_broken\.js +Run +Failed .*no such table: refund/)
    expect(copied.split('\n').filter((line) => /^\d{4}-/.test(line))).toHaveLength(8)
    const saving = page.waitForEvent('download')
    await button(dialog(page), 'Save as text').click()
    const saved = await saving
    expect(saved.suggestedFilename()).toMatch(/^migrations-Sample-users-SQLite-\d{4}-\d\d-\d\d\.txt$/)
    expect(readFileSync(await saved.path(), 'utf8')).toContain('005_with_a_name.js')
  })
})
