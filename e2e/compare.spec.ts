// Two users tables side by side: a file of PyDAL on a developer's machine against SQLAlchemy's table on a server.
import type { Page } from '@playwright/test'
import BetterSqlite3 from 'better-sqlite3'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, shot, test as base } from './roster.ts'
import { ownServer, profileOf, storeProfiles, withoutServer, type TestServer } from './servers.ts'

const fixture = join(import.meta.dirname, 'fixtures/pydal-sqlite.db')

const STAGING = `create table auth_user (id serial not null, email varchar(255) not null, password varchar(255),
    active boolean, fs_uniquifier varchar(64), confirmed_at timestamp without time zone,
    primary key (id), unique (email), unique (fs_uniquifier));
  create table alembic_version (version_num varchar(32) not null, constraint alembic_version_pkc primary key (version_num));
  insert into alembic_version values ('3f2b9a7c1d04');
  insert into auth_user (email, active, fs_uniquifier, confirmed_at) values
    ('alice@example.com', false, 'aa', '2024-12-31 23:59:59.123456'),
    ('alice+news@example.com', true, 'bb', '1955-11-05 06:15:00'),
    ('A.L.I.C.E@example.com', true, 'cc', null),
    ('only@staging.example', true, 'dd', null)`

const test = base.extend<{ server: TestServer }>(ownServer('postgres', STAGING))

/** In both schemes and both sizes. */
async function pictures(page: Page, name: string): Promise<void> {
  for (const [width, height] of [
    [1280, 800],
    [1920, 1080],
  ] as const) {
    await page.setViewportSize({ width, height })
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      // Colours that are on their way to the other scheme are taken to their end.
      await page.screenshot({ ...shot(`${name}-${colorScheme}-${width}`), animations: 'disabled' })
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 })
}

const part = (page: Page, name: string) => page.getByRole('radiogroup', { name: 'What is compared' }).getByText(name)
const counts = (page: Page) => page.getByLabel('Counts')

async function compareWith(page: Page, other: string): Promise<void> {
  await page.getByRole('tab', { name: 'Compare' }).click()
  const select = page.getByLabel('Compare with')
  const option = await select.locator('option', { hasText: other }).getAttribute('value')
  await select.selectOption(option)
}

test.describe('a developer’s file against a server', () => {
  test.skip(...withoutServer('postgres'))

  test('columns, ledgers and users are compared, and users are copied across', async ({ page, roster, server }) => {
    const file = join(roster.folder, 'dev.db')
    copyFileSync(fixture, file)
    const dev = { id: 'dev', name: 'Shop (dev)', isSample: false, dialect: 'sqlite', file, environment: 'development' }
    storeProfiles(roster.sample, [dev, profileOf(server, { name: 'Shop (staging)', environment: 'staging' })])
    await page.goto(await roster.start())
    await page.getByRole('button', { name: 'Shop (dev)', exact: true }).click()
    await page.getByRole('link', { name: 'auth_user' }).click()
    await expect(page.getByRole('row').nth(5)).toBeVisible()

    await test.step('the other profile is opened from here', async () => {
      await compareWith(page, 'Shop (staging)')
      await expect(page.getByText('Shop (staging) is not open.')).toBeVisible()
      await page.getByRole('button', { name: 'Open Shop (staging)' }).click()
      await expect(page.getByLabel('Table of Shop (staging)')).toHaveValue('auth_user')
      await expect(page.getByRole('heading', { name: 'Shop (dev)', level: 1 })).toBeVisible()
    })

    await test.step('columns are paired, and it is said how they differ', async () => {
      await part(page, 'Columns').click()
      const columns = page.getByRole('region', { name: 'Columns' })
      await expect(columns.getByRole('row', { name: /^active/ })).toContainText('T/F against boolean')
      await expect(columns.getByRole('row', { name: /^fs_uniquifier/ })).toContainText('never copied')
      await pictures(page, 'compare-columns')
    })

    await test.step('ledgers stand beside each other', async () => {
      await part(page, 'Ledgers').click()
      await expect(page.getByRole('region', { name: 'Ledger of Shop (staging)' })).toContainText('3f2b9a7c1d04')
      await expect(page.getByRole('region', { name: 'Ledger of Shop (dev)' })).toContainText(
        'No step of Roster is applied.',
      )
      await page.screenshot(shot('compare-ledgers'))
    })

    await test.step('users are compared by what their values mean', async () => {
      await part(page, 'Users').click()
      await page.getByRole('button', { name: 'Compare users' }).click()
      await expect(counts(page)).toHaveText(/Shop \(dev\) 200 rows\s*Shop \(staging\) 4 rows\s*the same in both 0/)
      await expect(page.getByText('Different (2)')).toBeVisible()
      await expect(page.getByText(/an email that the other side spells otherwise/)).toBeVisible()
      const list = page.getByRole('list', { name: 'Different' })
      await expect(list.getByRole('listitem')).toHaveCount(2)
      await list.getByRole('button', { name: /^alice@example\.com/ }).click()
      const values = page.getByRole('region', { name: 'Values of alice@example.com' })
      await expect(values.getByRole('row', { name: /^active/ })).toHaveText(/differs.*true.*false/)
      await expect(values.getByRole('row', { name: /^confirmed_at/ })).not.toContainText('differs')
      await pictures(page, 'compare-users')
    })

    await test.step('users of one side are copied to the other, by its own staged save', async () => {
      await page.getByText('Only in Shop (dev) (198)').click()
      const list = page.getByRole('list', { name: 'Only in Shop (dev)' })
      for (const email of ['0123', '100%@example.com', '1e10']) await list.getByLabel(`Choose ${email}`).check()
      await page.getByRole('button', { name: 'Copy 3 users to Shop (staging)' }).click()
      const dialog = page.getByRole('dialog', { name: 'Copy 3 users to Shop (staging)' })
      await expect(dialog).toContainText('3 new users in auth_user of Shop (staging).')
      await pictures(page, 'compare-copy')
      await dialog.getByRole('button', { name: 'Stage 3 changes in Shop (staging)' }).click()
      await expect(page.getByText(/3 changes are staged in auth_user of Shop \(staging\)/)).toBeVisible()
      await page.screenshot(shot('compare-staged'))
      expect(await server.admin('select count(*) from auth_user', server.database)).toEqual([['4']])
      await page.getByRole('button', { name: 'Open auth_user of Shop (staging)' }).click()
      await expect(page.getByRole('heading', { name: 'Shop (staging)', level: 1 })).toBeVisible()
      await page.getByRole('button', { name: 'Save 3 changes' }).click()
      await expect(page.getByRole('status').getByText('Saved 3 changes')).toBeVisible()
      const stored = await server.admin(
        'select email, active, length(fs_uniquifier) from auth_user where id > 4 order by email collate "C"',
        server.database,
      )
      const sql =
        "select email, case active when 'T' then 't' when 'F' then 'f' end, 32 from auth_user where email in ('0123', '100%@example.com', '1e10') order by email"
      const source = new BetterSqlite3(file, { readonly: true })
      const there = source.prepare(sql).raw().all() as (string | number | null)[][]
      source.close()
      expect(stored).toEqual(there.map((row) => row.map((cell) => (cell === null ? null : String(cell)))))
    })

    await test.step('compared again, they are the same', async () => {
      await page.getByRole('button', { name: 'Shop (dev)', exact: true }).click()
      await expect(page.getByLabel('Table of Shop (staging)')).toHaveValue('auth_user')
      await page.getByRole('button', { name: 'Compare users' }).click()
      await expect(page.getByText('Only in Shop (dev) (195)')).toBeVisible()
    })
  })
})

base('tabs go round by keys, and a production table asks as it always does', async ({ page, roster }) => {
  const files = ['dev', 'prod'].map((name) => join(roster.folder, `${name}.db`))
  for (const file of files) copyFileSync(fixture, file)
  const prod = new BetterSqlite3(files[1])
  prod.exec("update auth_user set active = 'F' where email = 'alice@example.com'")
  prod.close()
  const profile = (id: string, file: string, environment: string) => ({
    ...{ id, name: `Shop ${id}`, isSample: false, dialect: 'sqlite', file, environment },
  })
  storeProfiles(roster.sample, [
    profile('dev', files[0] as string, 'development'),
    profile('prod', files[1] as string, 'production'),
  ])
  await page.goto(await roster.start())
  await page.getByRole('button', { name: 'Shop dev', exact: true }).click()
  await page.getByRole('link', { name: 'auth_user' }).click()
  await expect(page.getByRole('row').nth(5)).toBeVisible()
  const chosen = page.getByRole('tab', { selected: true })
  // In the sidebar the key is the profile's.
  await page.getByRole('grid').focus()
  for (const name of ['Structure', 'Compare', 'Rows']) {
    await page.keyboard.press('F4')
    await expect(chosen).toHaveText(name)
  }
  await chosen.focus()
  await page.keyboard.press('ArrowLeft')
  await expect(page.getByRole('tab', { name: 'Compare' })).toBeFocused()
  await page.keyboard.press('ArrowLeft')
  await expect(page.getByRole('tab', { name: 'Structure' })).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await expect(chosen).toHaveText('Compare')

  await compareWith(page, 'Shop prod')
  await page.getByRole('button', { name: 'Compare users' }).click()
  await expect(counts(page)).toContainText('the same in both 199')
  await page.getByLabel('Choose alice@example.com').check()
  await page.getByRole('button', { name: 'Copy 1 user to Shop prod' }).click()
  const dialog = page.getByRole('dialog', { name: 'Copy 1 user to Shop prod' })
  await expect(dialog).toContainText('1 changed user in auth_user of Shop prod.')
  await expect(dialog.getByRole('list', { name: 'What is to be written' })).toContainText('false → true')
  await dialog.getByRole('button', { name: 'Stage 1 change in Shop prod' }).click()
  await page.getByRole('button', { name: 'Open auth_user of Shop prod' }).click()
  await page.getByRole('button', { name: 'Save 1 change' }).click()
  const asked = page.getByRole('dialog').filter({ hasText: 'Shop prod' })
  await asked.getByRole('textbox').fill('Shop prod')
  await asked.getByRole('button', { name: /Save 1 change/ }).click()
  await expect(page.getByRole('status').getByText('Saved 1 change')).toBeVisible()
  const after = new BetterSqlite3(files[1], { readonly: true })
  expect(after.prepare("select active from auth_user where email = 'alice@example.com'").pluck().all()).toEqual(['T'])
  after.close()
})
