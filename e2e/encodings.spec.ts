// Booleans and dates of other writers: shown in one way, written in the owner's.
import type { Page } from '@playwright/test'
import BetterSqlite3 from 'better-sqlite3'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { openFile } from './file-dialog.ts'
import { cellOf, expect, shot, test, type Roster } from './roster.ts'

const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name)

/** A copy of a writer's file, open at its users, and a way to look into it. */
async function openUsers(page: Page, roster: Roster, name: string) {
  const file = join(roster.folder, 'users.db')
  copyFileSync(fixture(name), file)
  await openFile(page, file)
  await page.getByRole('link', { name: 'auth_user' }).click()
  await expect(page.getByRole('row').nth(5)).toBeVisible()
  const rows = () => {
    const database = new BetterSqlite3(file, { readonly: true })
    try {
      return database.prepare('select * from auth_user order by id').raw().safeIntegers().all() as unknown[][]
    } finally {
      database.close()
    }
  }
  return { file, rows, before: rows() }
}

async function save(page: Page, count: number): Promise<void> {
  const changes = count === 1 ? '1 change' : `${count} changes`
  await page.getByRole('button', { name: `Save ${changes}` }).click()
  await expect(page.getByRole('status').getByText(`Saved ${changes}`)).toBeVisible()
}

const changed = (after: unknown[][], before: unknown[][]) =>
  after.flatMap((row, r) => row.flatMap((value, c) => (Object.is(value, before[r]?.[c]) ? [] : [value])))

test('a table of PyDAL: false is F, and a date has no fraction', async ({ app: page, roster }) => {
  const { rows, before } = await openUsers(page, roster, 'pydal-sqlite.db')
  const active = await cellOf(page, 'alice@example.com', 'active')
  const first = active.first()
  await expect(first).toHaveText('true')
  await expect(first).toHaveAttribute('title', "Stored as 'T'")
  await expect(page.getByRole('columnheader', { name: /^active/ })).toHaveAttribute('title', /'T' for true and 'F'/)
  await first.click()
  await page.keyboard.press('Space')
  await expect(first).toHaveText('false')
  await expect(first).toHaveAttribute('title', "Not saved yet. It will be stored as 'F'. Stored: true ('T')")

  const confirmed = (await cellOf(page, 'alice@example.com', 'confirmed_at')).first()
  await confirmed.dblclick()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('2024-02-30 10:00')
  await page.keyboard.press('Enter')
  await expect(page.getByText('No such date. Accepted here: 2024-01-31 09:30:00')).toBeVisible()
  await page.screenshot(shot('encodings-no-such-date'))
  await page.keyboard.press('Control+A')
  await page.keyboard.type('2024-02-29T10:00')
  await page.keyboard.press('Enter')
  await expect(confirmed).toHaveText('2024-02-29 10:00:00')

  await page.getByRole('button', { name: 'Show changes' }).click()
  await expect(page.getByRole('complementary', { name: 'Changes' })).toContainText('true → false')
  await save(page, 1)
  expect(changed(rows(), before)).toEqual(['F', '2024-02-29 10:00:00'])
})

test('a typed or pasted boolean is written in the column’s spelling', async ({ app: page, roster }) => {
  const { rows, before } = await openUsers(page, roster, 'pydal-sqlite.db')
  const first = (await cellOf(page, 'alice@example.com', 'active')).first()
  await first.click()
  await page.keyboard.press('n')
  await expect(first).toHaveText('false')
  // As the browser hands it over; the clipboard itself is the machine's.
  const paste = (text: string) =>
    page.evaluate(`{
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', ${JSON.stringify(text)})
      const pasted = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
      document.querySelector('[role=grid]').dispatchEvent(pasted)
    }`)
  await paste('TRUE')
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled()
  await paste('maybe')
  await expect(page.getByText('Not pasted into active: “maybe” is neither true nor false.')).toBeVisible()
  await paste('0')
  await expect(first).toHaveText('false')
  await save(page, 1)
  expect(changed(rows(), before)).toEqual(['F'])
})

test('a table of GORM: now keeps the shape, and the zone of a row is kept', async ({ app: page, roster }) => {
  const { rows, before } = await openUsers(page, roster, 'gorm-sqlite.db')
  const at = before.findIndex((row) => String(row[5]).endsWith('+05:30'))
  const email = String(before[at]?.[1])
  await page.getByLabel('Search all text').fill(email)
  const cell = (await cellOf(page, email, 'confirmed_at')).first()
  await cell.dblclick()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('2024-02-29 10:00:00.120')
  await page.keyboard.press('Enter')
  await expect(cell).toHaveText('2024-02-29 10:00:00.12+05:30')
  await save(page, 1)
  // GORM sets updated_at in every change, and so does Roster.
  expect(changed(rows(), before)).toEqual(['2024-02-29 10:00:00.12+05:30', expect.stringMatching(/\+00:00$/)])
  await cell.click()
  await page.keyboard.press('Control+;')
  await expect(cell).toHaveText(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,3})?\+00:00$/)
})

test('a column of two spellings is read-only until a person chooses', async ({ app: page, roster }) => {
  const { file } = await openUsers(page, roster, 'pydal-sqlite.db')
  const other = new BetterSqlite3(file)
  other.exec("update auth_user set active = '1' where id = 1; update auth_user set active = null where id = 2")
  await page.keyboard.press('F5')
  await expect(page.getByRole('columnheader', { name: /^active/ })).toHaveAttribute('title', /in several ways/)
  const [foreign, unset] = [page.locator('[aria-rowindex="2"]'), page.locator('[aria-rowindex="3"]')].map((row) =>
    row.locator('[data-column=active]'),
  )
  await expect(foreign!).toHaveText('1')
  await unset!.click()
  await page.keyboard.press('Space')
  await expect(page.getByText(/active is written in several ways: .* Choose how active is written/)).toBeVisible()
  await page.screenshot(shot('encodings-mixed'))

  await unset!.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'How active is written…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel("As the texts 'T' for true and 'F' for false").check()
  await page.screenshot(shot('encodings-choice'))
  await dialog.getByRole('button', { name: 'Write it so' }).click()
  await unset!.click()
  await page.keyboard.press('Space')
  await expect(unset!).toHaveText('true')
  await foreign!.click()
  await page.keyboard.press('Space')
  await expect(page.getByText(/This row holds '1', but active is written as/)).toBeVisible()
  await save(page, 1)
  expect(other.prepare('select active from auth_user where id < 3 order by id').pluck().all()).toEqual(['1', 'T'])
  other.close()
})

test('what stands behind a boolean is shown in the value dialog', async ({ app: page, roster }) => {
  await openUsers(page, roster, 'pydal-sqlite.db')
  const first = (await cellOf(page, 'alice@example.com', 'active')).first()
  await first.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Open value' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Stored as')
  await expect(dialog).toContainText("'T'")
  await page.screenshot(shot('encodings-value'))
})
