// Zoom of the page, by menu, keys and wheel, within what stays readable.
import type { WebContents } from 'electron'

/** Chromium's zoom levels: 58 % to 249 %. */
const LEAST = -3
const MOST = 5
const STEP = 0.5

/** `in` and `out` by half a step (about 10 %); `reset` back to 100 %. */
export function nextZoom(level: number, change: 'in' | 'out' | 'reset'): number {
  if (change === 'reset') return 0
  return Math.min(MOST, Math.max(LEAST, level + (change === 'in' ? STEP : -STEP)))
}

export function zoom(contents: WebContents, change: 'in' | 'out' | 'reset'): void {
  contents.setZoomLevel(nextZoom(contents.getZoomLevel(), change))
}
