// Chromium with a page in it, and what can be measured of it. Code that runs inside of pages is text: this side has no DOM.
import { readFileSync } from 'node:fs'
import { chromium, type Browser, type CDPSession, type Page } from '@playwright/test'
import { chromium as findChromium } from '../../scripts/chromium.ts'

export interface OpenBrowser {
  page: Page
  /** MB that the page's objects take, after what is not used any more was collected. */
  heap(): Promise<number>
  /** MB that the engine holds for objects now, with those that are not used any more. */
  uncollected(): Promise<number>
  /** MB of the page's process: its own memory, and its share of what it has in common with others. */
  memory(): Promise<number>
  end(): Promise<void>
}

export async function openBrowser(): Promise<OpenBrowser> {
  const found = await findChromium()
  if ('missing' in found) throw new Error(found.missing)
  const browser = await chromium.launch({
    executablePath: found.program,
    // Its end belongs to this process's own (bench/grid.ts).
    ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    // The bar is to be dragged, so it has to be there.
    ignoreDefaultArgs: ['--hide-scrollbars'],
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic'],
    ],
  })
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  return {
    page,
    async heap() {
      await session.send('HeapProfiler.collectGarbage')
      return metricOf(session, 'JSHeapUsedSize')
    },
    uncollected: () => metricOf(session, 'JSHeapTotalSize'),
    memory: () => memoryOf(browser),
    end: () => browser.close(),
  }
}

async function metricOf(session: CDPSession, metric: string): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === metric)?.value ?? NaN) / 1e6
}

/** The largest of the processes that draw pages; the others are spare ones without a page. */
async function memoryOf(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  const sizes = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => sizeOf(id))
  return Math.max(...sizes)
}

function sizeOf(pid: number): number {
  try {
    const kB = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]
    return (Number(kB) * 1024) / 1e6
  } catch {
    return NaN
  }
}

export interface Frames {
  /** Milliseconds from each frame to the next. */
  deltas: number[]
  /** Milliseconds of each task over 50. */
  long: number[]
  /** The highest pixel that the bar was at, as a share of its way. */
  reached: number
}

/** Frames, long tasks and how far the bar came, while `work` goes on. */
export async function recordFrames(page: Page, work: () => Promise<void>): Promise<Frames> {
  await page.evaluate(`(() => {
    const found = { deltas: [], long: [], reached: 0 }
    let before = 0
    let isOn = true
    const bar = document.querySelector('[role=grid] > [role=presentation]')
    const tick = (now) => {
      if (before) found.deltas.push(now - before)
      before = now
      found.reached = Math.max(found.reached, bar.scrollTop / (bar.scrollHeight - bar.clientHeight))
      if (isOn) requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
    const observer = new PerformanceObserver((list) => found.long.push(...list.getEntries().map((entry) => entry.duration)))
    observer.observe({ entryTypes: ['longtask'] })
    window.endRecording = () => {
      isOn = false
      found.long.push(...observer.takeRecords().map((entry) => entry.duration))
      observer.disconnect()
      return found
    }
  })()`)
  await work()
  return page.evaluate('window.endRecording()')
}

/**
 * Milliseconds from the next event of this type to the first frame in which `condition` (an expression) holds, painted. To be
 * called before the event; `until` waits for the answer.
 */
export async function untilDrawn(
  page: Page,
  event: string,
  condition: string,
): Promise<{ until: () => Promise<number> }> {
  // Without `void` the promise itself would be waited for.
  await page.evaluate(`void (window.drawn = new Promise((resolve) => {
    addEventListener('${event}', (began) => {
      const look = () => {
        if (!(${condition})) return performance.now() - began.timeStamp > 20_000 ? resolve(null) : requestAnimationFrame(look)
        const { port1, port2 } = new MessageChannel()
        // A message that is sent in a frame comes after that frame was painted.
        port1.onmessage = () => resolve(performance.now() - began.timeStamp)
        port2.postMessage(0)
      }
      requestAnimationFrame(look)
    }, { capture: true, once: true })
  }))`)
  return {
    async until() {
      const ms = await page.evaluate<number | null>('window.drawn')
      if (ms === null) throw new Error('Nothing was drawn within 20 s.')
      return ms
    },
  }
}

/** Waits until `condition` (an expression) holds in a frame. The page's content policy allows no other way to ask. */
export async function waitFor(page: Page, condition: string, limit = 30_000): Promise<void> {
  const isThere = await page.evaluate<boolean>(`new Promise((resolve) => {
    const until = performance.now() + ${limit}
    const look = () => {
      if (${condition}) return resolve(true)
      if (performance.now() > until) return resolve(false)
      requestAnimationFrame(look)
    }
    look()
  })`)
  if (!isThere) throw new Error(`Not seen after ${limit / 1000} s: ${condition.slice(0, 80)}`)
}

export const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
