// Whose table it is: shown with its evidence, and what the owner sets by itself is set in Roster's saves too.
import type { Page } from '@playwright/test'
import BetterSqlite3 from 'better-sqlite3'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openFile } from './file-dialog.ts'
import { cellOf, expect, shot, test as base, type Roster } from './roster.ts'
import { ownServer, profileOf, storeProfiles, withoutServer, type TestServer } from './servers.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
const GORM = `${readFileSync(join(fixtures, 'ddl/gorm-postgresql.ddl.sql'), 'utf8').replace(/^--.*\n/, '')}
  insert into auth_user (email, active, updated_at) values ('ann@x.org', true, '2001-02-03 04:05:06+00'), ('bob@x.org', true, null);
  insert into auth_user (email, active, deleted_at) values ('gone@x.org', false, '2024-01-15 10:20:30+00');
  create table alembic_version (version_num varchar(32) not null, constraint alembic_version_pkc primary key (version_num));
  insert into alembic_version values ('3f2b9a7c1d04')`

const test = base.extend<{ server: TestServer }>(ownServer('postgres', GORM))

/** In both schemes and both sizes. */
async function pictures(page: Page, name: string): Promise<void> {
  for (const [width, height] of [
    [1920, 1080],
    [1280, 800],
  ] as const) {
    await page.setViewportSize({ width, height })
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.screenshot(shot(`${name}-${width}-${colorScheme}`))
    }
  }
}

async function openUsers(page: Page, roster: Roster, set: string): Promise<string> {
  const file = join(roster.folder, `${set}.db`)
  copyFileSync(join(fixtures, `${set}-sqlite.db`), file)
  await openFile(page, file)
  await page.getByRole('link', { name: 'auth_user' }).click()
  await expect(page.getByRole('row').nth(5)).toBeVisible()
  return file
}

function rowsOf(file: string): Record<string, unknown>[] {
  const database = new BetterSqlite3(file, { readonly: true })
  try {
    return database.prepare('select * from auth_user order by id').safeIntegers().all() as Record<string, unknown>[]
  } finally {
    database.close()
  }
}

const changesPanel = (page: Page) => page.getByRole('complementary', { name: 'Changes' })

/** Types into the cell of the first row that holds this text. */
async function type(page: Page, row: string, column: string, text: string): Promise<void> {
  const cell = (await cellOf(page, row, column)).first()
  await cell.dblclick()
  await page.keyboard.press('Control+A')
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
  await expect((await cellOf(page, text, column)).first()).toHaveText(text)
}

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save 1 change' }).click()
  await expect(page.getByRole('status').getByText('Saved 1 change')).toBeVisible()
}

test('Flask-Security: evidence, meanings, and update_datetime in every save', async ({ app: page, roster }) => {
  const file = await openUsers(page, roster, 'flask-security')
  const before = rowsOf(file)

  await test.step('the owner stands below the grid, with its evidence', async () => {
    await expect(page.getByRole('note', { name: 'Before editing' })).toContainText('takes any text in password')
    await page.getByRole('button', { name: 'Owner: Flask-Security (SQLAlchemy)' }).click()
    const popover = page.getByRole('dialog', { name: 'Owner' })
    await expect(popover).toContainText('fs_uniquifier VARCHAR(64) is unique')
    await expect(popover).toContainText('Flask-Security sets update_datetime in every change.')
    await pictures(page, 'owner-popover')
    await page.keyboard.press('Escape')
    await expect(popover).toBeHidden()
    await expect(page.getByRole('button', { name: /^Owner:/ })).toBeFocused()
  })

  await test.step('what a save sets by itself is listed, and in its SQL', async () => {
    await type(page, 'alice@example.com', 'email', 'alice@new.example')
    await page.getByRole('button', { name: 'Show changes' }).click()
    const panel = changesPanel(page)
    await expect(panel).toContainText('update_datetimeset when saved, as Flask-Security does in every change')
    await expect(panel.getByRole('button', { name: /^Undo .*update_datetime/ })).toHaveCount(0)
    await pictures(page, 'owner-changes')
    await panel.getByRole('tab', { name: 'SQL' }).click()
    await expect(panel).toContainText(/update_datetime. = '\d{4}-\d\d-\d\d \d\d:\d\d:\d\d'/)
  })

  // All values there came from the column's default, CURRENT_TIMESTAMP, which has no fraction.
  await test.step('a save changes the cell and that column, and nothing else', async () => {
    await save(page)
    const after = rowsOf(file)
    const changed = after.flatMap((row, index) =>
      Object.entries(row).flatMap(([name, value]) => (Object.is(value, before[index]?.[name]) ? [] : [[name, value]])),
    )
    expect(changed).toEqual([
      ['email', 'alice@new.example'],
      ['update_datetime', expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)],
    ])
    const shown = (await cellOf(page, 'alice@new.example', 'email')).first()
    await expect(shown).toHaveText('alice@new.example')
  })

  await test.step('the structure tells what the owner does with each column', async () => {
    await page.getByRole('tab', { name: 'Structure' }).click()
    const owner = page.getByRole('region', { name: 'Owner' })
    await expect(owner).toContainText('Flask-Security (SQLAlchemy)')
    await expect(owner).toContainText('roles_users stands beside it.')
    const columns = page.getByRole('region', { name: 'Columns' })
    await expect(columns.getByRole('row', { name: /^fs_uniquifier/ })).toContainText('A new one ends all sessions')
    await expect(columns.getByRole('row', { name: /^update_datetime/ })).toContainText(
      'Set by rule: Flask-Security sets',
    )
    await pictures(page, 'owner-structure')
  })
})

const owners: [set: string, words: string][] = [
  ['sqlalchemy', 'SQLAlchemy'],
  ['alembic', 'SQLAlchemy with Alembic'],
  ['pydal', 'PyDAL'],
  ['web2py', 'web2py (PyDAL)'],
  ['py4web', 'py4web (PyDAL)'],
  ['gorm', 'GORM v2'],
]

test('each writer’s table is recognised', async ({ app: page, roster }) => {
  for (const [set, words] of owners) {
    await openUsers(page, roster, set)
    await expect(page.getByRole('button', { name: `Owner: ${words}`, exact: true })).toBeVisible()
  }
  await pictures(page, 'owner-gorm')
})

test.describe('on PostgreSQL @browser', () => {
  test.skip(...withoutServer('postgres'))

  test('GORM: updated_at is set, soft deletes are told; Alembic’s table is not written', async ({
    page,
    roster,
    server,
  }) => {
    storeProfiles(roster.sample, [profileOf(server)])
    await page.goto(await roster.start())
    await page.getByRole('button', { name: 'Shop on PostgreSQL', exact: true }).click()
    await page.getByRole('link', { name: 'auth_user' }).click()
    await expect(page.getByRole('button', { name: 'Owner: GORM v2' })).toBeVisible()
    await expect(page.getByRole('note', { name: 'Before editing' })).toContainText("GORM's soft delete")
    await type(page, 'ann@x.org', 'email', 'new@x.org')
    await page.getByRole('button', { name: 'Show changes' }).click()
    await expect(changesPanel(page)).toContainText('set when saved, as GORM v2 does in every change')
    await save(page)
    const rows = await server.admin(
      `select email, updated_at > now() - interval '10 minutes' from auth_user order by id`,
      server.database,
    )
    expect(rows.slice(0, 2)).toEqual([
      ['new@x.org', 't'],
      ['bob@x.org', null],
    ])

    await page.getByRole('treeitem', { name: 'alembic_version' }).click()
    await expect(page.getByText('Alembic keeps here which revisions the schema is at')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Owner: Alembic' })).toBeVisible()
  })
})
