// A users table that another program has made: compared with the step that would make it, adopted, and the rest is run.
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import BetterSqlite3 from 'better-sqlite3'
import { openFile } from './file-dialog.ts'
import { engineNames, kinds, profileOf, ownServer, storeProfiles, withoutServer, type TestServer } from './servers.ts'
import {
  button,
  choose,
  dialog,
  expect,
  openMigrations,
  pictures,
  read,
  result,
  row,
  states,
  test as base,
} from './migrations.ts'

const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name)

/** From the notice to the end; `picture` where one is wanted. */
async function adoptAndRun(page: Page, picture: string | null): Promise<void> {
  await expect(page.getByText('auth_user exists already and was not made by these migrations.')).toBeVisible()
  await expect(button(page, 'Run all')).toHaveAttribute('aria-disabled', 'true')
  await button(page, 'Compare and adopt').click()
  await expect(dialog(page).getByRole('region', { name: 'Findings' })).toContainText('fs_uniquifier')
  await expect(dialog(page).getByText(/^(Missing|Incompatible)$/)).toHaveCount(0)
  if (picture !== null) await pictures(page, picture)
  await button(dialog(page), 'Adopt').click()
  await expect(row(page, '001-create-auth-user.ts')).toContainText('adopted')
  await expect.poll(() => states(page)).toEqual(['Applied', 'Pending', 'Pending'])
  await button(page, 'Run all').click()
  await expect(result(page)).toContainText('Applied 2 steps')
  await expect(page.getByText('At head')).toBeVisible()
}

base('a file of SQLAlchemy is adopted on SQLite @browser', async ({ app: page, roster }) => {
  const file = join(roster.folder, 'users.db')
  copyFileSync(fixture('sqlalchemy-sqlite.db'), file)
  const users = 'select * from auth_user order by id'
  const before = read(file, users)
  await openFile(page, file)
  await expect(page.getByRole('heading', { level: 1, name: 'users' })).toBeVisible()
  await page
    .getByRole('link', { name: /^Migrations/ })
    .last()
    .click()
  await adoptAndRun(page, 'adopt')
  expect(read(file, users)).toEqual(before)
  expect(read(file, 'select name, batch from knex_migrations order by id')).toEqual([
    ['001-create-auth-user.ts', 1],
    ['002-index-auth-user-active.ts', 2],
    ['003-index-auth-user-confirmed-at.ts', 2],
  ])
})

base(
  'a table that does not fit is not adopted, and it is said what is missing @browser',
  async ({ app: page, roster }) => {
    const file = join(roster.folder, 'users.db')
    const other = new BetterSqlite3(file)
    // By hand: what another tool owns would be mended there.
    other.exec(`create table auth_user (id integer primary key, email varchar(255) not null unique,
    password varchar(255), active boolean, fs_uniquifier varchar(64) unique, nickname text)`)
    other.close()
    await openFile(page, file)
    await expect(page.getByRole('heading', { level: 1, name: 'users' })).toBeVisible()
    await page
      .getByRole('link', { name: /^Migrations/ })
      .last()
      .click()
    await choose(page, '001-create-auth-user.ts', 'Adopt instead of running')
    const findings = dialog(page).getByRole('region', { name: 'Findings' })
    await expect(findings.getByRole('row').filter({ hasText: 'confirmed_at' })).toContainText('Missing')
    await expect(findings.getByRole('row').filter({ hasText: 'nickname' })).toContainText('Compatible')
    await expect(button(dialog(page), 'Adopt')).toHaveAccessibleDescription(/does not fit/)
    await expect(dialog(page)).toContainText('Migration that closes the differences')
    await pictures(page, 'adopt-not')
  },
)

for (const kind of kinds) {
  const test = base.extend<{ server: TestServer }>(ownServer(kind))

  test.describe(`adopting on ${engineNames[kind]} @browser`, () => {
    test.skip(...withoutServer(kind))

    test('a table of SQLAlchemy', async ({ roster, server, page }) => {
      const name = kind === 'postgres' ? 'sqlalchemy-postgresql' : 'sqlalchemy-mariadb'
      await server.admin(dumped(name), server.database)
      const users = 'select * from auth_user order by id'
      const before = await server.admin(users, server.database)
      expect(before).toHaveLength(
        readFileSync(fixture(`${name}.expected.jsonl`), 'utf8')
          .trim()
          .split('\n').length,
      )
      const profile = profileOf(server)
      storeProfiles(roster.sample, [profile])
      await page.goto(await roster.start())
      await page.getByRole('navigation').getByRole('button', { name: profile.name }).first().click()
      await expect(page.getByRole('heading', { level: 1, name: profile.name })).toBeVisible()
      await openMigrations(page)
      await adoptAndRun(page, null)
      expect(await server.admin(users, server.database)).toEqual(before)
    })
  })
}

/** The dump in SQL alone: without the lines of the command-line programs, and with rows in place of COPY's own format. */
function dumped(name: string): string {
  const text = readFileSync(fixture(`${name}.sql`), 'utf8').replace(/^(?:\\(?:un)?restrict .*|\/\*M!999999.*)$/gm, '')
  return text.replace(/^COPY (.*) FROM stdin;\n([^]*?)\n\\\.$/gm, (_, into: string, lines: string) => {
    const rows = lines.split('\n').map((line) => `(${line.split('\t').map(literal).join(', ')})`)
    return `INSERT INTO ${into} VALUES ${rows.join(',\n')};`
  })
}

/** COPY escapes as E'' does. */
const literal = (field: string) => (field === '\\N' ? 'NULL' : `E'${field.replaceAll("'", "''")}'`)
