// The frame of a panel beside or above the list of steps: a title, a body that scrolls, and buttons that stay in sight.
import { ActionIcon } from '@mantine/core'
import { X } from 'lucide-react'
import { useEffect, useRef, type FocusEvent, type KeyboardEvent, type ReactNode } from 'react'
import { useReturnFocus } from '../../ui/use-return-focus.ts'
import css from './plan.module.css'

interface PanelFrameProps {
  title: string
  /** Beside the title: what it comes to. */
  summary?: ReactNode
  /** The buttons at its foot. */
  foot: ReactNode
  children: ReactNode
  onClose: () => void
}

/** Takes the focus when it appears and gives it back. Escape closes it. */
export function PanelFrame({ title, summary, foot, children, onClose }: PanelFrameProps) {
  useReturnFocus()
  const frame = useRef<HTMLElement>(null)
  const isInUse = useRef(false)
  useEffect(() => frame.current?.focus(), [])
  useEffect(() => {
    // The button that was pressed may be gone by now ("Cancel" is, once there is nothing to cancel).
    if (isInUse.current && document.activeElement === document.body) frame.current?.focus({ preventScroll: true })
  })
  const onBlur = ({ relatedTarget }: FocusEvent) => {
    if (relatedTarget instanceof Node && !frame.current?.contains(relatedTarget)) isInUse.current = false
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // A dialog of this panel is its child for React, and closes by itself.
    const isInside = event.target instanceof Node && frame.current?.contains(event.target)
    if (event.key === 'Escape' && isInside && !event.defaultPrevented) onClose()
  }
  return (
    <section
      ref={frame}
      className={css.panel}
      aria-label={title}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onFocus={() => (isInUse.current = true)}
      onBlur={onBlur}
    >
      <div className={css.head}>
        <h3 className={css.title}>{title}</h3>
        <div className={css.summary} role="status">
          {summary}
        </div>
        <ActionIcon className={css.close} aria-label={`Close ${title}`} onClick={onClose}>
          <X size={15} />
        </ActionIcon>
      </div>
      <div className={css.body}>{children}</div>
      <div className={css.foot}>{foot}</div>
    </section>
  )
}
