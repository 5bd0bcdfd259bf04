// A folder of migrations of one's own: looking runs nothing, trust is for files as they are, and a new step is a file.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { shot } from './roster.ts'
import {
  bar,
  button,
  chooseFolder,
  closeDialog,
  dialog,
  expect,
  lookAgain,
  openMigrations,
  panel,
  pictures,
  row,
  shopSteps,
  step,
  table,
  test,
  trustFolder,
} from './migrations.ts'

/** Its outermost code leaves a file behind as soon as anything loads it. */
const traced = (trace: string) =>
  step(
    'Counts visits.',
    `await knex.schema.createTable('visits', (table) => table.increments('id'))`,
    `await knex.schema.dropTable('visits')`,
    `require('node:fs').writeFileSync(${JSON.stringify(trace)}, 'loaded')`,
  )

test('a folder is looked at without running it, trusted, and asked about again when a file changes @browser', async ({
  app: page,
  roster,
  steps,
}) => {
  const trace = join(roster.folder, 'trace.txt')
  steps.write({ ...shopSteps, '004_visits.js': traced(trace), 'read-me.md': 'Not a step.' })
  await openMigrations(page)
  await expect(bar(page)).toContainText('Roster’s own steps')

  await test.step('names, sources and what is pending are shown, and nothing has run', async () => {
    await chooseFolder(page, steps.path)
    await expect(bar(page)).toContainText('Not trusted')
    await expect(page.getByText('4 steps · 0 applied · 4 pending')).toBeVisible()
    await expect(row(page, '001_create_orders.js')).toContainText('Creates orders.')
    await expect(row(page, '003_index_number.up.sql')).toContainText('Finds orders by number.')
    await expect(table(page)).not.toContainText('read-me')
    for (const name of ['Plan', 'Run all', 'Run next']) {
      await expect(button(page, name)).toHaveAttribute('aria-disabled', 'true')
      await expect(button(page, name)).toHaveAccessibleDescription(/The folder is not trusted yet/)
    }
    await page.getByRole('button', { name: 'Actions for 004_visits.js' }).click()
    await expect(page.getByRole('menuitem', { name: 'Run up to here' })).toBeDisabled()
    await page.getByRole('menuitem', { name: 'Show the file' }).click()
    await expect(dialog(page)).toContainText(`createTable('visits'`)
    await closeDialog(page)
    expect(existsSync(trace)).toBe(false)
  })

  await test.step('trust shows what it is for', async () => {
    await button(bar(page), 'Review and trust').click()
    await expect(dialog(page)).toContainText(steps.path)
    await expect(dialog(page)).toContainText('are programs')
    // Both halves of a pair are files.
    await expect(dialog(page).getByRole('listitem')).toHaveCount(5)
    await dialog(page)
      .getByRole('button', { name: /^004_visits\.js/ })
      .click()
    await expect(dialog(page)).toContainText('writeFileSync')
    await pictures(page, 'trust')
    await button(dialog(page), 'Trust this folder').click()
    await expect(dialog(page)).toHaveCount(0)
    await expect(bar(page).getByText('Trusted', { exact: true })).toBeVisible()
    expect(existsSync(trace)).toBe(false)
  })

  await test.step('only a plan loads the steps', async () => {
    await button(page, 'Plan').click()
    await expect(panel(page, /^Plan: every pending step/)).toContainText('visits')
    expect(existsSync(trace)).toBe(true)
  })

  await test.step('a changed file asks again, and what is trusted is what was shown', async () => {
    steps.write({ '004_visits.js': `${traced(trace)}// Nobody has seen this line.\n` })
    await lookAgain(page)
    await expect(bar(page)).toContainText('1 file changed since the folder was trusted.')
    await expect(button(page, 'Run all')).toHaveAccessibleDescription(/has changed since it was trusted/)
    await button(bar(page), 'Review and trust').click()
    await expect(dialog(page).getByRole('listitem').first()).toContainText(/004_visits\.js\s*Changed/)
    await expect(dialog(page).getByText('As before')).toHaveCount(4)
    steps.write({ '004_visits.js': traced(trace) + '// Nor this one.\n' })
    await button(dialog(page), 'Trust this folder').click()
    await expect(dialog(page).getByRole('alert')).toBeVisible()
    await expect(button(dialog(page), 'Trust this folder')).toHaveAttribute('aria-disabled', 'true')
    await button(dialog(page), 'Read the folder again').click()
    await button(dialog(page), 'Trust this folder').click()
    await expect(dialog(page)).toHaveCount(0)
    await button(page, 'Run all').click()
    await expect(page.getByText('Applied 4 steps')).toBeVisible()
  })
})

test('a folder that is not there, or not to be reached, is refused in words @browser', async ({
  app: page,
  roster,
}) => {
  await openMigrations(page)
  await button(bar(page), 'Choose a folder').click()
  await dialog(page).getByLabel('Path').fill(join(roster.folder, 'nowhere'))
  await button(dialog(page), 'Choose').click()
  await expect(dialog(page).getByRole('alert')).toContainText('nowhere')
  await dialog(page).getByLabel('Path').fill('/')
  await button(dialog(page), 'Choose').click()
  await expect(dialog(page).getByRole('alert')).not.toContainText('nowhere')
  await page.keyboard.press('Escape')
  await expect(bar(page)).toContainText('Roster’s own steps')
})

test('a new migration is a file with a date, a name and a beginning @browser', async ({ app: page, steps }) => {
  await openMigrations(page)
  await expect(button(bar(page), 'New migration')).toHaveAccessibleDescription(/Choose a folder/)
  await chooseFolder(page, steps.path)
  await expect(table(page)).toContainText('There is no step here yet.')
  await expect(page.getByText('At head')).toHaveCount(0)

  await button(bar(page), 'New migration').click()
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toContainText('A title is needed.')
  await dialog(page).getByLabel('What it does').fill('Add a phone number')
  await expect(dialog(page)).toContainText(/\d{14}_add_a_phone_number\.ts/)
  await page.screenshot(shot('migrations-new'))
  await page.keyboard.press('Enter')
  await expect(dialog(page).getByRole('status')).toContainText('The file is written')
  await closeDialog(page)
  const [first] = readdirSync(steps.path)
  expect(first).toMatch(/^\d{14}_add_a_phone_number\.ts$/)
  expect(readFileSync(join(steps.path, first!), 'utf8')).toMatch(/^\/\/ Add a phone number\.\n/)
  await expect(row(page, first!)).toContainText('Add a phone number')

  await button(bar(page), 'New migration').click()
  await dialog(page).getByLabel('What it does').fill('Drop the fax')
  await dialog(page).getByLabel('SQL').check()
  await button(dialog(page), 'Write the files').click()
  await expect(dialog(page).getByRole('status')).toContainText('The files are written')
  await closeDialog(page)
  await expect(table(page).getByRole('rowheader')).toHaveCount(2)
  expect(readdirSync(steps.path).filter((name) => /_drop_the_fax\.(up|down)\.sql$/.test(name))).toHaveLength(2)
  await trustFolder(page)
  await button(page, 'Run all').click()
  await expect(page.getByText('Applied 2 steps')).toBeVisible()
})
