// Profiles in the window: passwords sealed by the keychain and nowhere else, and files that only a pasted text names.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './roster.ts'

const CANARY = 'canary-of-the-window'

test('a password of a .env file goes to the keychain, and is still there after a new start', async ({
  roster,
  startDesktop,
}) => {
  const env = join(roster.folder, '.env')
  writeFileSync(env, `DATABASE_URL=mysql://app:${CANARY}@127.0.0.1:1/shop\nDB_MAX_RETRIES=1\n`)
  const desktop = await startDesktop()
  const page = await desktop.page()
  await desktop.prepareOpen(env)
  await page.getByRole('button', { name: 'New profile' }).click()
  await page.getByRole('menuitem', { name: /^Import settings/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('.env file', { exact: true }).click()
  await dialog.getByRole('button', { name: 'Choose a .env file…' }).click()
  await expect(dialog.getByRole('row', { name: /Password/ })).toContainText('••••••••')
  await dialog.getByRole('button', { name: 'Fill in the form' }).click()
  await expect(dialog.getByLabel('Where its password is')).toHaveValue('keychain')
  await expect(dialog.getByRole('textbox', { name: 'Password', exact: true })).toHaveAttribute(
    'placeholder',
    'Taken from DATABASE_URL',
  )
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('shop on 127.0.0.1')
  await expect(page.getByText(/Nothing listens at 127\.0\.0\.1:1/).first()).toBeVisible()
  expect(await page.content()).not.toContain(CANARY)
  await desktop.quit()
  await desktop.ended

  const data = join(roster.folder, 'data')
  expect(readdirSync(data)).toContain('passwords.sealed')
  for (const name of ['passwords.sealed', 'profiles.json', 'roster.log']) {
    const text = readdirSync(data).includes(name) ? readFileSync(join(data, name), 'latin1') : ''
    expect([name, text.includes(CANARY)]).toEqual([name, false])
  }
  const again = await (await startDesktop()).page()
  await again.getByRole('navigation').getByRole('button', { name: 'shop on 127.0.0.1', exact: true }).focus()
  await again.keyboard.press('F4')
  const password = again.getByRole('dialog').getByRole('textbox', { name: 'Password', exact: true })
  await expect(password).toHaveAttribute('placeholder', 'Stored; empty keeps it')
  await expect(password).toHaveValue('')
})

test('a file that only a pasted text names is opened once the person agrees outside of the page', async ({
  roster,
  startDesktop,
}) => {
  const file = join(roster.folder, 'shop.db')
  copyFileSync(join(import.meta.dirname, 'fixtures/sqlalchemy-sqlite.db'), file)
  const desktop = await startDesktop()
  const page = await desktop.page()
  await page.getByRole('button', { name: 'New profile' }).click()
  await page.getByRole('menuitem', { name: /^Import settings/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Connection string' }).fill(`sqlite:///${file}`)
  await expect(dialog.getByRole('radio', { name: file })).toBeChecked()
  await dialog.getByRole('button', { name: 'Fill in the form' }).click()
  expect(await desktop.messages()).toEqual([])
  await desktop.prepareMessage(1)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByText(`${file} was not opened. Its use was not agreed to.`)).toBeVisible()
  await desktop.prepareMessage(0)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('shop.db')
  const question = { message: `Use the file ${file}?`, buttons: ['Use this file', 'Cancel'] }
  expect(await desktop.messages()).toEqual([question, question])
})
