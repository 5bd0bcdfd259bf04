// Staged edits outlast the page that made them: a reload, a closed tab, a new link, and another tab's own edits.
import BetterSqlite3 from 'better-sqlite3'
import type { Page } from '@playwright/test'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { addDemoUsers, expect, migrate, test as base } from './roster.ts'

interface Host {
  freshLink(): string
  close(): Promise<void>
}

const built = (path: string) => join(import.meta.dirname, '../out', path)

/** The built browser host inside of the test, which can ask it for links as Enter in its terminal does. */
const test = base.extend<{ host: Host }>({
  host: async ({ roster }, use) => {
    const { startHeadless } = (await import(pathToFileURL(built('main/headless.js')).href)) as {
      startHeadless: (options: object) => Promise<Host>
    }
    const host = await startHeadless({
      port: 0,
      dataFolder: join(roster.folder, 'data'),
      roots: [roster.folder],
      version: 'e2e',
      rendererFolder: built('renderer'),
    })
    await use(host)
    await host.close()
  },
})

const emailOf = (page: Page, row: number) => page.locator(`[role=row][aria-rowindex="${row}"] [role=gridcell]`).nth(1)

async function stage(page: Page, row: number, email: string): Promise<void> {
  // The answer to the write says that the host has it.
  const kept = written(page, email)
  await emailOf(page, row).dblclick()
  await page.keyboard.press('Control+A')
  await page.keyboard.type(email)
  await page.keyboard.press('Enter')
  await kept
}

/** Resolves when a frame with this text was sent, and a frame came after it. */
async function written(page: Page, text: string): Promise<void> {
  await sockets.get(page)?.(text)
}

const sockets = new Map<Page, (text: string) => Promise<void>>()

/** Listens to the frames of the page's socket. To be called before the page is opened. */
function watchSocket(page: Page): void {
  let waits: { text: string; wasSent: boolean; done: () => void }[] = []
  page.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => {
      for (const wait of waits) if (String(payload).includes(wait.text)) wait.wasSent = true
    })
    socket.on('framereceived', () => {
      for (const wait of waits) if (wait.wasSent) wait.done()
      waits = waits.filter(({ wasSent }) => !wasSent)
    })
  })
  sockets.set(page, (text) => new Promise((done) => waits.push({ text, wasSent: false, done })))
}

test('staged edits survive a reload, without a question', async ({ app: page }) => {
  const asked: string[] = []
  page.on('dialog', (dialog) => {
    asked.push(dialog.type())
    void dialog.accept()
  })
  await migrate(page)
  await addDemoUsers(page, '100')
  watchSocket(page)
  // The socket that was opened before cannot be watched.
  await page.reload()
  await stage(page, 2, 'kept@example.com')
  await stage(page, 3, 'also.kept@example.com')
  await page.reload()
  await expect(page.getByText('2 staged edits')).toBeVisible()
  await expect(page.getByRole('gridcell', { name: 'kept@example.com', exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Save 2 changes' }).click()
  await expect(page.getByRole('status').getByText('Saved 2 changes')).toBeVisible()
  await page.reload()
  await expect(page.getByText('No staged edits')).toBeVisible()
  await expect(page.getByRole('gridcell', { name: 'also.kept@example.com' })).toBeVisible()
  expect(asked).toEqual([])
})

/** Runs in the page: reloads it in the moment in which it says that the save is done. */
const RELOAD_WHEN_SAVED = `new MutationObserver((_, observer) => {
  if (!document.body.innerText.includes('Saved 1 change')) return
  observer.disconnect()
  location.reload()
}).observe(document.body, { childList: true, subtree: true, characterData: true })`

test('what was typed right before a save, and the save right before a reload, is not staged again', async ({
  app: page,
}) => {
  await migrate(page)
  await addDemoUsers(page, '100')
  watchSocket(page)
  await page.reload()
  // The host has this one, and is never told of the one that takes its place but by the save.
  await stage(page, 2, 'first.thought@example.com')
  await emailOf(page, 2).dblclick()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText('second.thought@example.com')
  await page.evaluate(RELOAD_WHEN_SAVED)
  const reloaded = page.waitForEvent('load')
  await page.keyboard.press('Control+S')
  await reloaded
  await expect(page.getByText('No staged edits')).toBeVisible()
  await expect(page.getByRole('gridcell', { name: 'second.thought@example.com' })).toBeVisible()
})

test('staged edits wait in the host for a page with a new link', async ({ page, host, roster, context }) => {
  watchSocket(page)
  await page.goto(host.freshLink())
  await migrate(page)
  await addDemoUsers(page, '100')
  await stage(page, 2, 'kept@example.com')
  // The page is closed and its session is lost with it; the host lives on, and Enter in its terminal gives a new link.
  await page.close()
  const second = await context.newPage()
  await second.goto(host.freshLink())
  await expect(second.getByText('1 staged edit', { exact: true })).toBeVisible()
  await second.getByRole('link', { name: 'auth_user' }).click()
  await second.getByRole('button', { name: 'Save 1 change' }).click()
  await expect(second.getByRole('status').getByText('Saved 1 change')).toBeVisible()
  const database = new BetterSqlite3(roster.sample, { readonly: true })
  const found = database.prepare("select count(*) from auth_user where email = 'kept@example.com'").pluck().get()
  database.close()
  expect(found).toBe(1)
})

test('two tabs keep what each has staged', async ({ page, host, context }) => {
  watchSocket(page)
  await page.goto(host.freshLink())
  await migrate(page)
  await addDemoUsers(page, '100')
  await stage(page, 2, 'first@example.com')
  const second = await context.newPage()
  watchSocket(second)
  await second.goto(host.freshLink())
  await second.getByRole('link', { name: 'auth_user' }).click()
  // What the first tab has staged is its own while it is open.
  await expect(second.getByText('No staged edits')).toBeVisible()
  await stage(second, 3, 'second@example.com')
  await second.reload()
  await expect(second.getByText('1 staged edit', { exact: true })).toBeVisible()
  await page.reload()
  await expect(page.getByText('1 staged edit', { exact: true })).toBeVisible()
  await expect(page.getByRole('gridcell', { name: 'first@example.com' })).toBeVisible()
  // A tab that is closed leaves its edits to the next page that starts.
  await second.close()
  // The browser says that it is closed; the host hears of it when the socket ends, which may be after a first reload.
  await expect(async () => {
    await page.reload()
    await expect(page.getByText('2 staged edits')).toBeVisible({ timeout: 3_000 })
  }).toPass({ timeout: 10_000 })
})
