// Editing many cells: a block pasted, filled and copied, dates picked, the whole row beside the grid, pinned columns.
import type { Page } from '@playwright/test'
import BetterSqlite3 from 'better-sqlite3'
import { join } from 'node:path'
import { openFile } from './file-dialog.ts'
import { cellOf, expect, shot, test, type Roster } from './roster.ts'

/** A file with a table of people, open at it. */
async function openPeople(page: Page, roster: Roster) {
  const file = join(roster.folder, 'people.db')
  const database = new BetterSqlite3(file)
  database.exec(`
    create table auth_user (
      id integer primary key, email varchar(60) not null unique, name text, seen_at datetime, active boolean,
      settings json, notes text, score real);
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 1500)
    insert into auth_user select i, 'user' || i || '@example.com', 'Name ' || i,
      printf('2024-01-%02d 09:30:00.123456', 1 + i % 28), i % 2, '{"n": 12345678901234567890, "n": ' || i || '}', null, i / 8.0
      from n`)
  database.close()
  await openFile(page, file)
  await page.getByRole('link', { name: 'auth_user' }).click()
  await expect(page.getByRole('row').nth(5)).toBeVisible()
  return (sql: string) => {
    const reader = new BetterSqlite3(file, { readonly: true })
    try {
      return reader.prepare(sql).raw().all()
    } finally {
      reader.close()
    }
  }
}

/** As the browser hands it over; the clipboard itself is the machine's. */
async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate(`{
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', ${JSON.stringify(text)})
    document.querySelector('[role=grid]').dispatchEvent(
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }`)
}

/** Keeps what the page puts on the clipboard. */
async function watchClipboard(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(`{
    window.copied = ''
    navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve() }
  }`)
  return () => page.evaluate('window.copied')
}

const chosen = (page: Page) => page.getByRole('status', { name: 'Chosen cells' })
const said = (page: Page, text: RegExp | string) => page.getByRole('status').getByText(text)

async function inBothSchemes(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ] as const) {
      // prettier-ignore
      await page.setViewportSize({ width, height })
      await page.screenshot(shot(`${name}-${colorScheme}-${width}`))
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 800 })
}

test('a block is pasted, what is refused is named, and one undo takes it back', async ({ app: page, roster }) => {
  const rows = await openPeople(page, roster)
  await (await cellOf(page, 'user2@example.com', 'name')).click()
  await paste(page, 'Ann\t2024-02-29 10:00\tyes\n\t"never"\tno\n"two\nlines"\t\tmaybe\n')
  const asked = page.getByRole('dialog', { name: 'Paste: nothing is staged yet' })
  await expect(asked.getByRole('listitem')).toHaveText([
    /seen_at, id 3 \(never\): No such date/,
    /active, id 4 \(maybe\): “maybe” is neither true nor false/,
  ])
  await page.screenshot(shot('editing-refused'))
  await asked.getByRole('button', { name: 'Paste the other 7 cells' }).click()
  await expect(said(page, 'Pasted into 7 cells.')).toBeVisible()
  await expect(chosen(page)).toHaveText('3 × 3 cells chosen')
  await expect(page.getByRole('button', { name: 'Save 3 changes' })).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeVisible()
  await page.keyboard.press('Control+y')
  await page.keyboard.press('Control+s')
  await expect(said(page, /Saved 3 changes/)).toBeVisible()
  expect(rows('select name, seen_at, active from auth_user where id in (2, 3, 4)')).toEqual([
    ['Ann', '2024-02-29 10:00:00.000000', 1],
    [null, '2024-01-04 09:30:00.123456', 0],
    ['two\nlines', null, 0],
  ])
})

test('a block over rows that were never read is filled, set and copied', async ({ app: page, roster }) => {
  await openPeople(page, roster)
  const copied = await watchClipboard(page)
  await (await cellOf(page, 'user1@example.com', 'notes')).click()
  await page.keyboard.press('Control+Shift+ArrowDown')
  await expect(chosen(page)).toHaveText('1,500 × 1 cells chosen')
  await page.keyboard.press('Control+Shift+Enter')
  await page.keyboard.type('seen')
  await page.keyboard.press('Enter')
  await expect(said(page, 'Set 1,500 cells.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Save 1,500 changes' })).toBeVisible()
  await page.keyboard.press('Control+z')
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeVisible()

  await page.keyboard.press('Control+Home')
  await (await cellOf(page, 'user2@example.com', 'name')).click()
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Shift+ArrowRight')
  await expect(chosen(page)).toHaveText('2 × 2 cells chosen')
  await page.keyboard.press('Control+d')
  await expect(said(page, 'Filled 2 cells.')).toBeVisible()
  await page.keyboard.press('F8')
  await page.getByLabel('CSV').check()
  await page.screenshot(shot('editing-copy-as'))
  await page.getByRole('button', { name: 'Copy', exact: true }).click()
  await expect(said(page, 'Copied 2 × 2 cells.')).toBeVisible()
  const line = 'Name 2,2024-01-03 09:30:00.123456'
  expect(await copied()).toBe(`name,seen_at\r\n${line}\r\n${line}`)

  await inBothSchemes(page, 'editing-block')

  await page.keyboard.press('Control+a')
  await expect(chosen(page)).toHaveText('1,500 rows chosen')
  await page.keyboard.press('F8')
  await page.getByLabel('INSERT').check()
  await page.keyboard.press('Enter')
  await expect(said(page, 'Copied 1,500 statements.')).toBeVisible()
  const statements = (await copied()).trim().split('\n')
  expect(statements).toHaveLength(1500)
  expect(statements[1499]).toMatch(/^insert into `auth_user` \(.*\) values \(1500, 'user1500@example.com', 'Name 1500'/)

  // Rows that another program takes away meanwhile are not taken for those that were chosen.
  const other = new BetterSqlite3(join(roster.folder, 'people.db'))
  other.exec('delete from auth_user where id = 700')
  other.close()
  await page.getByRole('grid').focus()
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('Control+Shift+End')
  await expect(chosen(page)).toHaveText('1,500 × 8 cells chosen')
  await page.keyboard.press('F8')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert').getByText(/The rows have changed since they were chosen/)).toBeVisible()
})

test('a block grows without a row being drawn again, and whole rows are deleted together', async ({
  app: page,
  roster,
}) => {
  await openPeople(page, roster)
  const from = await cellOf(page, 'user2@example.com', 'email')
  await from.click()
  // What is known of the columns comes after the rows, and draws them once more.
  await expect(page.getByRole('button', { name: /^Owner: / })).toBeVisible()
  await page.evaluate(`{
    window.drawn = 0
    const rows = document.querySelectorAll('[role=row][data-line]')
    const watch = new MutationObserver((changes) => { window.drawn += changes.length })
    rows.forEach((row) => watch.observe(row, { subtree: true, childList: true, attributes: true, characterData: true }))
  }`)
  await from.hover()
  await page.mouse.down()
  for (const name of ['user5', 'user9', 'user12']) await (await cellOf(page, `${name}@example.com`, 'active')).hover()
  await page.mouse.up()
  await expect(chosen(page)).toHaveText('11 × 4 cells chosen')
  expect(await page.evaluate('window.drawn')).toBe(0)

  await page.keyboard.press('Shift+ArrowUp')
  await page.keyboard.press('Shift+Space')
  await expect(chosen(page)).toHaveText('10 rows chosen')
  await page.getByRole('button', { name: 'Delete 10 rows' }).click()
  await expect(page.getByRole('button', { name: 'Save 10 changes' })).toBeVisible()
})

test('dates are picked, JSON is laid out, the row stands beside the grid, and pinned columns stay', async ({
  app: page,
  roster,
}) => {
  await openPeople(page, roster)
  const seen = await cellOf(page, 'user1@example.com', 'seen_at')
  // Keys go where a person sees that they go.
  const editor = page.getByRole('grid').getByRole('textbox', { name: 'seen_at' })
  await seen.dblclick()
  await expect(editor).toBeFocused()
  await page.keyboard.press('Alt+ArrowDown')
  const picker = page.getByRole('dialog', { name: 'Pick seen_at' })
  await expect(picker).toBeVisible()
  await inBothSchemes(page, 'editing-picker')
  await page.keyboard.press('PageDown')
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await page.getByLabel('Hour').fill('23')
  await page.keyboard.press('Escape')
  await expect(picker).toBeHidden()
  await expect(editor).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(seen).toHaveText('2024-02-04 23:30:00.123456')

  await (await cellOf(page, 'user1@example.com', 'settings')).dblclick()
  const drawer = page.getByRole('dialog', { name: 'Edit settings' })
  await drawer.getByRole('button', { name: 'Lay out' }).click()
  await expect(drawer.getByLabel('settings')).toHaveValue('{\n  "n": 12345678901234567890,\n  "n": 1\n}')
  await page.screenshot(shot('editing-json'))
  await drawer.getByRole('button', { name: 'Keep text' }).click()
  await expect(page.getByRole('button', { name: 'Save 1 change' })).toBeVisible()

  await page.keyboard.press('Control+i')
  const row = page.getByRole('complementary', { name: 'Row' })
  await expect(row.getByRole('heading', { name: 'id 1', exact: true })).toBeVisible()
  const name = row.getByLabel('name', { exact: true })
  await name.fill('Anna')
  await name.press('Enter')
  await expect(await cellOf(page, 'user1@example.com', 'name')).toHaveText('Anna')
  await inBothSchemes(page, 'editing-inspector')

  await page.keyboard.press('Control+i')
  await expect(row).toBeHidden()
  await page.setViewportSize({ width: 900, height: 700 })
  const email = await cellOf(page, 'user1@example.com', 'email')
  await email.click()
  await page.keyboard.press('End')
  await expect(page.getByRole('columnheader', { name: 'score' })).toBeInViewport({ ratio: 1 })
  await expect(email).toBeInViewport({ ratio: 1 })
  await page.getByRole('columnheader', { name: /^email/ }).click({ button: 'right' })
  await page.screenshot(shot('editing-header-menu'))
  await page.getByRole('menuitem', { name: 'Unpin email' }).click()
  await expect(page.getByRole('columnheader', { name: 'email' })).toBeHidden()
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.keyboard.press('F1')
  await expect(page.getByRole('region', { name: 'Keys' })).toBeVisible()
  await page.screenshot(shot('editing-keys'))
})
