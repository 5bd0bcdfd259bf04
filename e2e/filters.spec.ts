// Narrowing the users table as a person would: quick search, conditions joined by "or", the SQL of it, a name, and back again.
import { addDemoUsers, expect, migrate, shot, test } from './roster.ts'

test('conditions are added, joined, shown as SQL, saved and applied again @browser', async ({ app: page }) => {
  await migrate(page)
  await addDemoUsers(page, '100')
  const count = page.getByLabel('Row count')
  const bar = page.getByRole('group', { name: /^Filter:/ })

  await test.step('quick search over all text, and Esc', async () => {
    const search = page.getByLabel('Search all text')
    await search.fill('EXAMPLE.com')
    await expect(count).toContainText('contain “EXAMPLE.com”')
    await search.press('Escape')
    await expect(search).toHaveValue('')
    await expect(count).toContainText('100 rows, counted')
  })

  await test.step('a condition is offered in the words of its column, and says what it expects', async () => {
    await page.keyboard.press('Control+Shift+F')
    const form = page.getByRole('form', { name: 'New condition' })
    await form.getByLabel('Column').selectOption('confirmed_at')
    await form.getByLabel('Test').selectOption({ label: 'is before' })
    await form.getByLabel('Value').fill('yesterday')
    await form.getByRole('button', { name: 'Add' }).click()
    await expect(form.getByText(/No such date\. Accepted here: 2024-01-31/)).toBeVisible()
    await page.screenshot(shot('filter-form'))
    await form.getByLabel('Column').selectOption('id')
    await form.getByLabel('Test').selectOption({ label: 'is at most' })
    await form.getByLabel('Value').fill('3')
    await page.keyboard.press('Enter')
    await expect(bar).toHaveAccessibleName('Filter: id ≤ 3')
    await expect(count).toContainText('3 rows match the filter')
  })

  await test.step('a second one narrows it, and "or" widens it', async () => {
    await page.keyboard.press('Control+Shift+F')
    const form = page.getByRole('form', { name: 'New condition' })
    await form.getByLabel('Column').selectOption('id')
    await form.getByLabel('Test').selectOption({ label: 'is one of' })
    await form.getByLabel('Values').fill('98\n99\n')
    await form.getByRole('button', { name: 'Add' }).click()
    await expect(page.getByText('No row matches the filter.')).toBeVisible()
    await page.screenshot(shot('filter-nothing'))
    await bar.getByRole('button', { name: /join by or instead$/ }).click()
    await expect(count).toContainText('5 rows match the filter')
    await expect(bar).toHaveAccessibleName('Filter: id ≤ 3 or id is one of 98, 99')
  })

  await test.step('negated, and edited', async () => {
    await bar.getByRole('button', { name: 'Not: id ≤ 3' }).click()
    await expect(count).toContainText('97 rows match the filter')
    await bar.getByRole('button', { name: /^Not: id is not/ }).click()
    await bar.getByRole('button', { name: 'Edit condition: id ≤ 3' }).click()
    const form = page.getByRole('form', { name: 'Edit condition' })
    await expect(form.getByLabel('Value')).toHaveValue('3')
    await form.getByLabel('Value').fill('2')
    await form.getByRole('button', { name: 'Change' }).click()
    await expect(count).toContainText('4 rows match the filter')
  })

  await test.step('as SQL', async () => {
    await bar.getByRole('button', { name: 'SQL' }).click()
    await expect(page.getByRole('region', { name: 'SQL of the filter' })).toHaveText(
      'where `id` <= 2 or `id` in (98, 99)',
    )
    await page.screenshot(shot('filter-sql-light'))
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.screenshot(shot('filter-sql-dark'))
    await page.emulateMedia({ colorScheme: 'light' })
    await page.keyboard.press('Escape')
  })

  await test.step('saved under a name, and applied after a reload', async () => {
    await page.getByRole('button', { name: 'Saved filters' }).click()
    await page.getByRole('menuitem', { name: /^Save this filter/ }).click()
    await page.getByLabel('Name of the present filter').fill('both ends')
    await page.getByRole('button', { name: 'Save', exact: true }).last().click()
    await expect(page.getByRole('dialog')).toBeHidden()
    await page.reload()
    await expect(count).toContainText('100 rows')
    await page.getByRole('button', { name: 'Saved filters' }).click()
    await page.getByRole('menuitem', { name: 'both ends' }).click()
    await expect(count).toContainText('4 rows match the filter')
    await page.getByRole('button', { name: 'Saved filters' }).click()
    await page.getByRole('menuitem', { name: /^Save this filter/ }).click()
    await page.screenshot(shot('filter-saved'))
    await page.keyboard.press('Escape')
  })

  await test.step('by the keyboard alone: a chip is taken out, and the focus stays', async () => {
    await bar.getByRole('button', { name: 'Edit condition: id ≤ 2' }).focus()
    await page.keyboard.press('Delete')
    await expect(count).toContainText('2 rows match the filter')
    await expect(bar.getByRole('button', { name: /^Edit condition: id is one of/ })).toBeFocused()
    await page.getByRole('button', { name: 'Clear filter' }).click()
    await expect(count).toContainText('100 rows')
    await expect(page.getByRole('grid')).toBeFocused()
  })
})
