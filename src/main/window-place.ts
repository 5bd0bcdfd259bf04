// Where the window goes: the place it had, unless no display shows that place any more. Plain decisions, no Electron.
import { z } from 'zod'

/** A rectangle on the desktop, in device-independent pixels. */
export interface Area {
  x: number
  y: number
  width: number
  height: number
}

const pixels = z.number().int().min(-100_000).max(100_000)
export const windowPlace = z.object({
  /** Of the window when it is neither maximized nor full screen. */
  bounds: z.object({ x: pixels, y: pixels, width: pixels.min(1), height: pixels.min(1) }),
  isMaximized: z.boolean(),
  /** Chromium's zoom level: 0 is 100 %, each whole step 20 %. */
  zoom: z.number().min(-3).max(5),
})
export type WindowPlace = z.infer<typeof windowPlace>

export const SMALLEST = { width: 720, height: 480 }
const USUAL = { width: 1360, height: 860 }
/** A window can be grabbed where at least this much of its title bar lies on a display. */
const GRIP = { width: 160, height: 24 }

/**
 * `areas` are the work areas of the displays, the primary one first. Without a kept place the window has its usual size in
 * the middle of the primary display. A kept place from which the window could not be grabbed is moved onto the display that
 * shows most of it, or onto the primary one, and made to fit.
 */
export function placeOn(areas: readonly Area[], kept: Area | null): Area {
  const primary = areas[0] ?? { x: 0, y: 0, ...USUAL }
  if (!kept) return fit({ x: NaN, y: NaN, ...USUAL }, primary)
  const size = { width: Math.max(kept.width, SMALLEST.width), height: Math.max(kept.height, SMALLEST.height) }
  const wanted = { ...kept, ...size }
  if (areas.some((area) => canBeGrabbed(wanted, area))) return wanted
  const nearest = areas.reduce((best, area) => (overlap(wanted, area) > overlap(wanted, best) ? area : best), primary)
  return fit(wanted, nearest)
}

function canBeGrabbed(window: Area, area: Area): boolean {
  const shown = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x)
  return shown >= GRIP.width && window.y >= area.y && window.y + GRIP.height <= area.y + area.height
}

function overlap(a: Area, b: Area): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}

/** Inside the area as far as the smallest size allows; in its middle when it does not touch it. */
function fit(window: Area, area: Area): Area {
  const width = Math.max(Math.min(window.width, area.width), SMALLEST.width)
  const height = Math.max(Math.min(window.height, area.height), SMALLEST.height)
  const middle = {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
  }
  if (!(overlap(window, area) > 0)) return { x: middle.x, y: Math.max(area.y, middle.y), width, height }
  return {
    x: Math.max(area.x, Math.min(window.x, area.x + area.width - width)),
    y: Math.max(area.y, Math.min(window.y, area.y + area.height - height)),
    width,
    height,
  }
}
