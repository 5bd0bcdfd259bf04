// Opening other people's files: a real one, and every kind of bad one.
import BetterSqlite3 from 'better-sqlite3'
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { openFile } from './file-dialog.ts'
import { expect, test } from './roster.ts'

const fixture = join(import.meta.dirname, 'fixtures/sqlalchemy-sqlite.db')

test('a table of SQLAlchemy is edited, and only that cell changes', async ({ app: page, roster }) => {
  const file = join(roster.folder, 'shop.db')
  copyFileSync(fixture, file)
  const rows = () => {
    const database = new BetterSqlite3(file, { readonly: true })
    try {
      return database.prepare('select * from auth_user order by id').raw().safeIntegers().all() as unknown[][]
    } finally {
      database.close()
    }
  }
  const before = rows()
  await openFile(page, file)
  await page.getByRole('link', { name: 'auth_user' }).click()
  await page.getByLabel('Search all text').fill('jurgen@')
  const cell = page.getByRole('gridcell', { name: 'jurgen@example.de', exact: true })
  await cell.dblclick()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('juergen@example.de')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Save 1 change' }).click()
  await expect(page.getByRole('status').getByText('Saved 1 change')).toBeVisible()
  const changed = rows().flatMap((row, r) =>
    row.flatMap((value, c) => (Object.is(value, before[r]?.[c]) ? [] : [value])),
  )
  expect(changed).toEqual(['juergen@example.de'])
})

test('a row that somebody else changed is not overwritten', async ({ app: page, roster }) => {
  const file = join(roster.folder, 'shop.db')
  copyFileSync(fixture, file)
  await openFile(page, file)
  await page.getByRole('link', { name: 'auth_user' }).click()
  await page.getByLabel('Search all text').fill('jurgen@')
  await page.getByRole('gridcell', { name: 'jurgen@example.de', exact: true }).dblclick()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('mine@example.de')
  await page.keyboard.press('Enter')
  const other = new BetterSqlite3(file)
  other.exec("update auth_user set email = 'theirs@example.de' where email = 'jurgen@example.de'")
  await page.getByRole('button', { name: 'Save 1 change' }).click()
  const dialog = page.getByRole('dialog')
  for (const text of ['jurgen@example.de', 'theirs@example.de', 'mine@example.de'])
    await expect(dialog).toContainText(text)
  await page.screenshot({ path: 'artifacts/screens/conflict.png' })
  expect(other.prepare("select count(*) from auth_user where email = 'theirs@example.de'").pluck().get()).toBe(1)
  await dialog.getByRole('button', { name: /Keep mine/ }).click()
  await dialog.getByRole('button', { name: 'Save again' }).click()
  await expect(page.getByRole('status').getByText('Saved 1 change')).toBeVisible()
  expect(other.prepare("select count(*) from auth_user where email = 'mine@example.de'").pluck().get()).toBe(1)
  other.close()
})

test('a file that cannot be used says why, and an empty one opens with a word about it', async ({
  app: page,
  roster,
}) => {
  const path = (name: string) => join(roster.folder, name)
  writeFileSync(path('notes.db'), 'These are notes, and no database at all. '.repeat(50))
  writeFileSync(path('secret.db'), randomBytes(8192))
  copyFileSync(fixture, path('cut.db'))
  const { truncateSync } = await import('node:fs')
  truncateSync(path('cut.db'), 9000)
  const bad: readonly [file: string, words: RegExp][] = [
    ['nothing.db', /There is no/],
    ['notes.db', /not a SQLite database/i],
    ['secret.db', /encrypted/i],
    ['cut.db', /damaged/i],
  ]
  for (const [name, words] of bad) {
    await openFile(page, path(name))
    await expect(page.getByRole('dialog').getByRole('alert').getByText(words)).toBeVisible()
    await page.screenshot({ path: `artifacts/screens/bad-${name}.png` })
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toBeHidden()
  }
  await openFile(page, '/etc/passwd')
  await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  writeFileSync(path('empty.db'), '')
  await openFile(page, path('empty.db'))
  await expect(page.getByText('Its file is empty (0 bytes)')).toBeVisible()
  await expect(page.getByText('File: empty, 0 bytes')).toBeVisible()
  await page.screenshot({ path: 'artifacts/screens/empty-file.png' })
})
