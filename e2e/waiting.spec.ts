// Waiting for a server in plain sight: one that comes late, one that refuses the password, one that restarts under load.
import type { Page } from '@playwright/test'
import { addDemoUsers, expect, migrate, shot, test as base } from './roster.ts'
import {
  engineNames,
  kinds,
  profileOf,
  refusals,
  ownServer,
  storeProfiles,
  withoutServer,
  type TestServer,
} from './servers.ts'

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

const profileButton = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Databases' }).getByRole('button', { name, exact: false }).first()

/** Begins to measure milliseconds from the next click or key until a heading has the words, in the page's own time: see `SHOWN`. */
const timeUntil = (words: string) => `void (window.shown = new Promise((resolve) => {
  let from = 0
  const start = () => (from = performance.now())
  addEventListener('pointerdown', start, { once: true, capture: true })
  addEventListener('keydown', start, { once: true, capture: true })
  new MutationObserver((_, observer) => {
    // A line that was announced before may still stand on the page.
    const headings = [...document.querySelectorAll('h1, h2, h3')].map((heading) => heading.textContent ?? '')
    if (from === 0 || !headings.some((text) => text.includes(${JSON.stringify(words)}))) return
    observer.disconnect()
    resolve(performance.now() - from)
  }).observe(document.body, { childList: true, subtree: true, characterData: true })
}))`
const SHOWN = 'window.shown'

/** Sends the grid to a place between 0 and 1. */
const scrollTo = (place: number) => `{
  const view = document.querySelector('[role=grid]').firstElementChild
  view.scrollTop = ${place} * (view.scrollHeight - view.clientHeight)
}`

for (const kind of kinds) {
  const test = base.extend<{ server: TestServer }>(ownServer(kind))

  test.describe(`waiting for ${engineNames[kind]} @browser`, () => {
    test.skip(...withoutServer(kind))

    test('the app first, the server after 8 s', async ({ roster, server, page }) => {
      await server.stop()
      const profile = profileOf(server)
      storeProfiles(roster.sample, [profile])
      await page.goto(await roster.start())
      await profileButton(page, profile.name).click()
      const began = Date.now()
      const waiting = page.getByRole('region', { name: `Opening ${profile.name}` })
      await expect(waiting).toContainText(`Nothing listens at 127.0.0.1:${server.port} yet.`)
      await expect(waiting).toContainText(/Attempt 1 of 5\. Next try in [1-5] s/)
      await expect(waiting).toContainText('********@127.0.0.1')
      await expect(waiting.getByRole('listitem').filter({ hasText: 'Reach the server' })).toContainText('failed')
      expect(await waiting.textContent()).not.toContain(server.password)
      await expect(waiting.getByRole('button', { name: 'Edit profile' })).toBeVisible()
      for (const scheme of ['light', 'dark'] as const) {
        for (const [width, height] of [
          [1280, 800],
          [1920, 1080],
        ] as const) {
          await page.emulateMedia({ colorScheme: scheme })
          await page.setViewportSize({ width, height })
          await page.screenshot(shot(`waiting-${kind}-${scheme}-${width}`))
        }
      }

      // The rest of Roster can be used meanwhile.
      await profileButton(page, 'Sample users').click()
      await expect(page.getByRole('heading', { name: 'Sample users (SQLite)', level: 1 })).toBeVisible()
      await expect(page.getByText('There is no auth_user table yet')).toBeVisible()
      await profileButton(page, profile.name).click()
      await expect(waiting).toContainText(/Attempt \d of 5/)

      await pause(Math.max(0, 8_000 - (Date.now() - began)))
      await server.restart()
      const restarted = Date.now()
      await expect(page.getByText('This database has no tables yet.')).toBeVisible({ timeout: 7_000 })
      expect(Date.now() - restarted).toBeLessThan(6_500)
      await expect(page.getByRole('button', { name: /^Connections:/ })).toBeVisible()
    })

    test('retry now does not wait for the countdown', async ({ roster, server, page }) => {
      await server.stop()
      const profile = profileOf(server, { delay: 60 })
      storeProfiles(roster.sample, [profile])
      await page.goto(await roster.start())
      await profileButton(page, profile.name).click()
      await expect(page.getByText(/Next try in (59|60) s/)).toBeVisible()
      await server.restart()
      await page.getByRole('button', { name: 'Retry now' }).click()
      await expect(page.getByText('This database has no tables yet.')).toBeVisible({ timeout: 3_000 })
    })

    test('a wrong password is asked for again, after one attempt', async ({ roster, server, page }) => {
      const profile = profileOf(server, { secret: { kind: 'ask' } })
      storeProfiles(roster.sample, [profile])
      await page.goto(await roster.start())
      await profileButton(page, profile.name).click()
      const form = page.getByRole('form', { name: /^Password for/ })
      await expect(form).toBeVisible()
      expect(refusals(server)).toBe(0)
      await form.getByLabel('Password', { exact: true }).fill('wrong-one')
      const began = Date.now()
      await form.getByRole('button', { name: 'Open', exact: true }).click()
      await expect(form.getByRole('alert')).toContainText(/refused the user .* or the password/)
      expect(Date.now() - began).toBeLessThan(1_000)
      // The browser host has no keychain.
      await expect(form.getByRole('checkbox')).toHaveCount(0)
      await page.screenshot(shot(`password-${kind}`))
      await pause(1_000)
      expect(refusals(server)).toBe(1)
      await form.getByLabel('Password', { exact: true }).fill(server.password)
      await page.keyboard.press('Enter')
      await expect(page.getByText('This database has no tables yet.')).toBeVisible()
      expect(refusals(server)).toBe(1)
    })

    test('a wrong password from the environment is tried once', async ({ roster, server, page }) => {
      const variable = `ROSTER_E2E_WRONG_${server.port}`
      process.env[variable] = 'wrong-one'
      storeProfiles(roster.sample, [profileOf(server, { secret: { kind: 'environment', variable } })])
      await page.goto(await roster.start())
      await profileButton(page, 'Shop on').click()
      await expect(page.getByRole('heading', { name: /could not be opened/ })).toBeVisible()
      await pause(500)
      expect(refusals(server)).toBe(1)
    })

    test('a wrong password that was typed into the form is said to be refused', async ({ roster, server, page }) => {
      await page.goto(await roster.start())
      await page.getByRole('button', { name: 'New profile' }).click()
      await page.getByRole('menuitem', { name: /^PostgreSQL/ }).click()
      const form = page.getByRole('dialog', { name: 'New profile' })
      if (kind === 'mysql') await form.getByText('MySQL / MariaDB', { exact: true }).click()
      const typed = { Name: 'Typed', Host: server.host, Port: String(server.port), Database: server.database }
      for (const [name, value] of Object.entries({ ...typed, User: server.user, Password: 'wrong-one' })) {
        await form.getByRole('textbox', { name, exact: true }).fill(value)
      }
      await form.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByRole('form', { name: /^Password for/ }).getByRole('alert')).toContainText('refused')
      await pause(500)
      await expect(page.getByRole('form', { name: /^Password for/ }).getByRole('alert')).toContainText('refused')
      expect(refusals(server)).toBe(1)
    })

    test('cancel ends the waiting at once, by the button and by Esc', async ({ roster, server, page }) => {
      await server.stop()
      const profile = profileOf(server)
      storeProfiles(roster.sample, [profile])
      await page.goto(await roster.start())
      for (const how of ['button', 'Esc']) {
        if (how === 'button') await profileButton(page, profile.name).click()
        else await page.getByRole('button', { name: 'Try again' }).click()
        const cancel = page.getByRole('button', { name: 'Cancel' })
        await expect(cancel).toBeVisible()
        // Waited for: a key is not held back until a script before it has run.
        await page.evaluate(timeUntil('was cancelled'))
        if (how === 'button') await cancel.click()
        else await page.keyboard.press('Escape')
        expect(await page.evaluate<number>(SHOWN), how).toBeLessThan(100)
        await expect(page.getByRole('heading', { name: `Opening ${profile.name} was cancelled` })).toBeVisible()
        await expect(cancel).toHaveCount(0)
      }
      await page.screenshot(shot(`cancelled-${kind}`))
    })

    test('a restart under load keeps rows, staged edits and place', async ({ roster, server, page }) => {
      const profile = profileOf(server)
      storeProfiles(roster.sample, [profile])
      await page.goto(await roster.start())
      await profileButton(page, profile.name).click()
      await migrate(page)
      await addDemoUsers(page, '10,000')
      const grid = page.getByRole('grid', { name: 'auth_user' })
      const email = (row: number) => page.locator(`[role=row][aria-rowindex="${row}"] [role=gridcell]`).nth(1)
      await email(3).dblclick()
      await page.keyboard.press('Control+A')
      await page.keyboard.type('kept@example.com')
      await page.keyboard.press('Enter')
      await expect(page.getByText('1 staged edit', { exact: true })).toBeVisible()

      // The load: the grid is sent to and fro all the while.
      let isOver = false
      const load = (async () => {
        for (let turn = 0; !isOver; turn++) {
          await page.evaluate(scrollTo((turn * 0.37) % 1))
          await pause(40)
        }
      })()
      await pause(500)
      await server.kill()
      await expect(page.getByText(/The connection to 127\.0\.0\.1:\d+ was lost\./)).toBeVisible()
      await expect(grid).toBeVisible()
      await expect(page.getByText('1 staged edit', { exact: true })).toBeVisible()
      await page.screenshot(shot(`reconnecting-${kind}`))
      await pause(1_500)
      await server.restart()
      const restarted = Date.now()
      await expect(page.getByText(/The connection to .* was lost/)).toHaveCount(0)
      expect(Date.now() - restarted).toBeLessThan(3_000)
      isOver = true
      await load
      await grid.focus()
      await page.keyboard.press('Control+End')
      await expect(email(10_001)).toHaveText(/@/)
      await page.keyboard.press('Control+Home')
      await expect(email(3)).toHaveText('kept@example.com')
      await page.getByRole('button', { name: 'Save 1 change' }).click()
      await expect(page.getByRole('status').getByText('Saved 1 change')).toBeVisible()
      const rows = await server.admin(`SELECT count(*) FROM auth_user WHERE email = 'kept@example.com'`)
      expect(rows).toEqual([['1']])
    })
  })
}
