// The link between page and host: it comes back by itself, says so, and loses nothing that was staged.
import type { WebSocketRoute } from '@playwright/test'
import { addDemoUsers, expect, migrate, test } from './roster.ts'

test('a dropped connection comes back, and staged edits are still there', async ({ page, roster }) => {
  const sockets: WebSocketRoute[] = []
  let isCut = false
  await page.routeWebSocket(/.*/, (socket) => {
    if (isCut) return void socket.close()
    const server = socket.connectToServer()
    sockets.push(socket)
    socket.onClose(() => void server.close())
  })
  await page.goto(await roster.start())
  await migrate(page)
  await addDemoUsers(page, '100')
  const email = page.locator('[role=row][aria-rowindex="2"] [role=gridcell]').nth(1)
  await email.dblclick()
  await page.keyboard.press('Control+A')
  await page.keyboard.type('kept@example.com')
  await page.keyboard.press('Enter')
  isCut = true
  await Promise.all(sockets.map((socket) => socket.close({ code: 1001, reason: 'cut by the test' })))
  await expect(page.getByText(/Connection to Roster lost/)).toBeVisible()
  await page.screenshot({ path: 'artifacts/screens/link-lost.png' })
  // Mended by the press alone, or the link would come back by itself and take the button away.
  await page.exposeFunction('mend', () => {
    isCut = false
  })
  await page.evaluate(`addEventListener('click', () => void window.mend(), { capture: true, once: true })`)
  await page.getByRole('button', { name: 'Retry now' }).click()
  await expect(page.getByText(/Connection to Roster lost/)).toBeHidden()
  await expect(page.getByRole('gridcell', { name: 'kept@example.com' })).toBeVisible()
  await page.getByRole('button', { name: 'Save 1 change' }).click()
  await expect(page.getByRole('status').getByText('Saved 1 change')).toBeVisible()
})

test('a link works once, a reload keeps the session, and a new host wants a new link', async ({
  page,
  roster,
  context,
}) => {
  const link = await roster.start()
  await page.goto(link)
  await expect(page.getByRole('navigation')).toBeVisible()
  expect(page.url()).not.toContain('token')
  await page.reload()
  await expect(page.getByRole('navigation')).toBeVisible()

  const second = await context.newPage()
  await second.goto(link)
  await expect(second.getByText(/link/i).first()).toBeVisible()
  await expect(second.getByRole('link', { name: /^Migrations/ })).toBeHidden()
  await second.close()

  await roster.stop()
  await expect(page.getByText(/Connection to Roster lost/)).toBeVisible()
  await roster.start()
  await expect(page.getByText(/new link|fresh link/i).first()).toBeVisible({ timeout: 20_000 })
})
