// Where the activity is shown: below the content of the open profile, opened by a button of the status bar or by a key.
import { useEffect, useEffectEvent, type ReactNode } from 'react'
import { ActivityPanel } from './activity-panel.tsx'
import css from './activity.module.css'

/** Ctrl+Shift+A, on macOS Cmd+Shift+A, wherever the focus is. */
export function useActivityKey(toggle: () => void): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || !event.shiftKey || event.altKey || event.key.toLowerCase() !== 'a') return
    event.preventDefault()
    if (!document.querySelector('[aria-modal=true]')) toggle()
  })
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => press(event)
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}

interface ActivityDockProps {
  /** Null: it is closed, or nothing is open. */
  profileId: string | null
  onClose: () => void
  children: ReactNode
}

export function ActivityDock({ profileId, onClose, children }: ActivityDockProps) {
  return (
    <div className={css.dock}>
      <div className={css.content}>{children}</div>
      {profileId !== null && <ActivityPanel key={profileId} profileId={profileId} onClose={onClose} />}
    </div>
  )
}

export function ActivityButton({ isOpen, onToggle }: { isOpen: boolean; onToggle: () => void }) {
  return (
    <button
      type="button"
      className={css.button}
      aria-expanded={isOpen}
      title="What Roster sends to this database (Ctrl+Shift+A)"
      onClick={onToggle}
    >
      Activity
    </button>
  )
}
