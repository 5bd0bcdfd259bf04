// Choosing cells by dragging the pointer: from the cell that was hit to the one under the pointer, and on beyond the edges.
import { useEffect, useRef } from 'react'
import { ROW_HEIGHT } from './scroll-map.ts'

export interface DragPlace {
  index: number
  /** Null beside the columns. */
  column: string | null
}

interface DragOptions {
  /** The element in which rows are seen. */
  viewport: () => HTMLElement | null
  /** The line and column at a point of the window; outside of the rows the nearest. */
  placeAt: (x: number, y: number) => DragPlace | null
  onDrag: (place: DragPlace) => void
  /** The pointer is beyond an edge: one step further that way. */
  onEdge: (step: { rows: number; columns: number }) => void
}

/** Milliseconds between two steps beyond an edge. */
const STEP = 50

/** `begin` is called when the pointer goes down on a cell. */
export function useRangeDrag(options: DragOptions): { begin: () => void } {
  const latest = useRef(options)
  useEffect(() => {
    latest.current = options
  })
  const stop = useRef<(() => void) | null>(null)
  useEffect(() => () => stop.current?.(), [])
  const begin = () => {
    stop.current?.()
    let last = ''
    let edge: ReturnType<typeof setInterval> | undefined
    const onMove = (event: PointerEvent | MouseEvent) => {
      const { viewport, placeAt, onDrag, onEdge } = latest.current
      const box = viewport()?.getBoundingClientRect()
      if (!box) return
      const beyond = (at: number, from: number, to: number) => (at < from ? -1 : at > to ? 1 : 0)
      const step = {
        rows: beyond(event.clientY, box.top + ROW_HEIGHT, box.bottom - 1),
        columns: beyond(event.clientX, box.left, box.right - 1),
      }
      clearInterval(edge)
      edge = undefined
      if (step.rows !== 0 || step.columns !== 0) {
        edge = setInterval(() => onEdge(step), STEP)
        return
      }
      const place = placeAt(event.clientX, event.clientY)
      const key = JSON.stringify(place)
      if (!place || key === last) return
      last = key
      onDrag(place)
    }
    const end = () => {
      clearInterval(edge)
      window.removeEventListener('mousemove', onMove)
      window.removeEventListener('mouseup', end)
      stop.current = null
    }
    window.addEventListener('mousemove', onMove)
    window.addEventListener('mouseup', end)
    stop.current = end
  }
  return { begin }
}
