// What the tests of migrations share: a folder of steps of the test's own, the screen's parts, and its pictures.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import BetterSqlite3 from 'better-sqlite3'
import { expect, shot, test as base } from './roster.ts'

/** A folder of migrations that the test writes and that Roster reads. */
export class StepsFolder {
  readonly path: string

  constructor(path: string) {
    this.path = path
    mkdirSync(path, { recursive: true })
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.path, name), text)
  }

  remove(name: string): void {
    rmSync(join(this.path, name))
  }
}

interface Fixtures {
  steps: StepsFolder
}

export const test = base.extend<Fixtures>({
  steps: async ({ roster }, use) => {
    await use(new StepsFolder(join(roster.folder, 'shop-migrations')))
  },
})

/** A knex migration out of the bodies of its functions; `knex` is what they have. */
export function step(summary: string, up: string, down = '', before = ''): string {
  return `// ${summary}
${before}
exports.up = async function (knex) {
  ${up}
}

exports.down = async function (knex) {
  ${down}
}
`
}

/** Steps that work on every engine: a table, a column, and an index in SQL. */
export const shopSteps = {
  '001_create_orders.js': step(
    'Creates orders.',
    `await knex.schema.createTable('orders', (table) => {
    table.increments('id')
    table.string('number', 40).notNullable()
  })
  await knex('orders').insert([{ number: 'A-1' }, { number: 'A-2' }])`,
    `await knex.schema.dropTable('orders')`,
  ),
  '002_add_paid.js': step(
    'Says of each order whether it is paid.',
    `await knex.schema.alterTable('orders', (table) => table.boolean('paid').defaultTo(false))`,
    `await knex.schema.alterTable('orders', (table) => table.dropColumn('paid'))`,
  ),
  '003_index_number.up.sql': '-- Finds orders by number.\n\ncreate index orders_number on orders (number);\n',
  '003_index_number.down.sql': '-- Undoes: finds orders by number.\n\ndrop index orders_number;\n',
} as const

export async function openMigrations(page: Page): Promise<void> {
  await page.getByRole('link', { name: /^Migrations/ }).click()
  await expect(table(page)).toBeVisible()
}

export const bar = (page: Page) => page.getByRole('group', { name: 'Where the steps come from' })
export const table = (page: Page) => page.getByRole('table', { name: 'Migrations' })
export const row = (page: Page, name: string) => table(page).getByRole('row').filter({ hasText: name })
export const result = (page: Page) => page.getByRole('status', { name: 'Result of the run' })
export const dialog = (page: Page) => page.getByRole('dialog')
export const button = (of: Page | Locator, name: string) => of.getByRole('button', { name, exact: true })
export const panel = (page: Page, name: RegExp) => page.getByRole('region', { name })

export async function closeDialog(page: Page): Promise<void> {
  await page.keyboard.press('Escape')
  await expect(dialog(page)).toHaveCount(0)
}

/** By its path in the served dialog. */
export async function chooseFolder(page: Page, path: string): Promise<void> {
  await bar(page)
    .getByRole('button', { name: /^Choose a/ })
    .click()
  await dialog(page).getByLabel('Path').fill(path)
  await button(dialog(page), 'Choose').click()
  await expect(dialog(page)).toHaveCount(0)
  await expect(bar(page)).toContainText(path)
}

export async function trustFolder(page: Page): Promise<void> {
  await button(bar(page), 'Review and trust').click()
  await button(dialog(page), 'Trust this folder').click()
  await expect(dialog(page)).toHaveCount(0)
  await expect(bar(page).getByText('Trusted', { exact: true })).toBeVisible()
}

/** Goes to the migrations and takes its steps from the folder, which is trusted as it is. */
export async function useSteps(page: Page, { path }: StepsFolder): Promise<void> {
  await openMigrations(page)
  await chooseFolder(page, path)
  await trustFolder(page)
}

/** What another program did to folder or database is seen by a page that is loaded anew. */
export async function lookAgain(page: Page): Promise<void> {
  await page.reload()
  await openMigrations(page)
}

export async function choose(page: Page, name: string, item: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

/** The states of the steps, in the order of the list. */
export async function states(page: Page): Promise<string[]> {
  const rows = await table(page)
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader') })
    .all()
  return Promise.all(rows.map((one) => one.getByRole('cell').first().innerText()))
}

/** In light and dark, on a small and a large screen. */
export async function pictures(page: Page, name: string): Promise<void> {
  for (const [width, height] of [
    [1280, 800],
    [1920, 1080],
  ] as const) {
    await page.setViewportSize({ width, height })
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      // Colours that change over a moment are shown as they end.
      await page.screenshot({ ...shot(`migrations-${name}-${scheme}-${width}`), animations: 'disabled' })
    }
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 800 })
}

/** What another program reads from the file, row by row. */
export function read(file: string, sql: string, ...values: string[]): unknown[][] {
  const database = new BetterSqlite3(file, { readonly: true })
  try {
    return database
      .prepare(sql)
      .raw()
      .all(...values) as unknown[][]
  } finally {
    database.close()
  }
}

/** Tables and indexes of a SQLite file, with their definitions. */
export const schemaOf = (file: string) => read(file, 'select type, name, sql from sqlite_master order by name')

export { expect }
