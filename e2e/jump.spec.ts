// Any row of a large table is one step away: by the bar, by keys, by its number and by its value; and what an order costs is said.
import type { Page } from '@playwright/test'
import Sqlite from 'better-sqlite3'
import { join } from 'node:path'
import { openFile } from './file-dialog.ts'
import { expect, shot, test, type Roster } from './roster.ts'

const ROWS = 200_000

/** Emails in another order than keys, notes that no index serves. */
function fill(file: string): void {
  const database = new Sqlite(file)
  database.exec(`
    create table people (id integer primary key, email text not null, note text);
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${ROWS})
    insert into people select i, printf('%06d@people.test', (i * 7919) % ${ROWS}), 'note ' || ((i * 31) % ${ROWS}) from n;
    create unique index people_email on people (email);
    analyze;
  `)
  database.close()
}

async function open(page: Page, roster: Roster): Promise<void> {
  const file = join(roster.folder, 'people.db')
  fill(file)
  await openFile(page, file)
  await page.getByRole('treeitem', { name: 'people', exact: true }).click()
  await expect(page.getByLabel('Row count')).toHaveText(/^200,000 rows, counted \d\d:\d\d:\d\d$/)
}

const cell = (page: Page, row: number, column: string) =>
  page.locator(`[role=row][aria-rowindex="${row + 1}"] [data-column="${column}"]`)
const status = (page: Page) => page.getByRole('button', { name: /^(Rows|About rows) / })

test(
  'the last row, a row by its number, by a share and by the bar',
  { tag: '@browser' },
  async ({ app: page, roster }) => {
    await open(page, roster)
    await cell(page, 1, 'email').click()
    await page.keyboard.press('Control+End')
    await expect(cell(page, ROWS, 'id')).toHaveText('200000')
    await expect(status(page)).toHaveText(/to 200,000$/)

    await page.keyboard.press('Control+g')
    const dialog = page.getByRole('dialog', { name: 'Go to row' })
    await dialog.getByRole('textbox').fill('row 7')
    await page.keyboard.press('Enter')
    await expect(dialog).toContainText('Type a row number from 1 to 200,000, or a share such as 70%.')
    await dialog.getByRole('textbox').fill('140,000')
    await page.keyboard.press('Enter')
    await expect(cell(page, 140_000, 'id')).toHaveText('140000')
    await expect(page.getByText('Row 140,000 of 200,000.', { exact: true })).toBeAttached()
    // The keys go on from there.
    await page.keyboard.press('ArrowDown')
    await expect(cell(page, 140_001, 'id')).toHaveAttribute('aria-selected', /true|false/)
    await expect(page.locator('[data-current] [data-column=id]')).toHaveText('140001')

    await page.keyboard.press('Control+g')
    await page.getByRole('dialog').getByRole('textbox').fill('25%')
    await page.keyboard.press('Enter')
    await expect(cell(page, 50_001, 'id')).toHaveText('50001')

    // The bar in its middle, as by a hand: Playwright hides the bar itself.
    await page.evaluate(`{
      const bar = document.querySelector('[role=grid] > [role=presentation]')
      bar.scrollTop = (bar.scrollHeight - bar.clientHeight) / 2
    }`)
    const first = page.locator('[role=row][data-line] [data-column=id]').first()
    await expect(first).toHaveText(/^(99|100)\d{3}$/)
    const number = await page.locator('[role=row][data-line]').first().getAttribute('aria-rowindex')
    await expect(first).toHaveText(String(Number(number) - 1))
    await picture(page, 'jump-grid')
  },
)

test('a value, in the order of its column', { tag: '@browser' }, async ({ app: page, roster }) => {
  await open(page, roster)
  await cell(page, 1, 'email').click()
  await page.keyboard.press('Control+Shift+g')
  const dialog = page.getByRole('dialog', { name: 'Go to email' })
  await dialog.getByRole('textbox').fill('123456')
  await picture(page, 'jump-value')
  await dialog.getByRole('button', { name: 'Sort by email and go' }).click()
  await expect(page.locator('[data-current] [data-column=email]')).toHaveText('123456@people.test')
  await expect(cell(page, 123_457, 'email')).toHaveText('123456@people.test')
  await expect(page.getByText('Row 123,457 of 200,000.', { exact: true })).toBeAttached()

  await page.keyboard.press('Control+Shift+g')
  await dialog.getByRole('textbox').fill('150000x')
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-current] [data-column=email]')).toHaveText('150001@people.test')
  await page.keyboard.press('Control+Shift+g')
  await dialog.getByRole('textbox').fill('zzz')
  await page.keyboard.press('Enter')
  await expect(page.getByText('No row has email at or beyond “zzz”. This is the last one.')).toBeVisible()
  await expect(cell(page, ROWS, 'email')).toHaveText('199999@people.test')
})

test('an order without an index is asked about first', { tag: '@browser' }, async ({ app: page, roster }) => {
  await open(page, roster)
  const header = page.getByRole('columnheader', { name: /^note/ })
  await header.click()
  const dialog = page.getByRole('dialog', { name: 'No index serves this order by note' })
  await expect(dialog).toContainText('200,000')
  await picture(page, 'jump-sort')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toBeHidden()
  await expect(cell(page, 1, 'id')).toHaveText('1')
  await expect(page.getByText('Sorted by note, ascending')).toBeHidden()

  // Without a folder of its own the profile takes no file: the SQL is there to be copied.
  await header.click()
  await dialog.getByRole('button', { name: 'Write a migration that makes the index' }).click()
  await expect(dialog.getByLabel('SQL of the index')).toContainText(/create index/i)
  await dialog.getByRole('button', { name: 'Sort anyway' }).click()
  await expect(page.getByText('Sorted by note, ascending')).toBeVisible()
  await expect(cell(page, 1, 'note')).toHaveText('note 0')
  await expect(cell(page, 2, 'note')).toHaveText('note 1')
})

async function picture(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot(shot(`${name}-${colorScheme}`))
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
