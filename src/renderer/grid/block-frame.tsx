// The frame around the chosen cells: one rectangle over the rows, and one over the pinned columns, so that no row is drawn
// again while a block grows.
import type { CSSProperties } from 'react'
import css from './grid.module.css'
import { ROW_HEIGHT } from './scroll-map.ts'
import type { GridColumn } from './use-grid-columns.ts'

interface BlockFrameProps {
  block: { first: number; last: number; from: string; to: string }
  columns: readonly GridColumn[]
  /** Lines that are drawn, the last one included. */
  first: number
  last: number
}

export function BlockFrame({ block, columns, first, last }: BlockFrameProps) {
  const [from, to] = [block.from, block.to].map((name) => columns.find(({ column }) => column.name === name)?.position)
  const [top, bottom] = [Math.max(block.first, first), Math.min(block.last, last)]
  if (from === undefined || to === undefined || top > bottom) return null
  const inside = columns.slice(from, to + 1)
  const rows = { top: (top - first) * ROW_HEIGHT, height: (bottom - top + 1) * ROW_HEIGHT - 1 }
  const widthOf = (part: readonly GridColumn[]) => part.reduce((sum, { size }) => sum + size, 0)
  const pinned = inside.filter(({ isPinned }) => isPinned)
  const rest = inside.filter(({ isPinned }) => !isPinned)
  const edges = {
    'data-top': block.first >= first || undefined,
    'data-bottom': block.last <= last || undefined,
  }
  const frame = (part: readonly GridColumn[], style: CSSProperties, isPinned: boolean) => (
    <div
      aria-hidden
      className={css.block}
      data-pinned={isPinned || undefined}
      data-left={part[0]?.position === from || undefined}
      data-right={part.at(-1)?.position === to || undefined}
      {...edges}
      style={style}
    />
  )
  return (
    <>
      {rest.length > 0 && frame(rest, { ...rows, left: rest[0]?.start, width: widthOf(rest) }, false)}
      {pinned.length > 0 && (
        // In a layer of no height that sticks to the left edge as the pinned cells do.
        <div aria-hidden className={css.blockPinned}>
          {frame(pinned, { ...rows, left: pinned[0]?.start, width: widthOf(pinned) }, true)}
        </div>
      )}
    </>
  )
}
