// Opening a table and clearing a filter in the browser: from the click or the key to the frame in which the rows are drawn.
import type { Page } from '@playwright/test'
import { openBrowser, untilDrawn, wait, waitFor } from './browser.ts'
import { figure, p95AtMost } from './figures.ts'
import { attempt, type Measuring } from './measured.ts'
import { OTHER, PROFILE, startHost } from './roster-host.ts'
import { serveStaticPage } from './static-page.ts'

const ROUNDS = 10
/** Milliseconds. */
const OPENED = 100
const SETTLED = 400

const emails = `[...document.querySelectorAll('[role=gridcell][data-column=email]')].map((cell) => cell.textContent ?? '')`
/** Every row in sight shows its email. */
export const rowsAreDrawn = `(() => { const shown = ${emails}; return shown.length > 10 && shown.every((text) => text.includes('@')) })()`

export async function measureOpening(measuring: Measuring): Promise<void> {
  const host = await startHost(measuring.engine, measuring.target)
  const served = await serveStaticPage()
  const browser = await openBrowser()
  const { page } = browser
  try {
    const base = await staticRows(page, served.url)
    await openTable(page, host.link)
    await attempt(measuring, 'opening', 'page: click on the table', () => byTable(measuring, page, base))
    await attempt(measuring, 'opening', 'page: click on the profile', () => byProfile(measuring, page, base))
    await attempt(measuring, 'filter', 'page: filter cleared', () => cleared(measuring, page))
    await attempt(measuring, 'filter', 'page: filter superseded', () => superseded(measuring, page))
  } finally {
    await browser.end()
    await served.end()
    await host.end()
  }
}

/** The same grid over rows that are there already, in the same browser: what drawing alone takes on this machine now. */
async function staticRows(page: Page, url: string): Promise<number[]> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await page.goto(`${url}?closed`)
    await wait(SETTLED)
    const drawn = await untilDrawn(page, 'click', rowsAreDrawn)
    await page.getByRole('button', { name: 'Open' }).click()
    times.push(await drawn.until())
  }
  return times
}

/** To the rows, by a person's way. */
export async function openTable(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await profileButton(page, PROFILE).click()
  await page.getByRole('link', { name: 'auth_user', exact: true }).click()
  await waitFor(page, rowsAreDrawn)
}

const profileButton = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Databases' }).locator('[data-nav]').filter({ hasText: name }).first()

/** The page is new each time, and knows nothing of the table; the profile is open. */
async function byTable({ engine, note }: Measuring, page: Page, base: readonly number[]): Promise<void> {
  const times: number[] = []
  await page.getByRole('link', { name: /^Migrations/ }).click()
  for (let round = 0; round < ROUNDS; round++) {
    await page.reload()
    const link = page.getByRole('link', { name: 'auth_user', exact: true })
    await link.waitFor()
    await wait(SETTLED)
    const drawn = await untilDrawn(page, 'click', rowsAreDrawn)
    await link.click()
    times.push(await drawn.until())
    await page.getByRole('link', { name: /^Migrations/ }).click()
  }
  await page.getByRole('link', { name: 'auth_user', exact: true }).click()
  note(
    figure(engine, 'opening', 'page: click on the table until rows are drawn', {
      roster: times,
      base,
      bar: p95AtMost(OPENED),
    }),
  )
}

async function byProfile({ engine, note }: Measuring, page: Page, base: readonly number[]): Promise<void> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await profileButton(page, OTHER).click()
    await page.reload()
    await profileButton(page, PROFILE).waitFor()
    await wait(SETTLED)
    const drawn = await untilDrawn(page, 'click', rowsAreDrawn)
    await profileButton(page, PROFILE).click()
    times.push(await drawn.until())
  }
  note(
    figure(engine, 'opening', 'page: click on an open profile until rows are drawn', {
      roster: times,
      base,
      bar: p95AtMost(OPENED),
    }),
  )
}

/** A text that no row has: all rows are read for it. */
const NOWHERE = 'no.such.person.anywhere'
const searchField = (page: Page) => page.getByRole('textbox', { name: /^Search (all text|email)/ })

async function cleared({ engine, note }: Measuring, page: Page): Promise<void> {
  const times: number[] = []
  await waitFor(page, rowsAreDrawn)
  const first = await page.evaluate<string>(`${emails}[0]`)
  for (let round = 0; round < ROUNDS; round++) {
    await searchField(page).fill(NOWHERE)
    await searchField(page).press('Enter')
    // The query is under way, and what was there before is not shown any more or is marked as old.
    await wait(250)
    const drawn = await untilDrawn(
      page,
      'click',
      `document.querySelector('[aria-label^="Search all"]')?.value === '' && ${emails}[0] === ${JSON.stringify(first)} && ${rowsAreDrawn}`,
    )
    await page.getByRole('button', { name: 'Clear', exact: true }).first().click()
    times.push(await drawn.until())
    await wait(SETTLED)
  }
  note(figure(engine, 'filter', 'page: filter cleared until rows are drawn', { roster: times, bar: p95AtMost(OPENED) }))
}

async function superseded({ engine, note }: Measuring, page: Page): Promise<void> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await searchField(page).fill(NOWHERE)
    await searchField(page).press('Enter')
    await wait(250)
    await searchField(page).fill('garc')
    const drawn = await untilDrawn(
      page,
      'keydown',
      `(() => { const shown = ${emails}; return shown.length > 10 && shown.every((text) => /garc/i.test(text)) })()`,
    )
    await searchField(page).press('Enter')
    times.push(await drawn.until())
    await searchField(page).fill('')
    await searchField(page).press('Enter')
    await waitFor(page, rowsAreDrawn)
    await wait(SETTLED)
  }
  note(
    figure(engine, 'filter', 'page: filter superseded until rows are drawn', { roster: times, bar: p95AtMost(OPENED) }),
  )
}
