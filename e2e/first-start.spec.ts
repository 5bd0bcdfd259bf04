// From nothing to an edited users table, as a person would: first start, migrate, demo users, search, sort, edit, clash,
// save, reload, roll back.
import { addDemoUsers, cellOf, expect, migrate, shot, test } from './roster.ts'

test('first start to a migrated, edited users table', async ({ app: page }) => {
  await test.step('the sample is there and says what to do', async () => {
    await expect(page.getByRole('navigation')).toContainText('Sample users (SQLite)')
    await expect(page.getByRole('link', { name: /^Migrations/ })).toBeVisible()
    await page.screenshot(shot('first-start'))
  })

  await test.step('migrations run with a button', async () => {
    await page.getByRole('link', { name: /^Migrations/ }).click()
    const steps = page.getByRole('table', { name: 'Migrations' })
    await expect(steps.getByText('Pending')).toHaveCount(3)
    await page.getByRole('button', { name: 'Run next' }).click()
    await expect(steps.getByText('Applied', { exact: true })).toHaveCount(1)
    await page.getByRole('button', { name: 'Run all' }).click()
    await expect(steps.getByText('Applied', { exact: true })).toHaveCount(3)
    await expect(page.getByRole('log')).toContainText(/create index/i)
    await page.screenshot(shot('migrated'))
    await page.getByRole('button', { name: 'Go to users' }).click()
  })

  await test.step('an empty table offers demo users', async () => {
    await expect(page.getByRole('button', { name: 'Add demo users' })).toBeVisible()
    await page.screenshot(shot('empty'))
    await addDemoUsers(page, '10,000')
    await expect(page.getByRole('grid', { name: 'auth_user' })).toHaveAttribute('aria-rowcount', '10001')
    await page.screenshot(shot('users'))
  })

  let victim = ''
  await test.step('search finds by email', async () => {
    const email = await (await cellOf(page, 'argon2id', 'email')).nth(3).innerText()
    victim = email
    await page.getByLabel('Search all text').fill(email.slice(0, email.indexOf('@') + 1))
    await expect(page.getByRole('gridcell', { name: email, exact: true })).toBeVisible()
    await page.getByLabel('Search all text').fill('nobody-has-this')
    await expect(page.getByText(/No row.s text contains/)).toBeVisible()
    await page.getByRole('button', { name: 'Clear search' }).first().click()
  })

  await test.step('a header sorts, down to the last row', async () => {
    const header = page.getByRole('columnheader', { name: /^email/ })
    await header.click()
    await expect(header).toHaveAttribute('aria-sort', 'ascending')
    await header.click()
    await expect(header).toHaveAttribute('aria-sort', 'descending')
    const emailOf = (row: number) => page.locator(`[role=row][aria-rowindex="${row}"] [role=gridcell]`).nth(1)
    // Until the rows of the new order are read, the lines are empty.
    await expect(emailOf(2)).toHaveText(/@/)
    const first = await emailOf(2).innerText()
    await page.getByRole('grid').click()
    await page.keyboard.press('Control+End')
    await expect(emailOf(10_001)).toHaveText(/@/)
    const last = await emailOf(10_001).innerText()
    expect(last < first).toBe(true)
    await page.keyboard.press('Control+Home')
  })

  await test.step('an email that somebody has is refused at its cell', async () => {
    const search = page.getByLabel('Search all text')
    const cell = page.locator('[role=row][aria-rowindex="2"]')
    const column = await page.getByRole('columnheader', { name: /^email/ }).getAttribute('aria-colindex')
    const email = cell.locator(`[role=gridcell][aria-colindex="${column}"]`)
    await email.click()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+A')
    await page.keyboard.type(victim)
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Save 1 change' }).click()
    await expect(page.getByRole('alert').getByText('is already used by the row with id')).toBeVisible()
    await page.screenshot(shot('clash'))
    await expect(search).toBeVisible()
  })

  await test.step('a free one is saved, and there after a reload', async () => {
    const column = await page.getByRole('columnheader', { name: /^email/ }).getAttribute('aria-colindex')
    const email = page.locator(`[role=row][aria-rowindex="2"] [role=gridcell][aria-colindex="${column}"]`)
    await email.click()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+A')
    await page.keyboard.type('zzz.renamed@example.com')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('gridcell', { name: 'zzz.renamed@example.com' })).toBeVisible()
    await page.screenshot(shot('staged'))
    await page.getByRole('button', { name: 'Save 1 change' }).click()
    await expect(page.getByRole('status').getByText('Saved 1 change')).toBeVisible()
    await page.reload()
    await page.getByLabel('Search all text').fill('zzz.renamed')
    await expect(page.getByRole('gridcell', { name: 'zzz.renamed@example.com' })).toBeVisible()
  })

  await test.step('the last batch, and only that, is rolled back', async () => {
    await page.getByRole('link', { name: /^Migrations/ }).click()
    await page.getByRole('button', { name: 'Roll back last batch' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('003-')
    await expect(dialog).not.toContainText('001-')
    await page.screenshot(shot('roll-back'))
    await dialog.getByRole('button', { name: /^Roll back/ }).click()
    const steps = page.getByRole('table', { name: 'Migrations' })
    await expect(steps.getByText('Pending')).toHaveCount(2)
    await expect(steps.getByText('Applied', { exact: true })).toHaveCount(1)
  })
})

test('screens in light and dark, small and large', async ({ app: page }) => {
  await migrate(page)
  await addDemoUsers(page, '10,000')
  for (const scheme of ['light', 'dark'] as const) {
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.setViewportSize({ width, height })
      await page.getByRole('link', { name: 'auth_user' }).click()
      await expect(page.getByRole('row').nth(5)).toBeVisible()
      await page.screenshot(shot(`users-${scheme}-${width}`))
      await page.getByRole('link', { name: /^Migrations/ }).click()
      await expect(page.getByRole('table', { name: 'Migrations' })).toBeVisible()
      await page.screenshot(shot(`migrations-${scheme}-${width}`))
    }
  }
})
