// The daily job on real servers, as on the sample: a profile through the form, migrations, users, an edit, a conflict, undoing.
import { addDemoUsers, cellOf, expect, migrate, shot, test as base } from './roster.ts'
import { engineNames, kinds, ownServer, withoutServer, type TestServer } from './servers.ts'

for (const kind of kinds) {
  const test = base.extend<{ server: TestServer }>(ownServer(kind))

  test.describe(`the daily job on ${engineNames[kind]} @browser`, () => {
    test.skip(...withoutServer(kind))

    test('from a new profile to a migrated, edited users table', async ({ app: page, server }) => {
      await test.step('a profile is filled in, tried and opened', async () => {
        await page.getByRole('button', { name: 'New profile' }).click()
        await page.getByRole('menuitem', { name: /PostgreSQL, MySQL or MariaDB/ }).click()
        const form = page.getByRole('dialog', { name: 'New profile' })
        if (kind === 'mysql') await form.getByText('MySQL', { exact: false }).first().click()
        await form.getByLabel('Name', { exact: true }).fill(`Shop on ${engineNames[kind]}`)
        await form.getByLabel('Host', { exact: true }).fill(server.host)
        await form.getByLabel('Port', { exact: true }).fill(String(server.port))
        await form.getByLabel('Database', { exact: true }).fill(server.database)
        await form.getByLabel('User', { exact: true }).fill(server.user)
        await form.getByLabel('Password', { exact: true }).fill(server.password)
        await page.screenshot(shot(`profile-form-${kind}`))
        await form.getByRole('button', { name: /^(Test|Try)/ }).click()
        await expect(form.getByText(new RegExp(`${engineNames[kind]} \\d+\\.\\d+`)).first()).toBeVisible()
        await form.getByRole('button', { name: 'Save', exact: true }).click()
        await expect(page.getByRole('heading', { name: `Shop on ${engineNames[kind]}`, level: 1 })).toBeVisible()
        await expect(page.getByText('This database has no tables yet.')).toBeVisible()
      })

      await test.step('migrations run with a button', async () => {
        await migrate(page)
        await page.screenshot(shot(`migrated-${kind}`))
      })

      await test.step('users are shown, sorted and searched', async () => {
        await addDemoUsers(page, '10,000')
        await expect(page.getByRole('grid', { name: 'auth_user' })).toHaveAttribute('aria-rowcount', '10001')
        const header = page.getByRole('columnheader', { name: /^email/ })
        await header.click()
        await expect(header).toHaveAttribute('aria-sort', 'ascending')
        await page.getByRole('grid').click()
        await page.keyboard.press('Control+End')
        await expect(page.locator('[role=row][aria-rowindex="10001"] [role=gridcell]').nth(1)).toHaveText(/@/)
        await page.keyboard.press('Control+Home')
        await page.screenshot(shot(`users-${kind}`))
      })

      const column = await page.getByRole('columnheader', { name: /^email/ }).getAttribute('aria-colindex')
      const emailAt = (row: number) =>
        page.locator(`[role=row][aria-rowindex="${row}"] [role=gridcell][aria-colindex="${column}"]`)
      const type = async (row: number, text: string) => {
        await emailAt(row).click()
        await page.keyboard.press('Enter')
        await page.keyboard.press('Control+A')
        await page.keyboard.type(text)
        await page.keyboard.press('Enter')
      }

      await test.step('an edit is saved, and the server has it', async () => {
        await expect(emailAt(2)).toHaveText(/@/)
        await type(2, 'AAA.first@example.org')
        await page.getByRole('button', { name: 'Save 1 change' }).click()
        await expect(page.getByRole('status').getByText('Saved 1 change')).toBeVisible()
        expect(await server.admin("select count(*) from auth_user where email = 'AAA.first@example.org'")).toEqual([
          ['1'],
        ])
      })

      await test.step('true and false are what the engine calls so', async () => {
        const active = await cellOf(page, 'AAA.first@example.org', 'active')
        await active.click()
        await expect(active).toContainText(/true|false|NULL/)
      })

      await test.step('what another session changed meanwhile is not overwritten', async () => {
        await server.admin(
          "update auth_user set email = 'AAA.theirs@example.org' where email = 'AAA.first@example.org'",
        )
        await type(2, 'AAA.mine@example.org')
        await page.getByRole('button', { name: 'Save 1 change' }).click()
        const conflict = page.getByRole('dialog').filter({ hasText: 'AAA.theirs@example.org' })
        await expect(conflict).toContainText('AAA.mine@example.org')
        await page.screenshot(shot(`conflict-${kind}`))
        expect(await server.admin("select count(*) from auth_user where email = 'AAA.theirs@example.org'")).toEqual([
          ['1'],
        ])
      })
    })
  })
}
