// A `roster:` link, which anybody can write: it fills in a form, and the person decides.
import { expect, test as base, type Page } from '@playwright/test'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Standin, type StandinOptions } from './standin/client.ts'

const fixture = join(import.meta.dirname, 'fixtures/sqlalchemy-sqlite.db')

interface Given {
  /** A database that is no profile yet. */
  file: string
  dataFolder: string
  launch: (options?: Partial<StandinOptions>) => Standin
  open: (options?: Partial<StandinOptions>) => Promise<{ standin: Standin; page: Page }>
}

const test = base.extend<{ given: Given }>({
  given: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'roster-link-'))
    const dataFolder = join(folder, 'data')
    const file = join(folder, 'shop + more.db')
    mkdirSync(dataFolder)
    copyFileSync(fixture, file)
    const started: Standin[] = []
    const launch = (options: Partial<StandinOptions> = {}) => {
      const standin = new Standin({ dataFolder, ...options })
      started.push(standin)
      return standin
    }
    await use({
      file,
      dataFolder,
      launch,
      async open(options) {
        const standin = launch(options)
        const page = await standin.page()
        await expect(page.getByRole('navigation')).toBeVisible()
        return { standin, page }
      },
    })
    await Promise.all(started.map((standin) => standin.kill()))
    rmSync(folder, { recursive: true, force: true })
  },
})

const linkTo = (file: string) => `roster:open?file=${encodeURIComponent(file)}`
const form = (page: Page) => page.getByRole('dialog', { name: 'Open a SQLite file' })

async function expectNothingOpened(page: Page): Promise<void> {
  await expect(page).toHaveTitle('Sample users (SQLite) – Roster')
  await expect(page.getByRole('navigation').getByText('shop + more.db')).toHaveCount(0)
}

test('a link at the start fills in the form, and only the person opens the file', async ({ given }) => {
  const { page } = await given.open({ args: [linkTo(given.file)] })
  await expect(form(page).getByText(given.file, { exact: true })).toBeVisible()
  await expectNothingOpened(page)
  await form(page).getByRole('button', { name: 'Open' }).click()
  await expect(page).toHaveTitle('shop + more.db – Roster')
  await expect(form(page)).toHaveCount(0)
})

test('a second start hands its link to the first, and a key pressed for another window opens nothing', async ({
  given,
}) => {
  const { page } = await given.open()
  expect(await given.launch({ args: ['--', linkTo(given.file)] }).ended).toBe(0)
  await expect(form(page)).toBeVisible()
  await expect(form(page).getByRole('button', { name: 'Cancel' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(form(page)).toHaveCount(0)
  await expectNothingOpened(page)
})

test('a form that is open keeps its path', async ({ given }) => {
  const { standin, page } = await given.open()
  await standin.ask('openUrl', linkTo(given.file))
  await expect(form(page).getByText(given.file, { exact: true })).toBeVisible()
  await standin.ask('openUrl', linkTo('/etc/other.db'))
  await standin.ask('openUrl', 'roster:nonsense')
  await page.waitForTimeout(300)
  await expect(form(page).getByText(given.file, { exact: true })).toBeVisible()
  await expect(page.getByText('/etc/other.db')).toHaveCount(0)
})

test('what is no plain link is refused with words, and a password in it reaches neither page nor log', async ({
  given,
}) => {
  const { standin, page } = await given.open()
  await standin.ask('openUrl', `${linkTo(given.file)}&password=canary-4711`)
  const refusal = page.getByRole('dialog', { name: 'A link was refused' })
  await expect(refusal.getByText('The link was not used. A link must not carry a password.')).toBeVisible()
  expect(await page.content()).not.toContain('canary-4711')
  const log = join(given.dataFolder, 'roster.log')
  if (existsSync(log)) expect(readFileSync(log, 'utf8')).not.toContain('canary-4711')
  await refusal.getByRole('button', { name: 'Close' }).last().click()
  await expectNothingOpened(page)
})

test('a file that is gone says so, once it was asked for', async ({ given }) => {
  const { page } = await given.open({ args: [linkTo(`${given.file}.gone`)] })
  await form(page).getByRole('button', { name: 'Open' }).click()
  await expect(page.getByRole('dialog', { name: 'The file was not opened' })).toBeVisible()
})

test('a package without a feed does not even read the module that updates', async ({ given }) => {
  const { standin } = await given.open({ env: { STANDIN_PACKAGED: '1' } })
  const loaded = JSON.stringify(await standin.ask('recorded'))
  expect(loaded).toContain('better-sqlite3')
  expect(loaded).not.toContain('electron-updater')
})
