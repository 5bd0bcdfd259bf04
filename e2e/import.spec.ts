// Addresses of other software: pasted and looked at before they fill the form, and copied in the form that is wanted.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { expect, test } from './roster.ts'
import { shootAll } from './shoot-all.ts'

const dialog = (page: Page) => page.getByRole('dialog')
const field = (page: Page, name: string) => dialog(page).getByRole('textbox', { name, exact: true })
const take = (page: Page) => dialog(page).getByRole('button', { name: 'Fill in the form' })
const leftOut = (page: Page) => dialog(page).getByRole('region', { name: 'Left out' })
const profile = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Databases' }).getByRole('button', { name, exact: true })

async function openImport(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New profile' }).click()
  await page.getByRole('menuitem', { name: /^Import settings/ }).click()
  await expect(field(page, 'Connection string')).toBeFocused()
}

/** A listener that counts who comes, in the place of a database. */
async function startListener() {
  let visits = 0
  const server = createServer((socket) => {
    visits++
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The listener has no port.')
  return { port: address.port, visits: () => visits, [Symbol.dispose]: () => void server.close() }
}

test('a pasted SQLAlchemy URL: each dangerous setting needs its own tick, and nothing is connected @browser', async ({
  app: page,
  roster,
}) => {
  using listener = await startListener()
  await openImport(page)
  await expect(take(page)).toHaveAccessibleDescription('Paste a connection string first.')
  await field(page, 'Connection string').fill('hello')
  await expect(dialog(page).getByRole('status').last()).toContainText(/^The text /)
  const hostile = `?host=127.0.0.1&port=${listener.port}&sslmode=disable&options=-c%20role%3Dadmin`
  await field(page, 'Connection string').fill(
    `postgresql+psycopg2://app:canary%2Dof%2Dpaste@db.example.com/shop${hostile}`,
  )
  await expect(dialog(page).getByText('SQLAlchemy URL', { exact: true })).toBeVisible()
  await expect(dialog(page).getByRole('row', { name: /^Password/ })).toContainText('••••••••')
  const other = leftOut(page).getByRole('checkbox', { name: /^host = 127\.0\.0\.1/ })
  const off = leftOut(page).getByRole('checkbox', { name: /^sslmode = disable/ })
  await expect(other).not.toBeChecked()
  await expect(other).toHaveAccessibleDescription(/the password would go there/)
  await expect(off).not.toBeChecked()
  await expect(leftOut(page)).toContainText('Always left outoptions = -c role=admin')
  await expect(dialog(page).getByRole('row', { name: /^Host/ })).toContainText('db.example.com')
  await shootAll(page, 'import-hostile')
  await off.check()
  await expect(dialog(page).getByRole('row', { name: /^TLS/ })).toContainText('off')
  await expect(dialog(page).getByRole('row', { name: /^Host/ })).toContainText('db.example.com')
  // A text that is touched is another text: what was agreed to is asked again.
  await field(page, 'Connection string').press('Control+End')
  await page.keyboard.type('&connect_timeout=5')
  await expect(off).not.toBeChecked()
  await expect(dialog(page).getByRole('row', { name: /^TLS/ })).toContainText('checked')
  // The new text is read a moment after the last key; until then the boxes are those of the old one.
  await expect(take(page)).not.toHaveAttribute('aria-disabled', 'true')
  await other.check()
  await expect(dialog(page).getByRole('row', { name: /^Host/ })).toContainText('127.0.0.1')
  await expect(take(page)).not.toHaveAttribute('aria-disabled', 'true')
  await take(page).click()
  await expect(field(page, 'Host')).toHaveValue('127.0.0.1')
  await expect(field(page, 'Password')).toHaveAttribute('placeholder', 'Taken from the connection string')
  expect(await page.content()).not.toContain('canary')
  expect(listener.visits()).toBe(0)
  await dialog(page).getByRole('button', { name: 'Cancel' }).click()
  expect(readFileSync(join(roster.folder, 'data/profiles.json'), 'utf8')).not.toContain('shop')
  expect(readFileSync(join(roster.folder, 'data/roster.log'), 'utf8')).not.toContain('canary')
})

test('a text that two forms read is read as the one that is chosen @browser', async ({ app: page }) => {
  await openImport(page)
  await field(page, 'Connection string').fill('postgresql://app:pw%2F1@db.example.com/my%20shop')
  await expect(dialog(page).getByLabel('Read as')).toBeVisible()
  const names = await dialog(page).getByLabel('Read as').locator('option').allInnerTexts()
  expect(names.length).toBeGreaterThan(1)
  await dialog(page).getByLabel('Read as').selectOption('libpq-url')
  await expect(dialog(page).getByRole('row', { name: /^Name/ })).toContainText('my shop')
  await dialog(page).getByLabel('Read as').selectOption('sqlalchemy')
  await expect(dialog(page).getByRole('row', { name: /^Name/ })).toContainText('my%20shop')
  await shootAll(page, 'import-forms')
  await dialog(page).getByLabel('Read as').selectOption('libpq-url')
  await expect(dialog(page).getByRole('row', { name: /^Name/ })).toContainText('my shop')
  await take(page).click()
  await expect(field(page, 'Database')).toHaveValue('my shop')
  await expect(field(page, 'Name')).toHaveValue('my shop on db.example.com')
})

test('a path of SQLite shows the files that it may mean @browser', async ({ app: page, roster }) => {
  mkdirSync(join(roster.folder, 'databases'))
  const fixture = join(import.meta.dirname, 'fixtures/sqlalchemy-sqlite.db')
  copyFileSync(fixture, join(roster.folder, 'shop.db'))
  copyFileSync(fixture, join(roster.folder, 'databases/shop.db'))
  writeFileSync(join(roster.folder, 'databases/other.txt'), 'no database')
  await openImport(page)
  await field(page, 'Connection string').fill('sqlite://shop.db')
  const files = dialog(page).getByRole('radiogroup', { name: 'The file that is meant' }).getByRole('radio')
  await expect(files).toHaveCount(2)
  await shootAll(page, 'import-sqlite')
  await dialog(page)
    .getByRole('radio', { name: /databases\/shop\.db/ })
    .check()
  await take(page).click()
  await expect(field(page, 'File')).toHaveValue(join(roster.folder, 'databases/shop.db'))
})

test('a profile is copied as what other software reads, without its password unless asked @browser', async ({
  app: page,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await openImport(page)
  await field(page, 'Connection string').fill('mysql://app:canary%40copy@127.0.0.1:1/shop?ssl-mode=REQUIRED')
  await expect(take(page)).not.toHaveAttribute('aria-disabled', 'true')
  await take(page).click()
  await dialog(page).getByRole('checkbox', { name: 'Read-only' }).check()
  await dialog(page).getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText(/Nothing listens at 127\.0\.0\.1:1/).first()).toBeVisible()

  await profile(page, 'shop on 127.0.0.1').focus()
  await page.keyboard.press('Control+C')
  const text = dialog(page).getByRole('textbox', { name: 'Text to copy' })
  await expect(text).toContainText('mysql://app@127.0.0.1:1/shop')
  await expect(dialog(page).getByText('That the profile is read-only is not in it.')).toBeVisible()
  await expect(dialog(page).getByLabel('Form').locator('option')).toHaveCount(5)
  await dialog(page).getByLabel('Form').selectOption('sqlalchemy')
  await expect(text).toContainText(/^mysql(\+\w+)?:\/\/app@127\.0\.0\.1:1\/shop/)
  const box = dialog(page).getByRole('checkbox', { name: 'With the password' })
  await expect(box).not.toBeChecked()
  await shootAll(page, 'copy-as')
  await dialog(page).getByRole('button', { name: 'Copy', exact: true }).click()
  await expect(dialog(page).getByRole('button', { name: 'Copied' })).toBeVisible()
  expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(await text.innerText())

  await box.check()
  await expect(dialog(page).getByText(/the text lets anybody in who has it/)).toBeVisible()
  await expect(text).toContainText('app:canary%40copy@127.0.0.1')
  await shootAll(page, 'copy-as-password')
  await page.keyboard.press('Escape')
  await expect(profile(page, 'shop on 127.0.0.1')).toBeFocused()
  await page.getByRole('button', { name: 'Actions for Sample users (SQLite)' }).click()
  await page.getByRole('menuitem', { name: 'Copy as…' }).click()
  await expect(text).toContainText(/^sqlite:\/\/\/\/.*sample\.db$/)
  await expect(box).toHaveCount(0)
})
