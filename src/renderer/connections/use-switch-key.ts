// Ctrl+K, on macOS Cmd+K, wherever the focus is.
import { useEffect, useEffectEvent } from 'react'

/** `open` is called unless a dialog is open. */
export function useSwitchKey(open: () => void): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'k') return
    // The browser would take it for its own search field.
    event.preventDefault()
    if (!document.querySelector('[aria-modal=true]')) open()
  })
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => press(event)
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}
