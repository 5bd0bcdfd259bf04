// Profiles as a person makes them: by the form, from settings; found, put in order, marked, and guarded on production.
import BetterSqlite3 from 'better-sqlite3'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { startFakeMysql } from '../scripts/servers/fake-mysql.ts'
import { openFile } from './file-dialog.ts'
import { expect, shot, test } from './roster.ts'

const fixture = join(import.meta.dirname, 'fixtures/sqlalchemy-sqlite.db')
const nav = (page: Page) => page.getByRole('navigation', { name: 'Databases' })
const dialog = (page: Page) => page.getByRole('dialog')
const profile = (page: Page, name: string) => nav(page).getByRole('button', { name, exact: true })
/** In the order of the list; below each name stands where it is. */
const names = async (page: Page) => {
  const texts = await nav(page).locator('button[data-nav][aria-expanded]').allInnerTexts()
  return texts.map((text) => text.split('\n')[0])
}

async function newProfile(page: Page, item: RegExp): Promise<void> {
  await nav(page).getByRole('button', { name: 'New profile' }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

async function fillServer(page: Page, name: string, port = '1'): Promise<void> {
  await dialog(page).getByLabel('Name', { exact: true }).fill(name)
  await dialog(page).getByLabel('Host').fill('127.0.0.1')
  await dialog(page).getByLabel('Port').fill(port)
  await dialog(page).getByLabel('Database', { exact: true }).fill('shop')
  await dialog(page).getByRole('textbox', { name: 'User', exact: true }).fill('app')
}

test('a server profile: wrong fields say so, a test says what the server says, and no password is stored @browser', async ({
  app: page,
  roster,
}) => {
  await newProfile(page, /PostgreSQL/)
  // There is no keychain behind a browser, so it cannot be chosen.
  await expect(dialog(page).getByLabel('Where its password is').locator('option')).toHaveText([
    'An environment variable',
    'Ask each time',
    'Nowhere: there is none',
  ])
  await dialog(page).getByLabel('Port').fill('70000')
  await dialog(page).getByRole('button', { name: 'Save' }).click()
  await expect(dialog(page).getByLabel('Name', { exact: true })).toBeFocused()
  await expect(dialog(page).getByLabel('Port')).toHaveAccessibleDescription(/from 1 to 65535/)
  await page.screenshot(shot('profile-form-errors'))
  await fillServer(page, 'Shop')
  await dialog(page).getByRole('textbox', { name: 'Password', exact: true }).fill('canary-of-the-form')
  await dialog(page).getByLabel('Server’s cores').fill('8')
  await dialog(page).getByLabel('Its spindles').fill('2')
  await expect(dialog(page).getByText('18 connections')).toBeVisible()
  await dialog(page).getByRole('button', { name: 'Test connection' }).click()
  await expect(dialog(page).getByRole('alert')).toContainText('Nothing listens at 127.0.0.1:1')
  await dialog(page).getByLabel('Environment').selectOption('Staging')
  await page.screenshot(shot('profile-form'))
  await dialog(page).getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('banner').getByText('Staging')).toBeVisible()
  await expect(profile(page, 'Shop')).toHaveAccessibleDescription(/PostgreSQL, Staging/)
  const stored = readFileSync(join(roster.folder, 'data/profiles.json'), 'utf8')
  expect(JSON.parse(stored)).toMatchObject({ version: 2, profiles: [{}, { host: '127.0.0.1', cores: 8, spindles: 2 }] })
  expect(stored).not.toContain('canary')
})

test('a MySQL 8 server without TLS asks for a consent, which only a form without TLS offers @browser', async ({
  app: page,
}) => {
  await using fake = await startFakeMysql({ auth: 'caching-full' })
  await newProfile(page, /PostgreSQL/)
  const box = dialog(page).getByLabel('Encrypt the password with the server’s key')
  await expect(dialog(page).getByLabel('TLS', { exact: true })).toHaveValue('off')
  await expect(box).toHaveCount(0)
  await dialog(page).getByText('MySQL', { exact: false }).first().click()
  await expect(box).not.toBeChecked()
  await expect(box).toHaveAccessibleDescription(/can hand out a key of their own and read the password/)
  await fillServer(page, 'Shop', String(fake.port))
  await dialog(page).getByRole('textbox', { name: 'Password', exact: true }).fill('secret')
  await dialog(page).getByRole('button', { name: 'Test connection' }).click()
  await expect(dialog(page).getByRole('alert')).toContainText('tick “Encrypt the password with the server’s key”')
  expect(fake.seen).toMatchObject({ attempts: 1, keyRequests: 0, clearBytes: 0 })

  await box.check()
  await page.screenshot(shot('profile-form-mysql-key'))
  await dialog(page).getByRole('button', { name: 'Test connection' }).click()
  await expect(dialog(page).getByText(/^Connected to MySQL/)).toBeVisible()
  expect(fake.seen).toMatchObject({ attempts: 2, keyRequests: 1, clearBytes: 0 })
  await dialog(page).getByLabel('TLS', { exact: true }).selectOption('Require')
  await expect(box).toHaveCount(0)
})

test('profiles are found by typing, and put in order by keys and by dragging', async ({ app: page, roster }) => {
  for (const name of ['apple.db', 'pear.db', 'plum.db']) {
    copyFileSync(fixture, join(roster.folder, name))
    await openFile(page, join(roster.folder, name))
    await expect(profile(page, name)).toBeVisible()
  }
  await page.getByLabel('Search databases').fill('p sqlite pe')
  expect(await names(page)).toEqual(['pear.db'])
  await page.getByLabel('Search databases').press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('pear.db')
  await page.getByLabel('Search databases').press('Escape')
  expect(await names(page)).toEqual(['Sample users (SQLite)', 'apple.db', 'pear.db', 'plum.db'])

  await profile(page, 'plum.db').focus()
  await page.keyboard.press('Alt+ArrowUp')
  await page.keyboard.press('Alt+ArrowUp')
  await expect.poll(() => names(page)).toEqual(['Sample users (SQLite)', 'plum.db', 'apple.db', 'pear.db'])
  await expect(profile(page, 'plum.db')).toBeFocused()
  await expect(nav(page).getByText('plum.db is at place 2 of 4.')).toBeAttached()
  await profile(page, 'pear.db').dragTo(profile(page, 'Sample users (SQLite)'))
  const order = ['pear.db', 'Sample users (SQLite)', 'plum.db', 'apple.db']
  await expect.poll(() => names(page)).toEqual(order)
  await page.reload()
  await expect.poll(() => names(page)).toEqual(order)
})

test('a duplicate is offered for editing, under a name of its own, and can be removed', async ({ app: page }) => {
  await nav(page).getByRole('button', { name: 'Actions for Sample users (SQLite)' }).click()
  await page.getByRole('menuitem', { name: 'Duplicate' }).click()
  await expect(dialog(page).getByLabel('Name', { exact: true })).toHaveValue('Sample users (SQLite) (copy)')
  await dialog(page).getByLabel('Name', { exact: true }).fill('Second')
  await dialog(page).getByLabel('violet').check()
  await page.keyboard.press('Enter')
  await expect(dialog(page)).toBeHidden()
  await profile(page, 'Second').focus()
  await page.keyboard.press('Delete')
  await dialog(page).getByRole('button', { name: 'Remove' }).click()
  await expect(profile(page, 'Second')).toHaveCount(0)
})

test('settings of a .env file are looked at before anything is stored @browser', async ({ app: page, roster }) => {
  mkdirSync(join(roster.folder, 'project/databases'), { recursive: true })
  copyFileSync(fixture, join(roster.folder, 'project/databases/shop.db'))
  const env = (text: string) => writeFileSync(join(roster.folder, 'project/.env'), text)
  const read = async () => {
    await newProfile(page, /^Import settings/)
    await dialog(page).getByText('.env file', { exact: true }).click()
    await dialog(page).getByRole('button', { name: 'Choose a .env file…' }).click()
    await dialog(page).last().getByLabel('Path').fill(join(roster.folder, 'project/.env'))
    await dialog(page).last().getByRole('button', { name: 'Choose', exact: true }).click()
    await expect(dialog(page).getByText('Nothing is stored or connected yet.')).toBeVisible()
  }
  env(
    'DB_TYPE=mysql\nDB_HOST=127.0.0.1\nDB_PORT=5432\nDB_NAME=shop\nDB_USER=app\nDB_PASS=canary-of-env\nDB_POOL_SIZE=many\n',
  )
  await read()
  await expect(dialog(page).getByText(/Port 5432 is the usual one of PostgreSQL/)).toBeVisible()
  await expect(dialog(page).getByText(/DB_POOL_SIZE is “many”/)).toBeVisible()
  await expect(dialog(page).getByRole('row', { name: /Password/ })).toContainText('••••••••')
  expect(await page.content()).not.toContain('canary')
  await page.screenshot(shot('settings-preview'))
  await dialog(page).getByRole('button', { name: 'Fill in the form' }).click()
  await expect(dialog(page).getByLabel('Port')).toHaveValue('5432')
  await dialog(page).getByRole('button', { name: 'Cancel' }).click()
  expect(await names(page)).toEqual(['Sample users (SQLite)'])

  env('DB_TYPE=sqlite\nDB_NAME=shop\n')
  await read()
  await dialog(page)
    .getByRole('radio', { name: /databases\/shop\.db/ })
    .check()
  await dialog(page).getByRole('button', { name: 'Fill in the form' }).click()
  await dialog(page).getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('link', { name: 'auth_user' })).toBeVisible()
})

test('the environment that Roster was started with is read too @browser', async ({ app: page }) => {
  await newProfile(page, /^Import settings/)
  await dialog(page).getByText('Environment of Roster', { exact: true }).click()
  // The tests are started without any of the settings.
  await expect(dialog(page).getByRole('alert')).toContainText('sets none of DB_TYPE')
})

test('on production every write asks for the name, and says so all the time', async ({ app: page, roster }) => {
  const file = join(roster.folder, 'shop.db')
  copyFileSync(fixture, file)
  const emails = () => {
    const database = new BetterSqlite3(file, { readonly: true })
    try {
      return database.prepare("select count(*) from auth_user where email = 'new@example.de'").pluck().get()
    } finally {
      database.close()
    }
  }
  await openFile(page, file)
  await page.getByRole('link', { name: 'auth_user' }).click()
  await profile(page, 'shop.db').focus()
  await page.keyboard.press('F4')
  await dialog(page).getByLabel('Environment').selectOption('Production')
  await dialog(page).getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('banner').getByText('Production')).toBeVisible()

  await page.getByLabel('Search all text').fill('jurgen@')
  await page.getByRole('gridcell', { name: 'jurgen@example.de', exact: true }).dblclick()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('new@example.de')
  await page.keyboard.press('Enter')
  const save = page.getByRole('button', { name: 'Save 1 change', exact: true })
  await save.click()
  await expect(dialog(page)).toContainText('This is a production database')
  const field = dialog(page).getByRole('textbox')
  await expect(field).toBeFocused()
  await page.screenshot(shot('production'))
  await page.keyboard.press('Escape')
  await expect(page.getByText('Not confirmed: nothing was saved.')).toBeVisible()
  expect(emails()).toBe(0)

  await save.click()
  await field.fill('Shop.db')
  await page.keyboard.press('Enter')
  await expect(field).toHaveAccessibleDescription(/not the name/)
  expect(emails()).toBe(0)
  await field.fill('shop.db')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status').getByText('Saved 1 change')).toBeVisible()
  expect(emails()).toBe(1)

  await page.getByRole('link', { name: /^Migrations/ }).click()
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.screenshot(shot('production-dark'))
})

test('a read-only file says so, and its rows cannot be changed', async ({ app: page, roster }) => {
  const file = join(roster.folder, 'shop.db')
  copyFileSync(fixture, file)
  const before = readFileSync(file)
  await openFile(page, file)
  await profile(page, 'shop.db').focus()
  await page.keyboard.press('F4')
  await dialog(page).getByLabel('Read-only').check()
  await dialog(page).getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('banner').getByText('Read-only')).toBeVisible()
  await page.getByRole('link', { name: 'auth_user' }).click()
  await expect(page.getByRole('button', { name: 'New row' })).toHaveAccessibleDescription(/read-only/i)
  expect(readFileSync(file).equals(before)).toBe(true)
})
