// The edge of the sidebar: dragged, or moved by arrow keys, to make room for long names. The width stays on this device.
import { useState, type KeyboardEvent, type PointerEvent } from 'react'
import css from './frame.module.css'

/** Pixels. */
const USUAL = 240
const LEAST = 180
const MOST = 560
const STEP = 16
const KEPT_AS = 'roster-sidebar'

const within = (width: number) => Math.round(Math.min(MOST, Math.max(LEAST, width)))

export function useSidebarWidth(): [number, (width: number) => void] {
  const [width, setWidth] = useState(() => within(Number(localStorage.getItem(KEPT_AS)) || USUAL))
  return [
    width,
    (next) => {
      localStorage.setItem(KEPT_AS, String(within(next)))
      setWidth(within(next))
    },
  ]
}

interface SidebarEdgeProps {
  width: number
  onWidth: (width: number) => void
}

export function SidebarEdge({ width, onWidth }: SidebarEdgeProps) {
  /** Between the pointer and the edge while it is dragged; null otherwise. */
  const [grip, setGrip] = useState<number | null>(null)
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    setGrip(width - event.clientX)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowLeft' ? -STEP : event.key === 'ArrowRight' ? STEP : 0
    if (event.altKey || (step === 0 && event.key !== 'Home')) return
    event.preventDefault()
    onWidth(step === 0 ? USUAL : width + step)
  }
  return (
    <div
      role="separator"
      aria-label="Width of the sidebar"
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      tabIndex={0}
      className={css.edge}
      data-dragged={grip !== null || undefined}
      onPointerDown={onPointerDown}
      onPointerMove={(event) => grip !== null && onWidth(event.clientX + grip)}
      onPointerUp={() => setGrip(null)}
      onPointerCancel={() => setGrip(null)}
      onDoubleClick={() => onWidth(USUAL)}
      onKeyDown={onKeyDown}
    />
  )
}
