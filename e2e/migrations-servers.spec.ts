// The runner on real servers: half a step on MariaDB and each way on from it, and what PostgreSQL takes back by itself.
import type { Page } from '@playwright/test'
import { shot } from './roster.ts'
import { engineNames, profileOf, ownServer, storeProfiles, withoutServer, type TestServer } from './servers.ts'
import {
  button,
  dialog,
  expect,
  panel,
  pictures,
  result,
  row,
  shopSteps,
  states,
  step,
  table,
  test as base,
  useSteps,
  type StepsFolder,
} from './migrations.ts'

/** Three tables; the second is in the way when somebody else has made it. */
const invoices = step(
  'Keeps invoices.',
  `await knex.schema.createTable('invoices', (table) => table.increments('id'))
  await knex('invoices').insert({ id: 7 })
  await knex.schema.createTable('invoice_lines', (table) => table.increments('id'))
  await knex.schema.createTable('invoice_notes', (table) => table.increments('id'))`,
  `await knex.schema.dropTableIfExists('invoice_notes')
  await knex.schema.dropTableIfExists('invoices')`,
)

const orders = {
  '001_create_orders.js': shopSteps['001_create_orders.js'],
  '002_add_paid.js': shopSteps['002_add_paid.js'],
}

for (const kind of ['mysql', 'postgres'] as const) {
  const test = base.extend<{ server: TestServer; shop: Page }>({
    ...ownServer(kind),
    /** Open at the migrations of a new server, which has a table in the way of the last step. */
    shop: async ({ server, roster, steps, page }, use) => {
      await server.admin('create table invoice_lines (theirs int)', server.database)
      const profile = profileOf(server)
      storeProfiles(roster.sample, [profile])
      await page.goto(await roster.start())
      await page.getByRole('navigation').getByRole('button', { name: profile.name }).first().click()
      await expect(page.getByRole('heading', { level: 1, name: profile.name })).toBeVisible()
      steps.write({ ...orders, '003_invoices.js': invoices })
      await useSteps(page, steps)
      await use(page)
    },
  })

  test.describe(`migrations on ${engineNames[kind]} @browser`, () => {
    test.skip(...withoutServer(kind))

    const tablesOf = async (server: TestServer) => {
      const schema = kind === 'mysql' ? 'database()' : `'public'`
      const sql = `select table_name from information_schema.tables where table_schema = ${schema}
        and table_name not like 'knex%' and table_name not like 'roster%'`
      return (await server.admin(sql, server.database)).map(([name]) => name).sort()
    }
    const ledgerOf = async (server: TestServer) =>
      (await server.admin('select name from knex_migrations order by id', server.database)).map(([name]) => name)

    if (kind === 'mysql') {
      test('half a step is told, and resumed after its cause is gone', async ({ shop: page, server, steps }) => {
        await planAndRehearse(page, server, steps)
        await button(page, 'Run all').click()
        const half = await halfBanner(page)
        await expect(half).toContainText(`Table 'invoice_lines' already exists`)
        await expect(half).toContainText('MariaDB keeps each change of the schema at once.')
        const sent = half.getByRole('list', { name: 'Statements that were sent' }).getByRole('listitem')
        await expect(sent).toHaveText([/done.*create table `invoices`/, /done.*insert/, /failed.*Resuming begins here/])
        await expect(button(page, 'Run all')).toHaveAccessibleDescription(/ended in the middle/)
        await pictures(page, 'half')
        expect(await tablesOf(server)).toEqual(['invoice_lines', 'invoices', 'orders'])

        await server.admin('drop table invoice_lines', server.database)
        await button(half, 'Resume').click()
        await expect(dialog(page)).toContainText('begins with statement 3')
        await page.screenshot(shot('migrations-resume'))
        await button(dialog(page), 'Resume').click()
        await expect(result(page)).toContainText('Applied 1 step')
        await expect(half).toHaveCount(0)
        await expect.poll(() => states(page)).toEqual(['Applied', 'Applied', 'Applied'])
        expect(await tablesOf(server)).toEqual(['invoice_lines', 'invoice_notes', 'invoices', 'orders'])
        // The row was written once.
        expect(await server.admin('select id from invoices', server.database)).toEqual([['7']])
      })

      test('half a step is undone, and another time marked', async ({ shop: page, server }) => {
        await button(page, 'Run all').click()
        const half = await halfBanner(page)
        await button(half, 'Undo what was done').click()
        await button(dialog(page), 'Undo what was done').click()
        await expect(half).toHaveCount(0)
        await expect.poll(() => states(page)).toEqual(['Applied', 'Applied', 'Pending'])
        expect(await tablesOf(server)).toEqual(['invoice_lines', 'orders'])

        await button(page, 'Run all').click()
        await halfBanner(page)
        await button(half, 'Mark as not applied').click()
        await page.screenshot(shot('migrations-mark'))
        await button(dialog(page), 'Mark as not applied').click()
        await expect(result(page)).toContainText('003_invoices.js is marked as not applied.')
        await expect.poll(() => states(page)).toEqual(['Applied', 'Applied', 'Pending'])
        // Nothing but ledger and journal was touched.
        expect(await tablesOf(server)).toEqual(['invoice_lines', 'invoices', 'orders'])

        await server.admin('drop table invoices', server.database)
        await button(page, 'Run all').click()
        await halfBanner(page)
        await button(half, 'Mark as applied').click()
        await button(dialog(page), 'Mark as applied').click()
        await expect(row(page, '003_invoices.js')).toContainText('marked by hand')
        expect(await ledgerOf(server)).toEqual(['001_create_orders.js', '002_add_paid.js', '003_invoices.js'])
      })
    } else {
      test('a plan, a rehearsal, a failure that is taken back, and back again', async ({
        shop: page,
        server,
        steps,
      }) => {
        await planAndRehearse(page, server, steps)
        await button(page, 'Run all').click()
        await expect(result(page)).toContainText('003_invoices.js failed at statement 3')
        await expect(result(page)).toContainText('relation "invoice_lines" already exists')
        await expect(result(page)).toContainText('nothing of it was kept')
        expect(await tablesOf(server)).toEqual(['invoice_lines', 'orders'])
        await server.admin('drop table invoice_lines', server.database)
        await button(page, 'Run all').click()
        await expect(result(page)).toContainText('Applied 1 step')
        expect(await tablesOf(server)).toEqual(['invoice_lines', 'invoice_notes', 'invoices', 'orders'])
        expect(await ledgerOf(server)).toEqual(['001_create_orders.js', '002_add_paid.js', '003_invoices.js'])

        await button(page, 'Roll back last batch').click()
        await button(dialog(page), 'Roll back').click()
        await expect(result(page)).toContainText('Rolled back 1 step')
        expect(await ledgerOf(server)).toEqual(['001_create_orders.js', '002_add_paid.js'])
      })
    }

    /** Neither writes anything, whatever the engine. */
    async function planAndRehearse(page: Page, server: TestServer, { path }: StepsFolder): Promise<void> {
      await expect(table(page)).toContainText('001_create_orders.js')
      const before = await tablesOf(server)
      await button(page, 'Plan').click()
      const plan = panel(page, /^Plan: every pending step/)
      await expect(plan.getByRole('status')).toContainText('3 steps')
      if (kind === 'mysql') {
        await expect(plan.getByRole('region', { name: '002_add_paid.js' })).toContainText('Statement by statement')
        await expect(plan.getByText('Cannot be undone').first()).toBeVisible()
      } else {
        await expect(plan.getByRole('region', { name: '002_add_paid.js' })).toContainText('All or nothing')
        await expect(plan.getByText('Cannot be undone')).toHaveCount(0)
      }
      await page.screenshot(shot(`migrations-plan-${kind}`))
      await button(plan, 'Rehearse').click()
      const rehearsal = panel(page, /^Rehearsal/)
      await button(rehearsal, 'Start the rehearsal').click()
      await expect(rehearsal.getByRole('status').last()).toContainText(/invoice_lines.*already exists/)
      await page.screenshot(shot(`migrations-rehearsal-${kind}`))
      await button(rehearsal, 'Close Rehearsal: every pending step').click()
      expect(await tablesOf(server)).toEqual(before)
      await expect(page.getByText(path)).toBeVisible()
    }
  })
}

async function halfBanner(page: Page) {
  const half = page.getByRole('region', { name: '003_invoices.js ended in the middle' })
  await expect(half).toBeVisible()
  await expect(row(page, '003_invoices.js')).toContainText('Half done')
  return half
}
