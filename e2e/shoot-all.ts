// Pictures of one screen as people see it: light and dark, in a small and in a large window.
import type { Page } from '@playwright/test'
import { shot } from './roster.ts'

const SIZES = [
  [1280, 800],
  [1920, 1080],
] as const

/** Leaves the page light and small, as it was. */
export async function shootAll(page: Page, name: string): Promise<void> {
  for (const scheme of ['dark', 'light'] as const) {
    for (const [width, height] of SIZES.toReversed()) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.setViewportSize({ width, height })
      await page.screenshot(shot(`${name}-${scheme}-${width}`))
    }
  }
}
