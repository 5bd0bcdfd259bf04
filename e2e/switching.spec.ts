// Going to and fro between open databases: at once, and each as it was left; and who has the connections of a server.
import type { Page } from '@playwright/test'
import { addDemoUsers, expect, migrate, shot, test as base } from './roster.ts'
import { profileOf, ownServer, storeProfiles, withoutServer, type TestServer } from './servers.ts'

const test = base.extend<{ server: TestServer; shop: { id: string; name: string } }>({
  ...ownServer('postgres'),
  /** The page is open at the sample, which is migrated and has 10,000 users; the server's profile likewise. */
  shop: async ({ server, roster, page }, use) => {
    const shop = profileOf(server, { environment: 'production' })
    storeProfiles(roster.sample, [profileOf(server, { environment: 'none', name: 'Set-up' }), { ...shop, id: 'shop' }])
    await page.goto(await roster.start())
    for (const name of ['Set-up', 'Sample users']) {
      await switchTo(page, name)
      await migrate(page)
      await addDemoUsers(page, '10,000')
    }
    await use({ ...shop, id: 'shop' })
  },
})

test.skip(...withoutServer('postgres'))

/** By the keys alone. */
async function switchTo(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Switch to' }).fill(name)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: new RegExp(name) })).toBeVisible()
}

const grid = (page: Page) => page.getByRole('grid', { name: 'auth_user' })
const firstRow = (page: Page) => grid(page).locator('[role=row][aria-rowindex]').nth(1)

/** Where the current cell stands; it must be drawn. */
async function currentCell(page: Page): Promise<{ row: number; column: number }> {
  await expect(grid(page)).toHaveAttribute('aria-activedescendant')
  const id = (await grid(page).getAttribute('aria-activedescendant')) ?? ''
  const [row, column] = id.split('-').slice(-2).map(Number)
  return { row: row ?? NaN, column: column ?? NaN }
}

/** Milliseconds from Enter until the grid of the profile of that name is drawn with rows, in the page's own time. */
const timeOfSwitch = (name: string) => `new Promise((resolve) => {
  let from = 0
  addEventListener('keydown', (event) => event.key === 'Enter' && (from ||= performance.now()), { capture: true })
  const look = () => {
    const isThere = document.querySelector('h1')?.textContent === ${JSON.stringify(name)}
    const cells = document.querySelectorAll('[role=grid] [role=gridcell]')
    if (from && isThere && [...cells].some((cell) => cell.textContent.includes('@'))) resolve(performance.now() - from)
    else requestAnimationFrame(look)
  }
  look()
})`

test('each profile keeps its place, order, search and staged edits @browser', async ({ page, shop }) => {
  await switchTo(page, shop.name)
  await page.getByRole('columnheader', { name: /^email/ }).click()
  await page.getByLabel('Search all text').fill('mar')
  await expect(grid(page)).toHaveAttribute('aria-rowcount', /^\d{3,4}$/)
  await grid(page).focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  const current = await currentCell(page)
  // What is seen is elsewhere than the current cell.
  await page.evaluate(`{
    const view = document.querySelector('[role=grid]').firstElementChild
    view.scrollTop = view.scrollHeight * 0.4
  }`)
  await expect(grid(page)).not.toHaveAttribute('aria-activedescendant')
  await expect(firstRow(page)).toContainText('@')
  const place = await firstRow(page).getAttribute('aria-rowindex')
  expect(Number(place)).toBeGreaterThan(20)

  await switchTo(page, 'Sample users')
  await expect(page.getByLabel('Search all text')).toHaveValue('')
  await expect(firstRow(page)).toHaveAttribute('aria-rowindex', '2')
  await page.locator('[role=row][aria-rowindex="2"] [role=gridcell]').nth(1).dblclick()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('staged@example.com')
  await page.keyboard.press('Enter')
  await expect(page.getByText('1 staged edit', { exact: true })).toBeVisible()

  await switchTo(page, shop.name)
  await expect(page.getByText('No staged edits')).toBeVisible()
  await expect(page.getByLabel('Search all text')).toHaveValue('mar')
  await expect(page.getByRole('columnheader', { name: /^email/ })).toHaveAttribute('aria-sort', 'ascending')
  await expect(firstRow(page)).toHaveAttribute('aria-rowindex', place ?? '')
  await expect(grid(page)).not.toHaveAttribute('aria-activedescendant')
  await grid(page).focus()
  await page.keyboard.press('ArrowLeft')
  expect(await currentCell(page)).toEqual({ row: current.row, column: current.column - 1 })
  await switchTo(page, 'Sample users')
  await expect(page.getByText('1 staged edit', { exact: true })).toBeVisible()
  await expect(page.getByRole('gridcell', { name: 'staged@example.com' })).toBeVisible()
})

test('to an open profile in less than 100 ms @browser', async ({ page, shop }) => {
  await switchTo(page, shop.name)
  await expect(firstRow(page)).toContainText('@')
  const times: number[] = []
  for (let turn = 0; turn < 10; turn++) {
    const name = turn % 2 === 0 ? 'Sample users (SQLite)' : shop.name
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Switch to' }).fill(name.slice(0, 10))
    const time = page.evaluate<number>(timeOfSwitch(name))
    // The page listens before the key is pressed.
    await page.evaluate('1')
    await page.keyboard.press('Enter')
    times.push(await time)
  }
  // The screen that had the keys is gone: they go to the grid that took its place.
  await expect(grid(page)).toBeFocused()
  times.sort((a, b) => a - b)
  const figures = times.map((time) => time.toFixed(0)).join(', ')
  test.info().annotations.push({ type: 'milliseconds', description: figures })
  console.log(`Switching between two open profiles took ${figures} ms.`)
  expect(times[5]).toBeLessThan(100)
})

test('a profile is closed in the list, and opened again by choosing it @browser', async ({ page, shop, server }) => {
  await switchTo(page, shop.name)
  await expect(firstRow(page)).toContainText('@')
  const nav = page.getByRole('navigation', { name: 'Databases' })
  await nav.getByRole('button', { name: `Actions for ${shop.name}` }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Close the connection' }).click()
  await expect(page.getByRole('region', { name: `${shop.name} is closed` })).toBeVisible()
  // One profile of this server is left, with its own connections.
  await switchTo(page, 'Set-up')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('option', { name: new RegExp(shop.name) })).toContainText('Closed')
  await page.keyboard.press('Escape')
  await nav.getByRole('button', { name: `Actions for Set-up` }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Close the connection' }).click()
  await expect
    .poll(() => server.admin("SELECT count(*) FROM pg_stat_activity WHERE application_name ILIKE '%roster%'"))
    .toEqual([['0']])
  await switchTo(page, shop.name)
  await expect(firstRow(page)).toContainText('@')
})

test('the gauge shows the pool, how its size came about, and what the server says @browser', async ({ page, shop }) => {
  await switchTo(page, shop.name)
  const gauge = page.getByRole('button', { name: /^Connections: \d+ of \d+ in use, \d+ idle, 0 waiting/ })
  await gauge.click()
  const panel = page.getByRole('region', { name: 'Connections', exact: true })
  await expect(panel).toContainText(/The limit is \(2 × \d+ cores?\) \+ 1 spindle = \d+/)
  await expect(panel).toContainText(/The server has \d+ of 100 connections in use, \d+ of them by this profile\./)
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ] as const) {
      await page.setViewportSize({ width, height })
      await page.screenshot(shot(`gauge-${scheme}-${width}`))
    }
  }
  await page.keyboard.press('Escape')
  await expect(panel).toHaveCount(0)
  await page.keyboard.press('Control+k')
  await page.screenshot(shot('switcher-dark'))
})
