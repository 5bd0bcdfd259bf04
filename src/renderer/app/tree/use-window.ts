// Which rows of a long list are in sight, where the list stands among other things in something that scrolls.
import { useLayoutEffect, useState, type RefObject } from 'react'

/** Rows drawn beyond what is in sight, on either side. */
const BEYOND = 10

export interface Window {
  first: number
  /** The one after the last. */
  end: number
  /** Rows that fit. */
  page: number
}

function scrollerOf(element: HTMLElement): HTMLElement {
  for (let above = element.parentElement; above; above = above.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(above).overflowY)) return above
  }
  return document.documentElement
}

function lookAt(list: HTMLElement, scroller: HTMLElement, count: number, height: number): Window {
  const above = scroller.getBoundingClientRect().top - list.getBoundingClientRect().top
  const page = Math.max(1, Math.floor(scroller.clientHeight / height))
  const first = Math.min(count, Math.max(0, Math.floor(above / height) - BEYOND))
  return { first, end: Math.max(first, Math.min(count, Math.ceil(above / height) + page + BEYOND)), page }
}

/** `height`: of each row, in pixels. */
export function useWindow(list: RefObject<HTMLElement | null>, count: number, height: number): Window {
  const [seen, setSeen] = useState<Window>({ first: 0, end: Math.min(count, 60), page: 20 })
  useLayoutEffect(() => {
    const element = list.current
    if (!element) return
    const scroller = scrollerOf(element)
    const look = () => {
      const next = lookAt(element, scroller, count, height)
      setSeen((last) => (last.first === next.first && last.end === next.end && last.page === next.page ? last : next))
    }
    look()
    scroller.addEventListener('scroll', look, { passive: true })
    const sizes = new ResizeObserver(look)
    sizes.observe(scroller)
    // What stands above it moves it, too.
    for (const child of scroller.children) sizes.observe(child)
    return () => {
      scroller.removeEventListener('scroll', look)
      sizes.disconnect()
    }
  }, [list, count, height])
  return { ...seen, end: Math.min(seen.end, count) }
}
