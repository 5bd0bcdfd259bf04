// A person’s day with a table of 1,000,000 users: jump, sort, filter, edit, undo, meet a conflict, save, take back.
import Sqlite from 'better-sqlite3'
import type { Page } from '@playwright/test'
import { join } from 'node:path'
import { fillUsers } from '../bench/grid/big-table.ts'
import { openFile } from './file-dialog.ts'
import { expect, shot, test } from './roster.ts'

const ROWS = 1_000_000

const cell = (page: Page, row: number, column: string) =>
  page.locator(`[role=row][aria-rowindex="${row + 1}"] [data-column="${column}"]`)

async function type(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+A')
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
}

async function goTo(page: Page, keys: string, text: string): Promise<void> {
  await page.keyboard.press(keys)
  await page.getByRole('dialog').getByRole('textbox').fill(text)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeHidden()
}

test('a million users, from the first row to the last save', { tag: '@browser' }, async ({ app: page, roster }) => {
  test.setTimeout(180_000)
  const file = join(roster.folder, 'million.db')
  await fillUsers('sqlite', file, ROWS)
  const other = new Sqlite(file)
  const emailOf = (id: number) => other.prepare('select email from auth_user where id = ?').pluck().get(id)
  const before = [emailOf(700_000), emailOf(700_001)] as [string, string]

  await openFile(page, file)
  await page.getByRole('link', { name: 'auth_user' }).click()
  const grid = page.getByRole('grid', { name: 'auth_user' })
  await expect(page.getByLabel('Row count')).toHaveText(/^1,000,000 rows, counted /)
  await cell(page, 1, 'email').click()

  await test.step('jumps: by number, to the end, by value in another order', async () => {
    await goTo(page, 'Control+g', '700,000')
    await expect(cell(page, 700_000, 'email')).toHaveText(before[0])
    await pictured(page, 'million-jump')
    await page.keyboard.press('Control+End')
    await expect(cell(page, ROWS, 'id')).toHaveText(String(ROWS))
    await page.setViewportSize({ width: 1280, height: 600 })
    await expect(cell(page, ROWS, 'id')).toBeInViewport()
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.getByRole('columnheader', { name: /^email/ }).click()
    await expect(page.getByText('Sorted by email, ascending')).toBeVisible()
    await grid.focus()
    await goTo(page, 'Control+Shift+g', before[0])
    await expect(page.locator('[data-current] [data-column=email]')).toHaveText(before[0])
    const rank = other.prepare('select count(*) from auth_user where email < ?').pluck().get(before[0]) as number
    await expect(cell(page, rank + 1, 'email')).toHaveText(before[0])
    await page.keyboard.press('Alt+ArrowUp')
    await page.getByRole('columnheader', { name: /^id/ }).click()
    await expect(page.getByText('Sorted by id, ascending')).toBeVisible()
  })

  await test.step('a filter is found, and left again', async () => {
    const name = before[0].slice(0, before[0].indexOf('@'))
    const field = page.getByLabel('Search all text')
    await field.fill(name)
    await expect(page.getByRole('gridcell', { name: before[0], exact: true })).toBeVisible()
    await expect(page.getByLabel('Row count')).toHaveText(/^[\d,]+ rows? contains? /)
    await pictured(page, 'million-filter')
    await field.press('Escape')
    await expect(page.getByLabel('Row count')).toHaveText(/^1,000,000 rows, counted /)
  })

  await test.step('two users exchange their emails; one edit is undone and done again', async () => {
    await cell(page, 1, 'email').click()
    await goTo(page, 'Control+g', '700000')
    await cell(page, 700_000, 'email').click()
    await type(page, before[1])
    await cell(page, 700_001, 'email').click()
    await type(page, before[0])
    await page.keyboard.press('Control+z')
    await expect(cell(page, 700_001, 'email')).toHaveText(before[1])
    await page.keyboard.press('Control+y')
    await expect(cell(page, 700_001, 'email')).toHaveText(before[0])
  })

  await test.step('what another program changed is not overwritten', async () => {
    other.prepare("update auth_user set email = 'theirs@example.org' where id = 700001").run()
    await page.getByRole('button', { name: 'Save 2 changes' }).click()
    const conflict = page.getByRole('dialog')
    await expect(conflict).toContainText('theirs@example.org')
    await pictured(page, 'million-conflict')
    expect([emailOf(700_000), emailOf(700_001)]).toEqual([before[0], 'theirs@example.org'])
    await conflict.getByRole('button', { name: /^Mine: email/ }).click()
    await conflict.getByRole('button', { name: 'Save again' }).click()
    await expect(page.getByRole('status').getByText('Saved 2 changes')).toBeVisible()
    expect([emailOf(700_000), emailOf(700_001)]).toEqual([before[1], before[0]])
    await pictured(page, 'million-saved')
  })

  await test.step('the save is taken back', async () => {
    await page.getByRole('button', { name: 'Saves of this table' }).click()
    const dialog = page.getByRole('dialog')
    await dialog
      .getByRole('button', { name: /^Revert the save/ })
      .first()
      .click()
    await dialog.getByRole('button', { name: 'Revert this save' }).click()
    await expect(page.getByRole('status').getByText('Took back the save')).toBeVisible()
    expect([emailOf(700_000), emailOf(700_001)]).toEqual([before[0], 'theirs@example.org'])
    await expect(cell(page, 700_001, 'email')).toHaveText('theirs@example.org')
  })
  other.close()
})

async function pictured(page: Page, name: string): Promise<void> {
  for (const [width, height] of [
    [1280, 800],
    [1920, 1080],
  ] as const) {
    await page.setViewportSize({ width, height })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.screenshot(shot(`${name}-${colorScheme}-${width}`))
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 800 })
}
