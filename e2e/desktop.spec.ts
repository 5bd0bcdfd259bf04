// What only the window's door does, in the stand-in and in the real Electron.
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { openFile } from './file-dialog.ts'
import { expect, migrate, shot, test } from './roster.ts'

const fixture = join(import.meta.dirname, 'fixtures/sqlalchemy-sqlite.db')

test('the window shows the page of its own scheme, under a policy that connects to nothing', async ({
  opened: page,
  desktopOf,
}) => {
  const window = await desktopOf(page).window()
  expect(window).toMatchObject({ isVisible: true, isMinimized: false })
  expect(window.url).toMatch(/^app:\/\/roster\//)
  const refused = await page.evaluate(`new Promise((resolve) => {
    addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective), { once: true })
    fetch(location.href).catch(() => undefined)
  })`)
  expect(refused).toBe('connect-src')
  expect(await page.evaluate('[typeof require, typeof process, typeof module]')).toEqual(Array(3).fill('undefined'))
  await page.screenshot(shot('window'))
})

test('a navigation that is refused leaves the connection as it was', async ({ app: page, desktopOf }) => {
  await expect(page.getByRole('link', { name: /^Migrations/ })).toBeVisible()
  await page.evaluate("location.href = 'https://example.com/'")
  await migrate(page)
  expect((await desktopOf(page).window()).url).toMatch(/^app:\/\/roster\//)
})

test('a page that is loaded again is connected again', async ({ app: page }) => {
  for (let time = 0; time < 3; time += 1) await page.reload()
  await migrate(page)
  await page.reload()
  await expect(page.getByRole('link', { name: 'auth_user' })).toBeVisible()
})

test('the native dialog opens the file that was chosen, and nothing when it is cancelled', async ({
  app: page,
  roster,
  desktopOf,
}) => {
  const file = join(roster.folder, 'shop.db')
  copyFileSync(fixture, file)
  await desktopOf(page).prepareOpen(null)
  await page.getByRole('button', { name: 'Open a SQLite file' }).click()
  await expect(page.getByRole('dialog')).toBeHidden()
  await openFile(page, file)
  await page.getByRole('link', { name: 'auth_user' }).click()
  await expect(page.getByRole('gridcell', { name: 'jurgen@example.de', exact: true })).toBeVisible()
  await page.screenshot(shot('opened'))
})

test('a second start ends, and the first opens its file', async ({ app: page, roster, desktopOf }) => {
  const file = join(roster.folder, 'shop.db')
  copyFileSync(fixture, file)
  const desktop = desktopOf(page)
  const dataFolder = join(roster.folder, 'data')
  expect(await desktop.startAgain({ dataFolder, args: ['shop.db'], folder: roster.folder })).toBe(0)
  await expect(page.getByRole('navigation')).toContainText('shop.db')
  await expect(page.getByRole('link', { name: 'auth_user' })).toBeVisible()
})

test('a page that crashes comes back', async ({ startDesktop }) => {
  const desktop = await startDesktop()
  await expect((await desktop.page()).getByRole('link', { name: /^Migrations/ })).toBeVisible()
  await desktop.act('crash')
  const page = await desktop.page()
  await expect(page.getByRole('link', { name: /^Migrations/ })).toBeVisible()
  await migrate(page)
})

test('the window comes back where it was', async ({ startDesktop }) => {
  const first = await startDesktop()
  await first.setBounds({ x: 40, y: 60, width: 1000, height: 700 })
  await expect.poll(async () => (await first.window()).bounds).toEqual({ x: 40, y: 60, width: 1000, height: 700 })
  await first.quit()
  expect(await first.ended).toBe(0)
  const second = await startDesktop()
  expect((await second.window()).bounds).toEqual({ x: 40, y: 60, width: 1000, height: 700 })
  const page = await second.page()
  await expect(page.getByRole('link', { name: /^Migrations/ })).toBeVisible()
  await page.screenshot(shot('small'))
})

test('closing the window ends the program', async ({ startDesktop }) => {
  const desktop = await startDesktop()
  await expect((await desktop.page()).getByRole('link', { name: /^Migrations/ })).toBeVisible()
  await desktop.act('close')
  expect(await desktop.ended).toBe(0)
  expect(await desktop.messages()).toEqual([])
})
