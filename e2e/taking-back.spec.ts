// Changes before and after they are saved: listed, shown as SQL, checked, decided where somebody else wrote too, and taken back.
import BetterSqlite3 from 'better-sqlite3'
import type { Page } from '@playwright/test'
import { join } from 'node:path'
import { openFile } from './file-dialog.ts'
import { expect, test as base } from './roster.ts'

interface Fixtures {
  /** The file, as another program has it open. */
  other: BetterSqlite3.Database
}

const test = base.extend<Fixtures>({
  other: async ({ app: page, roster }, use) => {
    const file = join(roster.folder, 'people.db')
    const other = new BetterSqlite3(file)
    other.exec(`
      create table auth_user (id integer primary key, email varchar(255) not null unique, name varchar(20), note text);
      insert into auth_user values (1, 'ann@example.com', 'Ann', null), (2, 'bob@example.com', 'Bob', ''),
        (3, 'cy@example.com', 'Cy', 'x'), (4, 'di@example.com', 'Di', 'y');
    `)
    await openFile(page, file)
    await page.getByRole('link', { name: 'auth_user' }).click()
    await use(other)
    other.close()
  },
})

const emails = (other: BetterSqlite3.Database) => other.prepare('select email from auth_user order by id').pluck().all()

async function type(page: Page, was: string, is: string): Promise<void> {
  await page.getByRole('gridcell', { name: was, exact: true }).dblclick()
  await page.keyboard.press('Control+A')
  await page.keyboard.type(is)
  await page.keyboard.press('Enter')
}

const save = (page: Page) => page.getByRole('button', { name: /^Save \d/ }).click()
const list = (page: Page) => page.getByRole('complementary', { name: 'Changes' })

async function pictured(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.screenshot({ path: `artifacts/screens/${name}-${colorScheme}.png` })
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

test('what is staged is listed, checked and shown as SQL; what was saved is taken back', async ({
  app: page,
  other,
}) => {
  await test.step('two edits are listed, saved, found among the saves, and taken back', async () => {
    await type(page, 'ann@example.com', 'ann@new.example.com')
    await type(page, 'bob@example.com', 'bob@new.example.com')
    await type(page, 'Cy', 'Cyrus')
    await page.getByRole('button', { name: 'Show changes' }).click()
    await expect(list(page).getByRole('listitem')).toHaveCount(6)
    await list(page).getByRole('button', { name: 'Undo row id 3, name' }).click()
    await expect(list(page).getByRole('listitem')).toHaveCount(4)
    await expect(list(page)).toContainText('“ann@example.com” → “ann@new.example.com”')
    await list(page).getByRole('tab', { name: 'SQL' }).click()
    await expect(list(page).getByLabel('SQL of the changes')).toContainText(/update .auth_user. set/i)
    await expect(list(page).getByLabel('SQL of the changes')).toContainText("'ann@new.example.com'")
    await pictured(page, 'changes-sql')
    await save(page)
    await expect(page.getByRole('status').getByText('Saved 2 changes')).toBeVisible()
    expect(emails(other).slice(0, 2)).toEqual(['ann@new.example.com', 'bob@new.example.com'])

    await page.getByRole('button', { name: 'Saves of this table' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('2 rows changed')
    await pictured(page, 'saves')
    await dialog.getByRole('button', { name: /^Revert the save/ }).click()
    await expect(dialog.getByLabel('SQL that takes the save back')).toContainText("'bob@example.com'")
    await pictured(page, 'revert')
    // What changed since stops all of it.
    other.exec("update auth_user set email = 'theirs@example.com' where id = 2")
    await dialog.getByRole('button', { name: 'Revert this save' }).click()
    await expect(dialog.getByRole('alert')).toContainText('Nothing was changed')
    await expect(dialog.getByRole('alert')).toContainText('theirs@example.com')
    expect(emails(other).slice(0, 2)).toEqual(['ann@new.example.com', 'theirs@example.com'])
    other.exec("update auth_user set email = 'bob@new.example.com' where id = 2")
    await dialog.getByRole('button', { name: 'Revert this save' }).click()
    await expect(page.getByRole('status').getByText('Took back the save')).toBeVisible()
    await expect(page.getByRole('gridcell', { name: 'bob@example.com', exact: true })).toBeVisible()
    expect(emails(other).slice(0, 2)).toEqual(['ann@example.com', 'bob@example.com'])
  })
  await test.step('a value that is taken is named at its cell before it is saved, and leads to the row that has it', async () => {
    await type(page, 'ann@example.com', 'di@example.com')
    await expect(list(page)).toContainText('1 problem')
    await expect(list(page)).toContainText('already used by the row with id 4')
    await pictured(page, 'problem')
    await save(page)
    await expect(page.getByRole('alert')).toContainText('Save once more to try it all the same.')
    await page.getByRole('alert').getByRole('button', { name: 'Go to row' }).click()
    const grid = page.getByRole('grid', { name: 'auth_user' })
    await expect(grid).toBeFocused()
    const current = await grid.getAttribute('aria-activedescendant')
    await expect(page.locator(`[role=row][aria-rowindex="5"] [id="${current}"]`)).toHaveText('di@example.com')
    // Two that change places are no problem.
    await page.getByRole('button', { name: 'Revert all' }).click()
    await type(page, 'ann@example.com', 'ann@moved.example.com')
    await type(page, 'bob@example.com', 'ann@example.com')
    await type(page, 'ann@moved.example.com', 'bob@example.com')
    await save(page)
    await expect(page.getByRole('status').getByText('Saved 2 changes')).toBeVisible()
    expect(emails(other).slice(0, 2)).toEqual(['bob@example.com', 'ann@example.com'])
  })
})

test('what somebody else changed is decided cell by cell, and every statement of it is listed', async ({
  app: page,
  other,
}) => {
  await test.step('cells are decided, and a row that is gone is added anew', async () => {
    await type(page, 'ann@example.com', 'mine@example.com')
    await type(page, 'Ann', 'My Ann')
    await type(page, 'cy@example.com', 'cy.mine@example.com')
    other.exec("update auth_user set email = 'theirs@example.com', name = 'Their Ann' where id = 1")
    other.exec('delete from auth_user where id = 3')
    await save(page)
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('2 rows not decided')
    await dialog.getByRole('button', { name: 'Theirs: name of row id 1' }).click()
    await dialog.getByRole('button', { name: 'Edit: email of row id 1' }).click()
    await dialog.getByRole('textbox', { name: 'New value: email of row id 1' }).fill('both@example.com')
    await dialog.getByRole('button', { name: 'Add it as a new row: row id 3' }).click()
    await pictured(page, 'conflicts')
    await expect(dialog).toContainText('Everything is decided')
    await dialog.getByRole('button', { name: 'Save again' }).click()
    await expect(page.getByRole('status').getByText('Saved 2 changes')).toBeVisible()
    expect(
      other.prepare('select email, name from auth_user where id <> 2 and id <> 4 order by id').raw().all(),
    ).toEqual([
      ['both@example.com', 'Their Ann'],
      ['cy.mine@example.com', 'Cy'],
    ])
  })
  await test.step('what is sent to the database is listed as it is sent', async () => {
    await page.keyboard.press('Control+Shift+A')
    const activity = page.getByRole('region', { name: 'Activity' })
    await type(page, 'bob@example.com', 'bob@new.example.com')
    await save(page)
    await expect(page.getByRole('status').getByText('Saved 1 change')).toBeVisible()
    await activity.getByLabel('Which statements').selectOption('write')
    await expect(activity.getByRole('log')).toContainText(/begin.*update .auth_user. set.*commit/is)
    await pictured(page, 'activity')
    await activity.getByLabel('Search statements').fill('bob@new')
    await activity
      .getByRole('log')
      .getByRole('button', { name: /update/ })
      .first()
      .click()
    await expect(activity.getByRole('region', { name: 'Statement' })).toContainText("'bob@new.example.com'")
    await page.setViewportSize({ width: 1920, height: 1080 })
    await pictured(page, 'activity-wide')
    await page.getByRole('button', { name: 'Activity', exact: true }).click()
    await expect(activity).toBeHidden()
    expect(emails(other)[1]).toBe('bob@new.example.com')
  })
})
