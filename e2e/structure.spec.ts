// The tree of tables, what a table is made of, and following foreign keys there and back, as a person does it.
import BetterSqlite3 from 'better-sqlite3'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { openFile } from './file-dialog.ts'
import { cellOf, expect, shot, test } from './roster.ts'

const SHOP = `
  create table auth_user (id integer primary key, email varchar(255) not null unique, active boolean default 1, confirmed_at datetime);
  create table org (id integer primary key, name varchar(80) not null);
  create table membership (id integer primary key, user_id integer not null references auth_user (id) on delete cascade,
    org_id integer references org, role varchar(20) default 'member' check (role <> ''), unique (user_id, org_id));
  create table employee (id integer primary key, name varchar(80), manager_id integer references employee);
  create table visit (id integer primary key, user_id integer references auth_user, at datetime);
  create index visit_user on visit (user_id, at desc) where user_id is not null;
  create view active_user as select * from auth_user where active;
  create trigger visit_at after insert on visit begin update visit set at = '2026-01-01 00:00:00' where id = new.id; end;
  create table tag (id integer primary key); create table note (id integer primary key); create table letter (id integer primary key);
  with recursive n (i) as (select 1 union all select i + 1 from n limit 1500)
    insert into auth_user (id, email) select i, printf('user%04d@example.com', i) from n;
  insert into org (id, name) values (1, 'North'), (2, 'South');
  insert into membership (user_id, org_id) select id, 1 + id % 2 from auth_user;
  insert into employee values (1, 'Ada', null), (2, 'Ben', 1), (3, 'Cy', 2);
  insert into visit (user_id) select id from auth_user where id < 50; analyze;`

function makeFile(file: string, sql: string): string {
  const database = new BetterSqlite3(file)
  database.exec(sql)
  database.close()
  return file
}

/** In light and dark, on a small and on a large screen. */
async function pictures(page: Page, name: string): Promise<void> {
  for (const [width, height] of [
    [1920, 1080],
    [1280, 800],
  ] as const) {
    await page.setViewportSize({ width, height })
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.screenshot(shot(`${name}-${width}-${colorScheme}`))
    }
  }
}

const rowsOf = (page: Page, table: string) =>
  page.getByRole('tabpanel').getByRole('region', { name: table, exact: true })
const current = (page: Page) => page.locator('[role=gridcell][aria-selected=true]')

test('a table is found in the tree, its structure is read, and its keys are followed there and back', async ({
  app: page,
  roster,
}) => {
  await openFile(page, makeFile(join(roster.folder, 'shop.db'), SHOP))
  const tree = page.getByRole('tree', { name: 'Tables and views' })
  await expect(tree.getByRole('treeitem')).toHaveCount(8)
  await expect(tree.getByRole('treeitem', { name: 'membership' })).toHaveAttribute('aria-description', /1,500 rows/)
  await pictures(page, 'tree')

  const filter = page.getByLabel('Filter tables and views')
  await filter.fill('MEM')
  await expect(tree.getByRole('treeitem')).toHaveCount(1)
  await filter.press('Enter')
  await expect(rowsOf(page, 'membership')).toBeVisible()
  await filter.press('Escape')
  await expect(tree.getByRole('treeitem')).toHaveCount(8)
  await filter.press('ArrowDown')
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await expect(rowsOf(page, 'visit')).toBeVisible()
  await expect(page.getByRole('note', { name: 'Before editing' })).toContainText('visit_at')

  await page.getByRole('tab', { name: 'Structure' }).click()
  const structure = page.getByRole('region', { name: 'Structure of visit' })
  await expect(structure.getByRole('region', { name: 'Indexes' })).toContainText('user_id is not null')
  await expect(structure.getByRole('region', { name: 'Triggers' })).toContainText('visit_at')
  await expect(structure.getByRole('region', { name: 'DDL' })).toContainText('CREATE INDEX visit_user')
  await pictures(page, 'structure')
  await structure.getByRole('region', { name: 'Points to' }).getByRole('button', { name: 'auth_user' }).click()
  const users = page.getByRole('region', { name: 'Structure of auth_user' })
  await expect(users.getByRole('region', { name: 'Pointed to from' })).toContainText('membership (user_id)')
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(structure).toBeVisible()
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(rowsOf(page, 'membership')).toBeVisible()

  // A staged edit waits where it was made.
  await (await cellOf(page, 'member', 'role')).first().dblclick()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('owner')
  await page.keyboard.press('Enter')
  await page.getByRole('grid').press('Control+End')
  await expect(page.getByRole('gridcell', { name: '1500', exact: true }).first()).toBeVisible()
  const header = page.getByRole('columnheader', { name: /^user_id\b/ })
  const column = (await header.getAttribute('aria-colindex')) ?? ''
  const cell = page.locator(`[role=gridcell][aria-colindex="${column}"]`, { hasText: '1496' })
  await cell.click({ button: 'right' })
  await expect(page.getByRole('menuitem', { name: /^Go to auth_user 1496/ })).toBeVisible()
  await page.screenshot(shot('follow-menu'))
  await page.keyboard.press('Escape')
  await cell.click()
  await page.keyboard.press('F12')
  await expect(rowsOf(page, 'auth_user')).toBeVisible()
  await expect(current(page)).toHaveText('1496')
  await page.keyboard.press('Shift+F12')
  const dialog = page.getByRole('dialog', { name: 'Rows that point here' })
  await dialog.getByRole('button', { name: /^membership/ }).click()
  await expect(rowsOf(page, 'membership')).toBeVisible()
  await expect(page.getByText(/^1 row\b/)).toBeVisible()
  await page.screenshot(shot('follow-back'))
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(current(page)).toHaveText('1496')
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(rowsOf(page, 'membership')).toBeVisible()
  await expect(current(page)).toHaveText('1496')
  await expect(page.getByRole('button', { name: 'Save 1 change' })).toBeEnabled()
  await page.keyboard.press('Alt+ArrowRight')
  await expect(rowsOf(page, 'auth_user')).toBeVisible()
  await expect(current(page)).toHaveText('1496')
})

test('five thousand tables are drawn where they are seen, and narrowed by name', async ({ app: page, roster }) => {
  const tables = Array.from({ length: 5000 }, (_, n) => `create table t_${n + 1} (id integer primary key);`)
  await openFile(page, makeFile(join(roster.folder, 'many.db'), `begin; ${tables.join('')} commit`))
  const tree = page.getByRole('tree', { name: 'Tables and views' })
  await expect(tree.getByRole('treeitem', { name: 't_1', exact: true })).toBeVisible()
  await tree.focus()
  await page.keyboard.press('End')
  const last = tree.getByRole('treeitem', { name: 't_5000' })
  await expect(last).toBeInViewport()
  await expect(last).toHaveAttribute('aria-posinset', '5000')
  expect(await tree.getByRole('treeitem').count()).toBeLessThan(120)
  await page.screenshot(shot('tree-5000'))
  await page.keyboard.type('t_4321')
  await expect(tree.getByRole('treeitem')).toHaveCount(1)
  await page.keyboard.press('Enter')
  await expect(rowsOf(page, 't_4321')).toBeVisible()
})

test('what only SQLite allows: a column without a name, and rows whose key is NULL', async ({ app: page, roster }) => {
  const file = makeFile(
    join(roster.folder, 'odd.db'),
    `create table odd (id integer primary key, "" text, "a ""b""" text); insert into odd values (1, 'no name', 'quoted');
     create table vague (k text primary key, v text); insert into vague values (null, 'one'), (null, 'two'), ('c', 'three');`,
  )
  await openFile(page, file)
  await page.getByRole('treeitem', { name: 'odd' }).click()
  await page.getByRole('gridcell', { name: 'no name' }).dblclick()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('still none')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+s')
  await expect(page.getByRole('status').getByText('Saved 1 change to odd.')).toBeVisible()
  // The commands of a column stay open when the keys bring them.
  await page.keyboard.press('Alt+Shift+ArrowDown')
  await expect(page.getByRole('menuitem', { name: /^Sort by/ }).first()).toBeVisible()
  await page.keyboard.press('Escape')

  await page.getByRole('treeitem', { name: 'vague' }).click()
  const rows = page.getByRole('row')
  await page.getByRole('gridcell', { name: 'one' }).click()
  await expect(rows.filter({ hasText: 'one' })).toHaveAttribute('data-current', 'true')
  await page.keyboard.press('Enter')
  await expect(page.getByText('The key of this row holds NULL')).toBeVisible()
  await page.keyboard.press('Control+-')
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled()
  await page.getByRole('gridcell', { name: 'three' }).click()
  await page.keyboard.press('Control+-')
  await expect(page.getByRole('button', { name: 'Save 1 change' })).toBeVisible()
})
