// Gives the focus back to where it was before a dialog that is drawn only while it is open.
import { useEffect, useState } from 'react'

/**
 * To be called by the dialog itself. Where the element is gone by then (another profile is shown), the content takes the
 * focus, its grid first: somebody without a mouse would otherwise begin at the top of the page. Does nothing when something
 * else took the focus.
 */
export function useReturnFocus(): void {
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      // The dialog's own element has lost the focus only after it was removed.
      setTimeout(() => {
        if (document.activeElement !== document.body) return
        const content = document.querySelector<HTMLElement>('main')
        const isOwn = before !== document.body && before !== content
        if (isOwn && before instanceof HTMLElement && before.isConnected) return before.focus()
        const grid = content?.querySelector<HTMLElement>('[role=grid]')
        ;(grid ?? content)?.focus()
      })
    },
    [before],
  )
}
