// Deleting rows: what goes with them is said before it happens.
import BetterSqlite3 from 'better-sqlite3'
import { join } from 'node:path'
import { openFile } from './file-dialog.ts'
import { expect, test } from './roster.ts'

test('a delete that reaches other tables asks first', async ({ app: page, roster }) => {
  const file = join(roster.folder, 'members.db')
  const other = new BetterSqlite3(file)
  other.exec(`
    create table auth_user (id integer primary key, email varchar(255) unique not null);
    create table auth_membership (id integer primary key, user_id integer references auth_user (id) on delete cascade);
    create table auth_event (id integer primary key, user_id integer references auth_user (id) on delete set null);
    insert into auth_user values (1, 'ann@example.com'), (2, 'bob@example.com');
    insert into auth_membership values (1, 1), (2, 1);
    insert into auth_event values (1, 1);
  `)
  const counts = () =>
    other.prepare('select (select count(*) from auth_user), (select count(*) from auth_membership)').raw().get()
  await openFile(page, file)
  await page.getByRole('link', { name: 'auth_user' }).click()
  await page.getByRole('gridcell', { name: 'ann@example.com' }).click()
  await page.getByRole('button', { name: 'Delete row' }).click()
  await page.getByRole('button', { name: 'Save 1 change' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('auth_membership')
  await expect(dialog).toContainText('auth_event')
  await page.screenshot({ path: 'artifacts/screens/delete-reach.png' })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  expect(counts()).toEqual([2, 2])
  await page.getByRole('button', { name: 'Save 1 change' }).click()
  await dialog.getByRole('button', { name: 'Delete and save' }).click()
  await expect(page.getByRole('status').getByText('Saved 1 change')).toBeVisible()
  expect(counts()).toEqual([1, 0])
  other.close()
})
