// The page of one user: what its columns mean, what is wrong, who is alike, editing it, and what was saved of it.
import BetterSqlite3 from 'better-sqlite3'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { openFile } from './file-dialog.ts'
import { cellOf, expect, test } from './roster.ts'
import { shootAll } from './shoot-all.ts'

const fixtures = join(import.meta.dirname, 'fixtures')

test('a user as a page: problems, meanings, alike, edit, save, history, revert @browser', async ({
  app: page,
  roster,
}) => {
  const file = join(roster.folder, 'flask.db')
  copyFileSync(join(fixtures, 'flask-security-sqlite.db'), file)
  await openFile(page, file)
  await page.getByRole('link', { name: 'auth_user' }).click()
  await (await cellOf(page, 'alice@example.com', 'email')).first().click()
  await page.keyboard.press('F9')
  const user = page.getByRole('dialog')
  await expect(user.getByRole('heading', { name: /alice@example\.com/ })).toBeVisible()

  await test.step('who is alike, and a way there', async () => {
    const alike = user.getByRole('region', { name: 'Alike' })
    await expect(alike.getByText('upper and lower case').first()).toBeVisible()
    await expect(user.getByText(/A new one ends all sessions of the user/)).toBeVisible()
    await shootAll(page, 'user-page')
    await alike.getByRole('button', { name: '“ALICE@EXAMPLE.COM”', exact: true }).click()
    await expect(user.getByRole('heading', { name: /ALICE@EXAMPLE\.COM/ })).toBeVisible()
    await expect(user.getByRole('region', { name: 'What is wrong' })).toContainText('Its domain has capitals')
  })

  await test.step('an edit is staged, and undone from here', async () => {
    const login = user.getByRole('textbox', { name: 'login_count' })
    await login.fill('41')
    await login.press('Enter')
    await expect(user.getByText('edited, not saved yet')).toBeVisible()
    await user.getByRole('button', { name: 'Undo changes' }).click()
    await expect(user.getByText('edited, not saved yet')).toBeHidden()
    await login.fill('42')
    await login.press('Enter')
    await expect(user.getByText('edited, not saved yet')).toBeVisible()
  })

  await test.step('the save is in the history of the row, and taken back there', async () => {
    await user.getByRole('button', { name: 'Close', exact: true }).click()
    await page.getByRole('button', { name: 'Save 1 change' }).click()
    await expect(page.getByRole('status').getByText('Saved 1 change')).toBeVisible()
    const count = () => new BetterSqlite3(file).prepare('select login_count from auth_user where id = 3').pluck().get()
    expect(count()).toBe(42)
    await page.keyboard.press('F9')
    const saves = user.getByRole('region', { name: 'Saves of this row' })
    await expect(saves.getByText(/^Changed/)).toBeVisible()
    await expect(saves.getByRole('listitem').filter({ hasText: 'login_count' })).toContainText('→ 42')
    await shootAll(page, 'user-page-history')
    await saves.getByRole('button', { name: 'Revert this save…' }).click()
    await page.getByRole('button', { name: 'Revert this save', exact: true }).click()
    await expect(page.getByText(/^Took back the save/)).toBeVisible()
    expect(count()).not.toBe(42)
  })
})
