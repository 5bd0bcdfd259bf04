// Scrolling for 30 s through the whole table in the browser, beside the same grid over static rows: frames, long tasks, memory,
// and what it does to the host's event loop.
import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { openBrowser, recordFrames, wait, waitFor, type Frames, type OpenBrowser } from './browser.ts'
import { figure, mostAtMost, rounded, timesBase } from './figures.ts'
import { attempt, type Measuring } from './measured.ts'
import { openTable, rowsAreDrawn } from './page-opening.ts'
import { gapsOf, startHost, type RosterHost } from './roster-host.ts'
import { serveStaticPage } from './static-page.ts'

/** Milliseconds of each way of scrolling. */
const EACH = 10_000
const LONG_TASK = 100
const LOOP_GAP = 50
const PAGE_MEMORY = 250
/** MB of objects that may come and go between two looks. */
const GROWTH = 5

interface Scrolled {
  frames: Record<Way, Frames>
  /** MB of objects before, and after each way. */
  heaps: number[]
  /** MB of the process, and of what the engine holds for objects, about once a second. */
  memory: number[]
  held: number[]
}

const WAYS = ['wheel', 'drag', 'keys'] as const
type Way = (typeof WAYS)[number]

/** All three, with a look at the memory in between. */
async function scrollAll(browser: OpenBrowser): Promise<Scrolled> {
  const { page } = browser
  const [memory, held]: [number[], number[]] = [[], []]
  const heaps = [await browser.heap()]
  const frames: Partial<Record<Way, Frames>> = {}
  for (const way of WAYS) {
    let isOver = false
    const sampling = (async () => {
      while (!isOver) {
        memory.push(await browser.memory())
        held.push(await browser.uncollected())
        await wait(1_000)
      }
    })()
    frames[way] = await recordFrames(page, () => scrolls[way](page))
    isOver = true
    await sampling
    await wait(300)
    heaps.push(await browser.heap())
  }
  return { frames: frames as Record<Way, Frames>, heaps, memory, held }
}

const scrolls: Record<Way, (page: Page) => Promise<void>> = {
  async wheel(page) {
    await page.mouse.move(700, 400)
    const until = performance.now() + EACH
    while (performance.now() < until) {
      await page.mouse.wheel(0, 900)
      await wait(30)
    }
  },
  async drag(page) {
    await page.evaluate(`document.querySelector('[role=grid] > [role=presentation]').scrollTop = 0`)
    const box = await page.locator('[role=grid] > [role=presentation]').first().boundingBox()
    if (!box) throw new Error('There is no grid.')
    const [x, top, bottom] = [box.x + box.width - 7, box.y + 22, box.y + box.height - 22]
    await wait(200)
    await page.mouse.move(x, top)
    await page.mouse.down()
    const began = performance.now()
    for (let part = 0; part < 1; part = (performance.now() - began) / EACH) {
      // Down the whole bar and up again, twice, with a moment of rest now and then, as a hand has.
      const way = Math.abs(((part * 4) % 2) - 1)
      await page.mouse.move(x, bottom - (bottom - top) * way)
      await wait(Math.floor(part * 40) % 10 === 9 ? 60 : 16)
    }
    await page.mouse.up()
  },
  async keys(page) {
    await page.locator('[role=gridcell][data-column=email]').nth(3).click()
    const until = performance.now() + EACH
    while (performance.now() < until) {
      await page.keyboard.down('PageDown')
      await wait(30)
    }
    await page.keyboard.up('PageDown')
  },
}

/** Gaps of a process that does nothing, at the same time: those that the machine makes. */
function idleProcess() {
  const child = fork(join(import.meta.dirname, 'loop-probe.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  return { gaps: () => gapsOf(child), end: () => void child.kill() }
}

export async function measureScrolling(measuring: Measuring): Promise<void> {
  await attempt(measuring, 'scrolling', 'scrolling', async () => {
    const fixed = await overStaticRows(measuring.rows)
    const host = await startHost(measuring.engine, measuring.target)
    const idle = idleProcess()
    try {
      await overTable(measuring, host, idle, fixed)
    } finally {
      idle.end()
      await host.end()
    }
  })
  await attempt(measuring, 'memory', 'memory', () => measureEnd(measuring))
}

async function overStaticRows(rows: number): Promise<Scrolled> {
  const served = await serveStaticPage()
  const browser = await openBrowser()
  try {
    await browser.page.goto(`${served.url}?rows=${rows}`)
    await waitFor(browser.page, rowsAreDrawn)
    return await scrollAll(browser)
  } finally {
    await browser.end()
    await served.end()
  }
}

async function overTable(
  measuring: Measuring,
  host: RosterHost,
  idle: ReturnType<typeof idleProcess>,
  fixed: Scrolled,
): Promise<void> {
  const browser = await openBrowser()
  try {
    await openTable(browser.page, host.link)
    await browser.page.getByRole('columnheader', { name: /^email/ }).click()
    await wait(1_500)
    await Promise.all([host.gaps(), idle.gaps()])
    const scrolled = await scrollAll(browser)
    const [gaps, machine] = await Promise.all([host.gaps(), idle.gaps()])
    say(measuring, scrolled, fixed)
    measuring.note(
      figure(measuring.engine, 'scrolling', 'gaps of the host’s event loop', {
        ...{ roster: [gaps.max], base: [machine.max], bar: mostAtMost(LOOP_GAP) },
        note: `p99 ${rounded(gaps.p99)}; base: a process that does nothing; the host has ${rounded(gaps.rss)} MB`,
      }),
    )
  } finally {
    await browser.end()
  }
}

function say({ engine, note }: Measuring, scrolled: Scrolled, fixed: Scrolled): void {
  const { frames, heaps, memory, held } = scrolled
  const names: Record<Way, string> = { wheel: 'wheel', drag: 'bar dragged', keys: 'Page Down held' }
  for (const way of WAYS) {
    const [mine, theirs] = [frames[way], fixed.frames[way]]
    note(
      figure(engine, 'scrolling', `frames, ${names[way]}`, {
        ...{ roster: mine.deltas, base: theirs.deltas, bar: timesBase(1.3) },
        note: `bar at ${Math.round(mine.reached * 100)} %, static ${Math.round(theirs.reached * 100)} %`,
      }),
    )
  }
  const long = (of: Scrolled) => WAYS.flatMap((way) => of.frames[way].long)
  const longest = (of: Scrolled) => [Math.max(0, ...long(of))]
  note(
    figure(engine, 'scrolling', 'longest task of more than 50 ms', {
      ...{ roster: longest(scrolled), base: longest(fixed), bar: mostAtMost(LONG_TASK) },
      note: `${long(scrolled).length} of them; static ${long(fixed).length}`,
    }),
  )
  // What is kept at most is in memory after the first way.
  const grown = (heaps.at(-1) ?? NaN) - (heaps[1] ?? NaN)
  const words = `objects ${heaps.map(rounded).join(', ')} MB; static ${fixed.heaps.map(rounded).join(', ')} MB`
  note(
    figure(engine, 'scrolling', 'growth of objects after the first 10 s', {
      roster: [grown],
      unit: 'MB',
      bar: mostAtMost(GROWTH),
      note: words,
    }),
  )
  const started = `${rounded(memory[0] ?? NaN)} MB at the start, ${rounded(memory.at(-1) ?? NaN)} MB at the end; of that for objects, with garbage, ${rounded(Math.max(...held))} MB at most`
  note(
    figure(engine, 'scrolling', 'memory of the page’s process', {
      roster: memory,
      base: fixed.memory,
      unit: 'MB',
      bar: mostAtMost(PAGE_MEMORY),
      note: started,
    }),
  )
}

/** Ctrl+End, and then keys held, for 5 s on a page that was just opened. */
async function measureEnd({ engine, target, note, rows }: Measuring): Promise<void> {
  const host = await startHost(engine, target)
  const browser = await openBrowser()
  try {
    const { page } = browser
    await openTable(page, host.link)
    await page.locator('[role=gridcell][data-column=email]').first().click()
    const began = performance.now()
    await page.keyboard.press('Control+End')
    const lastRow = `[...document.querySelectorAll('[role=grid] [role=row]')].some((row) => row.getAttribute('aria-rowindex') === '${rows + 1}' && row.textContent.includes('@'))`
    await waitFor(page, lastRow)
    const there = performance.now() - began
    while (performance.now() - began < 5_000) {
      await page.keyboard.down('PageUp')
      await wait(30)
    }
    await page.keyboard.up('PageUp')
    await page.keyboard.press('Control+End')
    await waitFor(page, lastRow)
    note(
      figure(engine, 'memory', 'page: Ctrl+End right after opening until the last row is drawn', { roster: [there] }),
    )
    const objects = rounded(await browser.heap())
    note(
      figure(engine, 'memory', 'page after 5 s of Ctrl+End and held keys', {
        roster: [await browser.memory()],
        unit: 'MB',
        bar: mostAtMost(PAGE_MEMORY),
        note: `objects ${objects} MB`,
      }),
    )
  } finally {
    await browser.end()
    await host.end()
  }
}
