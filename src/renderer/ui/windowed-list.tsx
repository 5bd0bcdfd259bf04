// A list of any length of which only what is in sight is drawn. Each item has a height that is known before.
import { useElementSize } from '@mantine/hooks'
import { useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import css from './windowed-list.module.css'

/** Pixels above and below that are drawn as well, so that the Tab key finds what comes next. */
const BEYOND = 240

interface WindowedListProps {
  label: string
  count: number
  /** In pixels. Must be the same function for as long as the heights are the same ones. */
  heightOf: (index: number) => number
  keyOf: (index: number) => string
  render: (index: number) => ReactNode
  /** `log` follows its end while a person has not scrolled up. */
  role?: 'list' | 'log'
  className?: string | undefined
}

export function WindowedList({ label, count, heightOf, keyOf, render, role = 'list', className }: WindowedListProps) {
  const { ref, height } = useElementSize<HTMLDivElement>()
  const scroller = useRef<HTMLDivElement | null>(null)
  const follows = useRef(true)
  const [top, setTop] = useState(0)
  const places = useMemo(() => {
    const sums = new Float64Array(count + 1)
    for (let index = 0; index < count; index += 1) sums[index + 1] = (sums[index] ?? 0) + heightOf(index)
    return sums
  }, [count, heightOf])
  const whole = places[count] ?? 0
  useLayoutEffect(() => {
    if (role === 'log' && follows.current && scroller.current) scroller.current.scrollTop = whole
  }, [role, whole, height])

  const first = placeOf(places, top - BEYOND)
  const last = Math.min(count - 1, placeOf(places, top + height + BEYOND))
  const items: ReactNode[] = []
  for (let index = first; index <= last; index += 1) {
    const style = { top: places[index], height: heightOf(index) }
    items.push(
      <div
        key={keyOf(index)}
        role={role === 'list' ? 'listitem' : undefined}
        aria-setsize={role === 'list' ? count : undefined}
        aria-posinset={role === 'list' ? index + 1 : undefined}
        className={css.item}
        style={style}
      >
        {render(index)}
      </div>,
    )
  }
  return (
    <div
      ref={(element) => {
        scroller.current = element
        ref(element)
      }}
      className={[css.list, className].filter(Boolean).join(' ')}
      tabIndex={0}
      role={role}
      aria-label={label}
      // What is new in a log is heard where a person asks for it: statements come by the hundred.
      aria-live={role === 'log' ? 'off' : undefined}
      onScroll={({ currentTarget }) => {
        setTop(currentTarget.scrollTop)
        follows.current = currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight < 24
      }}
    >
      <div className={css.whole} style={{ height: whole }} role="presentation">
        {items}
      </div>
    </div>
  )
}

/** The item that covers this pixel. */
function placeOf(places: Float64Array, pixel: number): number {
  let [low, high] = [0, Math.max(0, places.length - 2)]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((places[middle] ?? 0) <= pixel) low = middle
    else high = middle - 1
  }
  return low
}
