import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { placeOn, SMALLEST, windowPlace, type Area } from './window-place.ts'

const primary: Area = { x: 0, y: 25, width: 1920, height: 1055 }
const left: Area = { x: -1280, y: 0, width: 1280, height: 1024 }
const inside = (window: Area, area: Area) =>
  window.x >= area.x &&
  window.y >= area.y &&
  window.x + window.width <= area.x + area.width &&
  window.y + window.height <= area.y + area.height

describe('the place of the window', () => {
  it('is the middle of the primary display at the first start, and fits it', () => {
    expect(placeOn([primary, left], null)).toEqual({ x: 280, y: 123, width: 1360, height: 860 })
    const small: Area = { x: 0, y: 0, width: 1024, height: 700 }
    expect(placeOn([small], null)).toEqual(small)
  })

  it('is kept while it can be grabbed, on whichever display, also across two', () => {
    const kept = [
      { x: 100, y: 100, width: 1000, height: 700 },
      { x: -1200, y: 10, width: 900, height: 700 },
      { x: -400, y: 100, width: 1000, height: 700 },
      { x: 1700, y: 100, width: 1000, height: 700 },
    ]
    for (const place of kept) expect(placeOn([primary, left], place)).toEqual(place)
  })

  it('moves onto a display when its own is gone', () => {
    expect(inside(placeOn([primary], { x: -1200, y: 10, width: 900, height: 700 }), primary)).toBe(true)
    // Its title bar lies above the screen.
    expect(placeOn([primary], { x: 100, y: -400, width: 1000, height: 700 })).toMatchObject({ x: 100, y: 25 })
  })

  it('can be grabbed on every set of displays', () => {
    const number = (min: number, max: number) => fc.integer({ min, max })
    const area = fc.record({
      x: number(-4000, 4000),
      y: number(-3000, 3000),
      width: number(800, 5000),
      height: number(600, 3000),
    })
    const kept = fc.record({
      x: number(-9000, 9000),
      y: number(-9000, 9000),
      width: number(1, 9000),
      height: number(1, 9000),
    })
    fc.assert(
      fc.property(fc.array(area, { minLength: 1, maxLength: 3 }), fc.option(kept), (areas, place) => {
        const at = placeOn(areas, place)
        const isGrabbed = areas.some(
          (each) =>
            Math.min(at.x + at.width, each.x + each.width) - Math.max(at.x, each.x) >= 160 &&
            at.y >= each.y &&
            at.y + 24 <= each.y + each.height,
        )
        return isGrabbed && at.width >= SMALLEST.width && at.height >= SMALLEST.height
      }),
    )
  })

  it('is read only when it is whole', () => {
    const good = { bounds: { x: -5, y: 0, width: 900, height: 700 }, isMaximized: true, zoom: 1 }
    expect(windowPlace.safeParse(good).success).toBe(true)
    const bad = [
      null,
      {},
      { ...good, zoom: 50 },
      { ...good, bounds: { ...good.bounds, width: 0 } },
      { ...good, bounds: { ...good.bounds, x: 1e300 } },
    ]
    for (const value of bad) expect(windowPlace.safeParse(value).success).toBe(false)
  })
})
