// Gives the focus back to where it was before a dialog that is drawn only while it is open.
import { useEffect, useState } from 'react'

/** To be called by the dialog itself. Does nothing when the element is gone by then, or something else took the focus. */
export function useReturnFocus(): void {
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      // The dialog's own element has lost the focus only after it was removed.
      setTimeout(() => {
        const isFree = document.activeElement === document.body
        if (isFree && before instanceof HTMLElement && before.isConnected) before.focus()
      })
    },
    [before],
  )
}
