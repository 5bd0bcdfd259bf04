// The page of one user: what its columns mean, what is wrong, who is alike, editing it, and what was saved of it.
import BetterSqlite3 from 'better-sqlite3'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openFile } from './file-dialog.ts'
import { cellOf, expect, test as base } from './roster.ts'
import { ownServer, profileOf, storeProfiles, withoutServer, type TestServer } from './servers.ts'
import { shootAll } from './shoot-all.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
const DDL = readFileSync(join(fixtures, 'ddl/flask-security-postgresql.ddl.sql'), 'utf8').replace(/^--.*\n/, '')
const POSTGRES = `${DDL}
  insert into auth_user (email, active, fs_uniquifier, password, confirmed_at) values
    ('josé@example.com', true, md5('1'), null, '2024-01-15 10:20:30'),
    (e'jose\\u0301@example.com', true, md5('2'), 'correct horse', '2024-01-15 10:20:30'),
    (e'\\tJOSÉ@example.com', true, 'short', null, '2999-01-01 00:00:00');`

const test = base.extend<{ server: TestServer }>(ownServer('postgres', POSTGRES))

test('a user as a page: problems, meanings, alike, edit, save, history, revert @browser', async ({
  app: page,
  roster,
}) => {
  const file = join(roster.folder, 'flask.db')
  copyFileSync(join(fixtures, 'flask-security-sqlite.db'), file)
  await openFile(page, file)
  await page.getByRole('link', { name: 'auth_user' }).click()
  await (await cellOf(page, 'alice@example.com', 'email')).first().click()
  // Rows come before what they mean is known.
  await expect(page.getByRole('button', { name: 'User page' })).toBeVisible()
  await page.keyboard.press('F9')
  const user = page.getByRole('dialog', { name: /@/ })
  const heading = (email: RegExp) => user.getByRole('heading', { name: email })
  await expect(heading(/alice@example\.com/)).toBeVisible()
  const side = (name: string) => user.getByRole('region', { name })
  const stored = (column: string, id = 3) =>
    new BetterSqlite3(file).prepare(`select ${column} from auth_user where id = ${id}`).pluck().get()

  await test.step('who is alike, and a way there', async () => {
    await expect(side('Alike').getByText('upper and lower case').first()).toBeVisible()
    await expect(user.getByText(/A new one ends all sessions of the user/)).toBeVisible()
    await shootAll(page, 'user-page')
    await side('Alike').getByRole('button', { name: '“ALICE@EXAMPLE.COM”', exact: true }).click()
    await expect(heading(/ALICE@EXAMPLE\.COM/)).toBeVisible()
    await expect(side('What is wrong')).toContainText('Its domain has capitals')
    await expect(side('What is wrong')).toContainText('Flask-Security takes it for the password itself')
  })

  await test.step('the page stays while one goes to the next user and back', async () => {
    await user.getByRole('button', { name: 'The next user' }).click()
    await expect(heading(/alice@Example\.COM/)).toBeVisible()
    await user.getByRole('button', { name: 'The user before' }).click()
    await expect(heading(/ALICE@EXAMPLE\.COM/)).toBeVisible()
  })

  const login = user.getByRole('textbox', { name: 'login_count' })

  await test.step('Escape takes back what is typed before it closes the page', async () => {
    await login.fill('7')
    await login.press('Escape')
    await expect(login).toHaveValue('')
    await user.getByRole('button', { name: 'What to do' }).click()
    await expect(page.getByRole('menuitem', { name: 'Deactivate…' })).toBeVisible()
    // What is no command does nothing: the page stays.
    await page.getByRole('menu').click({ position: { x: 2, y: 2 } })
    await expect(heading(/ALICE@EXAMPLE\.COM/)).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(page.getByRole('menuitem', { name: 'Deactivate…' })).toBeHidden()
    await expect(heading(/ALICE@EXAMPLE\.COM/)).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(user).toBeHidden()
    await page.keyboard.press('F9')
  })

  await test.step('an edit is staged, and undone from here', async () => {
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
    expect(stored('login_count')).toBe(42)
    await page.keyboard.press('F9')
    const saves = side('Saves of this row')
    await expect(saves.getByText(/^Changed/)).toBeVisible()
    await expect(saves.getByRole('listitem').filter({ hasText: 'login_count' })).toContainText('→ 42')
    await shootAll(page, 'user-page-history')
    await saves.getByRole('button', { name: 'Revert this save…' }).click()
    await page.getByRole('button', { name: 'Revert this save', exact: true }).click()
    await expect(page.getByText(/^Took back the save/)).toBeVisible()
    expect(stored('login_count')).toBe(null)
    await page.keyboard.press('F9')
    await expect(saves.getByText(/^Changed by taking a save back/)).toBeVisible()
    await expect(saves.getByText(/^It was taken back already/)).toBeVisible()
    await page.keyboard.press('Escape')
  })

  await test.step('what is done from the page is done to its user alone', async () => {
    await page.getByRole('grid').focus()
    for (let row = 0; row < 3; row++) await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('F9')
    await expect(user).toBeVisible()
    const heads = await user.getByRole('heading').first().textContent()
    await user.getByRole('button', { name: 'What to do' }).click()
    await page.getByRole('menuitem', { name: 'Deactivate…' }).click()
    await expect(page.getByRole('dialog', { name: 'Deactivate: 1 user' })).toBeVisible()
    await page.getByRole('button', { name: 'Stage 1 row' }).click()
    await page.keyboard.press('F9')
    await expect(user.getByText('edited, not saved yet')).toBeVisible()
    await expect(user.getByRole('heading').first()).toHaveText(heads ?? '')
    await expect(user.getByText('Inactive', { exact: true })).toBeVisible()
    await user.getByRole('button', { name: 'Undo changes' }).click()
  })

  await test.step('a new password is told by its scheme alone', async () => {
    await user.getByRole('button', { name: 'Set password…' }).click()
    const form = page.getByRole('dialog', { name: /password/i })
    await expect(form).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(form).toBeHidden()
  })

  await test.step('the menu of users opens by its key with Caps Lock on as well', async () => {
    await page.keyboard.press('Control+U')
    await expect(page.getByRole('menuitem', { name: 'Deactivate…' })).toBeVisible()
    await page.keyboard.press('Escape')
  })
})

test.describe('on PostgreSQL @browser', () => {
  test.skip(...withoutServer('postgres'))

  test('a user of PostgreSQL as a page: another Unicode form, blanks, a password in clear', async ({
    page,
    roster,
    server,
  }) => {
    storeProfiles(roster.sample, [profileOf(server)])
    await page.goto(await roster.start())
    await page.getByRole('button', { name: 'Shop on PostgreSQL', exact: true }).click()
    await page.getByRole('link', { name: 'auth_user' }).click()
    await page.locator('[role=gridcell]', { hasText: /^jose/ }).click()
    // A tab is no part of the name that a person sees.
    await expect(page.locator('[role=gridcell]', { hasText: '⇥JOSÉ@example.com' })).toBeVisible()
    await expect(page.getByRole('button', { name: 'User page' })).toBeVisible()
    await page.keyboard.press('F9')
    const user = page.getByRole('dialog', { name: /@/ })
    const side = (name: string) => user.getByRole('region', { name })

    await test.step('it is told what is wrong, and who is alike', async () => {
      await expect(side('What is wrong')).toContainText('composes what is typed and never finds it')
      await expect(side('What is wrong')).toContainText('Flask-Security takes it for the password itself')
      await expect(user.getByText('Password: no known hash')).toBeVisible()
      await expect(side('Alike').getByRole('listitem')).toHaveCount(2)
      await expect(user).not.toContainText('correct horse')
      await shootAll(page, 'user-page-postgres')
      await side('Alike').getByRole('button', { name: /JOSÉ/ }).click()
      await expect(side('What is wrong')).toContainText('There are blanks around it')
      await expect(side('What is wrong')).toContainText('not the 32 hexadecimal digits')
      await expect(side('What is wrong')).toContainText('lies in the future')
    })

    await test.step('what was wrong is edited away, saved, and taken back', async () => {
      const uniquifier = user.getByRole('textbox', { name: 'fs_uniquifier' })
      await uniquifier.fill('0123456789abcdef0123456789abcdef')
      await uniquifier.press('Enter')
      await expect(side('What is wrong')).not.toContainText('hexadecimal')
      await page.keyboard.press('Escape')
      await expect(user).toBeHidden()
      await page.getByRole('button', { name: 'Save 1 change' }).click()
      await expect(page.getByRole('status').getByText('Saved 1 change')).toBeVisible()
      const stored = async () =>
        (await server.admin('select fs_uniquifier from auth_user where id = 3', server.database))[0]
      expect(await stored()).toEqual(['0123456789abcdef0123456789abcdef'])
      await page.keyboard.press('F9')
      const saves = side('Saves of this row')
      await expect(saves.getByRole('listitem')).toHaveText(/fs_uniquifier “short” → “0123456789abcdef/)
      await saves.getByRole('button', { name: 'Revert this save…' }).click()
      await page.getByRole('button', { name: 'Revert this save', exact: true }).click()
      await expect(page.getByText(/^Took back the save/)).toBeVisible()
      expect(await stored()).toEqual(['short'])
    })
  })
})
