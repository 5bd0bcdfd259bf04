// Rows in a foreign encoding: found, told as the owner reads them, repaired with one button, and saved to the byte.
import BetterSqlite3 from 'better-sqlite3'
import { join } from 'node:path'
import { openFile } from './file-dialog.ts'
import { cellOf, expect, test } from './roster.ts'
import { shootAll } from './shoot-all.ts'

const PYDAL = `create table "auth_user"(
    "id" INTEGER PRIMARY KEY AUTOINCREMENT,
    "email" CHAR(512) NOT NULL UNIQUE,
    "password" CHAR(512),
    "active" CHAR(1),
    "confirmed_at" TIMESTAMP
  );
  with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000)
  insert into auth_user (email, active, confirmed_at) select 'u' || i || '@example.com', case when i % 5 then 'T' else 'F' end, '2024-01-15 10:20:30' from n;
  update auth_user set active = '1' where id in (11, 12, 13);
  update auth_user set confirmed_at = '2024-02-29T08:00:00' where id = 21;
  update auth_user set confirmed_at = 'soon' where id = 22;
  update auth_user set confirmed_at = '2024-02-29T08:00:00Z' where id = 23;`

test('foreign values are reported, chosen, staged as one step and saved @browser', async ({ app: page, roster }) => {
  const path = join(roster.folder, 'web2py.db')
  const file = new BetterSqlite3(path)
  file.exec(PYDAL)
  const cells = () =>
    file
      .prepare('select id, active, confirmed_at from auth_user where id in (11, 12, 13, 21, 22, 23) order by id')
      .raw()
      .all()
  await openFile(page, path)
  await page.getByRole('link', { name: 'auth_user' }).click()
  await expect(page.getByRole('row').nth(5)).toBeVisible()
  await page.getByRole('columnheader', { name: /^active/ }).click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Rows in a foreign encoding…' }).click()
  const report = page.getByRole('dialog', { name: /^Rows in a foreign encoding/ })

  await test.step('a column that is written in several ways is decided first', async () => {
    await report.getByRole('button', { name: 'Choose how active is written…' }).click()
    const encoding = page.getByRole('dialog', { name: 'How active is written' })
    await encoding.getByRole('radio', { name: /'T' for true/ }).check()
    await encoding.getByRole('button', { name: 'Write it so' }).click()
    await report.getByRole('button', { name: 'Choose how confirmed_at is written…' }).click()
    const dates = page.getByRole('dialog', { name: 'How confirmed_at is written' })
    await dates.getByRole('radio').first().check()
    await dates.getByRole('button', { name: 'Write it so' }).click()
    await expect(report.getByText('6 rows hold a value that the column’s owner would not have written.')).toBeVisible()
  })

  const ones = report.getByRole('region', { name: "active: the text '1'" })
  await test.step('each group says what the owner makes of it', async () => {
    await expect(ones).toContainText('PyDAL reads it as false')
    await expect(ones.getByRole('radio', { name: /as PyDAL reads it today/ })).toBeChecked()
    await expect(report.getByRole('region', { name: /soon/ })).toContainText('Every query of PyDAL that meets it fails')
    await shootAll(page, 'foreign-report')
  })

  await test.step('what a repair would lose is said, and it is nobody’s choice but a person’s', async () => {
    const zoned = report.getByRole('region', { name: /08:00:00Z/ })
    await expect(zoned).toContainText('This column has no place for the time zone.')
    await expect(zoned.getByRole('radio', { name: /; the time zone is lost$/ })).not.toBeChecked()
    await expect(zoned.getByRole('radio', { name: 'Leave it as it is' })).toBeChecked()
  })

  await test.step('the rows of a group are shown in the grid', async () => {
    await ones.getByRole('button', { name: 'Show rows' }).click()
    await expect(report).toBeHidden()
    await expect(page.getByText('u12@example.com')).toBeVisible()
    await expect(page.getByRole('row')).toHaveCount(4)
    await page.getByRole('button', { name: 'Clear filter' }).click()
    await expect(page.getByRole('row').nth(8)).toBeVisible()
    await page.getByRole('gridcell', { name: 'u7@example.com' }).click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Rows in a foreign encoding…' }).click()
    await expect(ones).toBeVisible()
  })

  await test.step('the repair is staged as one step, undone, and saved', async () => {
    await ones.getByRole('radio', { name: /as it was probably meant/ }).check()
    // Nothing is taken away that nobody asked to be.
    await expect(
      report.getByRole('region', { name: /soon/ }).getByRole('radio', { name: 'Leave it as it is' }),
    ).toBeChecked()
    await report.getByRole('button', { name: 'Stage 4 repairs' }).click()
    await expect(page.getByText('Staged 4 repairs as one step. Nothing is saved yet.')).toBeVisible()
    await page.getByRole('grid').focus()
    await page.keyboard.press('Control+z')
    await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeVisible()
    await page.keyboard.press('Control+y')
    // Another value may take the place of a repair before it is saved.
    const repaired = (await cellOf(page, 'u13@example.com', 'active')).first()
    await expect(repaired).toHaveText('true')
    await repaired.click()
    await page.keyboard.press('Space')
    await expect(repaired).toHaveText('false')
    await page.getByRole('button', { name: 'Save 4 changes' }).click()
    await expect(page.getByRole('status').getByText('Saved 4 changes')).toBeVisible()
    expect(cells()).toEqual([
      [11, 'T', '2024-01-15 10:20:30'],
      [12, 'T', '2024-01-15 10:20:30'],
      [13, 'F', '2024-01-15 10:20:30'],
      [21, 'T', '2024-02-29 08:00:00'],
      [22, 'T', 'soon'],
      [23, 'T', '2024-02-29T08:00:00Z'],
    ])
  })
})
