// The window as a person meets it: one of it, where it was, with its menu; and nothing staged is lost on any way out.
import { expect, test as base, type Page } from '@playwright/test'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Standin, type StandinOptions } from './standin/client.ts'

const fixture = join(import.meta.dirname, 'fixtures/sqlalchemy-sqlite.db')

class Desktop {
  readonly folder = mkdtempSync(join(tmpdir(), 'roster-window-'))
  readonly dataFolder = join(this.folder, 'data')
  /** A database of its own, which is no profile yet. */
  readonly file = join(this.folder, 'shop.db')
  private readonly started: Standin[] = []

  constructor() {
    mkdirSync(this.dataFolder)
    copyFileSync(fixture, this.file)
  }

  /** Starts a process; `page` waits for its window. */
  launch(options: Partial<StandinOptions> = {}): Standin {
    const standin = new Standin({ dataFolder: this.dataFolder, ...options })
    this.started.push(standin)
    return standin
  }

  async open(options: Partial<StandinOptions> = {}): Promise<{ standin: Standin; page: Page }> {
    const standin = this.launch(options)
    const page = await standin.page()
    await expect(page.getByRole('navigation')).toBeVisible()
    return { standin, page }
  }

  async remove(): Promise<void> {
    await Promise.all(this.started.map((standin) => standin.kill()))
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const test = base.extend<{ desktop: Desktop }>({
  desktop: async ({}, use) => {
    const desktop = new Desktop()
    await use(desktop)
    await desktop.remove()
  },
})

const email = (page: Page) => page.locator('[role=row][aria-rowindex="2"] [role=gridcell]').nth(1)

/** Opens the file and stages one edit of its users. */
async function openAndStage(desktop: Desktop, options: Partial<StandinOptions> = {}) {
  const opened = await desktop.open({ args: [desktop.file], ...options })
  await stage(opened.page, 'kept@example.com')
  return opened
}

async function stage(page: Page, value: string): Promise<void> {
  await page.getByRole('link', { name: 'auth_user' }).click()
  await email(page).dblclick()
  await page.keyboard.press('Control+A')
  await page.keyboard.type(value)
  await page.keyboard.press('Enter')
  await expect(page.getByText('1 staged edit', { exact: true })).toBeVisible()
}

async function expectStaged(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'auth_user' }).click()
  await expect(page.getByRole('gridcell', { name: 'kept@example.com', exact: true })).toBeVisible()
  await expect(page.getByText('1 staged edit', { exact: true })).toBeVisible()
}

/** Does what ends the page's process; resolves when the window shows another page with what was staged. */
async function expectRevived(standin: Standin, end: () => Promise<void>): Promise<void> {
  const targetOf = async () => (await standin.windows())[0]?.targetId ?? null
  const before = await targetOf()
  await end()
  await expect.poll(async () => [null, before].includes(await targetOf())).toBe(false)
  const page = await standin.page()
  // The new page of the stand-in has lost its sessionStorage, and with it which profile was open.
  await page.getByRole('navigation').getByText('shop.db').first().click()
  await expectStaged(page)
}

test.describe('files from outside', () => {
  test('a file named at the start is opened and selected', async ({ desktop }) => {
    const { page } = await desktop.open({ args: ['shop.db'], folder: desktop.folder })
    await expect(page).toHaveTitle('shop.db – Roster')
  })

  test('a second start ends, and the first window opens its file', async ({ desktop }) => {
    const { standin, page } = await desktop.open()
    await standin.act('minimize')
    const second = desktop.launch({ args: ['shop.db'], folder: desktop.folder })
    expect(await second.ended).toBe(0)
    await expect(page).toHaveTitle('shop.db – Roster')
    const [window] = await standin.windows()
    expect(window).toMatchObject({ isMinimized: false, isFocused: true })
  })

  test('a file that is handed over by the system is opened; what is no database says so', async ({ desktop }) => {
    const { standin, page } = await desktop.open()
    await standin.ask('openFile', desktop.file)
    await expect(page).toHaveTitle('shop.db – Roster')
    const notes = join(desktop.folder, 'notes.db')
    writeFileSync(notes, 'These are notes, and no database at all. '.repeat(50))
    await standin.ask('openFile', notes)
    await expect(page.getByRole('dialog').getByText(/not a SQLite database/i)).toBeVisible()
  })

  test('another data folder is another Roster', async ({ desktop }) => {
    await desktop.open()
    const other = join(desktop.folder, 'other')
    mkdirSync(other)
    await desktop.open({ dataFolder: other })
  })
})

test.describe('the place of the window', () => {
  test('is remembered, with its zoom', async ({ desktop }) => {
    const first = await desktop.open()
    await first.standin.ask('setBounds', { x: 40, y: 60, width: 1000, height: 700 })
    await first.standin.menu.click('zoomIn')
    await first.standin.ask('wheelZoom', 'in')
    await first.standin.act('maximize')
    await first.standin.quit()
    await first.standin.ended
    const { standin } = await desktop.open()
    await expect
      .poll(async () => (await standin.windows())[0])
      .toMatchObject({
        normalBounds: { x: 40, y: 60, width: 1000, height: 700 },
        isMaximized: true,
        zoomLevel: 1,
      })
    await standin.menu.click('zoomReset')
    expect((await standin.windows())[0]?.zoomLevel).toBe(0)
  })

  test('is one that a display shows', async ({ desktop }) => {
    const away = { bounds: { x: -5000, y: 4000, width: 900, height: 700 }, isMaximized: false, zoom: 0 }
    writeFileSync(join(desktop.dataFolder, 'window.json'), JSON.stringify(away))
    const { standin } = await desktop.open()
    expect((await standin.windows())[0]?.bounds).toEqual({ x: 510, y: 202, width: 900, height: 700 })
  })

  test('is the usual one when the file is damaged', async ({ desktop }) => {
    writeFileSync(join(desktop.dataFolder, 'window.json'), '{"bounds":')
    const { standin } = await desktop.open()
    expect((await standin.windows())[0]?.bounds).toMatchObject({ width: 1360, height: 860 })
  })
})

test('the window is as dark as the system', async ({ desktop }) => {
  const { standin } = await desktop.open()
  expect((await standin.windows())[0]?.backgroundColor).toBe('#ffffff')
  await standin.ask('systemTheme', 'dark')
  const [window] = await standin.windows()
  const page = await standin.page()
  expect(window?.backgroundColor).toBe('#1b1c1f')
  // The page hears of the system's change a moment later.
  await expect(page.locator('body')).toHaveCSS('background-color', 'rgb(27, 28, 31)')
})

test.describe('the menu', () => {
  test('opens a file through the native dialog', async ({ desktop }) => {
    const { standin, page } = await desktop.open()
    await standin.dialogs.prepareOpen(desktop.file)
    await standin.menu.press('CmdOrCtrl+O')
    await expect(page).toHaveTitle('shop.db – Roster')
  })

  test('undoes, redoes and saves what is staged', async ({ desktop }) => {
    const { standin, page } = await openAndStage(desktop)
    await standin.menu.click('undo')
    await expect(page.getByText('No staged edits')).toBeVisible()
    await standin.menu.click('redo')
    await expectStaged(page)
    await standin.menu.click('save')
    await expect(page.getByRole('status').getByText('Saved 1 change')).toBeVisible()
    await standin.menu.click('save')
    await expect(page.getByText('Nothing is staged.').first()).toBeVisible()
  })

  test('shows the log file in its folder', async ({ desktop }) => {
    const { standin } = await desktop.open()
    await standin.menu.click('showLog')
    expect(JSON.stringify(standin.records.filter(({ what }) => what.includes('show-item')))).toContain('roster.log')
  })
})

test.describe('quitting', () => {
  test('asks nothing when nothing is at stake', async ({ desktop }) => {
    const { standin } = await desktop.open()
    await standin.act('close')
    expect(await standin.ended).toBe(0)
    expect(standin.dialogs.asked()).toEqual([])
  })

  for (const how of ['menu', 'window'] as const) {
    test(`by the ${how} asks once, and keeps what is staged where a keychain answers`, async ({ desktop }) => {
      const { standin, page } = await openAndStage(desktop)
      const quit = () => (how === 'menu' ? standin.quit() : standin.act('close'))
      await quit()
      const question = await standin.dialogs.next()
      expect(question.options).toMatchObject({
        message: 'Quit Roster with 1 staged edit in 1 table?',
        buttons: ['Quit', 'Cancel'],
      })
      expect(question.options.detail).toContain('stages it again at the next start')
      await standin.dialogs.answer(question.id, { response: 1, checkboxChecked: false })
      await expectStaged(page)

      await quit()
      const again = await standin.dialogs.next()
      await standin.dialogs.answer(again.id, { response: 0, checkboxChecked: false })
      expect(await standin.ended).toBe(0)
      expect(standin.dialogs.asked()).toHaveLength(2)
      const sealed = readFileSync(join(desktop.dataFolder, 'staged.sealed'))
      expect(sealed.includes('kept@example.com')).toBe(false)

      const next = await desktop.open()
      await next.page.getByRole('navigation').getByText('shop.db').first().click()
      await expectStaged(next.page)
      await next.page.getByRole('button', { name: 'Save 1 change' }).click()
      await expect(next.page.getByRole('status').getByText('Saved 1 change')).toBeVisible()
      await expect.poll(() => existsSync(join(desktop.dataFolder, 'staged.sealed'))).toBe(false)
    })
  }

  test('says that edits will be lost where no keychain answers', async ({ desktop }) => {
    const { standin } = await openAndStage(desktop, { env: { STANDIN_SAFE_STORAGE: 'basic_text' } })
    await standin.quit()
    const question = await standin.dialogs.next()
    expect(question.options.detail).toContain('will be lost')
    await standin.dialogs.answer(question.id, { response: 0, checkboxChecked: false })
    expect(await standin.ended).toBe(0)
    expect(existsSync(join(desktop.dataFolder, 'staged.sealed'))).toBe(false)
  })

  test('a SIGTERM asks nothing and keeps what is staged', async ({ desktop }) => {
    const { standin } = await openAndStage(desktop)
    standin.process.kill('SIGTERM')
    expect(await standin.ended).toBe(0)
    expect(standin.dialogs.asked()).toEqual([])
    expect(existsSync(join(desktop.dataFolder, 'staged.sealed'))).toBe(true)
  })

  test('the page writes what it has not written yet before Roster ends', async ({ desktop }) => {
    const { standin, page } = await openAndStage(desktop)
    const file = join(desktop.dataFolder, 'staged.sealed')
    await expect.poll(() => existsSync(file)).toBe(true)
    // From now on the moment after which the page writes by itself never comes.
    await page.evaluate('window.setTimeout = () => 0')
    await standin.menu.click('undo')
    await expect(page.getByText('No staged edits')).toBeVisible()
    await standin.quit()
    expect(await standin.ended).toBe(0)
    expect(standin.dialogs.asked()).toEqual([])
    expect(existsSync(file)).toBe(false)
  })

  test('a page that does not answer does not hold it up', async ({ desktop }) => {
    const { standin, page } = await openAndStage(desktop)
    await expect.poll(() => existsSync(join(desktop.dataFolder, 'staged.sealed'))).toBe(true)
    // A while after the call, which has to be answered first.
    await page.evaluate('void setTimeout(() => { const until = Date.now() + 8_000; while (Date.now() < until); }, 50)')
    await new Promise((resolve) => setTimeout(resolve, 300))
    const began = Date.now()
    await standin.quit()
    const question = await standin.dialogs.next()
    expect(Date.now() - began).toBeLessThan(5_000)
    expect(question.options.message).toContain('1 staged edit')
    await standin.dialogs.answer(question.id, { response: 1, checkboxChecked: false })
  })

  test('names a run that is under way', async ({ desktop }) => {
    const { standin, page } = await desktop.open()
    await page.getByRole('link', { name: /^Migrations/ }).click()
    await page.getByRole('button', { name: 'Run all' }).click()
    await expect(page.getByRole('status').getByText(/Applied 3 steps/)).toBeVisible()
    await page.getByRole('link', { name: 'auth_user' }).click()
    await page.getByText('1,000,000', { exact: true }).click()
    await page.getByRole('button', { name: 'Add demo users' }).click()
    await expect(page.getByText(/rows\/s/)).toBeVisible()
    await standin.quit()
    const question = await standin.dialogs.next()
    expect(question.options.message).toBe('Quit Roster while demo users are added?')
    await standin.dialogs.answer(question.id, { response: 0, checkboxChecked: false })
    expect(await standin.ended).toBe(0)
  })
})

test.describe('after a crash', () => {
  test('of the page it is loaded again with what was staged; the third within a minute asks', async ({ desktop }) => {
    const { standin } = await openAndStage(desktop)
    await expect.poll(() => existsSync(join(desktop.dataFolder, 'staged.sealed'))).toBe(true)
    await expectRevived(standin, () => standin.act('crash'))
    await expectRevived(standin, () => standin.act('crash'))
    await standin.act('crash')
    const question = await standin.dialogs.next()
    expect(question.options).toMatchObject({ type: 'error', buttons: ['Reload', 'Quit'] })
    await expectRevived(standin, () => standin.dialogs.answer(question.id, { response: 0, checkboxChecked: false }))
  })

  test('of the whole program what was staged is there at the next start', async ({ desktop }) => {
    const { standin } = await openAndStage(desktop)
    await expect.poll(() => existsSync(join(desktop.dataFolder, 'staged.sealed'))).toBe(true)
    await standin.kill()
    const { page } = await desktop.open({ args: [desktop.file] })
    await expectStaged(page)
  })

  test('of a database process the next call works', async ({ desktop }) => {
    const { standin, page } = await openAndStage(desktop)
    const pids = standin.recorded<{ pid?: number }>('utility-process').flatMap(({ pid }) => pid ?? [])
    expect(pids.length).toBeGreaterThan(0)
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended already.
      }
    }
    await page.getByRole('button', { name: 'Reload', exact: true }).click()
    await page.getByRole('button', { name: 'Reload', exact: true }).click()
    await expectStaged(page)
    await page.getByRole('button', { name: 'Save 1 change' }).click()
    await expect(page.getByRole('status').getByText('Saved 1 change')).toBeVisible()
  })

  test('reports stay in the data folder', async ({ desktop }) => {
    const { standin } = await desktop.open()
    expect(standin.recorded('crash-reporter')).toEqual([{ uploadToServer: false }])
    expect(existsSync(join(desktop.dataFolder, 'crashes'))).toBe(true)
  })
})

test('a page that hangs is waited for or loaded again', async ({ desktop }) => {
  const { standin } = await openAndStage(desktop)
  await expect.poll(() => existsSync(join(desktop.dataFolder, 'staged.sealed'))).toBe(true)
  await standin.act('unresponsive')
  const question = await standin.dialogs.next()
  expect(question.options.buttons).toEqual(['Wait', 'Reload'])
  // It answers again by itself: the question goes away.
  await standin.act('responsive')
  await expect.poll(() => standin.dialogs.open()).toEqual([])
  await standin.act('unresponsive')
  const again = await standin.dialogs.next()
  await expectRevived(standin, () => standin.dialogs.answer(again.id, { response: 1, checkboxChecked: false }))
})
