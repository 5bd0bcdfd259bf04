// The health of the users table beside the grid: numbers that filter it, charts, and a run that is cancelled.
import type { Page } from '@playwright/test'
import Sqlite from 'better-sqlite3'
import { fillUsers } from '../bench/grid/big-table.ts'
import { addDemoUsers, expect, migrate, shot, test } from './roster.ts'
import { shootAll } from './shoot-all.ts'

/** Users as others may have written them, beside the demo users. */
const ODD = [
  `insert into auth_user (email, password, active, fs_uniquifier, confirmed_at) values
    ('Odd.One@example.net', 'secret', 'F', null, '2024-05-01T10:00:00'),
    ('odd.one@example.net', '$2b$05$F/WNX58fG5fApdCuxsWt1OMOZgnoaIMoU/ObHEUXGQqM.y.zICBI6', 1, 'short', '1854-05-01 10:00:00.000000'),
    ('no address', null, 0, '00000000000040008000000000000001', null)`,
]

const panelOf = (page: Page) => page.getByRole('complementary', { name: 'Health' })
const rowsFound = (page: Page) => page.getByLabel('Row count')

async function open(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Health' }).click()
  await expect(panelOf(page).getByText(/^as of \d\d:\d\d:\d\d$/)).toBeVisible({ timeout: 30_000 })
}

test('each number of the health filters the grid to as many rows @browser', async ({ app: page, roster }) => {
  await migrate(page)
  await addDemoUsers(page, '10,000')
  const file = new Sqlite(roster.sample)
  for (const sql of ODD) file.exec(sql)
  const counted = (sql: string) => Number(file.prepare(`select count(*) from auth_user where ${sql}`).pluck().get())
  await open(page)
  const panel = panelOf(page)
  const expected: Record<string, number> = {
    Inactive: counted('active = 0'),
    'Never confirmed': counted('confirmed_at is null'),
    'No password': counted("password is null or password = ''"),
    'Weak or old hash': 2,
    'Same email twice': 2,
    'Not an email address': 1,
    'No valid fs_uniquifier': 2,
    'Impossible date': 1,
    'Foreign encoding in active': 1,
    'Foreign encoding in confirmed_at': 1,
  }
  for (const [title, rows] of Object.entries(expected)) {
    const number = rows.toLocaleString('en-US')
    const fact = panel.getByRole('button', { name: `${title}: ${number}`, exact: true })
    await fact.click()
    await expect(fact).toHaveAttribute('aria-pressed', 'true')
    await expect(rowsFound(page)).toContainText(`${number} row${rows === 1 ? '' : 's'} match`)
  }
  await page.screenshot(shot('health-pressed'))

  await test.step('pressed again, all rows are back', async () => {
    await panel.getByRole('button', { name: 'Foreign encoding in confirmed_at: 1' }).click()
    await expect(page.getByRole('group', { name: /^Filter:/ })).toBeHidden()
    await expect(rowsFound(page)).toContainText('10,003 rows')
  })

  await test.step('a foreign encoding leads to its report', async () => {
    await panel.getByRole('button', { name: 'Foreign encoding in active: 1' }).click()
    await panel.getByRole('button', { name: 'Report…' }).click()
    const report = page.getByRole('dialog')
    await expect(report).toContainText('active')
    await page.keyboard.press('Escape')
    await expect(report).toBeHidden()
    await expect(panel).toBeVisible()
    await panel.getByRole('button', { name: 'Foreign encoding in active: 1' }).click()
  })

  await test.step('charts are drawn, and told as tables', async () => {
    for (const title of ['Active and inactive', 'Confirmations by month', 'Password hashes', 'Email domains']) {
      const chart = panel.getByRole('figure', { name: title })
      await chart.scrollIntoViewIfNeeded()
      await expect(chart.locator('svg .recharts-bar-rectangle, svg .recharts-area-area').first()).toBeVisible()
    }
    await panel.getByRole('figure', { name: 'Confirmations by month' }).locator('svg').first().hover()
    await expect(panel.getByText(/^\d{4}-\d{2}: \d+$/)).toBeVisible()
    const table = panel.getByRole('table', { name: 'Active and inactive' })
    const inactive = table
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: 'inactive', exact: true }) })
    await expect(inactive.getByRole('cell')).toHaveText(counted('active = 0').toLocaleString('en-US'))
    await expect(panel.getByRole('table', { name: 'Password hashes' })).toContainText('bcrypt')
    await panel.getByRole('button', { name: /^Inactive:/ }).scrollIntoViewIfNeeded()
    await shootAll(page, 'health')
    await panel.getByRole('figure', { name: 'Email domains' }).scrollIntoViewIfNeeded()
    await shootAll(page, 'health-charts')
  })

  await test.step('what was mended since is counted by another run', async () => {
    file.exec("delete from auth_user where email = 'no address'")
    await panel.getByRole('button', { name: 'Run again' }).click()
    await expect(panel.getByRole('button', { name: 'Not an email address: 0' })).toBeDisabled()
  })

  await test.step('Esc closes it, and the filter of a password column asks for schemes', async () => {
    await panel.getByRole('button', { name: /^Inactive:/ }).focus()
    await page.keyboard.press('Escape')
    await expect(panel).toBeHidden()
    await page.keyboard.press('Control+Shift+F')
    const form = page.getByRole('form', { name: 'New condition' })
    await form.getByLabel('Column').selectOption('password')
    await form.getByLabel('Test').selectOption({ label: 'is of the scheme' })
    await form.getByLabel('Value').selectOption('bcrypt')
    await form.getByRole('button', { name: 'Add' }).click()
    await expect(page.getByRole('group', { name: 'Filter: password is a hash of bcrypt' })).toBeVisible()
    await expect(rowsFound(page)).toContainText('1 row match')
  })
  file.close()
})

test('a run over many rows shows how far it is, and ends when it is cancelled @browser', async ({
  app: page,
  roster,
}) => {
  await migrate(page)
  await fillUsers('sqlite', roster.sample, 400_000)
  await page.getByRole('link', { name: 'auth_user' }).click()
  await page.getByRole('button', { name: 'Health' }).click()
  const panel = panelOf(page)
  await expect(panel.getByText(/of about 4\d\d,\d{3} rows$/)).toBeVisible()
  await panel.getByRole('button', { name: 'Cancel' }).click()
  await expect(panel.getByText(/^stopped, as of/)).toBeVisible()
  await expect(panel.getByRole('progressbar')).toBeHidden()
  // A number of a part of the table is no number to be clicked.
  await expect(panel.getByRole('button', { name: /^Inactive:/ })).toBeDisabled()
  await panel.getByRole('button', { name: 'Run again' }).click()
  await expect(panel.getByText(/of about 4\d\d,\d{3} rows$/)).toBeVisible()
  await page.screenshot(shot('health-running'))
  await expect(panel.getByText(/^as of/)).toBeVisible({ timeout: 60_000 })
  await expect(panel.getByRole('button', { name: /^Inactive:/ })).toBeEnabled()
})
