// From the place of the scroll bar to the place in the rows. All places are pixels from the top.

/** Pixels of one row. */
export const ROW_HEIGHT = 28

/**
 * The tallest thing that is scrolled over. Chromium cuts elements at about 33.5 million pixels and loses whole pixels of
 * layer offsets beyond 16.7 million, so longer tables are scrolled in a scale: one pixel of the bar is several of rows.
 */
export const TALLEST = 15_000_000

export interface Extent {
  /** Number of rows. */
  rows: number
  /** Height of the part in which rows are seen. */
  body: number
}

export function contentHeight({ rows }: Extent): number {
  return rows * ROW_HEIGHT
}

/** Height of the element that gives the scroll bar its length. */
export function spacerHeight(extent: Extent): number {
  return Math.min(contentHeight(extent), TALLEST)
}

export function isScaled(extent: Extent): boolean {
  return contentHeight(extent) > TALLEST
}

export function maxOffset(extent: Extent): number {
  return Math.max(0, contentHeight(extent) - extent.body)
}

function maxScroll(extent: Extent): number {
  return Math.max(0, spacerHeight(extent) - extent.body)
}

export function clampOffset(offset: number, extent: Extent): number {
  return Math.min(Math.max(0, offset), maxOffset(extent))
}

/** The place in the rows for a place of the scroll bar. Both ends meet exactly. */
export function offsetAt(scrollTop: number, extent: Extent): number {
  if (!isScaled(extent)) return clampOffset(scrollTop, extent)
  return clampOffset((scrollTop / maxScroll(extent)) * maxOffset(extent), extent)
}

/** The place of the scroll bar for a place in the rows. */
export function scrollTopAt(offset: number, extent: Extent): number {
  if (!isScaled(extent)) return offset
  return (offset / maxOffset(extent)) * maxScroll(extent)
}

/** The rows that are seen, the last one included, when rows begin `offset` above the body. Null when there are none. */
export function rowsAt(offset: number, extent: Extent): { first: number; last: number } | null {
  if (extent.rows === 0) return null
  const first = Math.min(Math.floor(offset / ROW_HEIGHT), extent.rows - 1)
  const last = Math.min(Math.max(first, Math.ceil((offset + extent.body) / ROW_HEIGHT) - 1), extent.rows - 1)
  return { first, last }
}

/** The nearest place in the rows at which this row is wholly seen. */
export function offsetShowing(row: number, offset: number, extent: Extent): number {
  const top = row * ROW_HEIGHT
  if (top < offset) return clampOffset(top, extent)
  if (top + ROW_HEIGHT > offset + extent.body) return clampOffset(top + ROW_HEIGHT - extent.body, extent)
  return offset
}
